"""Running the roles of a process until it is told to stop."""

import asyncio
import gc
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.bootstrap import Sidelight, Telegram, build
from bot.channels.telegram.poller import TelegramPoller
from bot.channels.telegram.webhook import WebhookSecret, register_webhook
from bot.conversation.interfaces import ChannelUnavailable
from bot.errors import BotError, ConfigurationError
from bot.logs import logger
from bot.serving.alone import alone
from bot.serving.figures import figures
from bot.serving.readiness import Model
from bot.serving.roles import Role
from bot.serving.understanding import Understanding
from bot.serving.web import web_app
from bot.settings import Settings
from bot.storage import schema

_log = logger(__name__)

SHUTDOWN_SECONDS = 3
"""Open event streams get this long to end."""

DRAIN_SECONDS = 10
"""Then turns and timers that were begun get this long; a supervisor must wait for both."""

Started = Callable[[Sidelight, Understanding], object]


async def serve(
    settings: Settings,
    roles: frozenset[Role],
    started: Started = lambda _sidelight, _understanding: None,
) -> None:
    """Serve `roles` until SIGINT or SIGTERM. Leaves no process and no temporary file behind.

    `started` is called once requests are answered; the model may follow some seconds later.
    Raises ConfigurationError with the reason when it can't start.
    """
    with ExitStack() as stack:
        listener = stack.enter_context(_listening(settings))
        understanding = Understanding(settings)
        sidelight = build(settings, understanding)
        # The lexicons' many small objects stay as long as the process does: looking through them
        # for garbage would hold up an answer for a fifth of a second now and then.
        gc.collect()
        gc.freeze()
        if sidelight.database.is_sqlite:
            stack.enter_context(alone(settings.data_dir))
        try:
            async with (
                figures(settings, sidelight, understanding),
                _background(sidelight, roles, understanding),
            ):
                model = Model(understanding.ready, settings.nlu_grace) if _works(roles) else None
                app = web_app(sidelight, roles, model)
                await _serve_web(
                    server_config(app, settings),
                    listener,
                    lambda: started(sidelight, understanding),
                )
        finally:
            await sidelight.close()


def _listening(settings: Settings) -> socket.socket:
    """The port, taken before anything else is started."""
    try:
        return socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}):"
            " choose another port with BOT_PORT (make demo: PORT=9000)"
        ) from None


@asynccontextmanager
async def _background(
    sidelight: Sidelight, roles: frozenset[Role], understanding: Understanding
) -> AsyncIterator[None]:
    """All that runs beside the web server; at the end it is drained, so that nothing is cut short.

    A process that serves the console alone works on no conversations: it has neither a model nor a
    way to Telegram, and wakes those that have.
    """
    works = _works(roles)
    if sidelight.database.is_sqlite:
        await schema.upgrade(sidelight.database)
        await sidelight.keeper.recover()
    else:
        await schema.check(sidelight.database)
    telegram = sidelight.telegram if works else None
    if sidelight.shared_clock is not None:
        await sidelight.shared_clock.read()
    if telegram is not None:
        await _start_telegram(sidelight, telegram)
    sources: list[Coroutine[object, object, None]] = []
    others: list[Coroutine[object, object, None]] = [sidelight.house.follow()]
    if sidelight.shared_clock is not None:
        others.append(sidelight.shared_clock.run())
    if not sidelight.database.is_sqlite:
        # asyncpg comes with it, which an embedded installation does without.
        from bot.serving.peers import connect, follow_marks

        others.append(connect(sidelight, works=works).run())
        if telegram is not None:
            others.append(follow_marks(sidelight, telegram))
    if Role.CHAT in roles and telegram is not None:
        sources.append(_telegram_updates(sidelight, telegram))
    if Role.WORKER in roles:
        others.append(sidelight.timer_worker.run())
        sources.append(sidelight.keeper.run())
    if works:
        others.append(sidelight.dispatcher.run())
    taking_in = [asyncio.create_task(job) for job in sources]
    rest = [asyncio.create_task(job) for job in others]
    model = [asyncio.create_task(_without_it_too(understanding.run()))] if works else []
    if works:
        _warm_up(sidelight.detector.preload, sidelight.places.prepare)
    watch = asyncio.create_task(_stop_with_the_first([*taking_in, *rest]))
    try:
        yield
    finally:
        await _end([watch, *taking_in])
        await _drain(sidelight)
        await _end([*model, *rest])
        await _leave_to_others(sidelight)


