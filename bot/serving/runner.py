"""Running the roles of a process until it is told to stop."""

import asyncio
import gc
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager

import uvicorn

from bot.bootstrap import Sidelight, Telegram, build
from bot.channels.telegram.poller import TelegramPoller
from bot.channels.telegram.quiet import quiet_logging
from bot.channels.telegram.webhook import WebhookSecret, register_webhook
from bot.conversation.interfaces import ChannelUnavailable
from bot.errors import BotError, ConfigurationError
from bot.serving.alone import alone
from bot.serving.roles import Role
from bot.serving.understanding import Understanding
from bot.serving.web import web_app
from bot.settings import Settings
from bot.storage import schema

_log = logging.getLogger(__name__)

SHUTDOWN_SECONDS = 3
"""Open event streams get this long to end."""

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
    quiet_logging()
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
            async with _background(sidelight, roles, understanding):
                await _serve_web(
                    sidelight, roles, listener, lambda: started(sidelight, understanding)
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
    if sidelight.database.is_sqlite:
        await schema.upgrade(sidelight.database)
        await sidelight.keeper.recover()
    else:
        await schema.check(sidelight.database)
    if sidelight.telegram is not None:
        await _start_telegram(sidelight, sidelight.telegram)
    essential = [sidelight.dispatcher.run()]
    if Role.WORKER in roles:
        essential += [sidelight.timer_worker.run(), sidelight.keeper.run()]
    if Role.CHAT in roles and sidelight.telegram is not None:
        essential.append(_telegram_updates(sidelight.settings, sidelight.telegram))
    tasks = [asyncio.create_task(job) for job in essential]
    model = asyncio.create_task(_without_it_too(understanding.run()))
    # So that the first message does not wait for what is read then; nothing depends on it.
    warming = [
        asyncio.create_task(asyncio.to_thread(sidelight.detector.preload)),
        asyncio.create_task(sidelight.places.prepare()),
    ]
    watch = asyncio.create_task(_stop_with_the_first(tasks))
    try:
        yield
    finally:
        for task in (watch, model, *tasks):
            task.cancel()
        await asyncio.gather(watch, model, *warming, *tasks, return_exceptions=True)


async def _stop_with_the_first(tasks: list[asyncio.Task[None]]) -> None:
    """A bot without one of its workers would be silent: better that a supervisor restarts it."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.critical("a worker stopped (%s): stopping", type(error).__name__)
    os.kill(os.getpid(), signal.SIGTERM)


async def _without_it_too(job: Awaitable[None]) -> None:
    """The model: without it the bot still serves, so its failure is told and nothing stops."""
    try:
        await job
    except BotError as error:
        _log.error("without understanding: %s", error)


async def _start_telegram(sidelight: Sidelight, telegram: Telegram) -> None:
    """Raises ConfigurationError when the token is wrong; Telegram being away is no obstacle."""
    async with sidelight.database.reading() as unit:
        mark = await unit.messages.last_mark(telegram.channel.name)
    telegram.channel.marks.reached(int(mark or 0))
    await telegram.api.start()
    try:
        await telegram.api.verify()
    except ChannelUnavailable:
        _log.warning("Telegram does not answer; it is tried again and again")


async def _telegram_updates(settings: Settings, telegram: Telegram) -> None:
    """By webhook where there is a secret for it, else by polling."""
    secret = settings.telegram_webhook_secret.get_secret_value()
    if not secret:
        await TelegramPoller(telegram.api, telegram.receiver).run()
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


async def _serve_web(
    sidelight: Sidelight,
    roles: frozenset[Role],
    listener: socket.socket,
    started: Callable[[], object],
) -> None:
    config = uvicorn.Config(
        web_app(sidelight, roles),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        lifespan="off",
    )
    server = _Server(config, started)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, setattr, server, "should_exit", True)
    await server.serve(sockets=[listener])
