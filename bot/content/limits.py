"""How long a text and a label may be: its own limit, and that of each channel."""

import unicodedata

from bot.content.rules import Problems, Rule, Said

TELEGRAM_UNITS = 4096
"""UTF-16 units of a message on Telegram (core.telegram.org/bots/api, sendMessage)."""

WEBCHAT_CHARACTERS = 4000
"""Characters of a message in the web chat (`bot.channels.webchat`)."""

MAX_LABEL = 40
"""Columns of a label that has a row for itself.

A phone 360 px wide leaves a message about 300, and a button some 10 less; at 15 px a letter of our
English and Spanish labels is 7.0 px wide on average (measured in Liberation Sans, as wide as
Arial). What is longer ends in dots on Telegram.
"""

MAX_PAIRED = 20
"""Columns of a label that shares its row, on the same phone: 145 px, or 142 of the longest."""


def columns(text: str) -> int:
    """The letters that take up room: marks above and below a letter, and hidden ones, do not."""
    return sum(unicodedata.category(char) not in ("Mn", "Me", "Cf") for char in text)


def length(said: Said) -> Problems:
    """It fits the screen that it was written for."""
    if said.is_button:
        limit = MAX_PAIRED if said.paired else MAX_LABEL
        if (wide := columns(said.words)) > limit:
            where = "in a row of two" if said.paired else "on a narrow phone"
            yield f"{wide} characters, at most {limit} fit {where}", "say it shorter"
    elif len(said.spoken) > said.max:
        yield f"{len(said.spoken)} characters, at most {said.max} fit", "say it shorter"


def channels(said: Said) -> Problems:
    """Every channel sends it in one message, with the line of its layer."""
    units = len(said.sent.encode("utf-16-le", "surrogatepass")) // 2
    if units > TELEGRAM_UNITS:
        problem = f"{units} UTF-16 units as it is sent; Telegram takes {TELEGRAM_UNITS}"
        yield problem, "say it shorter, or make two pages of it"
    if len(said.sent) > WEBCHAT_CHARACTERS:
        problem = f"{len(said.sent)} characters as it is sent; web chat takes {WEBCHAT_CHARACTERS}"
        yield problem, "say it shorter, or make two pages of it"


RULES: tuple[Rule, ...] = (length, channels)
