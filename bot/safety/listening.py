"""One language's ear: finds its phrases of danger, and takes away what is denied or harmless."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from itertools import accumulate, chain
from typing import cast

from rapidfuzz.distance import OSA

from bot.dialogue.intents import Intent
from bot.safety.lexicon import Lexicon
from bot.safety.matching import Automaton, Bounds, Match, Symbols
from bot.safety.normalise import Stop
from bot.safety.vocabulary import Reading

REACH = 4
"""Words after a denial, in its clause, at which no phrase of danger may begin."""

AROUND = 12
"""Words before and after a denial in which the danger that it denies is looked for."""

SHORTEST_ALONE = 3
"""Letters from which a word written alone may be misspelt, in the conversation's own language."""

SHORTEST_FOREIGN = 5
"""The same for every other language: between them, short words differ by a letter only."""

LONGEST_WHOLE = 12
"""Words beyond which a text is not taken for one of the whole messages."""


class _Mark(Enum):
    DENIAL = auto()
    NO_DENIAL = auto()
    HARMLESS = auto()
    UNREAL = auto()


_Found = Match[Intent | _Mark]


@dataclass(frozen=True, slots=True)
class Heard:
    """The dangers that a text speaks of, and what it may name only to deny."""

    dangers: frozenset[Intent] = frozenset()
    negated: Callable[[], frozenset[Intent]] = frozenset[Intent]
    """Finds those that it names only to deny or in a harmless turn."""


class Listener:
    """Listens for one lexicon's phrases. Words that are `known` are never taken for typos."""

    def __init__(self, lexicon: Lexicon, known: Container[str]) -> None:
        self._known = known
        marks = (
            (_Mark.DENIAL, lexicon.denials),
            (_Mark.NO_DENIAL, lexicon.no_denials),
            (_Mark.HARMLESS, lexicon.harmless),
            (_Mark.UNREAL, lexicon.unreal),
        )
        self._phrases: Automaton[Intent | _Mark] = Automaton(
            [*lexicon.dangers, *((mark, phrase) for mark, phrases in marks for phrase in phrases)]
        )
        self._whole = Automaton(lexicon.whole_messages)
        self._fillers = lexicon.fillers
        self._turns = lexicon.turns
        self._alone = {
            word: intent for intent, phrase in lexicon.whole_messages for word in phrase.alone()
        }

    def listen(
        self,
        typed: Sequence[str],
        readings: Sequence[Reading],
        stops: Mapping[int, Stop],
        *,
        own: bool = False,
    ) -> Heard:
        """What is heard in the words `typed`, which this language reads as `readings`; `stops`
        stand before some of these, by their index. Whether it is the conversation's `own` one.
        """
        symbols = [*chain.from_iterable(readings)]
        if len(symbols) != len(readings):
            stops = spread_stops(stops, readings)
        text = _Text(symbols, stops)
        whole = self._whole_message(text) or self._misspelt_alone(typed, own)
        if whole is not None:
            return Heard(frozenset({whole}))
        found = self._phrases.find(text.symbols, Bounds(solid=text.ends))
        named = _dangers(found)
        if not named and not any(m.label is _Mark.DENIAL for m in found):
            return Heard()
        marks = [m for m in found if isinstance(m.label, _Mark)]
        denials = _denials(marks)
        left = self._undenied(text, named, denials) if named and denials else named
        if left := _without(left, _harmless(marks, text)):
            return Heard(_labels(left, text))
        return Heard(negated=lambda: self._denied(text, denials, marks) or _labels(named, text))

    def _misspelt_alone(self, words: Sequence[str], own: bool) -> Intent | None:
        """A word written alone is forgiven a typo that would be too bold within a sentence."""
        if len(words) > LONGEST_WHOLE:
            return None
        telling = [word for word in words if word not in self._fillers]
        if len(telling) != 1 or telling[0] in self._known or telling[0][0].isdigit():
            return None
        typed = telling[0]
        if len(typed) < (SHORTEST_ALONE if own else SHORTEST_FOREIGN):
            return None
        for meant, intent in self._alone.items():
            if typed[0] == meant[0] and OSA.distance(typed, meant, score_cutoff=1) <= 1:
                return intent
        return None

    def _whole_message(self, text: "_Text") -> Intent | None:
        start, end = 0, len(text.symbols)
        if end > LONGEST_WHOLE:
            return None
        starts = [0]
        while start < end and text.says(start, self._fillers):
            start += 1
            starts.append(start)
        ends = {end}
        while end > start and text.says(end - 1, self._fillers):
            end -= 1
            ends.add(end)
        for match in self._whole.find(text.symbols, starts=starts[: len(text.symbols)]):
            if match.end in ends:
                return match.label
        return None

    def _undenied(
        self, text: "_Text", named: Sequence[Match[Intent]], denials: Sequence[range]
    ) -> list[Match[Intent]]:
        """Those of the dangers `named` that no denial reaches, and what is left of the others."""
        bounds = self._clauses(text, denials)
        reached = {*bounds.closed, *chain.from_iterable(denials)}
        left = [m for m in named if reached.isdisjoint(range(m.start, m.end))]
        spans = (range(match.start, match.end) for match in named)
        inside = {i for span in spans if not reached.isdisjoint(span) for i in span}
        return left + _dangers(self._phrases.find(text.symbols, bounds, sorted(inside)))

    def _denied(
        self, text: "_Text", denials: Sequence[range], marks: Sequence[_Found]
    ) -> frozenset[Intent]:
        """The dangers that the words around the denials would speak of without them."""
        near: set[int] = set()
        length = len(text.symbols)
        for denial in denials:
            near.update(range(max(denial.start - AROUND, 0), min(denial.stop + AROUND, length)))
        near.difference_update(_harmless(marks, text), *denials)
        bare = text.only(sorted(near))
        return _labels(_dangers(self._phrases.find(bare.symbols, Bounds(solid=bare.ends))), bare)

    def _clauses(self, text: "_Text", denials: Sequence[range]) -> Bounds:
        """No gap over a denial or a sentence's end, and no beginning where a denial reaches."""
        denied: set[int] = set()
        for denial in denials:
            for index in range(denial.stop, min(denial.stop + REACH, len(text.symbols))):
                if index in text.stops or text.says(index, self._turns):
                    break
                denied.add(index)
        denying = {index for denial in denials for index in denial}
        return Bounds(closed=denied, solid=text.ends | denying)


