"""No token, text, name or id gets into a log, whatever goes wrong on the way to Telegram."""

import asyncio
import io
import logging
from collections.abc import Iterator

import httpx
import pytest
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram import quiet_logging
from bot.channels.telegram.transport import AiohttpRequest
from bot.conversation.interfaces import OutgoingMessage
from bot.errors import BotError
from tests.integration.telegram_parts import Line, address, line, polling
from tests.stub_telegram import (
    Fault,
    StubTelegram,
    cut_after,
    garbled,
    refused,
    stalled_after,
    until,
)

TALKATIVE = ("telegram", "httpx", "httpcore", "aiohttp")
CANARY = "canary-4242"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that reaches the root's handlers at DEBUG, with tracebacks."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    root = logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in TALKATIVE)]
    before = [(one.level, one.propagate, list(one.handlers)) for one in loggers]
    root.addHandler(handler)
    for one in loggers:
        one.setLevel(logging.DEBUG)
    yield told
    for one, (level, propagate, handlers) in zip(loggers, before, strict=True):
        one.setLevel(level)
        one.propagate, one.handlers = propagate, handlers


async def _everything_that_can_go_wrong(tg: Line) -> list[str]:
    """Drive the adapter through all its errors; returns what must not be told."""
    person = tg.stub.person(CANARY)
    faults: list[Fault] = [
        refused(400, f"Bad Request: {CANARY}"),
        refused(403),
        refused(401, CANARY),
        refused(429, retry_after=1),
        refused(500, CANARY),
        garbled(CANARY),
        garbled(CANARY, status=502),
        garbled(f'{{"ok": true, "result": {{"message_id": "{CANARY}"}}}}'),
        cut_after(),
        stalled_after(2),
    ]
    for fault in faults:
        tg.stub.script("sendMessage", fault)
        with pytest.raises(BotError) as caught:
            await tg.channel.send(address(person), OutgoingMessage("1", CANARY))
        assert CANARY not in repr(caught.value)
    tg.stub.push_raw({"message": {"text": CANARY, "chat": {"id": CANARY}}})
    tg.stub.push_raw({"message": CANARY})
    tg.stub.script("getUpdates", garbled(CANARY), garbled(f'{{"ok": true, "result": "{CANARY}"}}'))
    async with polling(tg.poller(pause=0.001)):
        tg.intake.fails = lambda _: tg.intake.tries == 1
        person.write(CANARY)
        await tg.intake.has(1)
        query = person.press_raw("x")
        await until(lambda: query not in person.turning)
    await tg.stub.stop()
    with pytest.raises(BotError):
        await tg.channel.send(address(person), OutgoingMessage("1", CANARY))
    with pytest.raises(BotError):
        await tg.api.verify()
    return [CANARY, tg.stub.token, tg.stub.token.partition(":")[2], str(person.id)]


async def test_no_word_reaches_a_log(log: io.StringIO) -> None:
    """With `quiet_logging`, even at DEBUG, the logs tell of errors and of nothing else."""
    quiet_logging()
    quiet_logging()
    async with line(answer_within=0.3) as tg:
        secrets = await _everything_that_can_go_wrong(tg)
    told = log.getvalue()
    assert "polling failed: ChannelUnavailable" in told
    for secret in secrets:
        assert secret not in told


async def test_without_it_the_libraries_do_tell(log: io.StringIO) -> None:
    """The same drive without `quiet_logging` shows the canaries: the test above can fail."""
    async with line(answer_within=0.3) as tg:
        secrets = await _everything_that_can_go_wrong(tg)
    told = log.getvalue()
    assert all(secret in told for secret in secrets)


async def test_loud_libraries_are_reduced_to_a_place(log: io.StringIO) -> None:
    """httpx and python-telegram-bot, made to log a token and an update, come out as a place."""
    quiet_logging()
    async with StubTelegram() as stub:
        url = f"{stub.url}{stub.token}/getMe"
        async with httpx.AsyncClient() as client:
            await client.get(url)
        requests = [AiohttpRequest(), AiohttpRequest()]
        bot = Bot(stub.token, stub.url, request=requests[0], get_updates_request=requests[1])
        await asyncio.gather(*(request.initialize() for request in requests))
        stub.push_raw({"message": {"text": CANARY, "message_id": 1, "date": 5, "chat": CANARY}})
        with pytest.raises((TelegramError, AttributeError, TypeError)):
            await bot.get_updates()
        await asyncio.gather(*(request.shutdown() for request in requests))
    told = log.getvalue()
    assert "telegram.Bot reported something at _bot:" in told
    assert CANARY not in told
    assert stub.token not in told
