"""Phrases over words, all looked for at once.

A tree of the beginnings that phrases share. From each word of a text it is followed for as long
as some phrase goes on, which is no longer than the longest phrase: the time for a text grows with
its length alone, however the text is made.
"""

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Generic, NamedTuple, TypeVar

from bot.safety.phrases import GAP, GAP_WORDS, Choice, Part, Phrase

Label = TypeVar("Label")

MOST_WAYS = 20_000
"""Steps that an automaton remembers."""

Symbols = tuple[str, ...]
"""The names under which a word is looked for: itself, and the stems that it begins with."""


class Match(NamedTuple, Generic[Label]):
    """`label` was found in the words from `start` up to, not including, `end`."""

    label: Label
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """The indices of words at which no phrase may begin, and those that ``...`` may not skip."""

    closed: Collection[int] = frozenset()
    solid: Container[int] = frozenset()


NO_BOUNDS = Bounds()


@dataclass(slots=True, eq=False)
class _State(Generic[Label]):
    """Where one is within phrases."""

    ways: list[tuple[tuple[Part, ...], "_State[Label]"]] = field(default_factory=list)
    """What may be said next, and where that leads."""
    labels: tuple[Label, ...] = ()
    gap: "_State[Label] | None" = None
    """Entered together with this state, where phrases go on after a gap."""
    skip: "_State[Label] | None" = None
    """Where any word leads, in a gap that has words left."""
    by_word: dict[str, list["_State[Label]"]] | None = None
    """`ways` by their first word or stem, once they were needed."""

    def edges(self) -> dict[str, list["_State[Label]"]]:
        """Where each word or stem leads."""
        if self.by_word is None:
            self.by_word = {}
            _spread(self.ways, self.by_word)
        return self.by_word

    def leads_on(self) -> bool:
        """Whether any word could follow."""
        return bool(self.ways or self.skip)


_Known = dict[tuple[int, str], _State[Label]]
"""Where one of some ways leads, while they are built: by these, and by the name of what is said."""


@dataclass(slots=True, eq=False)
class _Place(Generic[Label]):
    """All the states that one is in at once."""

    states: tuple[_State[Label], ...]
    ended: tuple[_State[Label], ...]
    """Those with labels: phrases that end here."""
    leads_on: bool = True
    ways: dict[Symbols, "_Place[Label] | None"] = field(default_factory=dict)
    solid_ways: dict[Symbols, "_Place[Label] | None"] = field(default_factory=dict)
    """Where a word leads that no gap may skip."""


class Automaton(Generic[Label]):
    """Finds labelled phrases in words.

    It remembers which of its own states follow each other, so as to go there at once the next
    time: words of the phrases alone, never a text. At most MOST_WAYS; then it starts afresh.
    """

    def __init__(self, phrases: Iterable[tuple[Label, Phrase]]) -> None:
        root: _State[Label] = _State()
        known: _Known[Label] = {}
        for label, phrase in phrases:
            state = root
            for part in phrase.parts:
                state = _after_gap(state) if part == GAP else _after(state, part, known)
            if label not in state.labels:
                state.labels += (label,)
        self._root = root
        self._forget()

    def find(
        self,
        text: Sequence[Symbols],
        bounds: Bounds = NO_BOUNDS,
        starts: Iterable[int] | None = None,
    ) -> list[Match[Label]]:
        """Every phrase in `text` that keeps within `bounds`, in the order of their beginnings.

        Of matches of one phrase that end together, the longest stands for all. Phrases are
        looked for at `starts` (in ascending order), if given, and nowhere else.
        """
        matches: list[Match[Label]] = []
        seen: set[tuple[_State[Label], int]] = set()
        closed, solid, length = bounds.closed, bounds.solid, len(text)
        first = self._first.ways
        for start in compress(range(length), text) if starts is None else starts:
            symbols = text[start]
            place = first[symbols] if symbols in first else self._go(self._first, symbols)
            if place is None or start in closed:
                continue
            end = start + 1
            while True:
                for state in place.ended:
                    if (state, end) not in seen:
                        seen.add((state, end))
                        matches += [Match(label, start, end) for label in state.labels]
                if end == length or not place.leads_on:
                    break
                symbols = text[end]
                ways = place.solid_ways if end in solid else place.ways
                place = ways[symbols] if symbols in ways else self._go(place, symbols, end in solid)
                if place is None:
                    break
                end += 1
        return matches

    def _go(
        self, place: _Place[Label], symbols: Symbols, solid: bool = False
    ) -> _Place[Label] | None:
        reached: dict[_State[Label], None] = {}
        for state in place.states:
            edges = state.edges()
            for symbol in symbols:
                if symbol in edges:
                    reached.update(dict.fromkeys(edges[symbol]))
            if state.skip is not None and not solid:
                reached[state.skip] = None
        reached.update({state.gap: None for state in [*reached] if state.gap is not None})
        if self._ways >= MOST_WAYS:
            self._forget()
        following: _Place[Label] | None = None
        if reached:
            states = frozenset(reached)
            if states not in self._places:
                ended = tuple(state for state in reached if state.labels)
                leads_on = any(state.leads_on() for state in reached)
                self._places[states] = _Place(tuple(reached), ended, leads_on)
            following = self._places[states]
        (place.solid_ways if solid else place.ways)[symbols] = following
        self._ways += 1
        return following

    def _forget(self) -> None:
        self._first: _Place[Label] = _Place((self._root,), ())
        self._places: dict[frozenset[_State[Label]], _Place[Label]] = {}
        self._ways = 0


def _after(state: _State[Label], part: Part, known: _Known[Label]) -> _State[Label]:
    way = id(state.ways), part.name if isinstance(part, Choice) else part
    if way not in known:
        known[way] = _State()
        state.ways.append(((part,), known[way]))
    return known[way]


def _after_gap(state: _State[Label]) -> _State[Label]:
    """The first of a row of states that know the same ways on, each a skipped word apart."""
    if state.gap is None:
        last: _State[Label] = _State()
        row = last
        for _ in range(GAP_WORDS):
            row = _State(last.ways, skip=row)
        state.gap = row
    return state.gap


def _spread(
    ways: Iterable[tuple[tuple[Part, ...], _State[Label]]],
    edges: dict[str, list[_State[Label]]],
) -> None:
    """Add to `edges` where each word or stem leads that one of `ways` begins with."""
    inner: dict[str, _State[Label]] = {}
    for (first, *rest), target in ways:
        if rest:
            name = first.name if isinstance(first, Choice) else first
            known = name in inner
            following = inner.setdefault(name, _State())
            following.ways.append((tuple(rest), target))
            if known:
                continue
        else:
            following = target
        if isinstance(first, Choice):
            _spread([(variant, following) for variant in first.variants], edges)
        elif following not in edges.setdefault(first, []):
            edges[first].append(following)
