"""How each language reads the words of a text, looked up for all languages at once."""

from collections.abc import Iterator, Sequence

from bot.safety.lexicon import Lexicon
from bot.safety.matching import Symbols
from bot.safety.phrases import SHORTEST_STEM, STEM

Reading = tuple[Symbols, ...]
"""The words that one typed word stands for in a language, each by what it is found."""

OTHER: Reading = ((),)
"""A word that a language's phrases do not know."""


class Vocabulary:
    """Reads words in several languages.

    It remembers how it read the words that stand in a lexicon: never others, which are a text's
    own.
    """

    def __init__(self, lexicons: Sequence[Lexicon]) -> None:
        words = [lexicon.words() for lexicon in lexicons]
        self._written = [lexicon.written() for lexicon in lexicons]
        self._own = [frozenset(_plain(some)) for some in words]
        self._stems: dict[str, list[tuple[int, str]]] = {}
        for language, some in enumerate(words):
            for stem in sorted(word for word in some if word.endswith(STEM)):
                self._stems.setdefault(stem[:SHORTEST_STEM], []).append((language, stem))
        self._other: tuple[Reading, ...] = (OTHER,) * len(lexicons)
        self._read: dict[str, tuple[Reading, ...]] = {}
        self.known = frozenset().union(
            *self._own, *self._written, *(lexicon.not_typos for lexicon in lexicons)
        )
        """Every word that stands in a lexicon or is written for one that does: no typos."""
        self.meant = frozenset().union(
            *(_plain(lexicon.telling_words() - lexicon.not_typos) for lexicon in lexicons),
            *(lexicon.spellings for lexicon in lexicons),
        )
        """Those of them that typos may lead to."""

    def read(self, words: Sequence[str]) -> Iterator[tuple[Reading, ...]]:
        """For each language, how it reads each of `words` (of which there is one at least)."""
        rows = [*map(self._read.get, words)]
        if None in rows:
            rows = [row or self._look_up(w) for w, row in zip(words, rows, strict=True)]
        return zip(*rows, strict=True)

    def _look_up(self, word: str) -> tuple[Reading, ...]:
        if word in self.known:
            self._read[word] = readings = self._readings(word)
            return readings
        return self._readings(word) if word[:SHORTEST_STEM] in self._stems else self._other

    def _readings(self, word: str) -> tuple[Reading, ...]:
        return tuple(
            tuple(self._symbols(meant, language) for meant in written.get(word, (word,)))
            for language, written in enumerate(self._written)
        )

    def _symbols(self, word: str, language: int) -> Symbols:
        own = (word,) if word in self._own[language] else ()
        if word[:SHORTEST_STEM] not in self._stems:
            return own
        stems = self._stems[word[:SHORTEST_STEM]]
        return (*own, *(s for of, s in stems if of == language and word.startswith(s[:-1])))


def _plain(words: frozenset[str]) -> Iterator[str]:
    return (word for word in words if not word.endswith(STEM))
