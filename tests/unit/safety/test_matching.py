"""Phrases over words: what the little language means, and what it costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.matching import Automaton, Bounds, Match
from bot.safety.phrases import GAP, GAP_WORDS, Choice, Part, read_lists, read_phrase

LISTS = read_lists(
    {"who": ["he", "my {kin}", "(the|that) man"], "kin": ["brother", "step brother"]}, {}
)


def found(phrase: str, text: str, bounds: Bounds | None = None) -> list[tuple[int, int]]:
    automaton = Automaton([("x", p) for p in read_phrase(phrase, LISTS, {})])
    matches = automaton.find([(word,) for word in text.split()], bounds or Bounds())
    return [(match.start, match.end) for match in matches]


def test_words_stand_side_by_side() -> None:
    """Words match in their order, without anything between."""
    assert found("kill me", "he will kill me") == [(2, 4)]
    assert found("kill me", "kill the me") == []
    assert found("kill me", "me kill") == []


def test_a_choice_is_any_of_its_alternatives() -> None:
    """Alternatives may be of several words, and lists may hold lists."""
    for text in ("he hits", "my brother hits", "my step brother hits", "that man hits"):
        assert found("{who} hits", text) == [(0, len(text.split()))]
    assert found("{who} hits", "my man hits") == []


def test_square_brackets_may_be_left_out() -> None:
    """What stands in square brackets may be there or not."""
    assert found("he [really|so] hits", "he hits") == [(0, 2)]
    assert found("he [really|so] hits", "he so hits") == [(0, 3)]


def test_a_gap_takes_up_to_three_words() -> None:
    """Three words may stand in a gap, a fourth ends the phrase."""
    assert found("has ... gun", "has gun") == [(0, 2)]
    assert found("has ... gun", "has a b c gun") == [(0, 5)]
    assert found("has ... gun", "has a b c d gun") == []


def test_a_gap_stops_at_solid_words_and_nothing_begins_at_closed_ones() -> None:
    """The bounds of a search are kept."""
    assert found("has ... gun", "has no gun", Bounds(solid={1})) == []
    assert found("has ... gun", "has a gun", Bounds(closed={0})) == []


def test_phrases_that_share_a_beginning_are_all_found() -> None:
    """Sharing states loses no phrase and gives none its neighbour's end."""
    phrases = {"a": "he hits me", "b": "he hits us", "c": "{who} hits", "d": "he ... us"}
    automaton = Automaton(
        (label, p) for label, text in phrases.items() for p in read_phrase(text, LISTS, {})
    )
    heard = automaton.find([("my",), ("brother",), ("he",), ("hits",), ("us",)])
    assert {(m.label, m.start, m.end) for m in heard} == {("c", 2, 4), ("b", 2, 5), ("d", 2, 5)}
    assert isinstance(heard[0], Match)


WORDS = st.sampled_from(["he", "my", "brother", "step", "that", "man", "has", "a", "gun", "hits"])
PHRASES = [
    (text, phrase)
    for text in ("{who} hits", "has ... gun", "{who} has [a] gun", "he ... he ... gun", "my")
    for phrase in read_phrase(text, LISTS, {})
]
MIXED = Automaton(PHRASES)


def spans(words: list[str], at: int, parts: tuple[Part, ...], solid: set[int]) -> set[int]:
    """Where `parts`, said from `at` on, may end: as the little language is described, and slow."""
    if not parts:
        return {at}
    first, rest = parts[0], parts[1:]
    if first == GAP:
        ends = spans(words, at, rest, solid)
        for skipped in range(at, min(at + GAP_WORDS, len(words))):
            if skipped in solid:
                break
            ends |= spans(words, skipped + 1, rest, solid)
        return ends
    if isinstance(first, Choice):
        return {end for v in first.variants for end in spans(words, at, (*v, *rest), solid)}
    if at < len(words) and words[at] == first:
        return spans(words, at + 1, rest, solid)
    return set()


@given(st.lists(WORDS, max_size=30), st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_a_search_finds_what_the_phrases_describe(
    words: list[str], closed: set[int], solid: set[int]
) -> None:
    """However words are mixed, all and only the phrases within the bounds are found."""
    described: dict[tuple[str, int], int] = {}
    for start in set(range(len(words))) - closed:
        for label, phrase in PHRASES:
            for end in spans(words, start, phrase.parts, solid):
                described[label, end] = min(start, described.get((label, end), start))
    found: dict[tuple[str, int], int] = {}
    for match in MIXED.find([(word,) for word in words], Bounds(closed, solid)):
        found[match.label, match.end] = min(
            match.start, found.get((match.label, match.end), match.start)
        )
    assert found == described


_SAID = "my step brother has a gun and that man has no gun"


def test_what_a_search_remembers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting afresh when too much is remembered changes no answer."""
    text = [(word,) for word in _SAID.split()]
    automaton = Automaton([("x", p) for p in read_phrase("{who} ... gun", LISTS, {})])
    expected = automaton.find(text)
    assert expected
    monkeypatch.setattr("bot.safety.matching.MOST_WAYS", 3)
    assert [automaton.find(text) for _ in range(5)] == [expected] * 5


def test_a_search_may_begin_at_chosen_words_only() -> None:
    """Where a search is told to look, it finds the same as everywhere, and nothing elsewhere."""
    text = [(word,) for word in _SAID.split()]
    everywhere = MIXED.find(text)
    assert MIXED.find(text, starts=[0]) == [match for match in everywhere if match.start == 0]


class Counted(str):
    """A word that counts how often it is looked up."""

    looked_up = 0

    def __hash__(self) -> int:
        Counted.looked_up += 1
        return super().__hash__()


def test_the_cost_grows_with_the_length_of_the_text_alone() -> None:
    """Twice the text is twice the work, also where every word begins and continues phrases."""
    phrases = ["he ... he ... he ... kill", "{who} ... {who} ... me", "he he he he he me"]
    automaton = Automaton((p, r) for p in phrases for r in read_phrase(p, LISTS, {}))

    def work(words: int) -> int:
        Counted.looked_up = 0
        automaton.find([(Counted("he"),)] * words)
        return Counted.looked_up

    small, large = work(500), work(1000)
    assert small > 0
    assert large <= 2.1 * small
