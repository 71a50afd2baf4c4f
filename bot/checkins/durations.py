"""Spans of time in people's words: "2h", "an hour and a half", "dentro de media hora".

A grammar of our own, exact and without surprises: a general date parser reads far too much
into a sentence for something that a person's safety hangs on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.checkins.languages import SPANS as LANGUAGES
from bot.checkins.plain import compiled, plain, spaced
from bot.checkins.wording import SpanWords

HOUR = 60.0
"""Minutes."""

FEWEST_MINUTES = 5
"""That are said without their unit: "an hour and twenty"."""

_OR = "or|ou|o|ya|" + plain("या|او|أو")
"""Of "an hour or two", in all languages."""

LONGEST_NUMBER = timedelta(days=3650)
"""Anything longer is cut to this: it is too far all the same."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `shortest` to `longest`, which differ only in "two or three hours".

    `past` is True for what is over ("two hours ago"), `repeated` for "every two hours". The words
    stand in the text from `start` to `end`.
    """

    start: int
    end: int
    shortest: timedelta
    longest: timedelta
    past: bool = False
    repeated: bool = False


def find(said: str, language: str) -> Span | None:
    """The first span to come in `said` (as `plain.plain` has it), in words of `language`.

    Where all that are named are past or repeated, the first of these. None in a language that
    is not known here.
    """
    words = LANGUAGES.get(language)
    if words is None:
        return None
    spans = [
        _read(match, words)
        for match in _PATTERNS[language].finditer(said)
        if match["n"] is None or len(match["unit"]) > 1 or match["n"][-1].isdigit()
    ]
    coming = (span for span in spans if not span.past and not span.repeated)
    return next(coming, spans[0] if spans else None)


def _read(match: re.Match[str], words: SpanWords) -> Span:
    before, after = match.string[: match.start()], match.string[match.end() :]
    shortest, longest = _lengths(match, words)
    return Span(
        *match.span(),
        shortest,
        longest,
        past=bool(
            compiled(words.past_before).search(before) or compiled(words.past_after).search(after)
        ),
        repeated=bool(compiled(words.repeated).search(before)),
    )


def _lengths(match: re.Match[str], words: SpanWords) -> tuple[timedelta, timedelta]:
    if (whole := match["whole"]) is not None:
        named = _span(_named(whole, words.whole))
        return named, named
    bare = match["bare"]
    unit = words.units[match["unit"]] if bare is None else _counted(bare, words)
    more = _more(match, words, unit)
    if bare is not None:
        length = other = _named(bare, words.bare) + more
        if match["other"] or match["last"]:
            either, number = match["other"], match["last"]
            other = _named(either, words.bare) if either else _value(number, words) * unit
        return _span(min(length, other)), _span(max(length, other))
    first = _value(match["n"], words) * unit + more
    last = _value(match["upto"] or match["last"] or match["n"], words) * unit + more
    return _span(min(first, last)), _span(max(first, last))


def _more(match: re.Match[str], words: SpanWords, unit: float) -> float:
    """What is said after the unit: halves, minutes, a smaller unit."""
    if match["half"]:
        return unit / 2
    if match["n2"] is not None:
        return _value(match["n2"], words) * words.units[match["unit2"]]
    if match["minutes"] is not None:
        return float(match["minutes"])
    if match["spelt"] is not None and unit == HOUR:
        minutes = _value(match["spelt"], words)
        return minutes if FEWEST_MINUTES <= minutes < HOUR else 0.0
    parts = (part for n, (part, _) in enumerate(words.fractions) if match[f"part{n}"])
    return unit * next(parts, 0.0)


def _named(said: str, values: Mapping[str, float]) -> float:
    return values[" ".join(said.replace("-", " ").split())]


def _counted(bare: str, words: SpanWords) -> float:
    """The unit that is said once or twice in `bare`."""
    length = _named(bare, words.bare)
    return length if length in words.units.values() else length / 2


def _value(number: str, words: SpanWords) -> float:
    said = " ".join(number.replace("-", " ").split())
    if (spelt := words.numbers.get(said)) is not None:
        return spelt
    for before, more in words.before.items():
        if said.startswith(before):
            return more + _value(said.removeprefix(before), words)
    return float(said.replace(",", "."))


def _span(minutes: float) -> timedelta:
    """Whole seconds, at most LONGEST_NUMBER."""
    longest = LONGEST_NUMBER.total_seconds()
    return timedelta(seconds=round(min(minutes * 60, longest)))


def _either(words: Mapping[str, float]) -> str:
    return "|".join(spaced(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


def _pattern(words: SpanWords) -> re.Pattern[str]:
    number = rf"(?:(?:{_either(words.numbers)})(?!\w)|\d{{1,12}}(?:[.,]\d{{1,3}})?(?!\d))"
    if words.before:
        number = rf"(?:(?:(?:{_either(words.before)})\s*)?{number})"
    unit = _either(words.units)
    bare = _either(words.bare)
    more = (
        *(rf"\b\s*(?P<part{n}>{part})(?!\w)" for n, (_, part) in enumerate(words.fractions)),
        rf"\b\s+(?:{_OR})\s+(?:(?P<other>{bare})(?!\w)|(?P<last>{number})(?!\s*(?:{unit})\b))",
        rf"(?:\b|(?=\d)){words.joined}(?P<n2>{number})\s*(?P<unit2>{unit})\b",
        r"\s?(?P<minutes>[0-5]\d)(?![\w:.,]|\s*\w)",
        rf"\b{words.joined}(?P<spelt>{number})(?!\s*[\w:.,])",
        r"\b",
    )
    return re.compile(
        rf"(?<![\w.,:/-])(?:(?P<whole>{_either(words.whole)})\b"
        rf"|(?:(?P<n>{number})(?:{words.between}(?P<upto>{number}))?"
        rf"(?:\s*(?P<half>{words.fractions[0][1]}))?\s*{words.article}(?P<unit>{unit})"
        rf"|(?P<bare>{bare})(?!\w))(?:{'|'.join(more)}))"
    )


_PATTERNS = {language: _pattern(words) for language, words in LANGUAGES.items()}
