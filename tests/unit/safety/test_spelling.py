"""Misspelt words find the known word behind them, and real words stay what they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.spelling import Speller

MEANT = {"kill", "gun", "help", "me", "strangled", "knife", "threatened", "hitting", "the", "door"}
SPELLER = Speller(known=MEANT | {"kilt", "hinting", "fitting"}, meant=MEANT)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("heeelp", "help"),
        ("killll", "kill"),
        ("k1ll", "kill"),
        ("k!ll", "kill"),
        ("k*ll", "kill"),
        ("g*n", "gun"),
        ("hlep", "help"),
        ("knive", "knife"),
        ("kniffe", "knife"),
        ("kinfe", "knife"),
        ("strangeld", "strangled"),
        ("stranglld", "strangled"),
        ("threatnd", "threatened"),
    ],
)
def test_a_misspelt_word_is_mended(typed: str, meant: str) -> None:
    """Stretched, disguised and mistyped words become the word that is meant."""
    assert SPELLER.correct((typed,)) == ((meant,),)


@pytest.mark.parametrize("typed", ["kilt", "hinting", "fitting", "bill", "gin", "doom", "cat", "9"])
def test_another_word_stays_itself(typed: str) -> None:
    """Known words, short words and words with another first letter are no typos."""
    assert SPELLER.correct((typed,)) == ((typed,),)


def test_glued_and_spelt_out_words() -> None:
    """A missing space is put back, and letters one by one become their word."""
    assert SPELLER.correct(("helpme",)) == (("help", "me"),)
    assert SPELLER.correct(("h", "e", "l", "p", "me")) == (("help",), (), (), (), ("me",))
    assert SPELLER.correct(("a", "b", "c")) == (("a",), ("b",), ("c",))


@given(st.lists(st.text(alphabet=st.characters(codec=None), min_size=1, max_size=40)))
def test_every_word_keeps_its_place(words: list[str]) -> None:
    """Whatever the words, there is one answer for each."""
    assert len(SPELLER.correct(tuple(words))) == len(words)
