"""Spans of time in people's words: "2h", "an hour and a half", "dentro de media hora".

A grammar of our own, exact and without surprises: a general date parser reads far too much
into a sentence for something that a person's safety hangs on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

LONGEST_NUMBER = timedelta(days=3650)
"""Anything longer is cut to this: it is too far all the same."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `shortest` to `longest`, which differ only in "two or three hours".

    `past` is True for what is over ("two hours ago"), `repeated` for "every two hours". `start`
    is where in the text it stands.
    """

    start: int
    shortest: timedelta
    longest: timedelta
    past: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """How one language speaks of spans. Values are numbers, or units in minutes."""

    numbers: Mapping[str, float]
    units: Mapping[str, float]
    whole: Mapping[str, float]
    """Expressions that are a span by themselves, in minutes."""
    and_half: str
    and_quarter: str
    joined: str
    between: str
    past_before: str
    past_after: str
    repeated: str


def _counted(ones: str, teens: str, tens: str, joint: str) -> dict[str, float]:
    """Number words from one to 99, of words in counting order."""
    small = {w: float(n) for n, w in enumerate(chain(ones.split(), teens.split()), start=1)}
    found = dict(small)
    for ten, word in enumerate(tens.split(), start=2):
        found[word] = ten * 10.0
        found |= {f"{word}{joint}{w}": ten * 10.0 + small[w] for w in ones.split()}
    return found


def _units(minutes: Mapping[float, str]) -> dict[str, float]:
    return {word: length for length, words in minutes.items() for word in words.split()}


ENGLISH = Words(
    numbers=_counted(
        "one two three four five six seven eight nine",
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
        "twenty thirty forty fifty sixty seventy eighty ninety",
        " ",
    )
    | dict.fromkeys(("a", "an"), 1.0)
    | dict.fromkeys(("couple", "couple of", "a couple", "a couple of", "cpl"), 2.0)
    | dict.fromkeys(("half", "half a", "half an", "a half", "1/2"), 0.5)
    | {"fourty": 40.0, "fourty five": 45.0},
    units=_units(
        {
            1 / 60: "s sec secs second seconds",
            1: "m mn min mins minute minutes minuts minuets mintes",
            60: "h hr hrs hour hours hous houres",
            1440: "d day days",
            10080: "w wk week weeks",
        }
    ),
    whole={
        "hour and a half": 90,
        "hour and half": 90,
        "half hour": 30,
        "half an hr": 30,
        "quarter of an hour": 15,
        "quarter hour": 15,
        "three quarters of an hour": 45,
    },
    and_half=r"and\s+(?:a\s+)?half|1/2",
    and_quarter=r"and\s+a\s+quarter",
    joined=r"(?:\s*,\s*|\s+and\s+|\s*)",
    between=r"\s*(?:-|to|or)\s*",
    past_before=r"(?:for the last|since|past|last)\s+$",
    past_after=r"^\s*(?:ago|earlier|back|before now)\b",
    repeated=r"(?:every|each)\s+(?:other\s+)?$",
)

SPANISH = Words(
    numbers=_counted(
        "uno dos tres cuatro cinco seis siete ocho nueve",
        "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve",
        "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
        " y ",
    )
    | {"veintiuno": 21.0, "veintidos": 22.0, "veintitres": 23.0, "veinticuatro": 24.0}
    | {"veinticinco": 25.0, "veintiocho": 28.0}
    | dict.fromkeys(("un", "una"), 1.0)
    | dict.fromkeys(("un par de", "par de", "unas dos", "unos dos"), 2.0)
    | dict.fromkeys(("media", "medio", "1/2"), 0.5),
    units=_units(
        {
            1 / 60: "s seg segs segundo segundos",
            1: "m mn min mins minuto minutos minutitos minutito minuts",
            60: "h hs hr hrs hora horas ora oras horita horitas",
            1440: "d dia dias",
            10080: "semana semanas",
        }
    ),
    whole={
        "hora y media": 90,
        "hora y cuarto": 75,
        "media hora": 30,
        "media horita": 30,
        "tres cuartos de hora": 45,
        "un cuarto de hora": 15,
        "cuarto de hora": 15,
    },
    and_half=r"y\s+medi[ao]|1/2",
    and_quarter=r"y\s+cuarto",
    joined=r"(?:\s*,\s*|\s+y\s+|\s+con\s+|\s*)",
    between=r"\s*(?:-|a|o)\s*",
    past_before=r"(?:hace|desde hace|hacia|desde)\s+(?:como\s+|unas\s+|unos\s+)?$",
    past_after=r"^\s*atras\b",
    repeated=r"cada\s+$",
)

LANGUAGES: Mapping[str, Words] = {"en": ENGLISH, "es": SPANISH}


def find(plain: str, language: str) -> Span | None:
    """The first span to come in `plain` (lower case, without accents), in words of `language`.

    Where all that are named are past or repeated, the first of these. None in a language that
    is not known here.
    """
    words = LANGUAGES.get(language)
    if words is None:
        return None
    spans = [
        _read(match, words)
        for match in _PATTERNS[language].finditer(plain)
        if match["whole"] or len(match["unit"]) > 1 or match["n"][-1].isdigit()
    ]
    coming = (span for span in spans if not span.past and not span.repeated)
    return next(coming, spans[0] if spans else None)


def _read(match: re.Match[str], words: Words) -> Span:
    before, after = match.string[: match.start()], match.string[match.end() :]
    shortest, longest = _lengths(match, words)
    return Span(
        match.start(),
        shortest,
        longest,
        past=bool(re.search(words.past_before, before) or re.search(words.past_after, after)),
        repeated=bool(re.search(words.repeated, before)),
    )


def _lengths(match: re.Match[str], words: Words) -> tuple[timedelta, timedelta]:
    if (whole := match["whole"]) is not None:
        length = _span(words.whole[" ".join(whole.split())])
        return length, length
    unit = words.units[match["unit"]]
    more = 0.0
    if match["half0"] or match["half"]:
        more = unit / 2
    elif match["quarter"]:
        more = unit / 4
    elif match["n2"] is not None:
        more = _value(match["n2"], words) * words.units[match["unit2"]]
    elif match["minutes"] is not None:
        more = float(match["minutes"])
    first = _value(match["n"], words) * unit + more
    last = _value(match["upto"] or match["n"], words) * unit + more
    return _span(min(first, last)), _span(max(first, last))


def _value(number: str, words: Words) -> float:
    spelt = words.numbers.get(" ".join(number.replace("-", " ").split()))
    return float(number.replace(",", ".")) if spelt is None else spelt


def _span(minutes: float) -> timedelta:
    """Whole seconds, at most LONGEST_NUMBER."""
    longest = LONGEST_NUMBER.total_seconds()
    return timedelta(seconds=round(min(minutes * 60, longest)))


def _either(words: Mapping[str, float]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"[\s-]+") for word in longest_first)


def _pattern(words: Words) -> re.Pattern[str]:
    number = rf"\d{{1,12}}(?:[.,]\d{{1,3}})?|(?<!\w)(?:{_either(words.numbers)})(?!\w)"
    unit = _either(words.units)
    return re.compile(
        rf"(?<![\w.,:/-])(?:(?P<whole>{_either(words.whole)})\b"
        rf"|(?P<n>{number})(?:{words.between}(?P<upto>{number}))?"
        rf"(?:\s*(?P<half0>{words.and_half}))?\s*(?:an?\s+)?(?P<unit>{unit})"
        r"(?:"
        rf"\b\s*(?P<half>{words.and_half})\b"
        rf"|\b\s*(?P<quarter>{words.and_quarter})\b"
        rf"|(?:\b|(?=\d)){words.joined}(?P<n2>{number})\s*(?P<unit2>{unit})\b"
        r"|\s?(?P<minutes>[0-5]\d)(?![\w:.,]|\s*\w)"
        r"|\b))"
    )


_PATTERNS = {language: _pattern(words) for language, words in LANGUAGES.items()}
