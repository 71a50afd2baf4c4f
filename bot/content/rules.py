"""What a text is judged by: how it reads in one language, and the words it may not use."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.content.source import Unit
from bot.content.wording import Avoided, fold
from bot.ids import Locale

DISCREET = (
    *("cover.", "cover_", "quick_exit.cover", "privacy.cleared", "webchat.cover", "webchat.title"),
    "telegram.",
)
"""Texts that arrive, or stay, when someone else may hold the phone."""

DISCREET_ANSWERS = frozenset(
    {
        *(f"safety_checkin.{answer}" for answer in ("safe", "escalated", "all_clear", "none")),
        *(f"contact.{answer}" for answer in ("unusable", "code_wrong", "awaiting_code", "thanks")),
        *(f"contact.{answer}" for answer in ("awaiting_willing", "declined", "withdrawn")),
        *(f"contact.words.{words}" for words in ("call", "come", "agreed")),
        "safety_checkin.all_clear.contact",
        "language.unsupported",
    }
)
"""Answers to the two buttons under a cover text, whoever pressed them; what is said to whoever
found a link, and by whom somebody is counted on; and to whoever writes in a language that the bot
does not speak."""

Giveaways = Callable[[str, Locale], tuple[str, ...]]
"""The words of a text that would give the person away, in a language."""

Problems = Iterator[tuple[str, str]]
"""What is wrong, each with how to mend it."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text in one language.

    `words` are as written, but for space around them; `raw` with it. `spoken` has examples filled
    in, and `sent` also the line that tells for whom a text is true. `max` is the text's own limit
    in characters. A label that is `paired` shares a row. A translation that is not `current` was
    made from another English text, and is not compared with this one.
    """

    unit: Unit
    locale: Locale
    words: str
    raw: str
    spoken: str
    sent: str
    max: int
    is_source: bool
    is_button: bool
    paired: bool
    discreet: bool
    current: bool


Rule = Callable[[Said], Problems]


def is_discreet(key: str) -> bool:
    """Whether the text of `key` must tell nothing to whoever reads it."""
    return key.startswith(DISCREET) or key in DISCREET_ANSWERS


def wording(said: Said, avoided: tuple[Avoided, ...]) -> Problems:
    """It uses no word that hurts or blames."""
    folded = fold(said.words)
    for word in avoided:
        if word.is_in(folded):
            yield f"we do not say “{word.phrase}”", f"say {word.instead}"


def giveaways(said: Said, find: Giveaways) -> Problems:
    """What may be seen by someone else tells nothing."""
    if said.discreet:
        for word in find(said.words, said.locale):
            yield f"“{word}” would give the person away", "use an everyday word"
