"""No token, text, name or id gets into a log, whatever goes wrong on the way to Telegram."""

import asyncio
import io
import logging
from collections.abc import Iterator

import httpx
import pytest
from telegram import Bot
from telegram.error import TelegramError

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

CANARY = "canary-4242"


@pytest.fixture
def loud() -> Iterator[io.StringIO]:
    """All that a process without the bot's logging would write at DEBUG."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


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
    await _by_the_library(tg, person.id)
    await tg.stub.stop()
    with pytest.raises(BotError):
        await tg.channel.send(address(person), OutgoingMessage("1", CANARY))
    with pytest.raises(BotError):
        await tg.api.verify()
    return [CANARY, tg.stub.token, tg.stub.token.partition(":")[2], str(person.id)]


async def _by_the_library(tg: Line, person: int) -> None:
    """The same as python-telegram-bot does it, whose own words our channel goes round."""
    async with Bot(
        tg.stub.token, tg.stub.url, request=AiohttpRequest(), get_updates_request=AiohttpRequest()
    ) as bot:
        await bot.send_message(person, CANARY)


async def test_no_word_reaches_a_log(told: io.StringIO) -> None:
    """Even at DEBUG, the logs tell of errors and of nothing else."""
    async with line(answer_within=0.3) as tg:
        secrets = await _everything_that_can_go_wrong(tg)
    log = told.getvalue()
    assert 'event="polling failed" error=ChannelUnavailable' in log
    for secret in secrets:
        assert secret not in log


async def test_without_it_the_libraries_do_tell(loud: io.StringIO) -> None:
    """The same drive without the bot's logging shows all of it: the test above can fail."""
    async with line(answer_within=0.3) as tg:
        secrets = await _everything_that_can_go_wrong(tg)
    log = loud.getvalue()
    assert [secret for secret in secrets if secret not in log] == []


async def test_loud_libraries_are_reduced_to_a_place(told: io.StringIO) -> None:
    """httpx and python-telegram-bot, made to log a token and an update, come out as a place."""
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
    log = told.getvalue()
    assert 'logger=telegram.Bot event="a library reported something"' in log
    assert " at=_bot.py:" in log
    assert CANARY not in log
    assert stub.token not in log
