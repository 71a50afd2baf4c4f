"""One language's ear: finds its phrases of danger, and takes away what is denied or harmless."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from rapidfuzz.distance import OSA

from bot.dialogue.intents import Intent
from bot.safety.lexicon import Lexicon
from bot.safety.matching import Automaton, Bounds, Match, Symbols
from bot.safety.normalise import Stop, Words
from bot.safety.phrases import SHORTEST_STEM, STEM

REACH = 4
"""Words after a denial, in its clause, at which no phrase of danger may begin."""

AROUND = 12
"""Words before and after a denial in which the danger that it denies is looked for."""

SHORTEST_ALONE = 3
"""Letters from which a word written alone may be misspelt."""

LONGEST_WHOLE = 12
"""Words beyond which a text is not taken for one of the whole messages."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The dangers that a text speaks of, and those it names only to deny or in a harmless turn."""

    dangers: frozenset[Intent] = frozenset()
    negated: frozenset[Intent] = frozenset()


class _Mark(Enum):
    DENIAL = auto()
    NO_DENIAL = auto()
    HARMLESS = auto()
    UNREAL = auto()


_NO_FINDING = frozenset({_Mark.NO_DENIAL, _Mark.HARMLESS, _Mark.UNREAL})
"""Marks that change nothing where no danger is named and nothing denied."""


class Listener:
    """Listens for one lexicon's phrases. Words that are `known` are never taken for typos."""

    def __init__(self, lexicon: Lexicon, known: Container[str]) -> None:
        self._lexicon = lexicon
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
        self._known = known
        self._written = lexicon.written()
        self._alone = {
            word: intent for intent, phrase in lexicon.whole_messages for word in phrase.alone()
        }
        words = lexicon.words()
        self._stems: dict[str, list[str]] = {}
        for stem in words:
            if stem.endswith(STEM):
                self._stems.setdefault(stem[:SHORTEST_STEM], []).append(stem)
        self._symbols = {w: (w, *self._look_up(w)) for w in words if not w.endswith(STEM)}

    def listen(self, typed: Words, spelt: Sequence[tuple[str, ...]]) -> Heard:
        """What is heard in the words `typed`, each `spelt` as none, one or more known ones."""
        text = self._text(spelt, typed.stops)
        whole = self._whole_message(text) or self._misspelt_alone(typed.words)
        if whole is not None:
            return Heard(dangers=frozenset({whole}))
        ends = text.ends()
        seen = self._phrases.glance(text.symbols, ends)
        if seen <= _NO_FINDING:
            return Heard()
        found = self._phrases.find(text.symbols, Bounds(solid=ends))
        marks = [m for m in found if isinstance(m.label, _Mark)]
        named = _dangers(found)
        denials = _denials(marks)
        left = named
        if named and denials:
            left = _dangers(self._phrases.find(text.symbols, self._clauses(text, denials)))
        if left := _without(left, _harmless(marks, text.stops)):
            return Heard(dangers=_labels(left))
        if denials:
            return Heard(negated=self._denied(text, denials, marks) or _labels(named))
        return Heard(negated=_labels(named))

    def _text(self, words: Sequence[tuple[str, ...]], stops: Sequence[Stop]) -> "_Text":
        text = _Text([], [], [])
        written, known = self._written, self._symbols
        for spelt, stop in zip(words, stops, strict=True):
            for typed in spelt:
                for word in written.get(typed, (typed,)):
                    text.words.append(word)
                    text.stops.append(stop)
                    text.symbols.append(known[word] if word in known else self._look_up(word))
                    stop = Stop.NONE
        return text

    def _look_up(self, word: str) -> Symbols:
        """The names of a word that no phrase has: those of its stems, mostly none."""
        stems = self._stems.get(word[:SHORTEST_STEM])
        return tuple(s for s in stems if word.startswith(s[:-1])) if stems else ()

    def _whole_message(self, text: "_Text") -> Intent | None:
        fillers = self._lexicon.fillers
        start, end = 0, len(text.words)
        if end > LONGEST_WHOLE:
            return None
        starts = {0}
        while start < end and text.words[start] in fillers:
            start += 1
            starts.add(start)
        ends = {end}
        while end > start and text.words[end - 1] in fillers:
            end -= 1
            ends.add(end)
        for match in self._whole.find(text.symbols):
            if match.start in starts and match.end in ends:
                return match.label
        return None

    def _misspelt_alone(self, typed: Sequence[str]) -> Intent | None:
        """A word written alone is forgiven a typo that would be too bold within a sentence."""
        if len(typed) > LONGEST_WHOLE:
            return None
        words = [word for word in typed if word not in self._lexicon.fillers]
        if len(words) != 1 or words[0] in self._known or len(words[0]) < SHORTEST_ALONE:
            return None
        for meant, intent in self._alone.items():
            if words[0][0] == meant[0] and OSA.distance(words[0], meant, score_cutoff=1) <= 1:
                return intent
        return None

    def _denied(
        self, text: "_Text", denials: Sequence[range], marks: Sequence[Match[Intent | _Mark]]
    ) -> frozenset[Intent]:
        """The dangers that the words around the denials would speak of without them."""
        near = {i for d in denials for i in range(d.start - AROUND, d.stop + AROUND)}
        near.difference_update(*denials)
        near -= _harmless(marks, text.stops)
        bare = text.only(near)
        if not any(isinstance(m, Intent) for m in self._phrases.glance(bare.symbols, bare.ends())):
            return frozenset()
        return _labels(_dangers(self._phrases.find(bare.symbols, Bounds(solid=bare.ends()))))

    def _clauses(self, text: "_Text", denials: Sequence[range]) -> Bounds:
        """No gap over a denial or a sentence's end, and no beginning where a denial reaches."""
        denied: set[int] = set()
        for denial in denials:
            for index in range(denial.stop, min(denial.stop + REACH, len(text.words))):
                if text.stops[index] or text.words[index] in self._lexicon.turns:
                    break
                denied.add(index)
        denying = {index for denial in denials for index in denial}
        return Bounds(closed=denied, solid=text.ends() | denying)


