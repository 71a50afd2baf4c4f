"""What the page itself says, in the person's language."""

import re
from collections.abc import Sequence
from typing import Final

from babel import Locale as BabelLocale
from babel import UnknownLocaleError

from bot.content.catalogue import Catalogue
from bot.ids import Locale

FLOW: Final = "webchat"

DRAFT: Final = "draft"
"""The name of the ribbon's words: empty unless the language is a draft."""

PAGE: Final = (
    "title",
    "exit",
    "exit_hint",
    "exit_again",
    "skip",
    "start",
    "start_hint",
    "log",
    "write",
    "send",
    "newest",
    "you",
    "bot",
    "advocate",
    "writing",
    "sending",
    "waiting",
    "offline",
    "online",
    "too_long",
    "too_fast",
    "refused",
    "no_cookies",
    "no_script",
    DRAFT,
)
"""The names of the page's words: each is the text ``webchat.<name>``."""

COVER: Final = (
    "cover_title",
    "cover_recipe",
    "cover_intro",
    "cover_ingredients_title",
    "cover_ingredients",
    "cover_steps_title",
    "cover_steps",
    "cover_tip",
)
"""The names of the cover page's texts. In two of them each line is an item of a list."""

TEXTS: Final = frozenset(f"{FLOW}.{name}" for name in (*PAGE, *COVER))
"""Every key that the web chat can say: the catalogue must have them all."""

_RANGE: Final = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q=([01](?:\.\d*)?))?"
)
_MAX_HEADER: Final = 500


def words(catalogue: Catalogue, locale: Locale, names: Sequence[str] = PAGE) -> dict[str, str]:
    """The texts of `names` in `locale`, by name."""
    reviewed = locale not in catalogue.drafts
    return {
        name: "" if name == DRAFT and reviewed else say(catalogue, locale, name) for name in names
    }


def say(catalogue: Catalogue, locale: Locale, name: str) -> str:
    """One of the page's texts."""
    return catalogue.render(f"{FLOW}.{name}", locale, {}).text


def preferred(header: str, enabled: Sequence[Locale]) -> Locale | None:
    """The enabled language that the browser asks for (RFC 9110, Accept-Language), or None.

    A regional variant does for its language, and the other way round.
    """
    asked: list[tuple[float, str]] = []
    for part in header[:_MAX_HEADER].split(","):
        found = _RANGE.fullmatch(part)
        if found is not None and (quality := float(found[2] or 1)) > 0:
            asked.append((-quality, found[1].lower()))
    for _, tag in sorted(asked, key=lambda item: item[0]):
        for locale in enabled:
            if locale.lower() == tag:
                return locale
        for locale in enabled:
            if locale.lower().split("-")[0] == tag.split("-")[0]:
                return locale
    return None


def direction(locale: Locale) -> str:
    """``rtl`` or ``ltr``: which way the language is written (Unicode CLDR)."""
    try:
        return BabelLocale.parse(locale, sep="-").text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"
