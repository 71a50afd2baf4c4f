"""Text as Telegram counts it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.texts import clean, split, units

TEXTS = st.text(st.sampled_from("ab \n😀é"), max_size=60)


@given(TEXTS, st.integers(2, 20))
def test_parts_fit_and_hold_every_word(text: str, limit: int) -> None:
    """No part is too long or blank, and together they have all that isn't a space, in order."""
    parts = split(text, limit)
    assert all(units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part.strip() for part in parts) or not text.strip()


def test_a_short_text_stays_whole() -> None:
    """What fits is one part, unchanged."""
    assert split("one\n\ntwo ") == ["one\n\ntwo "]


def test_a_long_text_breaks_between_lines_or_words() -> None:
    """A line's end is the best place to break, then a space, then anywhere."""
    assert split("one two\nthree", 9) == ["one two", "three"]
    assert split("one two three", 9) == ["one two", "three"]
    assert split("abcdefghij", 4) == ["abcd", "efgh", "ij"]


def test_length_is_counted_in_code_units() -> None:
    """A character outside the basic plane counts as two and is never halved."""
    assert units("a😀") == 3
    assert split("😀" * 3, 3) == ["😀", "😀", "😀"]
    assert len(split("😀" * 2048)) == 1
    assert len(split("😀" * 2049)) == 2


@given(st.text(st.characters(codec=None)))
def test_clean_text_can_always_be_stored(text: str) -> None:
    """Any string becomes valid UTF-8 without NUL, and clean text stays as it is."""
    cleaned = clean(text)
    assert cleaned.encode().decode() == cleaned
    assert "\0" not in cleaned
    assert clean(cleaned) == cleaned
