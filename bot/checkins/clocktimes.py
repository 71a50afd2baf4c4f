"""Clock times in people's words: "at 9 tonight", "tomorrow 8:30", "a las 8 y media".

Nothing is guessed: a bare "at 9" is nine in the morning or in the evening, and both are given.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

HOURS = 24
FIRST_OF_NIGHT = 5
"""From five on, a night's hour lies before midnight: "at 9 tonight", but "at 2 tonight"."""

DAYS_AHEAD = 9
"""Days looked through for the next time that fits: a week, and one on either side."""


class Part(Enum):
    """The part of the day that was named. It tells the two halves of the clock apart."""

    BEFORE_NOON = auto()
    AFTER_NOON = auto()
    NIGHT = auto()


@dataclass(frozen=True, slots=True)
class ClockTime:
    """What was said: `hour` and `minute` as named, with the part of the day, and the day.

    Hour 24 is the midnight that ends the day. `in_days` counts from today (negative: over),
    `weekday` from Monday, 0. The words stand in the text from `start` to `end`.
    """

    start: int
    end: int
    hour: int
    minute: int
    part: Part | None = None
    in_days: int | None = None
    weekday: int | None = None

    @property
    def hours(self) -> tuple[int, ...]:
        """The hours that it may mean, counted from the named day's beginning: up to 28."""
        if self.hour > 12 or self.hour == 0:
            return (self.hour,)
        hour = self.hour % 12
        match self.part:
            case Part.BEFORE_NOON:
                return (hour,)
            case Part.AFTER_NOON:
                return (hour + 12,)
            case Part.NIGHT:
                return (hour + 12,) if hour >= FIRST_OF_NIGHT else (hour + 24,)
        return (hour, hour + 12)


@dataclass(frozen=True, slots=True)
class Words:
    """How one language speaks of clock times. All are patterns over plain text."""

    clock: tuple[str, ...]
    """With the groups h or word, m, half, past, to (as far as they have them)."""
    noon: str
    midnight: str
    hours: Mapping[str, int]
    minutes: Mapping[str, int]
    parts: tuple[tuple[Part, str], ...]
    """The first that is found counts."""
    days: Mapping[int, str]
    weekdays: tuple[str, ...]


def _hours(words: str) -> dict[str, int]:
    return {word: hour for hour, word in enumerate(words.split(), start=1)}


_NUMBER = r"(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2}))?(?!\d|[:.]\d|%)"
_BARE = r"(?<![\w.,:/])(?P<h>\d{1,2}):(?P<m>\d{2})(?![\d:])"

_EN_HOURS = _hours("one two three four five six seven eight nine ten eleven twelve")
_EN_MINUTES = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "twenty five": 25, "half": 30}
_EN_HOUR = rf"(?:{_NUMBER}|(?P<word>{'|'.join(_EN_HOURS)})\b)"
_EN_MINUTE = "|".join(_EN_MINUTES)
_EN_TOMORROW = r"tom+or+ow|tmrw?|tomoro|2mor+ow|2moro|tmr"
_NO_UNIT = r"(?!\s*(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|d|days?|w|weeks?)\b)"

