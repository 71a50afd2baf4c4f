"""Running timers: claim what is due, run it, and never let one fault stop the others."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Protocol

from bot.clock import Clock
from bot.errors import TransientError
from bot.logs import logger
from bot.scheduling.interfaces import TimerRepository
from bot.scheduling.models import Timer

_log = logger(__name__)

LEASE = timedelta(seconds=30)
"""A worker that has not settled a timer by then counts as dead."""

BATCH = 100
IDLE = 0.5
"""Seconds between looks when nothing is due: the most that a timer can be late by idling."""

RETRY = timedelta(seconds=2)

Handler = Callable[[Timer], Awaitable[None]]
"""Runs one timer, and settles or postpones it in the transaction that has its effect."""

Round = Callable[[Sequence[Timer]], Awaitable[Sequence[Timer]]]
"""Runs many timers of a kind in one transaction, where that is possible; those that are left, still
claimed, are run one by one. If it raises, all are: a timer that was settled can't be again."""


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
        rounds: Mapping[str, Round] | None = None,
    ) -> None:
        self._writing = writing
        self._clock = clock
        self._owner = owner
        self._handlers = handlers
        self._rounds = rounds or {}
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()

    def stop(self) -> None:
        """Claim nothing more: `run` ends with the batch that it has."""
        self._stopping = True

    async def run(self) -> None:
        """Work until cancelled or stopped."""
        while not self._stopping:
            try:
                ran = await self.run_due()
            except TransientError as error:
                _log.warning("timers must wait", error=error)
                ran = 0
            if ran < BATCH:
                await asyncio.sleep(IDLE)

    async def run_due(self) -> int:
        """Run one batch of due timers side by side; how many there were."""
        self._idle.clear()
        try:
            async with self._writing() as unit:
                due = await unit.timers.claim(self._owner, LEASE, BATCH)
            left = await self._together(due)
            await asyncio.gather(*(self._run(timer) for timer in left))
        finally:
            self._idle.set()
        return len(due)

    async def settled(self) -> None:
        """Return once no timer is being run here (for draining)."""
        await self._idle.wait()

    async def let_go(self) -> None:
        """Leave what is claimed here to other processes; for one whose `run` was cut short."""
        async with self._writing() as unit:
            await unit.timers.release(self._owner)

    async def _together(self, due: Sequence[Timer]) -> Sequence[Timer]:
        """Run what can be run in rounds; what is left."""
        kinds: defaultdict[str, list[Timer]] = defaultdict(list)
        for timer in due:
            kinds[timer.kind.split(":")[0]].append(timer)
        left: list[Timer] = []
        for kind, timers in kinds.items():
            together = self._rounds.get(kind)
            if together is None:
                left += timers
                continue
            try:
                left += await together(timers)
            except Exception as error:
                # Its message may quote a row; none of it was done, or all of it is known to be.
                _log.warning("timers are run one by one", kind=kind, error=error)
                left += timers
        return left

    async def _run(self, timer: Timer) -> None:
        try:
            await self._handlers[timer.kind.split(":")[0]](timer)
        except Exception as error:
            # Its message may quote a row; the timer stays and is run again.
            _log.error("a timer failed", kind=timer.kind.split(":")[0], error=error)
            await self._postpone(timer)

    async def _postpone(self, timer: Timer) -> None:
        try:
            async with self._writing() as unit:
                await unit.timers.postpone(timer, self._clock.now() + RETRY)
        except TransientError:
            _log.warning("a timer could not be put back: its lease will run out")
