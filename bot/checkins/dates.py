"""Dates in people's words: "on 3 December", "24/12", "le 5 mai". Without them a day is guessed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.checkins.languages import CLOCKS, ordered
from bot.checkins.plain import either

LONG_AGO = timedelta(days=60)
"""A date that was less long ago is taken for over, not for next year's."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The (month, day) pairs that a text may name: one, two for "3/4", none for "30 February".

    Month 0 stands for the next that has the day: "on the 5th".
    """

    choices: tuple[tuple[int, int], ...]
    year: int | None = None

    def coming(self, today: date) -> tuple[date, ...]:
        """The days that are meant, seen from `today`; past ones where they were not long ago."""
        days = (self._coming(month, day, today) for month, day in self.choices)
        return tuple(dict.fromkeys(day for day in days if day is not None))

    def _coming(self, month: int, day: int, today: date) -> date | None:
        if month == 0:
            return _day_of_month(day, today)
        if self.year is not None:
            return _valid(self.year, month, day)
        this, following = (_valid(today.year + n, month, day) for n in (0, 1))
        if this is None or this < today - LONG_AGO:
            return following
        last = _valid(today.year - 1, month, day)
        if last is not None and last >= today - LONG_AGO:
            return last
        return this


_ISO = re.compile(r"(?<![\w/.-])(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?![\w/-])")
_NUMERIC = re.compile(
    r"(?<![\w/.:,])(?P<a>\d{1,2})(?P<by>[/.-])(?P<b>\d{1,2})(?:(?P=by)(?P<y>(?:20)?\d\d))?(?![\w/:-])"
    r"(?!\s*(?:(?:an?|d[e'])\s*)?(?:h\b|hr|hour|heure|hora|ghant))"
)
_OF_MONTH = re.compile(
    r"\bthe (\d{1,2})(?:st|nd|rd|th)\b|\bdia (\d{1,2})\b|\bel (\d{1,2})(?!\w|[:h.]|\s*h)"
    r"|\ble (\d{1,2})(?!\w|[:h.]|\s*h)"
    rf"|(?<!\w){either('يوم')} (\d{{1,2}})(?!\w)|(?<!\w)(\d{{1,2}}) {either('तारीख tarikh')}(?!\w)"
)
_OF = r"(?:\s*(?:st|nd|rd|th|er|o|ro)?(?:\s+|\s*-\s*)(?:of\s+|de\s+|d')?)"
_YEAR = r"(?:,?\s+(?:de\s+)?(?P<y>20\d\d))?"


def find(plain: str, locale: str) -> Dates | None:
    """The first date in `plain`, written in numbers or in words of any language; or None.

    The order of numbers that may be read both ways is left open in English, and elsewhere the
    day comes first.
    """
    for language in ordered(locale):
        if found := _NAMED[language].search(plain):
            named = next(n for n in range(12) if found[f"a{n}"] or found[f"b{n}"])
            choices = _real([(named + 1, int(found["da"] or found["db"]))])
            return Dates(choices, int(found["y"]) if found["y"] else None)
    if found := _ISO.search(plain):
        choices = _real([(int(found["m"]), int(found["d"]))])
        return Dates(choices, int(found["y"]))
    found = _NUMERIC.search(plain)
    if found is None or (found["by"] != "/" and found["y"] is None):
        of_month = _OF_MONTH.search(plain)
        return Dates(((0, int(of_month[of_month.lastindex or 0])),)) if of_month else None
    first, second = int(found["a"]), int(found["b"])
    choices = _real([(second, first), (first, second)])
    year = None if found["y"] is None else 2000 + int(found["y"]) % 100
    both = locale.split("-")[0] == "en"
    return Dates(choices if both else choices[:1], year)


def _day_of_month(day: int, today: date) -> date | None:
    days = (today + timedelta(days=n) for n in range(62))
    return next((coming for coming in days if coming.day == day), None)


def _real(pairs: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    leap = 2024
    return tuple(dict.fromkeys(pair for pair in pairs if _valid(leap, *pair)))


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _named(months: tuple[str, ...]) -> re.Pattern[str]:
    after = "|".join(f"(?P<a{n}>{month})" for n, month in enumerate(months))
    before = "|".join(f"(?P<b{n}>{month})" for n, month in enumerate(months))
    return re.compile(
        rf"(?<![\w:.,/])(?P<da>\d{{1,2}}){_OF}(?:{after})(?!\w){_YEAR}"
        rf"|(?<!\w)(?:{before})\s+(?:the\s+)?(?P<db>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:.]){_YEAR_AGAIN}"
    )


_YEAR_AGAIN = r"(?:,?\s+20\d\d)?"
_NAMED = {language: _named(words.months) for language, words in CLOCKS.items()}
