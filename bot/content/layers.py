"""For whom a text is true, said below it: for anyone, in a country, by an organisation's word."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from babel import Locale as BabelLocale
from babel.dates import format_skeleton

from bot.content.placeholders import fill
from bot.content.source import PAGES, Layer, Text
from bot.ids import Locale

GENERIC = "layer.generic"
COUNTRY = "layer.country"
ORGANISATION = "layer.organisation"
UNNAMED = "layer.organisation.unnamed"
TEXTS = frozenset({GENERIC, COUNTRY, ORGANISATION, UNNAMED})
"""The lines, by layer. Their placeholders: {date}, {country} and {organisation}."""


def with_layer(
    said: str, text: Text, words: Mapping[str, str], locale: Locale, organization: str
) -> str:
    """`said` with the line of its layer below, where `text` states facts on law, money or health.

    `words` are all texts in `locale` by key.
    """
    if not text.key.startswith(PAGES) or text.reviewed_on is None:
        return said
    values = {
        "date": month(text.reviewed_on, locale),
        "country": country_name(text.country, locale) if text.country else "",
        "organisation": organization,
    }
    match text.layer:
        case Layer.GENERIC:
            key = GENERIC
        case Layer.COUNTRY:
            key = COUNTRY
        case Layer.ORGANISATION:
            key = ORGANISATION if organization else UNNAMED
    return f"{said}\n\n{fill(words[key], values)}" if key in words else said


def country_name(country: str, locale: Locale) -> str:
    """The name of `country` (ISO 3166-1, two capitals) in `locale`, by the Unicode CLDR."""
    names = BabelLocale.parse(locale, sep="-").territories
    return str(names.get(country, country))


@lru_cache(maxsize=1_024)  # few months, and many texts that were looked at in each
def month(day: date, locale: Locale) -> str:
    """The month and year of `day` in `locale`, by the Unicode CLDR (``May 2026``)."""
    return str(format_skeleton("yMMMM", day, locale=locale.replace("-", "_")))
