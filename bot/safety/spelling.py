"""Words as typed, turned into known ones: stretched, disguised, misspelt, glued, spelt out."""

import re
from collections.abc import Collection, Iterator

from rapidfuzz.distance import OSA

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
_REPEATED = re.compile(r"(.)\1+", re.DOTALL)
_LEET = str.maketrans("013457@$!", "oieastasi")
_DISGUISE = re.compile(r"[0-9*@$!]")


class Speller:
    """Finds the known word behind a typed one.

    `known` are words that stand as they are; `meant` those among them that typos may lead to.
    """

    def __init__(self, known: Collection[str], meant: Collection[str]) -> None:
        self._known = frozenset(known)
        self._unstretched: dict[str, str] = {}
        self._near: dict[str, list[str]] = {}
        for word in sorted(meant):
            self._unstretched.setdefault(_REPEATED.sub(r"\1", word), word)
            if len(word) >= SHORTEST_HIDDEN:
                for form in {word, *_forms(word, len(word))}:
                    self._near.setdefault(form, []).append(word)

    def correct(self, words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """For each word what is meant: a known word, two where they were glued, or itself.

        Of a word spelt out letter by letter ("h e l p") the first letter gives the word, and
        the others nothing.
        """
        known = self._known
        mended = {w: self._correct(w) for w in {*words} - known}
        found = [mended.get(w, (w,)) for w in words]
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
        nearest = self.nearest(word)
        if nearest is not None:
            return (nearest,)
        if _DISGUISE.search(word) and not word.isdigit():
            parts = tuple(part for part in re.split(r"[*@$!]+", word) if part)
            if len(parts) > 1:
                return tuple(p for part in parts for p in self._correct(part))
        return self._glued(word) or (word,)

    def _starred(self, word: str) -> str | None:
        """A word with letters hidden: "k*ll", "r*pe"."""
        index = word.index("*")
        pattern = re.compile(re.escape(word).replace(r"\*", "."))
        for candidate in self._near.get(word[:index] + word[index + 1 :], ()):
            if pattern.fullmatch(candidate):
                return candidate
        return None

    def _misspelt(self, word: str) -> str | None:
        best, best_distance = None, 3
        for form in (word, *_forms(word, len(word))):
            for candidate in self._near.get(form, ()):
                allowed = _allowed(word, candidate)
                if allowed < best_distance:
                    distance = OSA.distance(word, candidate, score_cutoff=allowed)
                    if distance <= allowed and distance < best_distance:
                        best, best_distance = candidate, distance
        return best

    def _glued(self, word: str) -> tuple[str, ...] | None:
        """Two words without the space between: "helpme", "thedoor"."""
        if not 6 <= len(word) <= LONGEST:
            return None
        for at in range(2, len(word) - 1):
            if word[:at] in self._known and word[at:] in self._known:
                return word[:at], word[at:]
        return None


def _letter_by_letter(words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where three or more single letters stand in a row: their start and end."""
    start = 0
    for index in range(len(words) + 1):
        if index == len(words) or len(words[index]) > 1:
            if index - start >= SHORTEST_HIDDEN:
                yield start, index
            start = index + 1


def _forms(word: str, length: int) -> Iterator[str]:
    """`word` with one letter left out, and with two where two typos are forgiven."""
    for i in range(len(word)):
        shorter = word[:i] + word[i + 1 :]
        yield shorter
        if length >= SHORTEST_TWO_TYPOS:
            for j in range(i, len(shorter)):
                yield shorter[:j] + shorter[j + 1 :]


def _allowed(typed: str, meant: str) -> int:
    """How many typos may lie between the two. First letters are seldom mistyped."""
    if len(meant) < SHORTEST_TYPO or typed[0] != meant[0]:
        return 1 if sorted(typed) == sorted(meant) else 0
    return 2 if len(meant) >= SHORTEST_TWO_TYPOS and len(typed) >= SHORTEST_TWO_TYPOS - 1 else 1
