"""Turning what the dialogue says into text, in the conversation's language."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time, format_timedelta

from bot.content.catalogue import Button, Catalogue, Rendered
from bot.dialogue.effects import Figure, Label, Moment, Param, Reviewed, Say, TimeOfDay
from bot.dialogue.flows import contact_inviting
from bot.ids import Locale

COVER_PREFIXES = ("cover.", "cover_")
NUDGE = "cover.nudge"
"""What a quiet phone gets for any number of waiting messages."""

PARTING = frozenset({"quick_exit.cover", "privacy.cleared", "privacy.cleared.reminder_kept"})
"""What is said after everything was deleted: cover text that stays for a moment only."""


PASSED_ON = frozenset({contact_inviting.INVITED, contact_inviting.INVITED_WEB})
"""What the person is to copy, to send it to somebody."""


def is_cover(key: str) -> bool:
    """Whether the text may reach a quiet phone."""
    return key.startswith(COVER_PREFIXES) or key in PARTING


def render(
    catalogue: Catalogue, say: Say, locale: Locale, place: int | None, country: str = ""
) -> Rendered:
    """The text of `say`, as it is for `country`. `place` fills the place in the queue."""

    def spelled(param: Param) -> str:
        return spell(catalogue, param, locale, place)

    params = {name: spelled(param) for name, param in say.params.items()}
    rendered = catalogue.render(say.key, locale, params, say.buttons, say.also, country)
    choices = tuple((Button(id_, spelled(label)),) for id_, label in say.choices)
    rendered = replace(rendered, buttons=(*choices, *rendered.buttons))
    rendered = replace(rendered, copyable=say.key in PASSED_ON)
    own = catalogue.own_words(say.own_words) if say.own_words else None
    return replace(rendered, text=f"{own}\n\n{rendered.text}") if own else rendered


def spell(catalogue: Catalogue, param: Param, locale: Locale, place: int | None = None) -> str:
    """`param` as it stands in a text."""
    match param:
        case Label(button):
            return catalogue.label(button, locale)
        case Figure.QUEUE_PLACE:
            return str(place or 1)
        case Reviewed(key, inner):
            filled = {name: spell(catalogue, param, locale, place) for name, param in inner}
            return catalogue.render(key, locale, filled).text
        case Moment():
            return _spoken(param, locale)
        case TimeOfDay(at, zone):
            return format_time(at.astimezone(ZoneInfo(zone)), "short", locale=_babel(locale))
        case str():
            return param
        case date():
            return format_skeleton("MMMEd", param, locale=_babel(locale))
    return format_timedelta(param, locale=_babel(locale), threshold=1.5)


def _babel(locale: Locale) -> str:
    return locale.replace("-", "_")


def _spoken(moment: Moment, locale: Locale) -> str:
    """The day and the time by the person's own clock, as far as it is known, and how soon."""
    name = _babel(locale)
    soon = format_timedelta(moment.after, locale=name, threshold=1.5, add_direction=True)
    if not moment.zone:
        return soon
    local = moment.at.astimezone(ZoneInfo(moment.zone))
    day = format_skeleton("MMMEd", local, locale=name)
    return f"{day}, {format_time(local, 'short', locale=name)} ({soon})"
