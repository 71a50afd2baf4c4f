"""The region of a postal code, where its first characters tell. No list of codes is kept."""

import re
from collections.abc import Iterator
from functools import cache

from bot.directory.place_building import read_lines

_SHAPES = {
    "AU": r"[0-9]{4}",
    "BR": r"[0-9]{5}-?[0-9]{3}",
    "CA": r"([A-Z][0-9][A-Z])(?: ?[0-9][A-Z][0-9])?",
    "ES": r"[0-9]{5}",
    "FR": r"[0-9]{5}",
    "GB": r"([A-Z]{1,2})[0-9][0-9A-Z]?(?: ?[0-9][A-Z]{2})?",
    "IN": r"[1-9][0-9]{2} ?[0-9]{3}",
    "IT": r"[0-9]{5}",
    "MX": r"[0-9]{5}",
    "US": r"[0-9]{5}(?:-[0-9]{4})?",
}
_TELLING = {
    "CA": r"[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]",
    "GB": r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}",
    "BR": r"[0-9]{5}-[0-9]{3}",
    "US": r"[0-9]{5}-[0-9]{4}",
}
"""Shapes that name their country."""

_LOCALES = {
    "en": ("US", "AU"),
    "es": ("ES", "MX"),
    "fr": ("FR",),
    "pt-BR": ("BR",),
    "hi": ("IN",),
}
"""Where those live, first, who write bare digits in a language."""

_LONGEST = 10


def regions_of(text: str, locale: str, country: str) -> list[str]:
    """The ISO 3166-2 codes that `text`, a postal code, may mean, the likeliest first.

    Those of `country` only, where it is given and the code is like its codes. Empty for all other
    texts.
    """
    code = " ".join(text.upper().split())
    if not 2 <= len(code) <= _LONGEST or not any(c.isdigit() for c in code):
        return []
    telling = [c for c, shape in _TELLING.items() if re.fullmatch(shape, code, re.ASCII)]
    if country in _SHAPES and re.fullmatch(_SHAPES[country], code, re.ASCII):
        return list(_within(country, code))
    if telling:
        return [region for c in telling for region in _within(c, code)]
    if country or not code.replace(" ", "").isdigit() or len(code) < 5:
        return []
    first = _LOCALES.get(locale, ())
    countries = (*first, *(c for c in _SHAPES if c not in first))
    fit = (c for c in countries if re.fullmatch(_SHAPES[c], code, re.ASCII))
    return [region for c in fit for region in _within(c, code)]


def _within(country: str, code: str) -> Iterator[str]:
    shape = re.fullmatch(_SHAPES[country], code, re.ASCII)
    assert shape is not None
    head = (shape.group(1) if shape.re.groups else code).replace(" ", "").replace("-", "")
    whole = country == "GB"
    for region, spans in _table().get(country, ()):
        for first, last in spans:
            start = head if whole else head[: len(first)]
            if first <= start <= last and len(start) == len(first):
                yield region
                break


@cache
def _table() -> dict[str, list[tuple[str, list[tuple[str, str]]]]]:
    found: dict[str, list[tuple[str, list[tuple[str, str]]]]] = {}
    for line in read_lines("postcodes.tsv"):
        country, region, spans = line.split("\t")
        pairs = [(span.partition("-")[0], span.rpartition("-")[2]) for span in spans.split()]
        found.setdefault(country, []).append((f"{country}-{region}", pairs))
    return found
