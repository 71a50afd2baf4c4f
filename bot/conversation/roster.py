"""The rota: who is on when, and where it leaves people alone within the opening hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from bot.clock import Clock
from bot.conversation.house import House
from bot.conversation.storage import Database
from bot.ids import AdvocateId, Locale, ShiftId
from bot.settings import Settings
from bot.staff.rota import KEPT_FOR, LONGEST_SHIFT, Shift, Span, gaps
from bot.staff.service import StaffService

AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Plan:
    """The shifts of a span, and its gaps by language."""

    shifts: Sequence[Shift]
    gaps: Sequence[tuple[Locale, Span]]


class Roster:
    """Reads and changes the rota."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: Settings,
        staff: StaffService,
        house: House,
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._staff = staff
        self._house = house

    async def plan(self) -> Plan:
        """From now on, for `AHEAD`. A language without opening hours has no gaps."""
        now = self._clock.now()
        end = now + AHEAD
        async with self._database.reading() as unit:
            shifts = await unit.shifts.between(now, end)
        hours = await self._house.hours()
        speaks = {
            account.advocate.id: account.advocate.languages
            for account in await self._staff.accounts()
            if account.advocate.can_sign_in
        }
        found = []
        for locale in self._settings.locales:
            theirs = [
                (shift.starts_at, shift.ends_at)
                for shift in shifts
                if locale in speaks.get(shift.advocate_id, ())
            ]
            found += [(locale, gap) for gap in gaps(hours.spans(locale, now, end), theirs)]
        return Plan(shifts, sorted(found, key=lambda each: (each[1], each[0])))

    async def on_now(self) -> Sequence[AdvocateId]:
        """Whose shift it is."""
        now = self._clock.now()
        async with self._database.reading() as unit:
            shifts = await unit.shifts.between(now, now + timedelta(microseconds=1))
        return [shift.advocate_id for shift in shifts]

    async def add(self, who: AdvocateId, starts_at: datetime, ends_at: datetime) -> ShiftId:
        """Add a shift. Raises ValueError for one that ends before it begins, or is too long."""
        if not timedelta() < ends_at - starts_at <= LONGEST_SHIFT:
            raise ValueError("a shift ends after it begins, at most 24 hours later")
        shift = Shift(ShiftId(uuid4()), who, starts_at, ends_at)
        async with self._database.writing() as unit:
            await unit.shifts.prune(self._clock.now() - KEPT_FOR)
            await unit.shifts.add(shift)
        return shift.id

    async def remove(self, shift_id: ShiftId) -> bool:
        """Remove a shift; False if there is none."""
        async with self._database.writing() as unit:
            return await unit.shifts.delete(shift_id)
