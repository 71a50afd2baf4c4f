"""Phrases at hand: reviewed words in the person's language, with what they leave open filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from babel.units import format_unit

from bot.content.catalogue import Catalogue
from bot.ids import Locale

FLOW: Final = "phrase"

_NAMES: Final = """
hello safe_now someone_comes believe choice what_helps vanish report still_here moment
service danger handover goodbye
"""

NAMES: Final = tuple(_NAMES.split())
"""In the order in which a conversation may need them."""

TEXTS: Final = frozenset(f"{FLOW}.{name}" for name in NAMES)
"""Every phrase: the catalogue must have them all."""


_UNITS: Final = {
    timedelta(days=1): "duration-day",
    timedelta(hours=1): "duration-hour",
    timedelta(minutes=1): "duration-minute",
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase; `meaning` is the same in the advocate's own language, empty where that is one."""

    name: str
    text: str
    meaning: str


def span(length: timedelta, locale: Locale) -> str:
    """A length of time as people say it, and not rounded: “1 hour”, “90 minutes”."""
    for unit, name in _UNITS.items():
        if not length % unit:
            return format_unit(length // unit, name, locale=_babel(locale))
    return format_unit(length // timedelta(seconds=1), "duration-second", locale=_babel(locale))


def _babel(locale: Locale) -> str:
    return locale.replace("-", "_")


def phrases(
    catalogue: Catalogue, theirs: Locale, own: Locale, advocate: str, message_ttl: timedelta
) -> Sequence[Phrase]:
    """All phrases in the language `theirs`, with the advocate's name and the person's deadline.

    None where the person's language is not enabled any more: other words would not be reviewed.
    """
    if theirs not in catalogue.locales:
        return ()

    def say(name: str, locale: Locale) -> str:
        params = {"advocate": advocate, "ttl": span(message_ttl, locale)}
        return catalogue.render(f"{FLOW}.{name}", locale, params).text

    return [
        Phrase(name, say(name, theirs), "" if own == theirs else say(name, own)) for name in NAMES
    ]
