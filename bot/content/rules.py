"""What a single text must keep to, in any language. Each rule yields (problem, mend)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.content.source import Unit
from bot.content.wording import Avoided
from bot.ids import Locale

MAX_MESSAGE = 4096
"""Characters of a message on Telegram, the tightest channel (core.telegram.org/bots/api)."""

MAX_LABEL = 40
"""Characters of a label that a narrow phone still shows with two buttons a row."""

DISCREET = ("cover.", "quick_exit.cover", "privacy.cleared", "webchat.cover", "webchat.title")
"""Texts that arrive, or stay, when someone else may hold the phone."""

DISCREET_ANSWERS = frozenset(
    {
        *(f"safety_checkin.{answer}" for answer in ("safe", "escalated", "all_clear", "none")),
        "language.unsupported",
    }
)
"""Answers to the two buttons under a cover text, whoever pressed them; and to whoever writes in a
language that the bot does not speak."""

Giveaways = Callable[[str, Locale], tuple[str, ...]]
"""The words of a text that would give the person away, in a language."""

Problems = Iterator[tuple[str, str]]

_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+);")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s)”\"]+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_SENTENCE = re.compile(r"[^.!?:\n]+")


@dataclass(frozen=True, slots=True)
class Said:
    """A text in one language. `words` are as written, `spoken` with examples filled in."""

    unit: Unit
    locale: Locale
    words: str
    spoken: str
    max: int
    is_source: bool
    is_button: bool = False
    discreet: bool = False


def is_discreet(key: str) -> bool:
    """Whether the text of `key` must tell nothing to whoever reads it."""
    return key.startswith(DISCREET) or key in DISCREET_ANSWERS


def length(said: Said) -> Problems:
    """It fits the screen."""
    limit = MAX_LABEL if said.is_button else min(said.max, MAX_MESSAGE)
    if len(said.spoken) > limit:
        yield f"{len(said.spoken)} characters, at most {limit} fit", "say it shorter"


def markup(said: Said) -> Problems:
    """It is plain text."""
    for tag in dict.fromkeys(_HTML.findall(said.words)):
        yield f"contains the markup {tag}", "write plain text; channels show it as it is"


def control_characters(said: Said) -> Problems:
    """Nothing invisible is in it, but line breaks."""
    for char in dict.fromkeys(said.words):
        if char != "\n" and unicodedata.category(char) == "Cc":
            yield f"contains the invisible character U+{ord(char):04X}", "take it out"


def numbers(said: Said) -> Problems:
    """A translation has the numbers of the source, in any script's digits."""
    ours, theirs = _numbers(said.words), _numbers(said.unit.text)
    if not said.is_source and ours != theirs:
        wanted = ", ".join(theirs.elements()) or "none"
        yield "the numbers differ from the English", f"use exactly: {wanted}"


def addresses(said: Said) -> Problems:
    """A translation has the addresses of the source."""
    ours, theirs = _ADDRESS.findall(said.words), _ADDRESS.findall(said.unit.text)
    if not said.is_source and sorted(ours) != sorted(theirs):
        wanted = ", ".join(theirs) or "none"
        yield "the addresses differ from the English", f"use exactly: {wanted}"


def english_left(said: Said) -> Problems:
    """No sentence of the source is left in a translation; single words may be the same."""
    if said.is_source:
        return
    theirs = _sentences(said.unit.text)
    for sentence in _sentences(said.words):
        if sentence in theirs and len(sentence.split()) > 1:
            yield f"left in English: “{sentence}”", "translate it"


def wording(said: Said, avoided: tuple[Avoided, ...]) -> Problems:
    """It uses no word that hurts or blames."""
    for word in avoided:
        if word.is_in(said.words):
            yield f"we do not say “{word.phrase}”", f"say {word.instead}"


def giveaways(said: Said, find: Giveaways) -> Problems:
    """What may be seen by someone else tells nothing."""
    if said.discreet:
        for word in find(said.words, said.locale):
            yield f"“{word}” would give the person away", "use an everyday word"


RULES: tuple[Callable[[Said], Problems], ...] = (
    length,
    markup,
    control_characters,
    numbers,
    addresses,
    english_left,
)


def _numbers(text: str) -> Counter[str]:
    bare = _PLACEHOLDER.sub("", _ADDRESS.sub("", text))
    return Counter(unicodedata.normalize("NFKC", _ascii(n)) for n in _NUMBER.findall(bare))


def _ascii(number: str) -> str:
    return "".join(str(int(c)) if c.isdigit() else c for c in number)


def _sentences(text: str) -> list[str]:
    return [s.strip(" •“”\"'\t") for s in _SENTENCE.findall(_PLACEHOLDER.sub("", text))]
