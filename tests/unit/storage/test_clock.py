"""Processes that share a database share its clock."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.storage.clock import QUICK, DatabaseClock

DAY = timedelta(days=1)
NEAR = timedelta(seconds=5)


class Elsewhere:
    """A database whose clock differs from ours by `ahead`, and answers after `delay` seconds."""

    def __init__(self) -> None:
        self.ahead = DAY
        self.delay = 0.0

    async def now(self) -> datetime:
        """Its time."""
        await asyncio.sleep(self.delay)
        return datetime.now(UTC) + self.ahead


async def test_the_time_is_the_databases() -> None:
    """Before the first reading our own, then that of the database, and it goes on."""
    elsewhere = Elsewhere()
    clock = DatabaseClock(elsewhere)
    assert abs(clock.now() - datetime.now(UTC)) < NEAR
    await clock.read()
    first = clock.now()
    assert abs(first - datetime.now(UTC) - DAY) < NEAR
    await asyncio.sleep(0.01)
    assert clock.now() > first
    assert clock.now().tzinfo is UTC


async def test_a_slow_reading_sets_nothing() -> None:
    """Nobody knows when in between it was true."""
    elsewhere = Elsewhere()
    clock = DatabaseClock(elsewhere)
    elsewhere.delay = QUICK * 1.1
    await clock.read()
    assert abs(clock.now() - datetime.now(UTC)) < NEAR
