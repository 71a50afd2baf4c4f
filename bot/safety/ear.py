"""The learned ear: hears danger by weights learned from the examples (promise 7).

A logistic regression over grams (`bot.safety.grams`). What the words of the training examples
amount to is summed up once, at the start; a text costs a few look-ups a word. Nothing of what is
heard is kept (promise 3).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import exp, log, sqrt
from pathlib import Path
from typing import NamedTuple

from bot.dialogue.intents import CRITICAL, Intent
from bot.errors import ConfigurationError
from bot.safety.grams import across, bounded, letters, skeleton, spell, split

FORMAT = "sidelight ear 1"
"""Begins the first line of the file; the hash of the examples follows."""

UNIT = 20
"""Weights are whole numbers, this many to one of the logit; see ``nlu/weigh.py``."""

LEAN_UNIT = 2.5
"""The same for the letters that tell the dangers apart, which count from ``m``."""

MOST_WORDS = 1_024
"""Words that are listened to; of a longer text the first and the last."""

MOST_SENTENCES = 40
"""Sentences that are told apart; what comes behind them is taken for one more."""

LONGEST_PIECE = 40
"""Words of a sentence that are listened to together: hardly an example is longer, and of more
words the small slips add up."""

MOST_GRAMS = 800
"""Grams of a text that is heard as a whole, too: those of about forty words."""

_SENTENCE_END = re.compile(r"[.!?;…\n؟؛।॥]+")

_CLOCK_TIME = re.compile(r"(?<!\w)\d{1,2} ?(?:[:.٫٬] ?[0-5]\d|h ?(?:[0-5]\d)?)(?!\w)")
"""Two numbers, as it is mostly written."""

_MEND = "run `sidelight nlu weigh` to write it anew"
_PARTS = {"w": 1, "s": 1, "l": 1, "ww": 2, "ss": 2, "s-s": 2, "sss": 3}
_FIELD = 32
_MASK = (1 << _FIELD) - 1


@dataclass(frozen=True, slots=True)
class Sounding:
    """How likely a text is of critical danger at all, from 0 to 1, and of which one most likely."""

    danger: Intent
    probability: float


_Weight = int
"""What a gram says: for each of the dangers, and above all these fields for danger at all. One
number, as there are tens of thousands, and as it is added up at once."""

# A plain tuple, as it is quick to make, and the garbage collector need not look after it.
_Word = tuple[str, str, int, int]
"""A word's spelling, its sound, how many grams are in it, and what they say together."""


_NUMBER: _Word = "0", "0", 8, 0
"""What a number says, be it a time, a sum or an age. Those that call for help the lexicons have."""


class Sums(NamedTuple):
    """How many grams there are, and what they say together."""

    size: int
    weight: int


