"""One time for all processes: that of the machine on which the database is."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.errors import TransientError
from bot.logs import logger

_log = logger(__name__)

EVERY = 5.0
"""Seconds between two readings; a clock of quartz is off by less than a millisecond then."""

QUICK = 0.5
"""Seconds; a reading that took longer is not told from one that is off by as much."""


class Timepiece(Protocol):
    """Where the time is read."""

    async def now(self) -> datetime:
        """The time there. Raises DatabaseUnavailable."""
        ...


class DatabaseClock:
    """`Clock` by the database's time, for processes that share one.

    Between two readings it goes by a counter of this machine that nobody can set: a clock that is
    wrong, or is put right, moves no deadline. Before the first reading it is this machine's time.
    """

    def __init__(self, database: Timepiece) -> None:
        self._database = database
        self._read = datetime.now(UTC)
        self._read_at = time.monotonic()

    def now(self) -> datetime:
        return self._read + timedelta(seconds=time.monotonic() - self._read_at)

    async def read(self) -> None:
        """Look at the database's clock. Raises DatabaseUnavailable."""
        asked_at = time.monotonic()
        there = await self._database.now()
        answered_at = time.monotonic()
        if answered_at - asked_at <= QUICK:
            self._read, self._read_at = there, (asked_at + answered_at) / 2

    async def run(self) -> None:
        """Keep to it until cancelled; while the database is away, time goes on here."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.read()
            except TransientError as error:
                _log.warning("the database's clock could not be read", error=error)
