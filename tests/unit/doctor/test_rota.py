"""Opening hours against shifts: when people are promised an advocate and none is on."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from bot.doctor.rota import AHEAD, unstaffed
from bot.ids import AdvocateId, ShiftId
from bot.staff.rota import Shift

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def shift(day: int, start: float, end: float) -> Shift:
    """One on a day after Monday, from and until an hour."""
    at = MONDAY + timedelta(days=day)
    begins, ends = at + timedelta(hours=start), at + timedelta(hours=end)
    return Shift(ShiftId(uuid4()), AdvocateId(uuid4()), begins, ends)


def office(at: datetime) -> bool:
    """Nine to five, Monday to Friday."""
    return at.weekday() < 5 and 9 <= at.hour < 17


def test_whoever_covers_all_hours_leaves_no_gap() -> None:
    """Two who relieve each other count as one, and one who stays longer does no harm."""
    shifts = [s for day in range(5) for s in (shift(day, 8, 13), shift(day, 13, 17))]
    assert unstaffed(office, shifts, MONDAY) == ()


def test_gaps_are_told_from_minute_to_minute() -> None:
    """A lunch that nobody covers, and a day off."""
    shifts = [shift(0, 9, 12), shift(0, 13, 17), *(shift(day, 9, 17) for day in (1, 2, 3))]
    lunch = (MONDAY + timedelta(hours=12), MONDAY + timedelta(hours=13))
    friday = MONDAY + timedelta(days=4)
    off = (friday + timedelta(hours=9), friday + timedelta(hours=17))
    assert unstaffed(office, shifts, MONDAY) == (lunch, off)


def test_an_empty_rota_leaves_all_of_it() -> None:
    """Round the clock is one gap."""
    assert unstaffed(lambda _: True, [], MONDAY) == ((MONDAY, MONDAY + AHEAD),)
    assert unstaffed(lambda _: False, [], MONDAY) == ()
