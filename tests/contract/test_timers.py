"""One contract for timers, over SQLite, PostgreSQL and the memory of the simulation."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from bot.scheduling.models import Timer
from bot.scheduling.worker import TimerWorker
from bot.storage import schema
from bot.storage.database import SqlDatabase
from tests.fakes.clock import FakeClock
from tests.simulation.store import MemoryDatabase

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)
Store = SqlDatabase | MemoryDatabase


@pytest.fixture
def clock() -> FakeClock:
    """What the database's clock shows."""
    return FakeClock(NOW)


@pytest.fixture(params=["sqlite", "postgres", "memory"])
async def database(request: pytest.FixtureRequest, clock: FakeClock) -> AsyncIterator[Store]:
    """An up-to-date, empty database; the third is the one of the simulation."""
    if request.param == "memory":
        yield MemoryDatabase(clock)
        return
    database = SqlDatabase(request.getfixturevalue(f"{request.param}_url"), clock)
    await schema.upgrade(database)
    yield database
    await database.close()


async def schedule(database: Store, *after: int) -> None:
    """A timer for each number of seconds after NOW."""
    async with database.writing() as unit:
        for seconds in after:
            await unit.timers.schedule("knock", uuid4(), NOW + timedelta(seconds=seconds))


async def claim(database: Store, owner: str, limit: int = 10) -> list[Timer]:
    """What `owner` gets now."""
    async with database.writing() as unit:
        return list(await unit.timers.claim(owner, LEASE, limit))


async def test_only_due_timers_are_claimed_the_longest_due_first(database: Store) -> None:
    """And no more than the limit."""
    await schedule(database, 5, -1, -3, -2, 0)
    claimed = await claim(database, "a", limit=3)
    assert [(t.due_at - NOW).total_seconds() for t in claimed] == [-3, -2, -1]
    assert [(t.due_at - NOW).total_seconds() for t in await claim(database, "b")] == [0]
    assert await claim(database, "c") == []


async def test_a_timer_that_must_come_by_a_time_is_never_put_off(
    database: Store, clock: FakeClock
) -> None:
    """A sooner one that waits stays, a later one gives way; one that is being run is replaced."""
    ref = uuid4()

    async def by(seconds: int) -> None:
        async with database.writing() as unit:
            await unit.timers.schedule_by("knock", ref, NOW + timedelta(seconds=seconds))

    async def due() -> float | None:
        async with database.reading() as unit:
            at = await unit.timers.next_due_at()
        return None if at is None else (at - NOW).total_seconds()

    await by(60)
    await by(90)
    assert await due() == 60
    await by(30)
    assert await due() == 30
    clock.advance(timedelta(seconds=30))
    [running] = await claim(database, "a")
    await by(90)
    assert await due() == 90
    async with database.writing() as unit:
        assert not await unit.timers.settle(running), "whoever runs the old one is fenced off"


async def test_a_timer_is_claimed_by_one_of_many(database: Store) -> None:
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
    database: Store, clock: FakeClock
) -> None:
    """A dead worker's timer is run by the next; a slow one cannot settle it any more."""
    await schedule(database, 0)
    [slow] = await claim(database, "slow")
    clock.advance(LEASE / 2)
    assert await claim(database, "next") == []
    clock.advance(LEASE / 2)
    [again] = await claim(database, "next")
    assert again.attempts == 2
    async with database.writing() as unit:
        assert not await unit.timers.settle(slow)
        assert not await unit.timers.postpone(slow, NOW)
        assert await unit.timers.settle(again)


async def test_there_is_one_timer_of_a_kind_and_ref(database: Store) -> None:
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


async def test_many_are_set_and_settled_at_once_and_lost_claims_are_counted_out(
    database: Store, clock: FakeClock
) -> None:
    """By the same fence as one: a claim that was taken over is not settled by who lost it."""
    refs = [uuid4() for _ in range(5)]
    async with database.writing() as unit:
        await unit.timers.schedule_all([("knock", ref, NOW) for ref in refs])
        await unit.timers.schedule_all([("knock", refs[0], NOW + timedelta(hours=1))])
        await unit.timers.schedule_all([])
    slow = await claim(database, "slow")
    assert {timer.ref for timer in slow} == set(refs[1:])
    clock.advance(LEASE)
    again = await claim(database, "next", limit=2)
    async with database.writing() as unit:
        assert await unit.timers.settle_all(slow) == 2
        assert await unit.timers.settle_all(again) == 2
        assert await unit.timers.settle_all([*slow, *again]) == 0
        assert await unit.timers.settle_all([]) == 0
    async with database.reading() as unit:
        assert await unit.timers.next_due_at() == NOW + timedelta(hours=1)


