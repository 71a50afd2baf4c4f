"""Opening hours, by language, in a time zone, with holidays.

```yaml
zone: Europe/Madrid
hours:                      # of every language that is not named below
  mon-fri: 09:00-21:00
  sat, sun: 10:00-14:00, 16:00-20:00
languages:
  ar: {mon-fri: "10:00-14:00"}
holidays: [2026-12-25, 2027-01-01]
```
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from bot.errors import ConfigurationError
from bot.ids import Locale

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD: Final = 60
"""Days that are searched for the next opening: longer closures are no hours at all."""

_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")

Span = tuple[datetime, datetime]

Week = tuple[tuple[tuple[int, int], ...], ...]
"""For each day of the week its spans, in minutes from midnight; one may end after midnight."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When advocates are there; without any week nothing is known, and nothing is said."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    week: Week | None = None
    languages: Mapping[Locale, Week] | None = None
    holidays: frozenset[date] = frozenset()

    @classmethod
    def load(cls, path: Path | None) -> "Hours":
        """Read a file. Raises ConfigurationError naming the file and what is wrong in it."""
        if path is None:
            return cls()
        try:
            return read(yaml.safe_load(path.read_text("utf-8")))
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read ({error.strerror})") from None
        except (ValueError, yaml.YAMLError) as error:
            reason = str(error).splitlines()[0]
            raise ConfigurationError(f"{path}: {reason}") from None

    def opens_at(self, locale: Locale, now: datetime) -> datetime | None:
        """When it opens next; None while it is open, and where no hours are set."""
        week = self._of(locale)
        if week is None:
            return None
        today = now.astimezone(self.zone).date()
        soonest: datetime | None = None
        for ahead in range(-1, AHEAD):
            day = today + timedelta(days=ahead)
            if day in self.holidays:
                continue
            for start, end in week[day.weekday()]:
                opens, closes = self._at(day, start), self._at(day, end)
                if opens <= now < closes:
                    return None
                if opens > now and (soonest is None or opens < soonest):
                    soonest = opens
            if soonest is not None:
                return soonest
        return soonest

    def is_open(self, locale: Locale, at: datetime) -> bool | None:
        """Whether advocates are there at that instant; None where no hours are set."""
        week = self._of(locale)
        if week is None:
            return None
        today = at.astimezone(self.zone).date()
        return any(
            self._at(day, start) <= at < self._at(day, end)
            for day in (today - timedelta(days=1), today)
            if day not in self.holidays
            for start, end in week[day.weekday()]
        )

    def _of(self, locale: Locale) -> Week | None:
        return (self.languages or {}).get(locale, self.week)

    def spans(self, locale: Locale, start: datetime, end: datetime) -> list[Span]:
        """When it is open between two instants, in order; none where no hours are set."""
        week = self._of(locale)
        day = start.astimezone(self.zone).date() - timedelta(days=1)
        found = list[Span]()
        while week is not None and day <= end.astimezone(self.zone).date():
            if day not in self.holidays:
                for begins, ends in week[day.weekday()]:
                    span = max(self._at(day, begins), start), min(self._at(day, ends), end)
                    if span[0] < span[1]:
                        found.append(span)
            day += timedelta(days=1)
        return sorted(found)

    def _at(self, day: date, minutes: int) -> datetime:
        """The instant at which clocks in the zone show so many minutes past midnight."""
        days, rest = divmod(minutes, 24 * 60)
        wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60))
        return wall.replace(tzinfo=self.zone).astimezone(ZoneInfo("UTC"))


def written(hours: Hours) -> dict[str, object]:
    """The hours as `read` takes them, with every day by itself; dates as text."""
    table: dict[str, object] = {
        "zone": hours.zone.key,
        "languages": {tag: _plain(week) for tag, week in (hours.languages or {}).items()},
        "holidays": [day.isoformat() for day in sorted(hours.holidays)],
    }
    if hours.week is not None:
        table["hours"] = _plain(hours.week)
    return table


def _plain(week: Week) -> dict[str, str]:
    return {
        day: ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)
        for day, spans in zip(DAYS, week, strict=True)
        if spans
    }


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours if minutes <= 24 * 60 else hours - 24:02}:{rest:02}"


def read(raw: object) -> Hours:
    """The hours that a file says. Raises ValueError naming what is wrong."""
    if not isinstance(raw, dict):
        raise ValueError("write zone: and hours:")
    if unknown := set(raw) - {"zone", "hours", "languages", "holidays"}:
        raise ValueError(f"unknown: {', '.join(map(str, sorted(unknown, key=str)))}")
    try:
        zone = ZoneInfo(str(raw.get("zone", "")))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("zone: write a name of a time zone, such as Europe/Madrid") from None
    languages = raw.get("languages") or {}
    if not isinstance(languages, dict):
        raise ValueError("languages: write a table of languages with their hours")
    holidays = raw.get("holidays") or []
    if not isinstance(holidays, list) or not all(type(day) is date for day in holidays):
        raise ValueError("holidays: write a list of dates, such as [2026-12-25]")
    return Hours(
        zone=zone,
        week=_week(raw["hours"], "hours") if "hours" in raw else None,
        languages={Locale(str(tag)): _week(week, str(tag)) for tag, week in languages.items()},
        holidays=frozenset(holidays),
    )


def _week(raw: object, where: str) -> Week:
    if not isinstance(raw, dict):
        raise ValueError(f"{where}: write days with hours, such as mon-fri: 09:00-17:00")
    days: list[tuple[tuple[int, int], ...]] = [()] * 7
    for named, spans in raw.items():
        for index in _days(str(named), where):
            days[index] = _spans(str(spans), where)
    return tuple(days)


def _days(named: str, where: str) -> list[int]:
    found: list[int] = []
    for part in named.lower().split(","):
        first, _, last = (p.strip() for p in part.partition("-"))
        if first not in DAYS or (last and last not in DAYS):
            raise ValueError(f"{where}: {named} is no day; write mon, or mon-fri, or sat, sun")
        start = DAYS.index(first)
        count = (DAYS.index(last) - start) % 7 if last else 0
        found += [(start + n) % 7 for n in range(count + 1)]
    return found


def _spans(text: str, where: str) -> tuple[tuple[int, int], ...]:
    spans = []
    for part in text.split(","):
        if not (match := _SPAN.fullmatch(part.strip())):
            raise ValueError(f"{where}: {part.strip()} are no hours; write 09:00-17:00")
        a, b, c, d = (int(n) for n in match.groups())
        start, end = a * 60 + b, c * 60 + d
        spans.append((start, end if end > start else end + 24 * 60))
    return tuple(spans)
