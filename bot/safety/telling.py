"""Words that tell a language where statistics cannot: romanised, or very short.

``nlu/languages/<tag>.yml`` lists, without accents, words that only one of our languages has
(`telling`), and short ones that it shares (`common`, which count only beside a telling one).
``hi-Latn`` and ``ar-Latn`` are Hindi and Arabic in Latin letters, each person's spelling its own.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import ConfigurationError

COMMON_WORTH = 0.5
"""What a common word counts, where a telling one counts 1."""

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_APOSTROPHES = str.maketrans("’‘`´", "''''")

# A digit as a letter stands beside a vowel (ya3ni, la2, 7aga) or begins a word (3ndi, 7ram).
_DIGIT_LETTER = re.compile(
    r"[a-z']+(?:(?<=[aeiou])[2356789]|[2356789](?=[aeiou])|(?:22|33|77))(?!\d)[a-z0-9']+"
    r"|[a-z]*[aeiou](?:[23679])|[35679]'?[a-z]{2}[a-z0-9']*|2[a-z]{2,}"
)
_MEASURE = re.compile(
    r"\d+(?:am|pm|st|nd|rd|th|hrs?|mins?|yrs?|yo|kg|km|[mg]b|ft|eme|ieme|days?|nite|morrow"
    r"|years?|months?|weeks?|hours?|dias?|anos?|ans|jours?|mois|horas?|euros?|reais|bis)"
)
_ARABIC = "ar-Latn"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    telling: str
    common: str = ""


@dataclass(frozen=True, slots=True)
class Vote:
    """The tag (BCP-47) that most words of a text speak for, the telling ones' count and the share
    of all that do, 0 to 1."""

    tag: str
    count: int
    share: float


class TellingWords:
    """Lets the words of a text vote on its language. Keeps nothing of it."""

    def __init__(self, telling: dict[str, Sequence[str]], common: dict[str, Sequence[str]]) -> None:
        self._telling = _by_word(telling)
        self._common = _by_word(common)

    @classmethod
    def load(cls, folder: Path) -> "TellingWords":
        """Read every ``<tag>.yml`` in `folder`. Raises ConfigurationError naming a faulty file."""
        telling: dict[str, Sequence[str]] = {}
        common: dict[str, Sequence[str]] = {}
        for path in sorted(folder.glob("*.yml")):
            try:
                file = _File.model_validate(yaml.load(path.read_bytes(), yaml.CSafeLoader))
            except (yaml.YAMLError, ValidationError, UnicodeDecodeError):
                raise ConfigurationError(
                    f"{path}: write `telling` and, if you like, `common`, each a text of words"
                ) from None
            telling[path.stem], common[path.stem] = file.telling.split(), file.common.split()
        return cls(telling, common)

    def vote(self, text: str) -> Vote | None:
        """What most words of `text` tell, None where they tell nothing or two languages alike."""
        words, counts, scores = self._count(text)
        if not counts:
            return None
        (best, tag), *others = sorted(((s, t) for t, s in scores.items()), reverse=True)
        if others and others[0][0] == best:
            return None
        return Vote(tag, counts[tag], best / words)

    def scores(self, text: str) -> Mapping[str, float]:
        """How many words of `text` tell each tag that any of them tells, common ones included."""
        return self._count(text)[2]

    def _count(self, text: str) -> tuple[int, dict[str, int], dict[str, float]]:
        """How many words there are, and for each tag the telling ones and the score of all."""
        words = _TOKEN.findall(_fold(text))
        counts: dict[str, int] = {}
        for word in words:
            for tag in self._telling.get(word) or _digits(word):
                counts[tag] = counts.get(tag, 0) + 1
        scores: dict[str, float] = {**counts}
        for word in words if counts else ():
            for tag in self._common.get(word, ()):
                if tag in scores:
                    scores[tag] += COMMON_WORTH
        return len(words), counts, scores


def _by_word(words: dict[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for tag, some in words.items():
        for word in dict.fromkeys(some):
            found[word] = (*found.get(word, ()), tag)
    return found


def _digits(word: str) -> Iterable[str]:
    told = _DIGIT_LETTER.fullmatch(word) and not _MEASURE.fullmatch(word)
    return (_ARABIC,) if told else ()


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_APOSTROPHES))
    return "".join(char for char in decomposed if not unicodedata.combining(char))
