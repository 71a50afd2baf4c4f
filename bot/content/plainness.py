"""Whether a text reads easily: the length of its sentences, and LIX.

LIX is words per sentence plus the percentage of words of more than six letters (Björnsson,
*Läsbarhet*, 1968): under 30 is easy, 30 to 40 ordinary prose, over 50 hard. It was made for
languages written like Swedish, so each language has bounds of its own, below.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.rules import Problems, Rule, Said

FEWEST_WORDS = 30
"""Words from which on LIX says something."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most words of a sentence, and the highest LIX; None where LIX says nothing."""

    words: int
    lix: int | None


BOUNDS: Mapping[str, Bounds] = {
    "en": Bounds(words=25, lix=40),
    "es": Bounds(words=28, lix=50),
    "fr": Bounds(words=28, lix=50),
    "pt": Bounds(words=28, lix=50),
    "ar": Bounds(words=25, lix=40),
    "hi": Bounds(words=30, lix=27),
}
"""By language.

Words: GOV.UK's content guidance and the Australian government's Style Manual both end an English
sentence at 25 words; by the research that GOV.UK quotes, 29 and more are very hard. Our Hindi needs
1.19 times as many words for the same (measured over 1,572 sentences), our Arabic .86 times, our
Spanish 1.03 times. LIX: half as much again, or twice as much, as the median of our texts (English
20, Spanish 32, Arabic 20, Hindi 13, where signs for vowels count as letters).
"""

OTHERS = Bounds(words=28, lix=None)

_END = re.compile(r"(?<=[.!?…:؟۔।॥])[”»\"’)\s]*(?=\s|$)|\n+")
_WORD = re.compile(r"[^\W_](?:[\w’'\u0300-\u036f\u0900-\u097f\u064b-\u0652\u200c\u200d-]*[\w])?")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_LONG = 6


def sentences(said: Said) -> Problems:
    """No sentence has to be read twice."""
    if said.is_button:
        return
    most = _bounds(said).words
    for sentence in _END.split(_own(said)):
        if (count := len(_WORD.findall(sentence))) > most:
            begin = " ".join(sentence.split()[:4])
            problem = f"a sentence of {count} words, at most {most} read easily: “{begin} …”"
            yield problem, "make two of it"


def lix(said: Said) -> Problems:
    """Its sentences and words are short enough altogether."""
    highest = _bounds(said).lix
    words = _WORD.findall(_own(said))
    if said.is_button or highest is None or len(words) < FEWEST_WORDS:
        return
    parts = sum(1 for sentence in _END.split(_own(said)) if _WORD.search(sentence))
    value = len(words) / parts + 100 * sum(len(w) > _LONG for w in words) / len(words)
    if value > highest:
        problem = f"hard to read (LIX {value:.0f}, at most {highest})"
        yield problem, "use shorter sentences and shorter words"


def _own(said: Said) -> str:
    """Its words; what is quoted or filled in counts as one, as it is judged elsewhere."""
    return _PLACEHOLDER.sub("x", said.words)


def _bounds(said: Said) -> Bounds:
    return BOUNDS.get(said.locale.split("-")[0], OTHERS)


RULES: tuple[Rule, ...] = (sentences, lix)