@dataclass(frozen=True, slots=True)
class _Text:
    """Words as the lexicon spells them, with what stands before each and what it is found by."""

    words: list[str]
    stops: list[Stop]
    symbols: list[Symbols]

    def ends(self) -> set[int]:
        """The indices of the words before which a sentence ended."""
        return {index for index, stop in enumerate(self.stops) if stop is Stop.END}

    def only(self, indices: Container[int]) -> "_Text":
        """The text with none but the words at `indices`."""
        kept = [i for i in range(len(self.words)) if i in indices]
        return _Text(
            [self.words[i] for i in kept],
            [self.stops[i] for i in kept],
            [self.symbols[i] for i in kept],
        )


def _denials(marks: Sequence[Match[Intent | _Mark]]) -> list[range]:
    """The denials, but for those that are part of a phrase that only looks like one."""
    seeming = {
        index for m in marks if m.label is _Mark.NO_DENIAL for index in range(m.start, m.end)
    }
    found = (range(m.start, m.end) for m in marks if m.label is _Mark.DENIAL)
    return [denial for denial in found if seeming.isdisjoint(denial)]


def _harmless(marks: Sequence[Match[Intent | _Mark]], stops: Sequence[Stop]) -> set[int]:
    """The indices of the words in harmless turns, and in sentences about what is not real."""
    indices: set[int] = set()
    for mark in marks:
        if mark.label is _Mark.HARMLESS:
            indices.update(range(mark.start, mark.end))
        elif mark.label is _Mark.UNREAL:
            indices.update(_sentence(mark.start, mark.end, stops))
    return indices


def _dangers(found: Sequence[Match[Intent | _Mark]]) -> list[Match[Intent]]:
    return [Match(m.label, m.start, m.end) for m in found if isinstance(m.label, Intent)]


def _without(matches: list[Match[Intent]], harmless: set[int]) -> list[Match[Intent]]:
    """The matches that no harmless word is part of."""
    return [m for m in matches if harmless.isdisjoint(range(m.start, m.end))]


def _labels(matches: Sequence[Match[Intent]]) -> frozenset[Intent]:
    return frozenset(m.label for m in matches if not any(_outdone(m, other) for other in matches))


def _outdone(match: Match[Intent], other: Match[Intent]) -> bool:
    """Whether `other` says more about the same words: "he said he will kill me" is a threat."""
    overlap = match.start < other.end and other.start < match.end
    return overlap and other.end - other.start > match.end - match.start


def _sentence(start: int, end: int, stops: Sequence[Stop]) -> range:
    """The sentence, or sentences, of the words from `start` to `end`."""
    while start > 0 and stops[start] is not Stop.END:
        start -= 1
    while end < len(stops) and stops[end] is not Stop.END:
        end += 1
    return range(start, end)
