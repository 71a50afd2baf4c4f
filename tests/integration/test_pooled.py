"""Connections to PostgreSQL stay, and none that was left in a mess is handed on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import uuid4

import asyncpg
import pytest
from asyncpg import Record
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.conversation.errors import DatabaseUnavailable
from bot.history.models import Message
from bot.ids import ChannelName, MessageId
from bot.storage import database as database_module
from bot.storage import pooled, schema
from bot.storage.database import SqlDatabase

HERE = ChannelName("here")
PID = text("SELECT pg_backend_pid()")


@pytest.fixture
async def one(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqlDatabase]:
    """A database to which there is one connection."""
    monkeypatch.setattr(database_module, "CONNECTIONS", 1)
    database = SqlDatabase(postgres_url)
    await schema.upgrade(database)
    yield database
    await database.close()


async def _mark(database: SqlDatabase) -> str | None:
    async with database.reading() as unit:
        return await unit.messages.last_mark(HERE)


async def _message(database: SqlDatabase) -> Message | None:
    async with database.reading() as unit:
        return await unit.messages.get(MessageId(uuid4()))


async def _server(database: SqlDatabase) -> int:
    async with database.reading() as unit:
        return int(await unit.connection.scalar(PID))


async def _asleep(url: str) -> None:
    """Return once somebody's statement is being carried out."""
    database = SqlDatabase(url)
    asked = text("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
    found = None
    while found is None:
        async with database.reading() as unit:
            found = await unit.connection.scalar(asked)
    await database.close()


async def _write(database: SqlDatabase, mark: str, then: str, *, calmly: bool = False) -> None:
    """Remember a mark, then carry out a statement; go on `calmly` where that fails."""
    async with database.writing() as unit:
        await unit.messages.remember_mark(HERE, mark)
        with suppress(DBAPIError if calmly else ()):
            await unit.connection.execute(text(then))


async def _cut_off(database: SqlDatabase) -> None:
    async with database.writing() as unit:
        await unit.messages.remember_mark(HERE, "7")
        await unit.connection.run_sync(_terminate)
        raise ZeroDivisionError


def _terminate(connection: Connection) -> None:
    driver: asyncpg.Connection[Record] | None = connection.connection.driver_connection
    assert driver is not None
    driver.terminate()


async def test_a_connection_is_used_again(one: SqlDatabase) -> None:
    """By whoever reads and whoever writes."""
    first = await _server(one)
    async with one.writing() as unit:
        assert await unit.connection.scalar(PID) == first
    assert await _server(one) == first


async def test_what_fails_is_undone_and_the_connection_kept(one: SqlDatabase) -> None:
    """The next finds nothing of it."""
    first = await _server(one)
    with pytest.raises(DatabaseUnavailable):
        await _write(one, "7", "SELECT 1 / 0")
    assert await _mark(one) is None
    assert await _server(one) == first


async def test_nothing_is_called_committed_that_was_not(one: SqlDatabase) -> None:
    """A statement fails and somebody goes on all the same: PostgreSQL calls its rollback no error,
    and we do."""
    with pytest.raises(DatabaseUnavailable):
        await _write(one, "7", "SELECT 1 / 0", calmly=True)
    assert await _mark(one) is None


async def test_who_is_cancelled_leaves_nothing_behind(one: SqlDatabase, postgres_url: str) -> None:
    """In the middle of a statement: it is undone, and the connection serves the next."""
    task = asyncio.create_task(_write(one, "7", "SELECT pg_sleep(60)"))
    async with asyncio.timeout(20):
        await _asleep(postgres_url)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _mark(one) is None


async def test_a_lost_connection_is_replaced(one: SqlDatabase) -> None:
    """Whoever was on it is told; the next gets another."""
    with pytest.raises(DatabaseUnavailable):
        await _write(one, "7", "SELECT pg_terminate_backend(pg_backend_pid())")
    await _write(one, "8", "SELECT 1")
    assert await _mark(one) == "8"


async def test_a_connection_that_was_cut_off_is_replaced(one: SqlDatabase) -> None:
    """By ourselves, in the middle of a transaction; nothing of that is written."""
    with pytest.raises(ZeroDivisionError):
        await _cut_off(one)
    assert await _mark(one) is None


async def test_one_that_was_idle_is_asked_first(
    one: SqlDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its server may have gone without a word."""
    lost = await _server(one)
    other = SqlDatabase(postgres_url)
    async with other.writing() as unit:
        await unit.connection.execute(text(f"SELECT pg_terminate_backend({lost})"))
    await other.close()
    monkeypatch.setattr(pooled, "IDLE", 0.0)
    assert await _server(one) != lost


async def test_a_changed_table_is_learnt(one: SqlDatabase) -> None:
    """What was prepared before an upgrade fails at most once, and is prepared anew."""
    assert await _message(one) is None
    await _write(one, "7", "ALTER TABLE messages ALTER COLUMN attempts TYPE bigint")
    with pytest.raises(DatabaseUnavailable):
        await _message(one)
    assert await _message(one) is None


async def test_who_finds_none_free_is_told(
    one: SqlDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while; and the one that was waited for still serves."""
    monkeypatch.setattr(pooled, "PATIENCE", 0.01)
    async with one.reading():
        with pytest.raises(DatabaseUnavailable):
            await _mark(one)
    assert await _mark(one) is None