class Ear:
    """Tells how a text sounds. Pure: keeps nothing of what it hears."""

    def __init__(
        self,
        weights: Iterable[tuple[str, int, str]],
        bias: int,
        dangers: Mapping[Intent, int],
    ) -> None:
        """`weights`: a gram, its weight for danger, and a letter for each of `dangers`. To these
        sums `bias` and the weights of `dangers` themselves are added.
        """
        self._bias = bias
        self._dangers = dangers
        self._above = _FIELD * len(dangers)
        self._within: dict[str, dict[str, _Weight]] = {"w": {}, "s": {}, "l": {}}
        self._runs: dict[str, dict[tuple[str, ...], _Weight]] = {k: {} for k in across((), ())}
        names: dict[str, str] = {}  # most stand in several grams
        for gram, value, leans in weights:
            weight = (value << self._above) + int.from_bytes(leans.encode("utf-32-le"), "little")
            kind, *run = (names.setdefault(name, name) for name in gram.split(" "))
            if kind in self._runs:
                self._runs[kind][tuple(run)] = weight
            else:
                self._within[kind][run[0]] = weight
        written = self._within["w"].keys() | {word for run in self._runs["ww"] for word in run}
        self._words: dict[str, _Word] = {}
        for word in sorted(written):
            _, sound, size, said = self._take_apart(word)
            self._words[word] = word, names.setdefault(sound, sound), size, said
        del self._within["w"]  # summed up

    @classmethod
    def load(cls, file: Path) -> "Ear":
        """The ear whose weights `file` holds.

        Raises ConfigurationError naming the file, the line and how to mend it.
        """
        _, *lines = _read(file)
        try:
            _, bias, leans = lines[0].split("\t")
            dangers = {
                Intent(n): int(lean) for n, _, lean in (x.partition("=") for x in leans.split(" "))
            }
            if dangers.keys() != CRITICAL:
                raise ValueError
            first = int(bias)
        except (ValueError, IndexError):
            raise ConfigurationError(
                f"{file}: line 2: not the dangers and their weights; {_MEND}"
            ) from None
        return cls(_weights(file, lines[1:], len(dangers)), first, dangers)

    def hear(self, text: str) -> Sounding:
        """How `text` sounds: as a whole, or the one of its sentences that sounds worst.

        Of many sentences one may sound wrong by chance: its odds are divided by their number.
        Never fails; time grows with the length, and is bounded.
        """
        sentences = [
            said
            for part in _SENTENCE_END.split(_CLOCK_TIME.sub(" 0 0 ", bounded(text)), MOST_SENTENCES)
            for words in _pieces(split(part))
            if (said := self._add_up(words)).size
        ]
        if not sentences:
            return Sounding(self._likeliest(Sums(1, 0)), 0.0)
        worst = max(sentences, key=self._logit)
        logit = self._logit(worst) - log(len(sentences))
        whole = Sums(*map(sum, zip(*sentences, strict=True)))
        if whole.size <= MOST_GRAMS and self._logit(whole) > logit:
            worst, logit = whole, self._logit(whole)
        return Sounding(self._likeliest(worst), _logistic(logit))

    def _add_up(self, typed: Iterable[str]) -> "Sums":
        """What the words of one sentence say together."""
        known = self._words
        heard = [
            (_NUMBER if word.isdecimal() else known.get(word)) or self._unknown(word)
            for word in typed
        ]
        words = [word for word in heard if word[0]]
        if not words:
            return Sums(0, 0)
        spelt, sounds, sizes, weights = zip(*words, strict=True)
        size, weight = sum(sizes), sum(weights)
        for kind, neighbours in across(spelt, sounds).items():
            said = list(map(self._runs[kind].get, neighbours))
            size += len(said)
            weight += sum(filter(None, said))
        return Sums(size, weight)

    def _logit(self, sums: "Sums") -> float:
        return ((sums.weight >> self._above) / sqrt(sums.size) + self._bias) / UNIT

    def _likeliest(self, sums: "Sums") -> Intent:
        root = sqrt(sums.size)
        each = {d: (sums.weight >> _FIELD * n) & _MASK for n, d in enumerate(self._dangers)}
        return max(self._dangers, key=lambda danger: each[danger] / root + self._dangers[danger])

    def _unknown(self, typed: str) -> _Word:
        spelt = spell(typed)
        return self._words.get(spelt) or self._take_apart(spelt)

    def _take_apart(self, spelt: str) -> _Word:
        sound, runs, within = skeleton(spelt), letters(spelt), self._within
        word = within["w"].get(spelt) if "w" in within else None
        said = (word, within["s"].get(sound), *map(within["l"].get, runs))
        return spelt, sound, 2 + len(runs), sum(filter(None, said))


def learned_from(file: Path) -> str:
    """The hash of the examples that the ear in `file` was learned from, as the file has it.

    Raises ConfigurationError where it has none.
    """
    return _read(file)[0].split("\t")[1]


def _read(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise ConfigurationError(f"{file}: is missing; {_MEND}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file}: cannot be read ({type(error).__name__}); {_MEND}"
        ) from None
    if not lines or lines[0].split("\t")[0] != FORMAT or lines[0].count("\t") != 1:
        raise ConfigurationError(f"{file}: line 1: not of the form {FORMAT!r} and a hash; {_MEND}")
    return lines


def _weights(file: Path, lines: Iterable[str], dangers: int) -> Iterator[tuple[str, int, str]]:
    for number, line in enumerate(lines, start=3):
        try:
            gram, value, letters = line.split("\t")
            if gram.count(" ") != _PARTS[gram.partition(" ")[0]]:
                raise ValueError
            if len(letters) != dangers or not letters.isascii():
                raise ValueError
            yield gram, int(value), letters
        except (ValueError, KeyError):
            raise ConfigurationError(
                f"{file}: line {number}: not a gram and its weights; {_MEND}"
            ) from None


def _pieces(words: list[str]) -> Iterator[list[str]]:
    words = (
        words if len(words) <= MOST_WORDS else words[: MOST_WORDS // 2] + words[-MOST_WORDS // 2 :]
    )
    for start in range(0, len(words), LONGEST_PIECE):
        yield words[start : start + LONGEST_PIECE]


def _logistic(logit: float) -> float:
    return 1 / (1 + exp(-max(-60.0, min(60.0, logit))))
