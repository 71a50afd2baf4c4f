"""Where timers are kept."""

from collections.abc import Sequence
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

    async def cancel(self, kind: str, ref: UUID) -> None:
        """Remove the timer, if there is one."""
        ...

    async def claim(
        self, owner: str, now: datetime, lease: timedelta, limit: int
    ) -> Sequence[Timer]:
        """Take up to `limit` due timers that nobody holds, the longest due first."""
        ...

    async def settle(self, timer: Timer) -> bool:
        """Remove a claimed timer; False if the claim was lost, and then nothing may be done."""
        ...

    async def postpone(self, timer: Timer, due_at: datetime) -> bool:
        """Put a claimed timer back for later; False if the claim was lost."""
        ...

    async def release(self, owner: str) -> None:
        """Let go of every timer that `owner` holds (when it is known to be dead)."""
        ...

    async def next_due_at(self) -> datetime | None:
        """When the next unclaimed timer is due, or None."""
        ...