ENGLISH = Words(
    clock=(
        rf"\b(?:a\s+)?(?P<past>{_EN_MINUTE}|\d{{1,2}})\s+(?:past|after)\s+{_EN_HOUR}{_NO_UNIT}",
        rf"\b(?:a\s+)?(?P<to>{_EN_MINUTE}|\d{{1,2}})\s+(?:to|till|before)\s+{_EN_HOUR}{_NO_UNIT}",
        rf"\b(?:at|by|around|til|till|until|before)\s+{_EN_HOUR}{_NO_UNIT}|@\s*(?P<at>\d{{1,2}})\b",
        rf"(?<![\w.,:]){_EN_HOUR}\s*(?:[ap]\.?\s?m\b|o'?clock\b)",
        rf"(?<![\w.,:]){_EN_HOUR}\s+(?:tonight|{_EN_TOMORROW}|(?:in the|this) (?:morn|aft|eve))",
        _BARE,
        rf"\b(?:tonight|today|{_EN_TOMORROW})\s+{_EN_HOUR}{_NO_UNIT}",
    ),
    noon=r"\b(?:noon|midday)\b",
    midnight=r"\bmidnight\b",
    hours=_EN_HOURS,
    minutes=_EN_MINUTES,
    parts=(
        (Part.BEFORE_NOON, r"\d\s*a\.?\s?m\b|\bam\b|\b(?:in the|this|tomorrow|tmrw?) morning\b"),
        (Part.AFTER_NOON, r"\d\s*p\.?\s?m\b|\bpm\b|\b(?:afternoon|evening)\b"),
        (Part.NIGHT, r"\b(?:tonight|tonite|2nite|at night|night)\b"),
        (Part.BEFORE_NOON, r"\bmorning\b"),
    ),
    days={
        2: rf"\bday after (?:{_EN_TOMORROW})\b",
        1: rf"\b(?:{_EN_TOMORROW})\b",
        0: r"\b(?:today|tonight|tonite|2nite|this (?:evening|afternoon|morning))\b",
        -1: r"\b(?:yesterday|last night)\b",
    },
    weekdays=(
        *(r"\bmon(?:day)?\b", r"\btue(?:s|sday)?\b", r"\bwed(?:nesday)?\b"),
        *(r"\bthu(?:r|rs|rsday)?\b", r"\bfri(?:day)?\b", r"\bsaturday\b", r"\bsunday\b"),
    ),
)

_ES_HOURS = _hours("una dos tres cuatro cinco seis siete ocho nueve diez once doce")
_ES_MINUTES = {"cinco": 5, "diez": 10, "cuarto": 15, "veinte": 20, "veinticinco": 25, "media": 30}
_ES_HOUR = rf"(?:{_NUMBER}|(?P<word>{'|'.join(_ES_HOURS)})\b)"
_ES_MINUTE = "|".join(sorted(_ES_MINUTES, key=len, reverse=True))
_ES_CLOCK = (
    rf"{_ES_HOUR}(?:\s*(?:hs?|hrs|horas)\b)?"
    rf"(?:\s+y\s+(?P<past>{_ES_MINUTE}|\d{{1,2}})\b"
    rf"|\s+menos\s+(?P<to>{_ES_MINUTE}|\d{{1,2}})\b)?"
)

SPANISH = Words(
    clock=(
        rf"\b(?:a|sobre|hacia|hasta|para|de|tipo)\s+las?\s+{_ES_CLOCK}",
        rf"\btipo\s+{_ES_CLOCK}",
        rf"(?<![\w.,:]){_ES_CLOCK}\s+de la (?:manana|tarde|noche|madrugada)",
        rf"(?<![\w.,:]){_ES_HOUR}\s*(?:[ap]\.?\s?m\b|en punto\b)",
        _BARE,
    ),
    noon=r"\bmedio ?dia\b",
    midnight=r"\bmedia ?noche\b",
    hours=_ES_HOURS,
    minutes=_ES_MINUTES,
    parts=(
        (Part.BEFORE_NOON, r"\d\s*a\.?\s?m\b|\b(?:de|por|en) la (?:manana|madrugada)\b|\bam\b"),
        (Part.AFTER_NOON, r"\d\s*p\.?\s?m\b|\b(?:de|por|en) la tarde\b|\besta tarde\b|\bpm\b"),
        (Part.NIGHT, r"\b(?:de|por|en|a) la noche\b|\besta noche\b"),
    ),
    days={
        2: r"\bpasado manana\b",
        1: r"(?<!la )\bmanana\b",
        0: r"\b(?:hoy|esta (?:noche|tarde|manana))\b",
        -1: r"\b(?:ayer|anoche)\b",
    },
    weekdays=(
        *(r"\blunes\b", r"\bmartes\b", r"\bmiercoles\b", r"\bjueves\b"),
        *(r"\bviernes\b", r"\bsabado\b", r"\bdomingo\b"),
    ),
)

