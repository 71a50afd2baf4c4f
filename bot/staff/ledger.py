"""Reading the log and the counts, and noting what has no transaction of its own."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from bot.clock import Clock
from bot.ids import AdvocateId
from bot.staff.audit import Act, AuditUnitOfWork, Line, first_break, month, note, veiled
from bot.vault.vault import Vault


class LedgerDatabase(Protocol):
    """Opens units of work."""

    def reading(self) -> AbstractAsyncContextManager[AuditUnitOfWork]:
        """A consistent view; nothing may be written."""
        ...

    def writing(self) -> AbstractAsyncContextManager[AuditUnitOfWork]:
        """A transaction that commits at the end of its block."""
        ...


class Ledger:
    """Who did what, and how often things happen."""

    def __init__(self, database: LedgerDatabase, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    async def note(self, who: AdvocateId, act: Act, subject: UUID | None = None) -> None:
        """Add a line."""
        async with self._database.writing() as unit:
            await note(unit, self._vault, who, act, self._clock.now(), subject)

    async def lines(self) -> tuple[Sequence[Line], int | None]:
        """All lines in order, and the number of the first that was tampered with, or None."""
        async with self._database.reading() as unit:
            lines = await unit.audit.all()
        return lines, first_break(lines, self._vault)

    async def outcomes(self) -> Mapping[UUID, Act]:
        """What came of each alert of which it was said."""
        async with self._database.reading() as unit:
            return await unit.audit.outcomes()

    async def figures(self) -> Mapping[tuple[str, str], int | None]:
        """This month's and last month's counts by kind and name; None where they are small."""
        before = month(self._clock.now()) - timedelta(days=1)
        async with self._database.reading() as unit:
            found = await unit.figures.since(before)
        return {key: veiled(count) for key, count in sorted(found.items())}
