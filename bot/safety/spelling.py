"""Words as typed, turned into known ones: stretched, disguised, misspelt, glued, spelt out."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

SHORTEST_HIDDEN = 3
"""From this length, a letter hidden by a star is found ("g*n")."""

SHORTEST_SWAP = 4
"""From this length, two swapped letters are forgiven ("hlep")."""

SHORTEST_TYPO = 5
"""From this length, one wrong, missing or extra letter is forgiven."""

SHORTEST_TWO_TYPOS = 9
"""From this length, two are."""

LONGEST = 24
"""No longer word is looked at for typos: there are none among what people fear."""

_STRETCHED = re.compile(r"(.)\1{2,}", re.DOTALL)
_REPEATED = re.compile(r"(.)\1+")
_LEET = str.maketrans("013457@$!", "oieastasi")
_DISGUISE = re.compile(r"[0-9*@$!]")

_Index = dict[str, str | list[str]]
"""Words by a key. Most keys lead to one word alone, which then needs no list."""


class Speller:
    """Finds the known word behind a typed one.

    `known` are words that stand as they are; `meant` those among them that typos may lead to.
    """

    def __init__(self, known: Collection[str], meant: Collection[str]) -> None:
        self._known = frozenset(known)
        self._unstretched: dict[str, str] = {}
        self._same_letters: _Index = {}
        self._same_size: _Index = {}
        self._one_typo: _Index = {}
        self._two_typos: _Index = {}
        words = sorted(meant)
        unstretched = _REPEATED.sub(r"\1", "\n".join(words)).split("\n")
        for word, short in zip(words, unstretched, strict=True):
            self._unstretched.setdefault(short, word)
            size = len(word)
            if size < SHORTEST_HIDDEN:
                continue
            _add(self._same_letters, "".join(sorted(word)), word)
            _add(self._same_size, f"{size} {word[0]}", word)
            if size >= SHORTEST_TYPO:
                for typed in range(size - 1, size + 2):
                    for key in _spared_by_one(word, typed):
                        _add(self._one_typo, key, word)
            if size >= SHORTEST_TWO_TYPOS:
                for typed in range(max(SHORTEST_TWO_TYPOS - 1, size - 2), size + 3):
                    for key in _spared_by_two(word, typed, shifts=(-1, 0, 1)):
                        _add(self._two_typos, key, word)

    def correct(self, words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """For each word what is meant: a known word, two where they were glued, or itself.

        Of a word spelt out letter by letter ("h e l p") the first letter gives the word, and
        the others nothing.
        """
        known = self._known
        mended = {w: self._correct(w) for w in {*words} - known}
        found: list[tuple[str, ...]] = [(word,) for word in words]
        if mended:
            found = [mended.get(word, itself) for word, itself in zip(words, found, strict=True)]
        for start, end in _letter_by_letter(words):
            joined = self._correct("".join(words[start:end]))
            if known.issuperset(joined):
                found[start:end] = [joined, *[()] * (end - start - 1)]
        return tuple(found)

    def nearest(self, word: str) -> str | None:
        """The known word that `word` is a misspelling of, if there is one."""
        if _STRETCHED.search(word):
            shorter = _STRETCHED.sub(r"\1\1", word)
            if shorter in self._known:
                return shorter
            unstretched = self._unstretched.get(_REPEATED.sub(r"\1", word))
            if unstretched is not None:
                return unstretched
            word = _STRETCHED.sub(r"\1", word)
            if word in self._known:
                return word
        if _DISGUISE.search(word):
            if (plain := word.translate(_LEET)) in self._known:
                return plain
            if "*" in word:
                return self._starred(word)
        if not SHORTEST_SWAP <= len(word) <= LONGEST:
            return None
        return self._misspelt(word)

    def _correct(self, word: str) -> tuple[str, ...]:
        if word.isdecimal():
            return (word,)  # a time or a sum, and no disguise
        nearest = self.nearest(word)
        if nearest is not None:
            return (nearest,)
        if _DISGUISE.search(word):
            parts = tuple(part for part in re.split(r"[*@$!]+", word) if part)
            if len(parts) > 1:
                return tuple(p for part in parts for p in self._correct(part))
        return self._glued(word) or (word,)

    def _starred(self, word: str) -> str | None:
        """A word with letters hidden: "k*ll", "r*pe"."""
        index = word.index("*")
        shown = (word[:index], word[index + 1 :])
        candidates = _behind(self._same_size, [f"{len(word)} {word[0]}"])
        return next((c for c in candidates if (c[:index], c[index + 1 :]) == shown), None)

    def _misspelt(self, word: str) -> str | None:
        size = len(word)
        one = _behind(self._one_typo, _spared_by_one(word, size))
        swapped = _behind(self._same_letters, ["".join(sorted(word))])
        found = _closest(word, one + swapped, 1)
        if found is None and size >= SHORTEST_TWO_TYPOS - 1:
            found = _closest(word, _behind(self._two_typos, _spared_by_two(word, size)), 2)
        return found

    def _glued(self, word: str) -> tuple[str, ...] | None:
        """Two words without the space between: "helpme", "thedoor"."""
        if not 6 <= len(word) <= LONGEST:
            return None
        for at in range(2, len(word) - 1):
            if word[:at] in self._known and word[at:] in self._known:
                return word[:at], word[at:]
        return None


def _add(index: _Index, key: str, word: str) -> None:
    there = index.get(key)
    if there is None:
        index[key] = word
    elif isinstance(there, str):
        index[key] = [there, word]
    else:
        there.append(word)


def _behind(index: _Index, keys: Iterable[str]) -> list[str]:
    """The words under all of `keys`."""
    found: list[str] = []
    for there in map(index.get, keys):
        if isinstance(there, str):
            found.append(there)
        elif there is not None:
            found += there
    return found


def _closest(word: str, candidates: list[str], typos: int) -> str | None:
    """The candidate with the fewest typos, at most `typos`.

    Of several, one of which a letter was lost, as this is commonest; then the one whose typo is
    nearest to the beginning.
    """
    found = extract(word, candidates, scorer=OSA.distance, score_cutoff=typos, limit=None)
    if len(found) < 2:
        return found[0][0] if found else None

    def rank(hit: tuple[str, float, int]) -> tuple[float, bool, int, str]:
        same = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, hit[0], strict=False))
        )
        return hit[1], len(hit[0]) <= len(word), same, hit[0]

    return min(found, key=rank)[0]


def _spared_by_one(word: str, typed: int) -> tuple[str, str]:
    """Keys of parts of which one typo after the first letter spares one, in `typed` letters."""
    half = typed // 2
    return f"{typed} {word[:half]}", f"{typed} {word[0]}{word[-max(2, typed - half - 1) :]}"


def _spared_by_two(word: str, typed: int, shifts: Sequence[int] = (0,)) -> list[str]:
    """Keys of parts of which two typos spare one; what is in the middle may have been shifted by
    one."""
    first = f"{typed} {word[0]}"
    middles = [f"{first}-{word[3 + shift : typed - 3 + shift]}" for shift in shifts]
    return [f"{typed} {word[:2]}", first + word[-2:], *middles]


def _letter_by_letter(words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where three or more single letters stand in a row: their start and end."""
    sizes = [*map(len, words)]
    if sizes.count(1) < SHORTEST_HIDDEN:
        return
    start = 0
    for index in range(len(words) + 1):
        if index == len(words) or sizes[index] > 1:
            if index - start >= SHORTEST_HIDDEN:
                yield start, index
            start = index + 1
