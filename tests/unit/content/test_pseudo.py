"""Pretended translations: longer and mirrored, and still whole."""

from hypothesis import given
from hypothesis import strategies as st

from bot.content.placeholders import names
from bot.content.pseudo import accented, mirrored

SENTENCE = "Messages are deleted after {ttl}. See https://example.org/help or tap “{flow:show}”."
NAMES = st.from_regex(r"[a-z][a-z0-9_.:]{0,12}", fullmatch=True)


def test_accented_words_can_be_read_and_their_end_is_seen() -> None:
    """Another letter for each one, vowels said again, and brackets around the whole."""
    assert accented("See it now") == "[Šééé îîţ ñöööŵ]"


def test_accented_text_is_forty_percent_longer() -> None:
    """As long as a German or Spanish sentence may become."""
    text = "If you can, go to someone you trust, and move away from what could hurt you. " * 5
    assert 1.35 < len(accented(text)) / len(text) < 1.45


def test_words_without_a_vowel_and_text_without_words_grow_or_stay() -> None:
    """Nothing is too odd."""
    assert accented("") == "[]"
    assert accented("24/7 👋") == "[24/7 👋]"
    assert accented("grrrr hmmmm").startswith("[ĝŕŕŕŕ")


def test_addresses_and_placeholders_stay() -> None:
    """They are filled, or led to, as in the English."""
    for pretended in (accented(SENTENCE), mirrored(SENTENCE)):
        assert names(pretended) == ("ttl", "flow:show")
        assert "https://example.org/help" in pretended


def test_each_mirrored_word_is_turned_around_between_marks() -> None:
    """From right to left for the reader, the same letters for who searches."""
    shown = mirrored("Go now")
    assert shown == "\u200f\u202eGo\u202c\u200f \u200f\u202enow\u202c\u200f"


@given(st.lists(st.one_of(NAMES.map(lambda name: f"{{{name}}}"), st.text(max_size=30)), max_size=8))
def test_no_text_loses_a_placeholder_or_a_line(parts: list[str]) -> None:
    """Whatever stands around them, with every override ended."""
    text = "".join(parts)
    for pretended in (accented(text), mirrored(text)):
        assert names(pretended) == names(text)
        assert pretended.count("\n") == text.count("\n")
    turned = mirrored("".join(c for c in text if c not in "\u202a\u202b\u202c\u202d\u202e"))
    assert turned.count("\u202e") == turned.count("\u202c")
