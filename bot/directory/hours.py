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
    overnight = closes_at <= opens_at
    for begun in (at.date(), at.date() - timedelta(days=1)):
        if (
            WEEK[begun.weekday()] not in days
            or (first and begun < first)
            or (last and begun > last)
        ):
            continue
        opening = datetime.combine(begun, opens_at)
        closing = datetime.combine(begun + timedelta(days=1 if overnight else 0), closes_at)
        if opening <= at < closing:
            return True
    return False
