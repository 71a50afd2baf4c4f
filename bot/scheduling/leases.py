"""What one process alone may do, of several: whoever holds the lease, until it lets go or dies."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Final, Protocol

from bot.errors import TransientError
from bot.logs import logger
from bot.scheduling.interfaces import LeaseRepository

_log = logger(__name__)

TTL: Final = timedelta(seconds=10)
"""So long after its holder's death another process takes over, at most."""

Job = Callable[[], Awaitable[None]]


class Leases(Protocol):
    """A unit of work, as far as leases are concerned."""

    @property
    def leases(self) -> LeaseRepository:
        """The leases' table."""
        ...


class Lease:
    """One of several processes runs a job; another takes over when it stops or dies.

    `owner` names this process, `ttl` is how long a dead one keeps the others out. A holder that
    can't renew (its database is gone, or it was paused) ends the job before the lease runs out;
    only a process that stands still can be late with that, so the job itself must bear a second
    one beside it for a moment.
    """

    def __init__(
        self,
        writing: Callable[[], AbstractAsyncContextManager[Leases]],
        name: str,
        owner: str,
        ttl: timedelta = TTL,
    ) -> None:
        self._writing = writing
        self._name = name
        self._owner = owner
        self._ttl = ttl
        self._until = 0.0
        self.held = False
        """Whether the job runs here now."""

    async def run(self, job: Job) -> None:
        """Run `job` whenever this process holds the lease, until cancelled; then let go of it.

        Raises what `job` raises, and ends when it ends.
        """
        pause = self._ttl.total_seconds() / 10
        while True:
            if not await self._hold():
                await asyncio.sleep(pause)
                continue
            running = asyncio.ensure_future(job())
            self.held = True
            _log.info("this process does what one alone may do", kind=self._name)
            try:
                if await self._kept(running):
                    return
                _log.warning("another process goes on with what this one did", kind=self._name)
            finally:
                self.held = False
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                await self._let_go()

    async def _kept(self, running: "asyncio.Future[None]") -> bool:
        """Renew while the job runs; True when it ended, False when the lease was lost."""
        pause = self._ttl.total_seconds() / 3
        while True:
            done, _ = await asyncio.wait((running,), timeout=pause)
            if done:
                running.result()
                return True
            if not await self._hold() and time.monotonic() >= self._until - pause:
                return False

    async def _hold(self) -> bool:
        """Take or renew the lease; False when it is another's, or nobody can tell."""
        asked_at = time.monotonic()
        try:
            async with asyncio.timeout(self._ttl.total_seconds() / 3), self._writing() as unit:
                held = await unit.leases.hold(self._name, self._owner, self._ttl)
        except (TransientError, TimeoutError) as error:
            _log.warning("a lease could not be renewed", error=error)
            return False
        self._until = asked_at + self._ttl.total_seconds() if held else 0.0
        return held

    async def _let_go(self) -> None:
        try:
            async with self._writing() as unit:
                await unit.leases.release(self._name, self._owner)
        except TransientError as error:
            _log.warning("a lease must run out by itself", error=error)