LANGUAGES: Mapping[str, Words] = {"en": ENGLISH, "es": SPANISH}

_GREETING = re.compile(
    r"\bgood (?:morning|afternoon|evening|night)\b|\bbuen[oa]s (?:dias|tardes|noches)\b"
)


def find(plain: str, language: str) -> ClockTime | None:
    """The first clock time in `plain` (lower case, without accents), in the words of `language`.

    None in a language that is not known here.
    """
    words = LANGUAGES.get(language)
    if words is None:
        return None
    plain = _GREETING.sub(lambda greeting: "_" * len(greeting.group()), plain)
    clock = _clock(plain, words)
    if clock is None:
        return None
    return replace(
        clock,
        part=clock.part or next((p for p, said in words.parts if re.search(said, plain)), None),
        in_days=next((n for n, said in words.days.items() if re.search(said, plain)), None),
        weekday=next((n for n, said in enumerate(words.weekdays) if re.search(said, plain)), None),
    )


def instants(clock: ClockTime, now: datetime, tz: ZoneInfo) -> tuple[datetime, ...]:
    """The instants that `clock` may mean, soonest first, aware and in UTC.

    With a day named, those of that day, gone by or not; without one, the next to come. A time
    that the clock skips in spring comes an hour later; of one that comes twice, the first.
    """
    today = now.astimezone(tz).date()
    if clock.in_days is not None:
        found = {
            _on(today + timedelta(days=clock.in_days), h, clock.minute, tz) for h in clock.hours
        }
        early = {at - timedelta(days=1) for at in found if clock.in_days == 0}
        night = {at for at in early if now < at and max(clock.hours) >= HOURS}
        return tuple(sorted(night or found))
    hours = {hour % HOURS for hour in clock.hours}
    days = [today + timedelta(days=n) for n in range(DAYS_AHEAD)]
    if clock.weekday is None:
        coming = {_on(day, h, clock.minute, tz) for day in days for h in hours}
        return tuple(sorted(at for at in coming if at > now)[: len(hours)])
    for day in (day for day in days if day.weekday() == clock.weekday):
        on_day = sorted(_on(day, h, clock.minute, tz) for h in clock.hours)
        if coming_on_day := tuple(at for at in on_day if at > now):
            return coming_on_day
    return ()


def _on(day: date, hour: int, minute: int, tz: ZoneInfo) -> datetime:
    day += timedelta(days=hour // HOURS)
    return datetime.combine(day, time(hour % HOURS, minute), tz).astimezone(UTC)


def _clock(plain: str, words: Words) -> ClockTime | None:
    if noon := re.search(words.noon, plain):
        return ClockTime(*noon.span(), 12, 0, Part.AFTER_NOON)
    if midnight := re.search(words.midnight, plain):
        return ClockTime(*midnight.span(), HOURS, 0)
    for pattern in words.clock:
        for match in re.finditer(pattern, plain):
            hour, minute = _read(match.groupdict(), words)
            if 0 <= hour < HOURS and 0 <= minute < 60:
                return ClockTime(*match.span(), hour, minute)
    return None


def _read(said: Mapping[str, str | None], words: Words) -> tuple[int, int]:
    word, digits = said.get("word"), said.get("h") or said.get("at")
    hour = words.hours[word] if word else int(digits or -1)
    if past := said.get("past"):
        return hour, _minutes(past, words)
    if to := said.get("to"):
        return (hour - 1) or 12, 60 - _minutes(to, words)
    return hour, int(said.get("m") or 0)


def _minutes(said: str, words: Words) -> int:
    return words.minutes[said] if said in words.minutes else int(said)
