"""Who did what to which handoff or alert: a chain of lines, and counts in which nobody is found.

Each line holds a keyed hash over itself and the hash before it, under a key that lives outside the
database: a line that is changed or taken out shows, also when whoever did it writes a new chain.
What shows nothing is to cut off the newest lines: compare with a table that was downloaded before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from bot.ids import AdvocateId
from bot.vault.vault import Vault

FEWEST: Final = 5
"""Smaller numbers are not shown, and others are rounded down to a multiple of it."""

WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30))
"""Waits are counted as under the first of these that they are under, or as over the last."""


class Act(StrEnum):
    """What somebody of the staff did."""

    CLAIMED = "claimed"
    RELEASED = "released"
    TRANSFERRED = "transferred"
    REASSIGNED = "reassigned"
    CLOSED = "closed"
    SUPPORTED = "supported"
    REOPENED = "reopened"
    BLOCKED = "blocked"
    ACKNOWLEDGED = "acknowledged"
    SAFE = "safe"
    HELP = "help"
    UNREACHED = "unreached"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    JOINED = "joined"
    READ = "read"
    SECURED = "secured"
    INVITED = "invited"
    CHANGED = "changed"
    DISABLED = "disabled"
    ENABLED = "enabled"
    RESET = "reset"
    SET = "set"
    SHIFT = "shift"
    DESK = "desk"


OUTCOMES: Final = frozenset({Act.SAFE, Act.HELP, Act.UNREACHED})
"""What may come of an alert."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log. `subject` is the handoff, alert or account, if any.

    `seq` counts from 1.
    """

    seq: int
    at: datetime
    advocate_id: AdvocateId
    act: Act
    subject: UUID | None
    link: bytes = b""


class AuditRepository(Protocol):
    """The `audit` table."""

    async def last(self) -> Line | None:
        """The newest line; nobody else adds one until this transaction ends."""
        ...

    async def add(self, line: Line) -> None:
        """Store a line."""
        ...

    async def all(self) -> list[Line]:
        """All lines, in order."""
        ...

    async def outcomes(self) -> Mapping[UUID, Act]:
        """What came of each alert of which it was said, as it was said last."""
        ...


class FigureRepository(Protocol):
    """The `figures` table: how often, by month. Days would tell whom a line of the log is about."""

    async def count(self, at: datetime, kind: str, name: str) -> None:
        """One more in the month of `at`."""
        ...

    async def since(self, at: datetime) -> Mapping[tuple[str, str], int]:
        """The sums from the month of `at` on, by kind and name."""
        ...


class AuditUnitOfWork(Protocol):
    """The slice of a unit of work that the log needs."""

    @property
    def audit(self) -> AuditRepository: ...

    @property
    def figures(self) -> FigureRepository: ...


async def note(
    unit: AuditUnitOfWork,
    vault: Vault,
    who: AdvocateId,
    act: Act,
    at: datetime,
    subject: UUID | None = None,
) -> None:
    """Add a line, in the transaction of what it tells of; its time is cut down to the minute."""
    at = at.replace(second=0, microsecond=0)
    last = await unit.audit.last()
    seq, before = (last.seq + 1, last.link) if last else (1, b"")
    line = Line(seq, at, who, act, subject)
    await unit.audit.add(replace(line, link=_link(vault, before, line)))


def first_break(lines: Iterable[Line], vault: Vault) -> int | None:
    """The number of the first line that is not what it was, or stands where another did."""
    before = b""
    for expected, line in enumerate(lines, start=1):
        if line.seq != expected or line.link != _link(vault, before, line):
            return expected
        before = line.link
    return None


def _link(vault: Vault, before: bytes, line: Line) -> bytes:
    fields = (before.hex(), line.seq, line.at.isoformat(), line.advocate_id, line.act, line.subject)
    return vault.blind_index("audit", "|".join(map(str, fields)))


def month(at: datetime) -> datetime:
    """The month of `at`, as its first moment."""
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def waited(length: timedelta) -> str:
    """The name under which a wait is counted: minutes it was under, or “over”."""
    for bound in WAITS:
        if length < bound:
            return str(bound // timedelta(minutes=1))
    return "over"


def veiled(count: int) -> int | None:
    """A number in which nobody is found: rounded down, and None when it is small."""
    return None if count < FEWEST else count - count % FEWEST
