"""A word of one's own is compared as people type it, and kept as nobody can read it."""

from pathlib import Path

import pytest

from bot.conversation.codec import dump_state, has_word, load_state
from bot.conversation.lock_codec import dump_lock
from bot.conversation.ownwords import OwnWords, read_common
from bot.dialogue.lock import Door, Lock
from bot.dialogue.state import DialogueState
from bot.dialogue.understanding import WordFault
from bot.errors import ConfigurationError
from bot.ids import Locale
from bot.safety.cover import GiveAways
from bot.settings import ROOT
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault

EN = Locale("en")
SIX = tuple(Locale(tag) for tag in ("en", "es", "fr", "pt-BR", "ar", "hi"))


@pytest.fixture
def words(tmp_path: Path) -> OwnWords:
    """With the real lists."""
    KeyRing.create(tmp_path / "ring.json")
    return OwnWords(
        Vault(KeyRing.load(tmp_path / "ring.json")),
        GiveAways.load(ROOT / "nlu" / "safety", SIX),
        read_common(ROOT / "nlu" / "words" / "common.yml"),
    )


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        ("blue ladder", "  Blue   LADDER! "),
        ("escalera añil", "escalera anil"),
        ("سُلَّم أزرق", "سلم ازرق"),
        ("नीली सीढ़ी", "नीली सीढ़ी"),
    ],
)
def test_a_word_is_known_again_however_it_is_typed(
    words: OwnWords, chosen: str, typed: str
) -> None:
    """Case, accents, spaces, marks and hidden characters do not lock anybody out."""
    first, again = words.look(chosen, "a", EN), words.look(typed, "a", EN)
    assert first is not None
    assert again is not None
    assert first.digest == again.digest


def test_the_same_word_elsewhere_is_another(words: OwnWords) -> None:
    """One conversation tells nothing of another, and another ring opens nothing."""
    here, there = words.look("blue ladder", "a", EN), words.look("blue ladder", "b", EN)
    assert here is not None
    assert there is not None
    assert here.digest != there.digest
    assert "ladder" not in here.digest


@pytest.mark.parametrize("text", ["", "  ", "!!", "/lock", "x" * 81])
def test_what_can_be_no_word_is_none(words: OwnWords, text: str) -> None:
    """Commands, signs, and whole letters."""
    assert words.look(text, "a", EN) is None


@pytest.mark.parametrize(
    ("text", "locale", "fault"),
    [
        ("abc", "en", WordFault.SHORT),
        ("Password", "en", WordFault.COMMON),
        ("12345678", "en", WordFault.COMMON),
        ("aaaa", "en", WordFault.COMMON),
        ("contraseña", "en", WordFault.COMMON),
        ("shelter", "en", WordFault.TELLING),
        ("policía azul", "es", WordFault.TELLING),
        ("blue ladder", "en", None),
        ("siete gansos", "es", None),
        ("échelle bleue", "fr", None),
        ("sete gansos", "pt-BR", None),
        ("سبع إوزات", "ar", None),
        ("सात बत्तख", "hi", None),
    ],
)
def test_poor_words_are_told(
    words: OwnWords, text: str, locale: str, fault: WordFault | None
) -> None:
    """Too short, what many would try, and what gives away; the examples of the texts are none."""
    found = words.look(text, "a", Locale(locale))
    assert found is not None
    assert found.fault is fault


def test_a_damaged_list_is_named(tmp_path: Path) -> None:
    """Whoever starts the bot reads which file to mend."""
    path = tmp_path / "common.yml"
    for text in ("- one", "en: one", "{"):
        path.write_text(text)
        with pytest.raises(ConfigurationError, match=r"common\.yml"):
            read_common(path)


def test_an_older_state_has_no_lock() -> None:
    """Conversations go on over an update; a usual lock takes no room."""
    state = DialogueState(locale=EN)
    text = dump_state(state)
    assert dump_lock(state.lock) == {}
    assert load_state(text.replace('"lock":{},', ""), (EN,)) == state
    assert not has_word(text)
    assert has_word(dump_state(DialogueState(locale=EN, lock=Lock(door=Door.SHUT, word="w"))))
