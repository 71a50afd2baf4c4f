"""One contract for leases, over SQLite and PostgreSQL: a job is one process's at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest

from bot.conversation.errors import DatabaseUnavailable
from bot.scheduling.leases import Lease
from bot.storage import schema
from bot.storage.database import SqlDatabase, SqlUnitOfWork

LONG = timedelta(minutes=1)
SHORT = timedelta(seconds=0.3)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[SqlDatabase]:
    """An up-to-date, empty database."""
    database = SqlDatabase(database_url)
    await schema.upgrade(database)
    yield database
    await database.close()


async def hold(database: SqlDatabase, owner: str, ttl: timedelta = LONG) -> bool:
    """Whether `owner` got the job of the tests."""
    async with database.writing() as unit:
        return await unit.leases.hold("job", owner, ttl)


class Work:
    """A job that runs until cancelled, and knows how many run."""

    def __init__(self) -> None:
        self.running: list[str] = []
        self.most = 0

    def by(self, name: str) -> "asyncio.Future[None]":
        """`name` at work."""
        return asyncio.ensure_future(self._run(name))

    async def _run(self, name: str) -> None:
        self.running.append(name)
        self.most = max(self.most, len(self.running))
        try:
            await asyncio.Event().wait()
        finally:
            self.running.remove(name)

    async def is_done_by(self, name: str) -> None:
        """Wait until `name` alone is at work."""
        async with asyncio.timeout(10):
            while self.running != [name]:  # noqa: ASYNC110 - both come and go
                await asyncio.sleep(0.01)


@asynccontextmanager
async def bidding(lease: Lease, work: Work, name: str) -> AsyncIterator["asyncio.Task[None]"]:
    """A process that would do the job."""

    async def job() -> None:
        await work.by(name)

    task = asyncio.create_task(lease.run(job))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_the_first_has_it_and_may_renew_it(database: SqlDatabase) -> None:
    """Nobody else gets it meanwhile, and another job's lease is another."""
    assert await hold(database, "a")
    assert not await hold(database, "b")
    assert await hold(database, "a")
    async with database.writing() as unit:
        assert await unit.leases.hold("other", "b", LONG)


async def test_it_can_be_handed_over(database: SqlDatabase) -> None:
    """Who lets go leaves it to the next; who does not hold it can't let go of it."""
    assert await hold(database, "a")
    async with database.writing() as unit:
        await unit.leases.release("job", "b")
    assert not await hold(database, "b")
    async with database.writing() as unit:
        await unit.leases.release("job", "a")
    assert await hold(database, "b")


async def test_a_dead_holder_loses_it(database: SqlDatabase) -> None:
    """After its time, and then it is not the first one's any more."""
    assert await hold(database, "a", SHORT)
    assert not await hold(database, "b")
    async with asyncio.timeout(5):
        while not await hold(database, "b"):  # noqa: ASYNC110 - time is the database's
            await asyncio.sleep(0.05)
    assert not await hold(database, "a")


async def test_of_many_that_ask_at_once_one_gets_it(database: SqlDatabase) -> None:
    """Never two, never none."""
    won = await asyncio.gather(*(hold(database, f"process {n}") for n in range(8)))
    assert sum(won) == 1


async def test_a_job_goes_from_process_to_process(database: SqlDatabase) -> None:
    """It is taken over when its process stops, and never runs twice."""
    work, ttl = Work(), timedelta(seconds=2)  # a busy machine may take half of it to renew
    first = Lease(database.writing, "job", "a", ttl)
    second = Lease(database.writing, "job", "b", LONG)
    async with bidding(first, work, "a") as holder:
        await work.is_done_by("a")
        async with bidding(second, work, "b"):
            await asyncio.sleep(1.5 * ttl.total_seconds())
            assert (first.held, second.held) == (True, False)
            holder.cancel()
            await work.is_done_by("b")
            assert (first.held, second.held) == (False, True)
    assert work.most == 1


async def test_who_cannot_reach_the_database_stops_in_time(sqlite_url: str) -> None:
    """A holder that can't renew ends its job before another may begin it."""
    database = SqlDatabase(sqlite_url)
    await schema.upgrade(database)
    away = False

    @asynccontextmanager
    async def writing() -> AsyncIterator[SqlUnitOfWork]:
        if away:
            raise DatabaseUnavailable("away")
        async with database.writing() as unit:
            yield unit

    work = Work()
    async with bidding(Lease(writing, "job", "a", timedelta(seconds=1)), work, "a"):
        await work.is_done_by("a")
        away = True
        async with asyncio.timeout(5):
            while work.running:  # noqa: ASYNC110 - the lease is what is tried
                await asyncio.sleep(0.01)
        assert not await hold(database, "b", SHORT)
        away = False
        await work.is_done_by("a")
    await database.close()


async def test_a_job_that_fails_is_told(sqlite_url: str) -> None:
    """Its error comes out, and the lease is let go for another process."""
    database = SqlDatabase(sqlite_url)
    await schema.upgrade(database)

    async def job() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await Lease(database.writing, "job", "a").run(job)
    assert await hold(database, "b")
    await database.close()
