"""Who is on when, and when nobody is although people are told that somebody would be. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.ids import AdvocateId, ShiftId

LONGEST_SHIFT: Final = timedelta(hours=24)
KEPT_FOR: Final = timedelta(days=35)
"""Shifts are forgotten so long after they ended: a rota is no record of anybody's work."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody is on duty from `starts_at` until `ends_at`."""

    id: ShiftId
    advocate_id: AdvocateId
    starts_at: datetime
    ends_at: datetime


class ShiftRepository(Protocol):
    """The `shifts` table."""

    async def add(self, shift: Shift) -> None:
        """Store a shift."""
        ...

    async def delete(self, shift_id: ShiftId) -> bool:
        """Remove a shift; False if there is none."""
        ...

    async def between(self, start: datetime, end: datetime) -> Sequence[Shift]:
        """Those that touch the span, the earliest first."""
        ...

    async def prune(self, before: datetime) -> None:
        """Remove those that ended before."""
        ...


def gaps(wanted: Iterable[Span], covered: Iterable[Span]) -> list[Span]:
    """The parts of `wanted` that no span of `covered` reaches, in order."""
    taken = sorted(covered)
    found: list[Span] = []
    for start, end in sorted(wanted):
        at = start
        for begins, ends in taken:
            if ends <= at or begins >= end:
                continue
            if begins > at:
                found.append((at, begins))
            at = max(at, ends)
        if at < end:
            found.append((at, end))
    return found
