"""Open now? Hours are wall-clock times of the place, whatever the clocks do there."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.directory.fields import Weekday

WEEK = tuple(Weekday)


def local(at: datetime, zone: str) -> datetime:
    """The wall-clock time of the aware instant `at` in the IANA `zone`, without a zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def covers(
    days: Collection[Weekday],
    opens_at: time,
    closes_at: time,
    first: date | None,
    last: date | None,
    at: datetime,
) -> bool:
    """Whether the wall-clock time `at` lies within the hours that begin on one of `days`.

    Hours that close at or before their opening run into the next day.
    `first` and `last`, both included, bound the days on which they begin.
    """
    now = at.time()

    def begins(day: date) -> bool:
        return WEEK[day.weekday()] in days and not (
            (first and day < first) or (last and day > last)
        )

    if opens_at < closes_at:
        return opens_at <= now < closes_at and begins(at.date())
    return (now >= opens_at and begins(at.date())) or (
        now < closes_at and begins(at.date() - timedelta(days=1))
    )
