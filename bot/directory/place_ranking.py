"""Which of several places of a name is meant. Pure."""

from collections.abc import Iterable
from math import log10

from bot.directory.place_index import Entry

_AT_HOME = 4
"""A place in the person's country goes before one elsewhere of 10,000 times as many people."""
_COUNTRY, _CITY = 1.0, 1.2
"""Who writes Mexico means the country; who writes New York, the city, smaller than its state."""
_OTHER_NAME = 1.0
_SLIP = 1.5
_FAR = 2
"""How far behind the best another name of a place is nobody's guess any more."""


def ranked(entries: Iterable[Entry], country: str) -> list[Entry]:
    """Those that may be meant, the likeliest first; of two that would read alike, the larger."""
    found: list[Entry] = []
    best = sorted(entries, key=lambda entry: (-_score(entry, country), entry.code))
    for entry in best:
        far = _score(best[0], country) - _score(entry, country) > _FAR
        if (entry.own or not far) and not any(_hides(better, entry) for better in found):
            found.append(entry)
    return found


def _score(entry: Entry, country: str) -> float:
    score = log10(entry.people + 1)
    if entry.country == country:
        score += _AT_HOME
    if entry.city:
        score += _CITY
    elif not entry.region:
        score += _COUNTRY
    return score - (0 if entry.own else _OTHER_NAME) - _SLIP * entry.slips


def _hides(better: Entry, entry: Entry) -> bool:
    """Two of a region that are called the same, or nearly: a part and its whole."""
    if better.code == entry.code:
        return True
    if not better.city:
        return False
    if not entry.city:
        return better.region == entry.region and 2 * better.people > entry.people
    if (better.country, better.region) != (entry.country, entry.region):
        return False
    return better.city == entry.city or (not entry.own and better.own) or entry.slips > better.slips
