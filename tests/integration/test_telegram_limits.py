"""Many deletions at once, by two processes, within Telegram's limits as the stub has them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.channel import TELEGRAM, TelegramChannel
from bot.channels.telegram.pace import A_SECOND, BURST, DEBT, IN_A_CHAT, Pace
from bot.conversation.interfaces import ChannelUnavailable, OutgoingMessage
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.storage.pace import SqlBucket
from bot.storage.tables import paces
from tests.integration.telegram_parts import address
from tests.stub_telegram import Person, StubTelegram, refused
from tests.stub_telegram.limits import Limits

CHATS = 70
EACH = 20

Call = Callable[[], Awaitable[object]]


@asynccontextmanager
async def _processes(
    stub: StubTelegram, url: str, *, shared: bool
) -> AsyncIterator[list[TelegramChannel]]:
    """Two adapters that know nothing of each other but, if `shared`, through the database."""
    databases = [SqlDatabase(url), SqlDatabase(url)]
    await schema.upgrade(databases[0])
    apis = [TelegramApi(stub.token, stub.url) for _ in databases]
    buckets = [_bucket(each) for each in databases]
    for api in apis:
        await api.start()
    try:
        yield [
            TelegramChannel(api, pace=Pace(shared=bucket if shared else None))
            for api, bucket in zip(apis, buckets, strict=True)
        ]
    finally:
        for api in apis:
            await api.close()
        for database in databases:
            await database.close()


def _bucket(database: SqlDatabase) -> SqlBucket:
    return SqlBucket(
        database,
        TELEGRAM,
        size=BURST,
        a_second=A_SECOND,
        debt=DEBT,
        in_a_chat=IN_A_CHAT,
        index=lambda chat: sha256(str(chat).encode()).digest(),
    )


async def _until_done(call: Call) -> None:
    """As timers and outbox do: again, no sooner than asked."""
    while True:
        try:
            await call()
            return
        except ChannelUnavailable as error:
            await asyncio.sleep((error.retry_after or timedelta(seconds=1)).total_seconds())


def _deleting(
    channel: TelegramChannel, person: Person, count: int
) -> Callable[[], Awaitable[None]]:
    ids = [str(person.write("x")) for _ in range(count)]
    return lambda: channel.delete(address(person), ids, urgent=True)


def _answering(channel: TelegramChannel, person: Person) -> Call:
    return lambda: channel.send(address(person), OutgoingMessage("1", "an answer"))


async def _purge(stub: StubTelegram, channels: list[TelegramChannel]) -> int:
    """All that many people wrote is deleted while one of them is answered; what is left."""
    people = [stub.person() for _ in range(CHATS)]
    guest = stub.person()
    async with asyncio.TaskGroup() as group:
        for number, person in enumerate(people):
            group.create_task(_until_done(_deleting(channels[number % 2], person, EACH)))
        for number in range(10):
            await _until_done(_answering(channels[number % 2], guest))
            await asyncio.sleep(0.1)
    return sum(len(person.screen()) for person in people)


async def test_two_processes_keep_to_the_limits_together(database_url: str) -> None:
    """Not one call too many, all is deleted, and no reply is refused."""
    limits = Limits()
    async with (
        StubTelegram(strict=False, limits=limits) as stub,
        _processes(stub, database_url, shared=True) as channels,
    ):
        assert await _purge(stub, channels) == 0
    assert (limits.refused, limits.unheeded) == (0, 0)


async def test_alone_they_would_not(sqlite_url: str) -> None:
    """Each with a bucket of its own, they are refused: the test above can fail."""
    limits = Limits()
    async with (
        StubTelegram(strict=False, limits=limits) as stub,
        _processes(stub, sqlite_url, shared=False) as channels,
    ):
        assert await _purge(stub, channels) == 0
    assert limits.refused > 0


async def test_a_silence_that_was_asked_is_kept_by_all(database_url: str) -> None:
    """One is told to wait; another process that would delete elsewhere waits as well."""
    async with (
        StubTelegram() as stub,
        _processes(stub, database_url, shared=True) as (one, other),
    ):
        stub.script("sendMessage", refused(429, retry_after=30))
        with pytest.raises(ChannelUnavailable):
            await _answering(one, stub.person())()
        await asyncio.sleep(0.3)
        with pytest.raises(ChannelUnavailable) as held:
            await _deleting(other, stub.person(), 1)()
        assert stub.counts["deleteMessages"] == 0
    assert held.value.retry_after is not None
    assert held.value.retry_after > timedelta(seconds=25)


async def test_in_one_chat_one_deletes_a_second_whichever_process(database_url: str) -> None:
    """The second process is told how long to wait; other chats are free; no row stays of it."""
    databases = [SqlDatabase(database_url), SqlDatabase(database_url)]
    await schema.upgrade(databases[0])
    one, other = (_bucket(each) for each in databases)
    granted, *_ = await one.draw(0, 1, 0, 7)
    assert granted
    refused_, _, _, wait = await other.draw(0, 1, 0, 7)
    assert not refused_
    assert 0 < wait <= IN_A_CHAT
    granted, *_ = await other.draw(0, 1, 0, 8)
    assert granted
    await asyncio.sleep(IN_A_CHAT + 0.05)
    granted, *_ = await other.draw(0, 1, 0, 7)
    assert granted
    await asyncio.sleep(IN_A_CHAT + 0.05)
    await one.draw(0, 0, 0)
    async with databases[0].reading() as unit:
        names = (await unit.connection.execute(select(paces.c.channel))).scalars().all()
    assert names == [TELEGRAM]
    for each in databases:
        await each.close()
