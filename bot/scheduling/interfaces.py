"""Where timers are kept."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from bot.scheduling.models import Timer


class TimerRepository(Protocol):
    """The `timers` table. Every call is part of the surrounding transaction."""

    async def schedule(self, kind: str, ref: UUID, due_at: datetime) -> None:
        """Set the timer of `kind` and `ref` to `due_at`, replacing an earlier one.

        A worker that holds the earlier one can no longer settle it.
        """
        ...

    async def schedule_by(self, kind: str, ref: UUID, due_at: datetime) -> None:
        """As `schedule`, but where one that nobody has claimed is due sooner, it stays so.

        For what is reckoned from rows that another transaction may be changing: whoever commits
        last must not put off what the other one saw. A timer that comes too early looks again.
        """
        ...

    async def schedule_all(self, wanted: Sequence[tuple[str, UUID, datetime]]) -> None:
        """`schedule` each of (kind, ref, due_at)."""
        ...

    async def schedule_all_by(self, wanted: Sequence[tuple[str, UUID, datetime]]) -> None:
        """`schedule_by` each of (kind, ref, due_at)."""
        ...

    async def cancel(self, kind: str, ref: UUID) -> None:
        """Remove the timer, if there is one."""
        ...

    async def claim(self, owner: str, lease: timedelta, limit: int) -> Sequence[Timer]:
        """Take up to `limit` due timers that nobody holds, the longest due first.

        Due, and held no longer, by the database's clock: processes may not agree on the time.
        """
        ...

    async def settle(self, timer: Timer) -> bool:
        """Remove a claimed timer; False if the claim was lost, and then nothing may be done."""
        ...

    async def settle_all(self, timers: Sequence[Timer]) -> int:
        """`settle` each; how many of the claims still stood."""
        ...

    async def postpone(self, timer: Timer, due_at: datetime) -> bool:
        """Put a claimed timer back for later; False if the claim was lost."""
        ...

    async def release(self, owner: str) -> None:
        """Let go of every timer that `owner` holds (when it is known to be dead)."""
        ...

    async def hasten(self, kinds: Collection[str], latest: datetime) -> None:
        """Let nothing that a dead worker holds, nor what was put off of these kinds (with any
        suffix), wait for longer than until `latest`; for a clock that was ahead.

        What was never claimed keeps its time: somebody chose that.
        """
        ...

    async def next_due_at(self) -> datetime | None:
        """When the next unclaimed timer is due, or None."""
        ...


class LeaseRepository(Protocol):
    """The `leases` table. Time is the database's, as processes' clocks differ."""

    async def hold(self, name: str, owner: str, ttl: timedelta) -> bool:
        """Take the lease, or renew it, for `ttl` from now; False while another owner holds it."""
        ...

    async def release(self, name: str, owner: str) -> None:
        """Let go of it, if `owner` holds it."""
        ...
