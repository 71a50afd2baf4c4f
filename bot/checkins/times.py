"""When a person wants to be checked on, out of their own words.

Spans ("in two hours", "media hora") need nothing else. A clock time needs the person's time
zone, which nobody guesses; and what is not plain is asked, never guessed either.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.checkins import clocktimes, durations, repeats
from bot.checkins.languages import ordered
from bot.checkins.plain import plain
from bot.ids import Locale

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=365)
DAY, WEEK = timedelta(days=1), timedelta(days=7)

MOST_CHOICES = 4
"""More are no question that one can answer by a button."""

FIRST_OF_BOTH, LAST_OF_BOTH = 7, 12
"""Bare hours ("8h") that may be a span or a clock time; fewer are a span, more a clock time."""


@dataclass(frozen=True, slots=True)
class Found:
    """The text names one instant: `due_at`, aware and in UTC, `spoken_relative` from now."""

    due_at: datetime
    spoken_relative: timedelta


@dataclass(frozen=True, slots=True)
class NeedsTimeZone:
    """The text names a clock time, and the person's time zone is not known."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The text may mean any of `choices`, the soonest first: two or more, all within limits."""

    choices: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """The text names a time that is over."""


@dataclass(frozen=True, slots=True)
class TooSoon:
    """The text names less than SHORTEST."""


@dataclass(frozen=True, slots=True)
class TooFar:
    """The text names more than LONGEST."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The text names no time that is understood, or one that comes again and again."""


When = Found | NeedsTimeZone | Ambiguous | Past | TooSoon | TooFar | NotFound


def parse_when(text: str, locale: Locale, now: datetime, tz: ZoneInfo | None) -> When:
    """The instant that `text` names, seen from `now` (aware), for a person in `tz`.

    All languages known here are tried, that of `locale` first. What is Found lies from SHORTEST
    to LONGEST after `now`. Never raises for what is in `text`.
    """
    said = plain(text)
    now = now.astimezone(UTC)
    languages = ordered(locale)
    found = [_clocks(said, language, own=n == 0) for n, language in enumerate(languages)]
    spans = [durations.find(said, language) for language in languages]
    if _PREGNANT.search(said):
        spans = [span for span in spans if span and span.shortest % WEEK]
    clocks = next((clocks for clocks in found if clocks), ())
    span = next((span for span in spans if span and not _covered(span, found)), None)
    if repeats.is_repeated(said) and not _is_once(clocks, span):
        return NotFound()
    if not clocks:
        return NotFound() if span is None else _after(span, now)
    if span is None or span.past:
        either = next((s for s in spans if s), None) if clocks[0].or_span else None
        return _on_clock(clocks, either, now, tz)
    days = span.shortest // DAY
    if span.shortest == span.longest == days * DAY and not (clocks[0].has_day or span.repeated):
        return _on_clock([replace(clock, in_days=days) for clock in clocks], None, now, tz)
    if span.repeated or _RELATIVE.match(said, span.end):
        return NotFound()  # "an hour after 9"
    return _on_clock(clocks, span, now, tz)


def _clocks(said: str, language: str, *, own: bool) -> Sequence[clocktimes.ClockTime]:
    """What may be a span as well ("8h") is a clock time only where the language has it so."""
    clocks = clocktimes.find_all(said, language)
    if not clocks or not clocks[0].or_span:
        return clocks
    clock = clocks[0]
    before = said[: clock.start]
    if _SPAN_BEFORE.search(before) or _SPAN_AFTER.match(said, clock.end):
        return ()
    plainly = replace(clock, or_span=False)
    if clock.part is not None or clock.has_day:
        return (plainly,)
    if clock.hour > LAST_OF_BOTH and (own or clock.minute):
        return (clock if said[clock.start : clock.end].endswith("horas") else plainly,)
    return (clock,) if own and clock.hour >= FIRST_OF_BOTH else ()


def _is_once(clocks: Sequence[clocktimes.ClockTime], span: durations.Span | None) -> bool:
    """Whether one day or a span is named beside what comes again: "I pass there every day, …"."""
    if span is not None:
        return span.shortest % DAY != timedelta()
    return any(clock.in_days is not None for clock in clocks)


def _covered(span: durations.Span, found: Iterable[Iterable[clocktimes.ClockTime]]) -> bool:
    return any(
        span.start < clock.end and clock.start < span.end for clocks in found for clock in clocks
    )


def _on_clock(
    clocks: Sequence[clocktimes.ClockTime],
    span: durations.Span | None,
    now: datetime,
    tz: ZoneInfo | None,
) -> When:
    """The clock times, and the span where both were said: then it is asked which one is meant."""
    if any(clock.vague for clock in clocks):
        return NotFound()
    if tz is None:
        return NeedsTimeZone()
    whens = [_at(clock, now, tz) for clock in clocks]
    if span is not None:
        whens.append(_after(span, now))
    found = dict.fromkeys(choice for when in whens for choice in _choices(when))
    choices = sorted(found, key=lambda choice: choice.due_at)
    match choices:
        case []:
            return whens[0]
        case [choice]:
            return choice
    return Ambiguous(tuple(choices)) if len(choices) <= MOST_CHOICES else NotFound()


def _choices(when: When) -> tuple[Found, ...]:
    match when:
        case Found():
            return (when,)
        case Ambiguous(choices):
            return choices
    return ()


def _after(span: durations.Span, now: datetime) -> When:
    if span.past:
        return Past()
    if span.repeated:
        return NotFound()
    if span.shortest < SHORTEST:
        return TooSoon()
    if span.longest > LONGEST:
        return TooFar()
    choices = [
        Found(now + length, length) for length in dict.fromkeys((span.shortest, span.longest))
    ]
    return choices[0] if len(choices) == 1 else Ambiguous(tuple(choices))


def _at(clock: clocktimes.ClockTime, now: datetime, tz: ZoneInfo) -> When:
    coming = [at for at in clocktimes.instants(clock, now, tz) if at > now]
    if not coming:
        return Past()
    choices = [Found(at, at - now) for at in coming if SHORTEST <= at - now <= LONGEST]
    match choices:
        case []:
            return TooSoon() if coming[0] - now < SHORTEST else TooFar()
        case [choice]:
            return choice
    return Ambiguous(tuple(choices))


_RELATIVE = re.compile(
    r"\s*(?:before|after|past|antes|despues|depois|avant|apres|ba3d|2abl|pehle|baad|"
    + "|".join(map(plain, ("قبل", "بعد", "पहले", "बाद")))
    + r")\b"
)
_PREGNANT = re.compile(
    r"pregnan|embaraz|enceinte|gravid|gestante|hamil|garbh|" + "|".join(map(plain, ("حامل", "गर्भ")))
)
_SPAN_BEFORE = re.compile(
    r"\b(?:in|within|for|en|dans|em|por|durante|pendant|daqui a|d'ici|d'ici a|dentro de|about)\s+$"
)
_SPAN_AFTER = re.compile(r"\s*(?:later|from now|more|plus tard|despues|mas tarde|depois)\b")
