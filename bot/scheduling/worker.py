"""Running timers: claim what is due, run it, and never let one fault stop the others."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Protocol

from bot.clock import Clock
from bot.errors import TransientError
from bot.scheduling.interfaces import TimerRepository
from bot.scheduling.models import Timer

_log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""A worker that has not settled a timer by then counts as dead."""

BATCH = 50
IDLE = 0.5
"""Seconds between looks when nothing is due: the most that a timer can be late by idling."""

RETRY = timedelta(seconds=2)

Handler = Callable[[Timer], Awaitable[None]]
"""Runs one timer, and settles or postpones it in the transaction that has its effect."""


class Timers(Protocol):
    """A unit of work, as far as timers are concerned."""

    @property
    def timers(self) -> TimerRepository:
        """The timers' table."""
        ...


class TimerWorker:
    """Claims and runs due timers until cancelled. Kinds may carry a suffix: `kind:suffix`."""

    def __init__(
        self,
        writing: Callable[[], AbstractAsyncContextManager[Timers]],
        clock: Clock,
        owner: str,
        handlers: Mapping[str, Handler],
    ) -> None:
        self._writing = writing
        self._clock = clock
        self._owner = owner
        self._handlers = handlers

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                ran = await self.run_due()
            except TransientError as error:
                _log.warning("timers must wait: %s", type(error).__name__)
                ran = 0
            if ran < BATCH:
                await asyncio.sleep(IDLE)

    async def run_due(self) -> int:
        """Run one batch of due timers side by side; how many there were."""
        async with self._writing() as unit:
            due = await unit.timers.claim(self._owner, self._clock.now(), LEASE, BATCH)
        await asyncio.gather(*(self._run(timer) for timer in due))
        return len(due)

    async def _run(self, timer: Timer) -> None:
        try:
            await self._handlers[timer.kind.split(":")[0]](timer)
        except Exception as error:
            # Its message may quote a row; the timer stays and is run again.
            _log.error("a %s timer failed: %s", timer.kind.split(":")[0], type(error).__name__)
            await self._postpone(timer)

    async def _postpone(self, timer: Timer) -> None:
        try:
            async with self._writing() as unit:
                await unit.timers.postpone(timer, self._clock.now() + RETRY)
        except TransientError:
            _log.warning("a timer could not be put back: its lease will run out")
