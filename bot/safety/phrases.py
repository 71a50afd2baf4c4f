"""The little language in which a translator writes what people say.

==================  ===================================================================
``kill``            this word
``strangl*``        any word that begins so
``{he}``            any entry of the list ``he``
``(kill|run over)`` any of these
``[really|so]``     any of these, or nothing
``...``             up to three words of any kind, but no denial
==================  ===================================================================

Brackets may hold brackets.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.safety.normalise import split

GAP = "..."
GAP_WORDS = 3
"""The most words that GAP passes over."""

STEM = "*"
SHORTEST_STEM = 3
"""Letters that a stem has at least."""

MOST_VARIANTS = 500
"""Ways in which a phrase may leave out what may be left out."""

_PART = re.compile(r"\.\.\.|\{[^{}]*\}|[()\[\]|]|[^\s(){}\[\]|]+|\S")

_SIGNS = frozenset("([{}.")
_CLOSING = frozenset(")]|")


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says what is wrong with it and how to mend it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences without gaps. `name` tells equal choices from others."""

    name: str
    variants: tuple[tuple["Part", ...], ...]


Part = str | Choice
"""A word, a stem with its star, GAP, or a choice."""

Sequences = list[tuple[Part, ...]]
"""Ways to say the same, each without anything left to leave out."""

Resolver = Callable[[str], Choice]
"""Finds a list by its name."""

Spellings = Mapping[str, tuple[str, ...]]
"""Words as typed, and the words that are meant. Phrases may be written either way."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sequence of parts."""

    parts: tuple[Part, ...]

    def alone(self) -> Iterator[str]:
        """The words that are the whole phrase."""
        return _alone(self.parts)


def words_of(phrases: Iterable[Phrase]) -> frozenset[str]:
    """Every word and stem that `phrases` can be made of."""
    found = {GAP}
    todo = [part for phrase in phrases for part in phrase.parts]
    seen: set[str] = set()
    while todo:
        part = todo.pop()
        if not isinstance(part, Choice):
            found.add(part)
        elif part.name not in seen:
            seen.add(part.name)
            todo += [inner for variant in part.variants for inner in variant]
    return frozenset(found - {GAP})


def _alone(parts: tuple[Part, ...]) -> Iterator[str]:
    match parts:
        case (Choice(_, variants),):
            for variant in variants:
                yield from _alone(variant)
        case (str() as only,):
            yield only


@lru_cache(maxsize=65_536)  # a lexicon says the same words again and again
def word(text: str) -> str:
    """One word or stem, folded as the texts are. Raises PhraseError."""
    star = STEM if text.endswith(STEM) else ""
    words = split(text.removesuffix(STEM)).words
    if len(words) != 1:
        raise PhraseError(f"{text!r} is not one word; write its words with spaces between them")
    if star and len(words[0]) < SHORTEST_STEM:
        raise PhraseError(f"{text!r} begins too many words; write {SHORTEST_STEM} letters or more")
    return words[0] + star


def read_lists(lists: Mapping[str, Sequence[str]], spellings: Spellings) -> dict[str, Choice]:
    """Every list with its entries written out. Lists may name others, but not themselves.

    Raises PhraseError.
    """
    done: dict[str, Choice] = {}

    def resolve(name: str, via: tuple[str, ...] = ()) -> Choice:
        if name in via:
            raise PhraseError(f"the list {name!r} contains itself; take {{{name}}} out of it")
        if name not in lists:
            raise _unknown_list(name)
        if name not in done:
            sequences = [
                sequence
                for entry in lists[name]
                for sequence in _Parser(
                    entry, lambda inner: resolve(inner, (*via, name)), spellings
                ).read()
            ]
            done[name] = _choice("{" + name + "}", sequences)
        return done[name]

    for name in lists:
        resolve(name)
    return done


def read_phrase(text: str, lists: Mapping[str, Choice], spellings: Spellings) -> tuple[Phrase, ...]:
    """The phrases that `text` stands for, one for each way to leave out what may be left out.

    Raises PhraseError.
    """

    def resolve(name: str) -> Choice:
        if name not in lists:
            raise _unknown_list(name)
        return lists[name]

    phrases = tuple(Phrase(parts) for parts in _Parser(text, resolve, spellings).read())
    for phrase in phrases:
        if not phrase.parts or phrase.parts[0] == GAP or phrase.parts[-1] == GAP:
            raise PhraseError("a phrase begins and ends with a word that cannot be left out")
        if (GAP, GAP) in pairwise(phrase.parts):
            raise PhraseError("`...` stands beside another; take one out")
    return phrases


class _Parser:
    def __init__(self, text: str, resolve: Resolver, spellings: Spellings) -> None:
        self._rest = _PART.findall(text)[::-1]
        self._resolve = resolve
        self._spellings = spellings

    def read(self) -> Sequences:
        sequences = self._sequence()
        if self._rest:
            raise PhraseError(f"there is a {self._rest[-1]!r} too many; take it out")
        return sequences

    def _sequence(self) -> Sequences:
        found: Sequences = [()]
        run: tuple[Part, ...] = ()
        while self._rest and self._rest[-1] not in _CLOSING:
            token = self._rest.pop()
            if token[0] not in _SIGNS:
                run += self._spelt(token)
                continue
            piece = self._piece(token)
            found = [(*before, *run, *after) for before in found for after in piece]
            run = ()
            if len(found) > MOST_VARIANTS:
                raise PhraseError("too much may be left out here; write several phrases")
        return [(*before, *run) for before in found]

    def _piece(self, token: str) -> Sequences:
        match token:
            case "(":
                return [(self._alternatives(")"),)]
            case "[":
                return [(), (self._alternatives("]"),)]
            case "...":
                return [(GAP,)]
            case "{" | "}":
                raise PhraseError(f"there is a {token!r} too many; write lists as {{name}}")
        if token[0] == "{":
            return [(self._resolve(token[1:-1].strip()),)]
        return [self._spelt(token)]

    def _spelt(self, token: str) -> tuple[str, ...]:
        typed = word(token)
        return self._spellings.get(typed, (typed,))

    def _alternatives(self, closing: str) -> Part:
        sequences: Sequences = []
        while True:
            found = self._sequence()
            if found == [()]:
                raise PhraseError("a bracket has an empty choice; [square ones] may be left out")
            sequences += found
            if not self._rest:
                raise PhraseError(f"a bracket is never closed; add {closing!r}")
            end = self._rest.pop()
            if end == closing:
                break
            if end != "|":
                raise PhraseError(f"a bracket is closed by {end!r}; write {closing!r}")
        return _choice("(" + "|".join(map(_name, sequences)) + ")", sequences)


def _choice(name: str, sequences: Sequences) -> Choice:
    if any(GAP in sequence for sequence in sequences):
        raise PhraseError("`...` cannot stand in a list or in brackets; write two phrases")
    if not sequences or () in sequences:
        raise PhraseError(f"{name} has an empty entry; write a word or take it out")
    return Choice(name, tuple(dict.fromkeys(sequences)))


def _name(sequence: tuple[Part, ...]) -> str:
    return " ".join(part.name if isinstance(part, Choice) else part for part in sequence)


def _unknown_list(name: str) -> PhraseError:
    return PhraseError(f"there is no list {name!r}; add it under `lists` or mend the name")
