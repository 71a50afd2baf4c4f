"""Phrases over words, all looked for at once.

An automaton whose states share the beginnings of phrases: the time for a text grows with its
length alone, however the text is made, as nothing is ever gone back to.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from bot.safety.phrases import GAP, GAP_WORDS, Choice, Part, Phrase

Label = TypeVar("Label")

MOST_WAYS = 20_000

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

    closed: Container[int] = frozenset()
    solid: Container[int] = frozenset()


NO_BOUNDS = Bounds()


@dataclass(slots=True, eq=False)
class _State(Generic[Label]):
    edges: dict[str, list["_State[Label]"]] = field(default_factory=dict)
    children: dict[str, "_State[Label]"] = field(default_factory=dict)
    labels: list[Label] = field(default_factory=list)
    special: bool = False
    """Whether it has labels or a gap, and so more to do than to lead on."""
    gap: "_State[Label] | None" = None
    """Entered together with this state, where phrases go on after a gap."""
    skip: "_State[Label] | None" = None
    """Where any word leads, in a gap that has words left."""


@dataclass(slots=True, eq=False)
class _Glance(Generic[Label]):
    """All the states that one can be in at once, and where each word leads from there."""

    states: frozenset[_State[Label]] = frozenset()
    labels: frozenset[Label] = frozenset()
    ways: dict[tuple[Symbols, bool], "_Glance[Label]"] = field(default_factory=dict)


class Automaton(Generic[Label]):
    """Finds labelled phrases in words.

    It remembers which of its own states follow each other, so as to go there at once the next
    time: words of the phrases alone, never a text. At most MOST_WAYS; then it starts afresh.
    """

    def __init__(self, phrases: Iterable[tuple[Label, Phrase]]) -> None:
        self._root: _State[Label] = _State()
        self._glances: dict[frozenset[_State[Label]], _Glance[Label]] = {}
        self._ways = 0
        for label, phrase in phrases:
            state = self._root
            for part in phrase.parts:
                state = _after_gap(state) if part == GAP else _after(state, part)
            if label not in state.labels:
                state.labels.append(label)
                state.special = True

    def glance(self, text: Sequence[Symbols], solid: Container[int] = frozenset()) -> set[Label]:
        """The labels that `find` would find within bounds without closed words: far quicker."""
        labels: set[Label] = set()
        here: _Glance[Label] = self._glances.setdefault(frozenset(), _Glance())
        for index, symbols in enumerate(text):
            key = (symbols, index in solid)
            here = here.ways.get(key) or self._look_on(here, *key)
            if here.labels:
                labels |= here.labels
        return labels

    def _look_on(self, here: _Glance[Label], symbols: Symbols, solid: bool) -> _Glance[Label]:
        reached = {f for symbol in symbols for f in self._root.edges.get(symbol, ())}
        for state in here.states:
            for symbol in symbols:
                reached.update(state.edges.get(symbol, ()))
            if state.skip is not None and not solid:
                reached.add(state.skip)
        reached.update([state.gap for state in reached if state.gap is not None])
        states = frozenset(reached)
        if self._ways >= MOST_WAYS:
            self._glances, self._ways = {}, 0
        if states not in self._glances:
            labels = frozenset(label for state in states for label in state.labels)
            self._glances[states] = _Glance(states, labels)
        here.ways[symbols, solid] = self._glances[states]
        self._ways += 1
        return self._glances[states]

    def find(self, text: Sequence[Symbols], bounds: Bounds = NO_BOUNDS) -> list[Match[Label]]:
        """Every phrase in `text` that keeps within `bounds`, in the order of their ends.

        Of matches of one phrase that end together, the longest stands for all.
        """
        matches: list[Match[Label]] = []
        root = self._root.edges
        active: dict[_State[Label], int] = {}
        for index, symbols in enumerate(text):
            reached: dict[_State[Label], int] = {}
            if active:
                skippable = index not in bounds.solid
                for state, start in active.items():
                    edges = state.edges
                    for symbol in symbols:
                        if symbol in edges:
                            for following in edges[symbol]:
                                reached.setdefault(following, start)
                    if skippable and state.skip is not None:
                        reached.setdefault(state.skip, start)
            for symbol in symbols:
                if symbol in root and index not in bounds.closed:
                    for following in root[symbol]:
                        reached.setdefault(following, index)
            if reached:
                for state in [state for state in reached if state.special]:
                    start = reached[state]
                    matches += [Match(label, start, index + 1) for label in state.labels]
                    if state.gap is not None:
                        reached.setdefault(state.gap, start)
            active = reached
        return matches


def _after(state: _State[Label], part: Part) -> _State[Label]:
    name = part.name if isinstance(part, Choice) else part
    if name not in state.children:
        state.children[name] = _State()
        _join(state, part, state.children[name])
    return state.children[name]


def _join(source: _State[Label], part: Part, target: _State[Label]) -> None:
    """Lead from `source` to `target` by `part`."""
    if isinstance(part, Choice):
        fork: _State[Label] = _State(edges=source.edges)
        for *before, last in part.variants:
            state = fork
            for inner in before:
                state = _after(state, inner)
            _join(state, last, target)
    elif target not in source.edges.setdefault(part, []):
        source.edges[part].append(target)


def _after_gap(state: _State[Label]) -> _State[Label]:
    """The first of a row of states that know the same ways on, each a skipped word apart."""
    if state.gap is None:
        last: _State[Label] = _State()
        row = last
        for _ in range(GAP_WORDS):
            row = _State(edges=last.edges, children=last.children, skip=row)
        state.gap = row
        state.special = True
    return state.gap
