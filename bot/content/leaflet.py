"""A page for survivors: what is safe with the bot and what is not, in the bot's own words."""

from typing import Final

import babel

from bot.content.catalogue import Catalogue
from bot.ids import Locale

OPENING: Final = ("options.about", "page:about")
SECTIONS: Final = (
    ("options.about.safe_here", "page:about.safe_here"),
    ("options.about.limits", "page:about.limits"),
    ("options.about.kept", "page:about.kept"),
    ("options.about.cannot_delete", "page:about.cannot_delete"),
    ("options.about.by_hand", "page:about.by_hand"),
    ("lock.overview", "lock:overview"),
    ("options.about.someone_else", "page:about.someone_else"),
    ("options.about.advocates", "page:about.advocates"),
    ("options.about.costs", "page:about.costs"),
)
"""Text and the button whose label is its title, in the order in which somebody needs them."""

RIBBON: Final = "webchat.draft"
TOPIC: Final = "options."


def leaflet(catalogue: Catalogue, locale: Locale) -> str:
    """The page in `locale` as Markdown, which reads well as it is.

    A language whose safety-critical texts nobody has signed says so at the top, in itself. A page
    that an organisation switched off is left out. Raises UnknownText where `locale` is not enabled.
    """
    offered = catalogue.pages("", locale)

    def text(key: str) -> str:
        return catalogue.render(key, locale, {}).text

    key, button = OPENING
    parts = [f"# {catalogue.label(button, locale)}"]
    if locale in catalogue.drafts:
        parts.append(f"**{text(RIBBON)}**")
    parts.append(text(key).partition("\n\n")[0])
    for key, button in SECTIONS:
        if not key.startswith(TOPIC) or key.removeprefix(TOPIC) in offered:
            parts += [f"## {catalogue.label(button, locale)}", _listed(text(key))]
    if babel.Locale.parse(locale, sep="-").character_order == "right-to-left":
        parts = ['<div dir="rtl" markdown="1">', *parts, "</div>"]
    return "\n\n".join(parts) + "\n"


def _listed(text: str) -> str:
    """The points of a text as a list of Markdown."""
    return "\n".join(
        f"- {line.removeprefix('•').strip()}" if line.startswith("•") else line
        for line in text.splitlines()
    )
