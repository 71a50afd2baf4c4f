"""How a language speaks of time: what its table holds. All words are plain, as `plain` has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from bot.checkins.plain import plain


class Part(Enum):
    """The part of the day that was named. It tells the two halves of the clock apart."""

    BEFORE_NOON = auto()
    MIDDAY = auto()
    AFTER_NOON = auto()
    NIGHT = auto()


@dataclass(frozen=True, slots=True)
class SpanWords:
    """How one language speaks of spans. Values are numbers, or units in minutes."""

    numbers: Mapping[str, float]
    units: Mapping[str, float]
    whole: Mapping[str, float]
    """Expressions that are a span by themselves, in minutes."""
    fractions: tuple[tuple[float, str], ...]
    """Parts of the unit that may follow it, with their patterns; the first is a half."""
    joined: str
    between: str
    past_before: str
    past_after: str
    repeated: str
    bare: Mapping[str, float]
    """Units that count themselves (Arabic's one and two), in minutes."""
    article: str = ""
    """What may stand between number and unit."""
    before: Mapping[str, float] = field(default_factory=dict)
    """What adds to the number after it: Hindi's half and quarter more, Arabic's "five and"."""


@dataclass(frozen=True, slots=True)
class ClockWords:
    """How one language speaks of clock times. All strings are patterns over plain text."""

    clock: tuple[str, ...]
    """With the groups h or word, m, past, to (as far as they have them)."""
    clock_or_span: tuple[str, ...]
    """The same, for what may be a span as well: "8h"."""
    noon: str
    midnight: str
    hours: Mapping[str, float]
    minutes: Mapping[str, int]
    parts: tuple[tuple[Part, str], ...]
    """The first that is found counts."""
    days: Mapping[int, str]
    """Days from today; the first that is found counts."""
    weekdays: tuple[str, ...]
    """From Monday. They are heard in sentences of other languages too."""
    short_weekdays: tuple[str, ...]
    """As `weekdays`, heard only where the clock time was said in this language."""
    months: tuple[str, ...]
    greetings: str
    vague: str
    """Days too vague to know which is meant: "next week"."""


@dataclass(frozen=True, slots=True)
class RepeatWords:
    """How one language says that something comes again. All are patterns over plain text."""

    daily: str
    every: str
    """What stands before days of the week ("every Monday"), or before a span."""
    working_days: str
    weekend: str
    this_week: str
    until: str
    """With "DAY" where the day of the week stands."""
    lasting: str
    """With the group n or word, and the group week or nothing: "for 3 days"."""
    starting: str
    weekdays: tuple[str, ...] = ()
    """Days of the week as they are named only after `every`."""


def words(*groups: tuple[float, str]) -> dict[str, float]:
    """Plain word → value, of values with their words, "_" for a space within one."""
    return {
        plain(word.replace("_", " ")): value for value, listed in groups for word in listed.split()
    }


def counted(*groups: tuple[int, str]) -> dict[str, float]:
    """As `words`, each group's words standing for its number and those that follow it.

    Spellings of one number are joined by "/".
    """
    return {
        plain(spelling.replace("_", " ")): float(number)
        for first, listed in groups
        for number, spellings in enumerate(listed.split(), start=first)
        for spelling in spellings.split("/")
    }


def compounds(tens: str, ones: Mapping[str, float], joint: str) -> dict[str, float]:
    """From twenty on: `tens` in counting order, and each with each of `ones` below ten."""
    found = counted_by_ten(tens)
    return found | {
        f"{ten}{joint}{one}": number + more
        for ten, number in found.items()
        for one, more in ones.items()
        if 1 <= more < 10
    }


def counted_by_ten(tens: str) -> dict[str, float]:
    """Twenty, thirty and so on; spellings are joined by "/"."""
    return {
        plain(spelling): number * 10.0
        for number, spellings in enumerate(tens.split(), start=2)
        for spelling in spellings.split("/")
    }


def upto(last: int, numbers: Mapping[str, float]) -> dict[str, float]:
    """Those of `numbers` from one to `last`."""
    return {word: number for word, number in numbers.items() if 1 <= number <= last}
