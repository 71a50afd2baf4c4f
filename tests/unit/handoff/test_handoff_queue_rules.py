"""The queue's pure rules: order, waits, hours."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.hours import Hours, read
from bot.handoff.models import NORMAL, URGENT, rank
from bot.handoff.waits import FEWEST, expected, waited
from bot.ids import Locale

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
AHEAD = timedelta(hours=2)
EN, AR = Locale("en"), Locale("ar")
minutes = st.integers(0, 600).map(lambda m: timedelta(minutes=m))


@given(one=minutes, other=minutes, priority=st.sampled_from([URGENT, NORMAL]))
def test_newer_never_overtakes_its_like(one: timedelta, other: timedelta, priority: int) -> None:
    """Among equals, time waited alone decides."""
    ranks = rank(priority, NOW + one, AHEAD), rank(priority, NOW + other, AHEAD)
    assert (ranks[0] < ranks[1]) == (one < other)


@given(later=minutes)
def test_danger_goes_first_but_for_a_time_that_is_bounded(later: timedelta) -> None:
    """Whoever waited longer than the head start is not overtaken any more."""
    calm, danger = rank(NORMAL, NOW, AHEAD), rank(URGENT, NOW + later, AHEAD)
    assert (danger < calm) == (later < AHEAD)


@given(waits=st.lists(minutes.filter(lambda w: w <= timedelta(hours=4)), min_size=FEWEST))
def test_most_measured_waits_lie_in_the_range_that_is_named(waits: list[timedelta]) -> None:
    """Four of five at least."""
    counts: dict[str, int] = {}
    for wait in waits:
        name = waited(NORMAL, wait)
        counts[name] = counts.get(name, 0) + 1
    named = expected(counts, NORMAL)
    assert named is not None
    inside = [wait for wait in waits if named[0] <= wait <= named[1]]
    assert len(inside) >= 0.8 * len(waits) - 1


def test_too_few_or_endless_waits_are_not_named() -> None:
    """It says that it doesn't know."""
    assert expected({"wait.normal.5": FEWEST - 1}, NORMAL) is None
    assert expected({"wait.normal.over": 100}, NORMAL) is None
    assert expected({"wait.urgent.5": 100}, NORMAL) is None


def test_hours_are_by_language_with_holidays_and_nights() -> None:
    """In the zone's own clock."""
    hours = read(
        {
            "zone": "Europe/Madrid",
            "hours": {"mon-fri": "09:00-21:00", "sat": "22:00-02:00"},
            "languages": {"ar": {"tue": "10:00-14:00"}},
            "holidays": [date(2026, 11, 24)],
        }
    )
    assert hours.opens_at(EN, NOW) is None
    assert hours.opens_at(EN, NOW + timedelta(hours=10)) == datetime(2026, 11, 25, 8, tzinfo=UTC)
    assert hours.opens_at(AR, NOW) == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert hours.opens_at(EN, datetime(2026, 11, 29, 0, 30, tzinfo=UTC)) is None
    assert Hours().opens_at(EN, NOW) is None


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        {"zone": "Nowhere/At"},
        {"zone": "UTC", "hours": {"someday": "09:00-10:00"}},
        {"zone": "UTC", "hours": {"mon": "nine"}},
        {"zone": "UTC", "holidays": ["x"]},
        {"zone": "UTC", "more": 1},
    ],
)
def test_damaged_hours_are_refused(raw: object) -> None:
    """With what is wrong."""
    with pytest.raises(ValueError, match=r"\w"):
        read(raw)


def test_whether_somebody_is_there_is_told_for_any_instant() -> None:
    """Spans over midnight and holidays count; who never opens is closed, not unknown."""
    hours = read(
        {
            "zone": "Europe/Madrid",
            "hours": {"mon-fri": "09:00-17:00", "sat": "22:00-02:00"},
            "languages": {"ar": {}},
            "holidays": [date(2026, 11, 24)],
        }
    )
    assert hours.is_open(EN, NOW) is True
    assert hours.is_open(EN, NOW + timedelta(days=1)) is False
    assert hours.is_open(EN, datetime(2026, 11, 29, 0, 30, tzinfo=UTC)) is True
    assert hours.is_open(EN, datetime(2026, 11, 29, 1, 30, tzinfo=UTC)) is False
    assert hours.is_open(AR, NOW) is False
    assert Hours().is_open(EN, NOW) is None