@dataclass(frozen=True)
class _Text:
    """Words as one language reads them, with what stands before each."""

    symbols: Sequence[Symbols]
    stops: Mapping[int, Stop]

    @cached_property
    def ends(self) -> frozenset[int]:
        """The indices of the words before which a sentence ended."""
        return frozenset(index for index, stop in self.stops.items() if stop is Stop.END)

    def says(self, index: int, words: Container[str]) -> bool:
        """Whether the word at `index` is one of `words`."""
        symbols = self.symbols[index]
        return bool(symbols) and symbols[0] in words

    def only(self, kept: Sequence[int]) -> "_Text":
        """The text with none but the words at the indices `kept`."""
        stops = {new: self.stops[old] for new, old in enumerate(kept) if old in self.stops}
        return _Text([self.symbols[index] for index in kept], stops)


def spread_stops(
    stops: Mapping[int, Stop], words: Sequence[Sequence[object]]
) -> Mapping[int, Stop]:
    """What stands before the words that those at the indices of `stops` were replaced by."""
    at = [*accumulate(map(len, words), initial=0)]
    return {at[index]: stop for index, stop in stops.items() if words[index]}


def _denials(marks: Sequence[_Found]) -> list[range]:
    """The denials, but for those that are part of a phrase that only looks like one."""
    seeming = {
        index for m in marks if m.label is _Mark.NO_DENIAL for index in range(m.start, m.end)
    }
    found = (range(m.start, m.end) for m in marks if m.label is _Mark.DENIAL)
    return [denial for denial in found if seeming.isdisjoint(denial)]


def _harmless(marks: Sequence[_Found], text: _Text) -> set[int]:
    """The indices of the words in harmless turns, and in sentences about what is not real."""
    indices: set[int] = set()
    unreal = range(0)
    for mark in marks:
        if mark.label is _Mark.HARMLESS:
            indices.update(range(mark.start, mark.end))
        elif mark.label is _Mark.UNREAL and mark.end > unreal.stop:
            unreal = _sentence(mark.start, mark.end, text)
            indices.update(unreal)
    return indices


def _dangers(found: Sequence[_Found]) -> list[Match[Intent]]:
    return cast(list[Match[Intent]], [m for m in found if isinstance(m.label, Intent)])


def _without(matches: list[Match[Intent]], harmless: set[int]) -> list[Match[Intent]]:
    """The matches that no harmless word is part of."""
    return [m for m in matches if harmless.isdisjoint(range(m.start, m.end))]


def _labels(matches: Sequence[Match[Intent]], text: _Text) -> frozenset[Intent]:
    """What the matches say, but for those of which an overlapping longer one says more: "he said
    he will kill me" is a threat.
    """
    longest = [0] * len(text.symbols)
    for length, start, end in sorted((m.end - m.start, m.start, m.end) for m in matches):
        longest[start:end] = [length] * length
    return frozenset(m.label for m in matches if max(longest[m.start : m.end]) == m.end - m.start)


def _sentence(start: int, end: int, text: _Text) -> range:
    """The sentence, or sentences, of the words from `start` to `end`."""
    while start > 0 and start not in text.ends:
        start -= 1
    while end < len(text.symbols) and end not in text.ends:
        end += 1
    return range(start, end)
