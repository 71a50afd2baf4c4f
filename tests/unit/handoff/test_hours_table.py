"""Opening hours as a table that can be edited, and as spans of a calendar."""

from datetime import UTC, date, datetime, timedelta

from bot.handoff.hours import Hours, read, written
from bot.ids import Locale

TABLE = {
    "zone": "Europe/Madrid",
    "hours": {"mon-fri": "09:00-13:00, 16:00-20:00", "sat": "22:00-02:00"},
    "languages": {"ar": {"sun": "10:00-14:00"}},
    "holidays": [date(2026, 12, 25)],
}
EN, AR = Locale("en"), Locale("ar")


def test_what_is_written_reads_the_same() -> None:
    """With breaks, past midnight, and a language of its own."""
    hours = read(TABLE)
    table = written(hours)
    assert table["languages"] == {"ar": {"sun": "10:00-14:00"}}
    table["holidays"] = [date.fromisoformat(str(day)) for day in table["holidays"]]  # type: ignore[attr-defined]
    assert read(table) == hours


def test_spans_are_those_instants_at_which_it_is_open() -> None:
    """Over a change of the clocks, holidays and midnight: the same as asking at each."""
    hours = read(TABLE)
    for locale in (EN, AR):
        for start in (datetime(2026, 10, 23, 15, tzinfo=UTC), datetime(2026, 12, 23, tzinfo=UTC)):
            spans = hours.spans(locale, start, start + timedelta(days=7))
            assert spans
            for quarter in range(7 * 96):
                at = start + timedelta(minutes=15 * quarter)
                assert any(a <= at < b for a, b in spans) is (hours.opens_at(locale, at) is None)


def test_without_hours_there_are_no_spans() -> None:
    """Nothing is promised, so nothing can be missed."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert Hours().spans(EN, now, now + timedelta(days=7)) == []