async def test_what_a_round_leaves_or_fails_at_is_run_one_by_one(
    database: Store, clock: FakeClock
) -> None:
    """The round takes one of two kinds, does the half of one call, and fails at the next."""
    await schedule(database, -4, -3, -2, -1)
    ran, faults = [], iter((None, ValueError()))

    async def together(timers: Sequence[Timer]) -> Sequence[Timer]:
        half = timers[:2]
        async with database.writing() as unit:
            assert await unit.timers.settle_all(half) == 2
        if fault := next(faults):
            raise fault
        return timers[2:]

    async def handle(timer: Timer) -> None:
        async with database.writing() as unit:
            if await unit.timers.settle(timer):
                ran.append((timer.due_at - NOW).total_seconds())

    worker = TimerWorker(database.writing, clock, "w", {"knock": handle}, {"knock": together})
    assert await worker.run_due() == 4
    assert sorted(ran) == [-2, -1]
    await schedule(database, -4, -3, -2, -1)
    assert await worker.run_due() == 4
    assert sorted(ran) == [-2, -2, -1, -1]
    assert await worker.run_due() == 0


async def test_a_postponed_timer_comes_back(database: Store, clock: FakeClock) -> None:
    """At its new time, for anyone."""
    await schedule(database, 0)
    [timer] = await claim(database, "a")
    async with database.writing() as unit:
        assert await unit.timers.postpone(timer, NOW + timedelta(seconds=5))
    clock.advance(timedelta(seconds=4))
    assert await claim(database, "b") == []
    clock.advance(timedelta(seconds=1))
    assert len(await claim(database, "b")) == 1


async def test_what_failed_waits_no_longer_than_a_clock_put_right_allows(
    database: Store, clock: FakeClock
) -> None:
    """Nor what a dead worker holds; what nobody claimed, or is of another kind, keeps its time."""
    far, latest = NOW + timedelta(hours=1), NOW + LEASE
    async with database.writing() as unit:
        for kind in ("again", "again:1", "agains", "held"):
            await unit.timers.schedule(kind, uuid4(), NOW)
        await unit.timers.schedule("again", uuid4(), far)
    clock.advance(timedelta(minutes=30))
    async with database.writing() as unit:
        for timer in await unit.timers.claim("a", LEASE, 10):
            if timer.kind != "held":
                assert await unit.timers.postpone(timer, far)
        await unit.timers.hasten(["again"], latest)
    clock.advance(NOW - clock.now())
    assert await claim(database, "b") == []
    clock.advance(LEASE)
    assert sorted(t.kind for t in await claim(database, "b")) == ["again", "again:1", "held"]
    clock.advance(timedelta(hours=1))
    assert len(await claim(database, "c")) == 5


async def test_what_a_dead_worker_held_can_be_released(database: Store) -> None:
    """Without waiting for the lease."""
    await schedule(database, 0)
    await claim(database, "dead")
    async with database.writing() as unit:
        await unit.timers.release("dead")
    assert len(await claim(database, "alive")) == 1


async def test_a_failing_timer_is_tried_again_and_stops_no_other(
    database: Store, clock: FakeClock
) -> None:
    """Its handler raises twice; the others run meanwhile."""
    await schedule(database, *range(-5, 0))
    ran = []
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


async def test_timers_go_by_the_databases_own_clock(database_url: str) -> None:
    """A process whose clock is a day ahead, or behind, runs what is due there, and nothing else."""
    database = SqlDatabase(database_url)
    await schema.upgrade(database)
    there, ran = await database.now(), []
    for seconds in (-1, 3600):
        async with database.writing() as unit:
            await unit.timers.schedule("knock", uuid4(), there + timedelta(seconds=seconds))

    async def handle(timer: Timer) -> None:
        async with database.writing() as unit:
            assert await unit.timers.settle(timer)
        ran.append((timer.due_at - there).total_seconds())

    for days in (-1, 1):
        wrong = FakeClock(there + timedelta(days=days))
        await TimerWorker(database.writing, wrong, "w", {"knock": handle}).run_due()
    assert ran == [-1]
    async with database.writing() as unit:
        await unit.timers.schedule("knock", uuid4(), there)
    assert len(await claim(database, "a")) == 1
    assert await claim(database, "b") == [], "the lease counts by the same clock"
    await database.close()
