"""A phrase that cannot be read says what is wrong with it."""

import pytest

from bot.safety.phrases import PhraseError, read_lists, read_phrase

LISTS = read_lists({"who": ["he", "she"]}, {})


@pytest.mark.parametrize(
    ("phrase", "complaint"),
    [
        ("he (hits|beats", "never closed"),
        ("he hits) me", "too many"),
        ("he [hits) me", r"write '\]'"),
        ("{whoo} hits", "no list 'whoo'"),
        ("{who hits", "too many"),
        ("he () me", "empty choice"),
        ("he (hits|) me", "empty choice"),
        ("... he hits", "begins and ends with a word"),
        ("he hits ...", "begins and ends with a word"),
        ("[he]", "begins and ends with a word"),
        ("", "begins and ends with a word"),
        ("he ... ... hits", "stands beside another"),
        ("he (hits ... me)", "two phrases"),
        ("st*", "letters or more"),
        ("he hit/beat me", "not one word"),
        (" ".join(["[a]"] * 12) + " b", "too much may be left out"),
    ],
)
def test_a_damaged_phrase_names_its_mend(phrase: str, complaint: str) -> None:
    """Each way to damage a phrase has its own answer."""
    with pytest.raises(PhraseError, match=complaint):
        read_phrase(phrase, LISTS, {})


def test_a_list_in_a_circle_is_refused() -> None:
    """Lists may name lists, but never themselves."""
    with pytest.raises(PhraseError, match="contains itself"):
        read_lists({"a": ["{b}"], "b": ["x", "{a}"]}, {})


def test_phrases_may_be_written_as_people_type() -> None:
    """The spellings of texts hold for phrases too."""
    (phrase,) = read_phrase("hes here", LISTS, {"hes": ("he", "is")})
    assert phrase.parts == ("he", "is", "here")


def test_phrases_are_folded_as_texts_are() -> None:
    """Capitals, apostrophes and accents in a phrase make no difference."""
    (phrase,) = read_phrase("Don't pégame", LISTS, {})
    assert phrase.parts == ("dont", "pegame")
