"""Words that tell a language: what a file may say, and how they vote."""

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.safety.telling import TellingWords, Vote
from bot.settings import load_settings

FOLDER = load_settings(_env_file=None).nlu_dir / "languages"
WORDS = TellingWords({"aa": ["foo", "bar"], "bb": ["baz"]}, {"aa": ["me"], "bb": ["me"]})


@pytest.mark.parametrize(
    ("text", "vote"),
    [
        ("foo is here", Vote("aa", 1, 1 / 3)),
        ("FÓO, bar me!", Vote("aa", 2, 2.5 / 3)),
        ("foo baz", None),
        ("foo bar baz", Vote("aa", 2, 2 / 3)),
        ("me me me", None),
        ("", None),
    ],
)
def test_the_language_with_most_words_wins(text: str, vote: Vote | None) -> None:
    """Shared words count half, and only beside a telling one; a tie tells nothing."""
    assert WORDS.vote(text) == vote


@pytest.mark.parametrize("word", ["3ayza", "ma3", "7aga", "ya3ni", "la22at", "3'arib", "2albi"])
def test_a_digit_may_be_an_arabic_letter(word: str) -> None:
    """No list can hold them all."""
    vote = WORDS.vote(word)
    assert vote is not None
    assert vote.tag == "ar-Latn"


@pytest.mark.parametrize(
    "word", ["3am", "7pm", "2nd", "24h", "5years", "mp3", "h3lp", "gr8", "l8r", "life360", "911"]
)
def test_a_number_is_no_letter(word: str) -> None:
    """Hours, counts, names and leet."""
    assert WORDS.vote(word) is None


@pytest.mark.parametrize(
    "content", ["telling: [a, b]", "- foo", "common: foo", "{", "telling: \xff"]
)
def test_a_faulty_file_stops_the_start(tmp_path: Path, content: str) -> None:
    """The error names the file and how to mend it."""
    (tmp_path / "xx.yml").write_bytes(content.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=r"xx\.yml: write `telling`"):
        TellingWords.load(tmp_path)


def test_no_word_tells_of_two_languages() -> None:
    """In the files as they are: such a word would tell nothing."""
    words = TellingWords.load(FOLDER)
    for path in FOLDER.glob("*.yml"):
        text = path.read_text("utf-8").split("telling: >-")[1].split("common:")[0]
        assert [w for w in text.split() if words.vote(w) != Vote(path.stem, 1, 1.0)] == []
