"""Spans of time in people's words: "2h", "an hour and a half", "dentro de media hora".

A grammar of our own, exact and without surprises: a general date parser reads far too much
into a sentence for something that a person's safety hangs on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.checkins.languages import SPANS as LANGUAGES
from bot.checkins.plain import compiled, spaced
from bot.checkins.wording import SpanWords

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


def find(plain: str, language: str) -> Span | None:
    """The first span to come in `plain` (as `plain.plain` has it), in words of `language`.

    Where all that are named are past or repeated, the first of these. None in a language that
    is not known here.
    """
    words = LANGUAGES.get(language)
    if words is None:
        return None
    spans = [
        _read(match, words)
        for match in _PATTERNS[language].finditer(plain)
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
        length = _span(_named(whole, words.whole))
        return length, length
    bare = match["bare"]
    unit = words.units[match["unit"]] if bare is None else _counted(bare, words)
    more = 0.0
    if match["half"]:
        more = unit / 2
    elif match["n2"] is not None:
        more = _value(match["n2"], words) * words.units[match["unit2"]]
    elif match["minutes"] is not None:
        more = float(match["minutes"])
    else:
        parts = (part for n, (part, _) in enumerate(words.fractions) if match[f"part{n}"])
        more = unit * next(parts, 0.0)
    if bare is not None:
        length = _span(_named(bare, words.bare) + more)
        return length, length
    first = _value(match["n"], words) * unit + more
    last = _value(match["upto"] or match["n"], words) * unit + more
    return _span(min(first, last)), _span(max(first, last))


def _named(said: str, values: Mapping[str, float]) -> float:
    return values[" ".join(said.replace("-", " ").split())]


def _counted(bare: str, words: SpanWords) -> float:
    """The unit that is said once or twice in `bare`."""
    length = _named(bare, words.bare)
    return length if length in words.units.values() else length / 2


def _value(number: str, words: SpanWords) -> float:
    spelt = words.numbers.get(" ".join(number.replace("-", " ").split()))
    return float(number.replace(",", ".")) if spelt is None else spelt


def _span(minutes: float) -> timedelta:
    """Whole seconds, at most LONGEST_NUMBER."""
    longest = LONGEST_NUMBER.total_seconds()
    return timedelta(seconds=round(min(minutes * 60, longest)))


def _either(words: Mapping[str, float]) -> str:
    return "|".join(spaced(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


def _pattern(words: SpanWords) -> re.Pattern[str]:
    number = rf"(?:(?:{_either(words.numbers)})(?!\w)|\d{{1,12}}(?:[.,]\d{{1,3}})?(?!\d))"
    unit = _either(words.units)
    parts = "".join(
        rf"|\b\s*(?P<part{n}>{pattern})(?!\w)" for n, (_, pattern) in enumerate(words.fractions)
    )
    return re.compile(
        rf"(?<![\w.,:/-])(?:(?P<whole>{_either(words.whole)})\b"
        rf"|(?:(?P<n>{number})(?:{words.between}(?P<upto>{number}))?"
        rf"(?:\s*(?P<half>{words.fractions[0][1]}))?\s*{words.article}(?P<unit>{unit})"
        rf"|(?P<bare>{_either(words.bare)})(?!\w))"
        rf"(?:(?!){parts}"
        rf"|(?:\b|(?=\d)){words.joined}(?P<n2>{number})\s*(?P<unit2>{unit})\b"
        r"|\s?(?P<minutes>[0-5]\d)(?![\w:.,]|\s*\w)"
        r"|\b))"
    )


_PATTERNS = {language: _pattern(words) for language, words in LANGUAGES.items()}
