"""A damaged lexicon stops the start with the file, the entry and the mend."""

from pathlib import Path

import pytest

from bot.dialogue.intents import Intent
from bot.errors import ConfigurationError
from bot.ids import Locale
from bot.safety.lexicon import load
from bot.safety.net import SafetyNet

EN = Locale("en")
DANGER = "dangers: {immediate_danger: [help me]}\n"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "holds no sections"),
        ("- a\n- b\n", "holds no sections"),
        ("dangers: {", "mend the YAML there"),
        ("lists: {he: [he]}\n", "dangers: is empty or missing"),
        (DANGER + "danger: {}\n", "danger: is no section; use one of"),
        ("dangers: {disclose_abuse: [he hits me]}\n", "dangers.disclose_abuse: is no danger"),
        ("dangers: {immediate_danger: help me}\n", "dangers.immediate_danger: must be a list"),
        ("dangers: {immediate_danger: [no]}\n", "immediate_danger: False: is not text; put it in"),
        ("dangers: {immediate_danger: ['{him} hits']}\n", "'{him} hits': there is no list 'him'"),
        (DANGER + "lists: {no: [he]}\n", "lists.False: is not read as text; put it in quotes"),
        (DANGER + "lists: [he]\n", "lists: must have names"),
        (DANGER + "lists: {he: []}\n", "lists: {he} has an empty entry"),
        (DANGER + "spellings: {hes: 3}\n", "spellings.hes: must be text"),
        (DANGER + "spellings: {'he is': he is}\n", "spellings.he is: 'he is' is not one word"),
        (DANGER + "turns: [but then]\n", "turns: 'but then': 'but then' is not one word"),
        (DANGER + "harmless: ['(a']\n", "harmless: '(a': a bracket is never closed"),
    ],
)
def test_damage_is_named_with_its_mend(tmp_path: Path, content: str, complaint: str) -> None:
    """Every kind of damage tells the file, the entry and what to write instead."""
    file = tmp_path / "en.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"en\.yml: ") as raised:
        load(file, EN)
    assert complaint in str(raised.value)


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    """An enabled language without a readable lexicon stops the start: it would be deaf."""
    with pytest.raises(ConfigurationError, match="there is no safety lexicon"):
        SafetyNet.load(tmp_path)
    with pytest.raises(ConfigurationError, match=r"fr\.yml: there is no safety lexicon"):
        SafetyNet.load(tmp_path, [Locale("fr")])
    (tmp_path / "en.yml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ConfigurationError, match=r"en\.yml: cannot be read"):
        load(tmp_path / "en.yml", EN)


def test_languages_are_heard_without_being_enabled(tmp_path: Path) -> None:
    """Every lexicon in the folder is listened to: people write in what language they like."""
    (tmp_path / "en.yml").write_text(DANGER, encoding="utf-8")
    (tmp_path / "fr.yml").write_text("dangers: {immediate_danger: [aidez moi]}", encoding="utf-8")
    assert SafetyNet.load(tmp_path, [EN]).hear("aidez-moi", EN).danger is Intent.IMMEDIATE_DANGER


def test_a_small_lexicon_hears(tmp_path: Path) -> None:
    """A handful of lines is a working lexicon."""
    (tmp_path / "en.yml").write_text(
        "lists: {he: [he, my husband]}\n"
        "spellings: {hes: he is}\n"
        "dangers: {threats_weapon: ['{he} ... gun']}\n"
        "denials: [never]\n"
        "harmless: [water gun]\n",
        encoding="utf-8",
    )
    net = SafetyNet.load(tmp_path)
    assert net.hear("my husband has a gun").danger is Intent.THREATS_WEAPON
    assert net.hear("hes got a GUN").danger is Intent.THREATS_WEAPON
    assert net.hear("he never had a gun").danger is None
    assert net.hear("he never had a gun").negated is Intent.THREATS_WEAPON
    assert net.hear("he has a water gun").danger is None


def test_prefixes_and_several_spellings(tmp_path: Path) -> None:
    """A word is heard with what is written onto it, and however it is spelt."""
    (tmp_path / "ar.yml").write_text(
        "spellings: {'sekin, skine': سكين}\n"
        "prefixes: [ب, w]\n"
        "dangers: {threats_weapon: [هددني سكين]}\n",
        encoding="utf-8",
    )
    net = SafetyNet.load(tmp_path)
    for text in ("هددني سكين", "هددني بسكين", "هددني skine", "هددني wsekin"):
        assert net.hear(text).danger is Intent.THREATS_WEAPON
    assert net.hear("هددني مسكين").danger is None
