"""Open now? In the place's own time, past midnight, and when the clocks change."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.directory.models import Schedule
from bot.directory.reading import Directory


def hours(**given: object) -> Schedule:
    """Hours on Fridays."""
    fields = {"byday": ["FR"], "opens_at": "20:00", "closes_at": "02:00"}
    return Schedule.model_validate(fields | given)


def test_an_entry_is_open_by_its_own_clock(directory: Directory) -> None:
    """In summer, ten o'clock in London is nine in UTC; asked from anywhere."""
    service = directory.services["gb-line"]
    summer = datetime(2026, 7, 20, 9, 0, tzinfo=UTC)
    assert service.is_open(summer)
    assert service.is_open(summer.astimezone(timezone(timedelta(hours=13))))
    assert not service.is_open(summer - timedelta(minutes=1))
    assert not service.is_open(datetime(2026, 12, 21, 9, 30, tzinfo=UTC))
    assert service.is_open(datetime(2026, 12, 21, 10, 0, tzinfo=UTC))


def test_unknown_hours_are_neither_open_nor_closed(directory: Directory) -> None:
    """Nothing is claimed that nobody knows."""
    service = directory.services["gb-line"]
    now = datetime(2026, 7, 20, 9, 0, tzinfo=UTC)
    assert service.model_copy(update={"schedules": ()}).is_open(now) is None
    assert service.model_copy(update={"schedules": (), "always_open": True}).is_open(now) is True


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (datetime.fromisoformat("2026-11-20 19:59"), False),
        (datetime.fromisoformat("2026-11-20 20:00"), True),
        (datetime.fromisoformat("2026-11-21 01:59"), True),
        (datetime.fromisoformat("2026-11-21 02:00"), False),
        (datetime.fromisoformat("2026-11-21 20:00"), False),
        (datetime.fromisoformat("2026-11-20 01:00"), False),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(at: datetime, is_open: bool) -> None:
    """Friday's night ends on Saturday; Friday's first hours are Thursday's."""
    assert hours().is_open(at) == is_open


def test_a_whole_day_is_from_midnight_to_midnight() -> None:
    """Written as 24:00, or as 00:00."""
    for closing in ("24:00", "00:00"):
        friday = hours(opens_at="00:00", closes_at=closing)
        assert friday.is_open(datetime.fromisoformat("2026-11-20 00:00"))
        assert friday.is_open(datetime.fromisoformat("2026-11-20 23:59"))
        assert not friday.is_open(datetime.fromisoformat("2026-11-21 00:00"))


def test_hours_hold_for_their_time_only() -> None:
    """Both days included, counted by the day on which the hours begin."""
    only = hours(valid_from=date(2026, 11, 20), valid_to=date(2026, 11, 20))
    assert only.is_open(datetime.fromisoformat("2026-11-20 21:00"))
    assert only.is_open(datetime.fromisoformat("2026-11-21 01:00"))
    assert not only.is_open(datetime.fromisoformat("2026-11-27 21:00"))
    assert not only.is_open(datetime.fromisoformat("2026-11-13 21:00"))
