"""Processes on one PostgreSQL wake each other, and lose nothing that they depend on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import pytest
from sqlalchemy import make_url

from bot.storage.notices import Notices
from tests.postgres import PostgresServer


@dataclass
class Process:
    """One that tells and hears."""

    url: str
    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.notices = Notices(make_url(self.url), self.heard.append)

    async def hears(self, notice: str, again: Callable[[], None] = lambda: None) -> None:
        """Wait for it; `again` is done now and then."""
        async with asyncio.timeout(10):
            while notice not in self.heard:
                again()
                await asyncio.sleep(0.05)


@asynccontextmanager
async def two(url: str) -> AsyncIterator[tuple[Process, Process]]:
    """Two processes that hear each other."""
    one, other = Process(url), Process(url)
    tasks = [asyncio.create_task(process.notices.run()) for process in (one, other)]
    try:
        await other.hears("hello", lambda: one.notices.tell("hello"))
        await one.hears("hello", lambda: other.notices.tell("hello"))
        yield one, other
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_others_hear_and_the_teller_does_not(postgres_url: str) -> None:
    """Ours have woken whom they should already."""
    async with two(postgres_url) as (one, other):
        one.heard.clear()
        one.notices.tell("look:console")
        one.notices.tell("look:console")
        one.notices.tell("last")
        await other.hears("last")
        assert one.heard == []
        assert other.heard.count("look:console") == 1
        assert other.heard[-2:] == ["look:console", "last"]


async def test_a_cut_connection_is_made_again(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    """Whatever was said meanwhile is lost, and nothing else."""
    async with two(postgres_url) as (one, other):
        name = make_url(postgres_url).database
        postgres_server.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        await other.hears("back", lambda: one.notices.tell("back"))
        await one.hears("back", lambda: other.notices.tell("back"))


async def test_a_muddled_connection_is_made_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """asyncpg says so with an error of its own kind where a reply is none that it waits for."""
    async with two(postgres_url) as (one, other):
        muddled = asyncio.Event()

        async def execute(*_: object, **__: object) -> None:
            monkeypatch.undo()
            muddled.set()
            raise asyncpg.InternalClientError

        monkeypatch.setattr(asyncpg.Connection, "execute", execute)
        one.notices.tell("lost")
        async with asyncio.timeout(10):
            await muddled.wait()
        await other.hears("later", lambda: one.notices.tell("later"))


async def test_no_database_is_no_error() -> None:
    """Telling neither waits nor fails, and does not fill the memory."""
    process = Process("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    running = asyncio.create_task(process.notices.run())
    for number in range(5000):
        process.notices.tell(f"look:{number}")
    await asyncio.sleep(0.2)
    assert not running.done()
    assert len(process.notices._waiting) == 1000
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
