"""One spelling for what looks or sounds the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.normalise import LONGEST, Stop, fold, split


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("HELP", "help"),
        ("Él me pegó, ñoño", "el me pego, nono"),
        ("ｈｅｌｐ", "help"),
        ("he’s he's he`s", "hes hes hes"),
        ("h\u200be\u2060l\ufeffp", "help"),
        ("\u202ehelp\u202c", "help"),
        ("ﬁnd", "find"),
        ("STRASSE straße", "strasse strasse"),
        ("أنا إنتَ آه ٱلله", "انا انت اه الله"),
        ("سكّينة عَلى رؤية شئ", "سكينه علي رويه شي"),
        ("اتصــــل یک ١١٢ ۱۱۲", "اتصل يك 112 112"),
        ("ज़हर तेज़ाब लड़का", "जहर तेजाब लडका"),
        ("हूँ हूं हू", "हु हु हु"),
        ("ज़िन्दगी ज़िंदगी", "जिंदगि जिंदगि"),
        ("नहीं नही मैं ११२", "नहि नहि मै 112"),
    ],
)
def test_what_looks_the_same_is_the_same(typed: str, folded: str) -> None:
    """Case, width, accents, apostrophes and hidden characters are folded away."""
    assert fold(typed) == folded


def test_vowel_signs_of_other_scripts_stay() -> None:
    """Devanagari and Arabic words are not cut at their marks."""
    assert split("मुझे बचाओ").words == ("मुझे", "बचाओ")
    assert split("سَاعِدْنِي").words == ("ساعدني",)


def test_stops_of_other_scripts() -> None:
    """Arabic and Devanagari signs end sentences and clauses as Latin ones do."""
    text = split("لا، هل؟ नहीं। अब")
    assert text.words == ("لا", "هل", "नहि", "अब")
    assert text.stops == (Stop.NONE, Stop.PAUSE, Stop.END, Stop.END)


def test_words_and_what_stands_before_them() -> None:
    """Sentence ends and pauses are kept beside the words, other signs are dropped."""
    text = split("no, he has a #gun. Help me!\n😂 k*ll -- 3.5")
    assert text.words == ("no", "he", "has", "a", "gun", "help", "me", "😂", "k*ll", "3", "5")
    assert text.stops == (
        *(Stop.NONE, Stop.PAUSE, Stop.NONE, Stop.NONE, Stop.NONE),
        *(Stop.END, Stop.NONE, Stop.END, Stop.NONE, Stop.PAUSE, Stop.NONE),
    )


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    """Any text folds to something that folds to itself, and words match their stops."""
    assert fold(fold(text)) == fold(text)
    assert len(split(text).words) == len(split(text).stops)


def test_a_flood_is_cut() -> None:
    """No more than LONGEST characters are read, also of those that grow when folded."""
    assert len(fold("a" * 100_000)) == LONGEST
    assert len(fold("\ufdfa" * 100_000)) <= LONGEST
