"""Which language a message is in: told where it is plain, left open where it is not."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ids import Locale
from bot.safety import language
from bot.safety.language import LanguageDetector
from bot.settings import load_settings

EN, ES, AR, HI = Locale("en"), Locale("es"), Locale("ar"), Locale("hi")
SIX = [EN, ES, Locale("fr"), Locale("pt-BR"), AR, HI]
FOLDER = load_settings(_env_file=None).nlu_dir / "languages"

DETECTOR = LanguageDetector.load(FOLDER, [EN, ES])
"""Lazy: its models are read at the first use."""
WIDE = LanguageDetector.load(FOLDER, SIX)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("i need a place to stay tonight with my kids", EN),
        ("he has a gun and i dont know what to do", EN),
        ("check on me in two hours please", EN),
        ("can you help me", EN),
        ("hello", EN),
        ("Thanks!!", EN),
        ("necesito un lugar donde quedarme con mis hijos", ES),
        ("mi marido me pega y no se que hacer", ES),
        ("no quiero vivir", ES),
        ("estoy bien", ES),
        ("Hola", ES),
        ("gracias 🙏", ES),
        ("ok", None),
        ("no", None),
        ("jajaja", None),
        ("", None),
        ("12345 ...", None),
        ("😂😂", None),
    ],
)
def test_ours_are_told_apart(text: str, language: Locale | None) -> None:
    """Sentences and everyday words are told; what is in no language, or in both, is not."""
    assert DETECTOR.detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("je ne sais pas quoi faire mon mari me frappe", "fr"),
        ("preciso de ajuda meu marido me bateu ontem", "pt"),
        ("ich brauche hilfe mein mann schlägt mich", "de"),
        ("ho bisogno di aiuto per favore mio marito mi picchia", "it"),
        ("помогите мне", "ru"),
        ("मुझे मदद चाहिए", "hi"),
        ("ساعدني من فضلك", "ar"),
        ("救命", "zh"),
        ("الحقوني", "ar"),
        ("mujhe madad chahiye", "hi-Latn"),
        ("3ayza atkallem ma3 7ad", "ar-Latn"),
        ("preciso de ajuda", "pt"),
        ("boję się wrócić", "pl"),
        ("میرا شوہر مجھے مارتا ہے", "ur"),
        ("i need help my husband hits me", None),
        ("necesito ayuda mi marido me pega", None),
        ("lol ok no", None),
        ("q hago no se", None),
        ("bonjour", None),
        ("mujhe", None),
        ("", None),
    ],
)
def test_a_language_that_we_do_not_speak_is_named(text: str, language: str | None) -> None:
    """Plain sentences in other languages are told, and never taken for one of ours."""
    assert DETECTOR.detect_unsupported(text) == language
    if language is not None:
        assert DETECTOR.detect(text) is None


def test_an_enabled_language_is_not_foreign() -> None:
    """A regional locale is its language, and what is enabled is never called unsupported."""
    detector = LanguageDetector.load(FOLDER, [EN, Locale("pt-BR")])
    text = "preciso de ajuda meu marido me bateu ontem"
    assert detector.detect(text) == Locale("pt-BR")
    assert detector.detect_unsupported(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bonsoir", "fr"),
        ("MERCI !!", "fr"),
        ("jai besoin d'aide mon mari me frappe", "fr"),
        ("oi", "pt-BR"),
        ("obrigada 🙏", "pt-BR"),
        ("nao sei o que fazer meu marido me bate", "pt-BR"),
        ("ok", None),
    ],
)
def test_french_and_portuguese_are_told(text: str, language: str | None) -> None:
    """Everyday words and sentences of both are told from each other, English and Spanish."""
    assert WIDE.detect(text) == (language and Locale(language))


def test_with_one_language_there_is_nothing_to_tell() -> None:
    """A bot with one language has nothing to choose from, but knows what it does not speak."""
    detector = LanguageDetector.load(FOLDER, [EN])
    assert detector.detect("i need a place to stay tonight") is None
    assert detector.detect_unsupported("necesito ayuda mi marido me pega") == "es"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mujhe madad chahiye", HI),
        ("wo mujhe maarta hai", HI),
        ("mere mobile me tracker lag gaya hai kya", HI),
        ("kya karu samajh nahi aa raha", HI),
        ("नमस्ते", HI),
        ("मुझे मदद चाहिए", HI),
        ("3ayza atkallem ma3 7ad", AR),
        ("ana khayfa awi", AR),
        ("jozi byedrabni w ana 5ayfe", AR),
        ("mar7aba", AR),
        ("الحقوني", AR),
        ("ابي عنوان دار الحمايه", AR),
        ("i need help my husband hits me", EN),
        ("come at 3am or 7pm, 2 weeks, life360 is on", EN),
        ("h3lp me", None),
        ("le tengo miedo", ES),
        ("je sais pas koi faire", Locale("fr")),
    ],
)
def test_hindi_and_arabic_are_told_in_latin_letters_too(text: str, language: str | None) -> None:
    """Romanised words and digits that stand for letters tell; English numbers and leet do not."""
    assert WIDE.detect(text) == language
    assert WIDE.detect_unsupported(text) is None


@settings(max_examples=50)
@given(st.text(alphabet=st.characters(codec=None), max_size=80))
def test_no_text_raises(text: str) -> None:
    """Any text at all, lone surrogates included, is in a language of ours or in none."""
    assert DETECTOR.detect(text) in {EN, ES, None}
    assert DETECTOR.detect_unsupported(text) not in {"en", "es"}
    assert WIDE.detect_unsupported(text) not in {*SIX, "pt", "hi-Latn", "ar-Latn"}


@pytest.mark.parametrize(("locales", "asked"), [([EN, ES], 2), (SIX, 4)])
def test_what_is_read_beforehand_is_all_that_the_first_message_needs(
    monkeypatch: pytest.MonkeyPatch, locales: list[Locale], asked: int
) -> None:
    """By both detectors, in Latin letters, and in Arabic ones where Arabic is served."""
    seen: list[tuple[frozenset[str], str]] = []

    class Recorder:
        def __init__(self, codes: Iterable[str]) -> None:
            self._codes = frozenset(codes)

        def compute_language_confidence_values(self, text: str) -> list[object]:
            seen.append((self._codes, text))
            return []

    monkeypatch.setattr(language, "_detector", Recorder)
    LanguageDetector.load(FOLDER, locales).preload()
    assert len({codes for codes, _ in seen}) == 2
    assert len(seen) == asked
    assert any(text.isascii() for _, text in seen)
    assert any("\u0600" < letter < "\u06ff" for _, text in seen for letter in text) == (asked == 4)
