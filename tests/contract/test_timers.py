"""One contract for timers, over SQLite and PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from bot.scheduling.models import Timer
from bot.scheduling.worker import TimerWorker
from bot.storage import schema
from bot.storage.database import SqlDatabase
from tests.fakes.clock import FakeClock

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[SqlDatabase]:
    """An up-to-date, empty database."""
    database = SqlDatabase(database_url)
    await schema.upgrade(database)
    yield database
    await database.close()


async def schedule(database: SqlDatabase, *after: int) -> None:
    """A timer for each number of seconds after NOW."""
    async with database.writing() as unit:
        for seconds in after:
            await unit.timers.schedule("knock", uuid4(), NOW + timedelta(seconds=seconds))


async def claim(
    database: SqlDatabase, owner: str, at: datetime = NOW, limit: int = 10
) -> list[Timer]:
    """What `owner` gets at `at`."""
    async with database.writing() as unit:
        return list(await unit.timers.claim(owner, at, LEASE, limit))


async def test_only_due_timers_are_claimed_the_longest_due_first(database: SqlDatabase) -> None:
    """And no more than the limit."""
    await schedule(database, 5, -1, -3, -2, 0)
    claimed = await claim(database, "a", limit=3)
    assert [(t.due_at - NOW).total_seconds() for t in claimed] == [-3, -2, -1]
    assert [(t.due_at - NOW).total_seconds() for t in await claim(database, "b")] == [0]
    assert await claim(database, "c") == []


async def test_a_timer_is_claimed_by_one_of_many(database: SqlDatabase) -> None:
    """A hundred timers, eight workers at once."""
    await schedule(database, *range(-100, 0))

    async def work(owner: str) -> list[Timer]:
        mine = []
        while got := await claim(database, owner, limit=7):
            mine += got
        return mine

    shares = await asyncio.gather(*(work(str(n)) for n in range(8)))
    ids = [timer.id for share in shares for timer in share]
    assert len(ids) == len(set(ids)) == 100


async def test_a_lease_that_ran_out_lets_another_worker_in_and_fences_the_first_off(
    database: SqlDatabase,
) -> None:
    """A dead worker's timer is run by the next; a slow one cannot settle it any more."""
    await schedule(database, 0)
    [slow] = await claim(database, "slow")
    assert await claim(database, "next", NOW + LEASE / 2) == []
    [again] = await claim(database, "next", NOW + LEASE)
    assert again.attempts == 2
    async with database.writing() as unit:
        assert not await unit.timers.settle(slow)
        assert not await unit.timers.postpone(slow, NOW)
        assert await unit.timers.settle(again)


async def test_there_is_one_timer_of_a_kind_and_ref(database: SqlDatabase) -> None:
    """Setting it again replaces it, and takes it from whoever holds it."""
    ref = uuid4()
    async with database.writing() as unit:
        await unit.timers.schedule("knock", ref, NOW)
    [held] = await claim(database, "a")
    async with database.writing() as unit:
        await unit.timers.schedule("knock", ref, NOW + timedelta(hours=1))
        assert not await unit.timers.settle(held)
        assert await unit.timers.next_due_at() == NOW + timedelta(hours=1)
        await unit.timers.cancel("knock", ref)
        assert await unit.timers.next_due_at() is None


async def test_a_postponed_timer_comes_back(database: SqlDatabase) -> None:
    """At its new time, for anyone."""
    await schedule(database, 0)
    [timer] = await claim(database, "a")
    async with database.writing() as unit:
        assert await unit.timers.postpone(timer, NOW + timedelta(seconds=5))
    assert await claim(database, "b", NOW + timedelta(seconds=4)) == []
    assert len(await claim(database, "b", NOW + timedelta(seconds=5))) == 1


async def test_what_a_dead_worker_held_can_be_released(database: SqlDatabase) -> None:
    """Without waiting for the lease."""
    await schedule(database, 0)
    await claim(database, "dead")
    async with database.writing() as unit:
        await unit.timers.release("dead")
    assert len(await claim(database, "alive")) == 1


async def test_a_failing_timer_is_tried_again_and_stops_no_other(database: SqlDatabase) -> None:
    """Its handler raises twice; the others run meanwhile."""
    await schedule(database, *range(-5, 0))
    clock, ran = FakeClock(NOW), []
    faults = iter((ValueError(), ValueError()))

    async def handle(timer: Timer) -> None:
        if (timer.due_at - NOW).total_seconds() == -5 and (fault := next(faults, None)):
            raise fault
        async with database.writing() as unit:
            if await unit.timers.settle(timer):
                ran.append(timer.id)

    worker = TimerWorker(database.writing, clock, "w", {"knock": handle})
    await worker.run_due()
    assert len(ran) == 4
    for _ in range(2):
        clock.advance(timedelta(seconds=5))
        await worker.run_due()
    assert len(ran) == len(set(ran)) == 5
    assert await worker.run_due() == 0