def _works(roles: frozenset[Role]) -> bool:
    """Whether conversations are worked on: whoever does so needs the model."""
    return bool(roles & {Role.CHAT, Role.WORKER})


def _warm_up(*jobs: Callable[[], object]) -> None:
    """So that the first message does not wait for what is read then. Nothing depends on it.

    In threads that end with the process: a stop in their midst does not wait for them.
    """
    for job in jobs:
        threading.Thread(target=job, daemon=True).start()


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _drain(sidelight: Sidelight) -> None:
    """Finish the turns and timers that were begun; what takes too long another process finishes."""
    sidelight.timer_worker.stop()
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            await sidelight.timer_worker.settled()
            await sidelight.dispatcher.settled()
    except TimeoutError:
        _log.warning("some turns were not finished in time: another process takes them up")


async def _leave_to_others(sidelight: Sidelight) -> None:
    try:
        await sidelight.timer_worker.let_go()
    except BotError as error:
        _log.warning("timers must wait for another process", error=error)


async def _stop_with_the_first(tasks: list[asyncio.Task[None]]) -> None:
    """A bot without one of its workers would be silent: better that a supervisor restarts it."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.critical("a worker stopped: stopping", error=error)
    os.kill(os.getpid(), signal.SIGTERM)


async def _without_it_too(job: Awaitable[None]) -> None:
    """The model: without it the bot still serves, so its failure is told and nothing stops."""
    try:
        await job
    except BotError as error:
        _log.error("without understanding", error=error, reason=error)


async def _start_telegram(sidelight: Sidelight, telegram: Telegram) -> None:
    """Raises ConfigurationError when the token is wrong; Telegram being away is no obstacle."""
    async with sidelight.database.reading() as unit:
        mark = await unit.messages.last_mark(telegram.channel.name)
    telegram.channel.marks.reached(int(mark or 0))
    if telegram.staff_chat is not None:
        async with sidelight.database.reading() as unit:
            mark = await unit.messages.last_mark(telegram.staff_chat.name)
        telegram.staff_chat.marks.reached(int(mark or 0))
    await telegram.api.start()
    try:
        await telegram.api.verify()
    except ChannelUnavailable:
        _log.warning("Telegram does not answer; it is tried again and again")


async def _telegram_updates(sidelight: Sidelight, telegram: Telegram) -> None:
    """By webhook where there is a secret for it, else by polling, which one process does."""
    settings = sidelight.settings
    secret = settings.telegram_webhook_secret.get_secret_value()
    if not secret:
        poll = TelegramPoller(telegram.api, telegram.receiver).run
        if sidelight.database.is_sqlite:
            await poll()
        await sidelight.polling.run(poll)
    await register_webhook(telegram.api, settings.public_url, WebhookSecret(secret))
    await asyncio.Event().wait()


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn's own handling raises them again before we have tidied up."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], object]) -> None:
        super().__init__(config)
        self._on_started = started

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started()


def server_config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How `app` is served: nothing of a request is logged, and a proxy's word is believed only
    where it comes from BOT_TRUSTED_PROXIES."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        lifespan="off",
    )


async def _serve_web(
    config: uvicorn.Config, listener: socket.socket, started: Callable[[], object]
) -> None:
    server = _Server(config, started)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, setattr, server, "should_exit", True)
    await server.serve(sockets=[listener])
