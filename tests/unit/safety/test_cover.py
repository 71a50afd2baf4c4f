"""What may light up on a phone that someone else is holding must not tell."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigurationError
from bot.ids import Locale
from bot.safety.cover import GiveAways

EN, ES, FR, PT, AR, HI = map(Locale, ("en", "es", "fr", "pt-BR", "ar", "hi"))
REAL = GiveAways.load(Path(__file__).parents[3] / "nlu" / "safety", [EN, ES, FR, PT, AR, HI])


@pytest.mark.parametrize(
    ("locale", "text", "found"),
    [
        (EN, "Your parcel arrives today. Reply YES if you are in.", ()),
        (EN, "Are you safe?", ("safe",)),
        (EN, "Reply to reach your advocate or the shelter", ("advocate", "shelter")),
        (EN, "SHELTERS open at 9", ("shelters",)),
        (EN, "a vio\u200blent man", ("violent",)),
        (EN, "ｐｏｌｉｃｅ", ("police",)),
        (EN, "ready to leave him?", ("leave him",)),
        (EN, "The white rice recipe is ready", ()),
        (ES, "Tu paquete llega hoy. Responde SÍ si estás.", ()),
        (ES, "¿Estás a salvo?", ("salvo",)),
        (ES, "Denúncialo, la Policía te protegerá", ("denuncialo", "policia", "protegera")),
        (FR, "Votre colis arrive aujourd'hui. Répondez OUI si vous êtes là.", ()),
        (FR, "Êtes-vous en sécurité au refuge ?", ("securite", "refuge")),
        (FR, "L’avocate a déposé plainte", ("lavocate", "plainte")),
        (PT, "Seu pacote chega hoje. Responda SIM se estiver em casa.", ()),
        (PT, "Você está SEGURA? A polícia vai te proteger", ("segura", "policia", "proteger")),
        (AR, "طردك يصل اليوم. اكتبي نعم إن كنت في البيت.", ()),
        (AR, "هل أنتِ بأمان من الخطر والعُنف؟", ("بامان", "الخطر", "والعنف")),
        (HI, "आपका पार्सल आज आएगा। घर पर हों तो हाँ लिखें।", ()),
        (HI, "ख़तरे में पुलिस बुलाएँ", ("खतरे", "पुलिस")),
        (Locale("xx"), "police", ()),
    ],
)
def test_telling_words_are_found(locale: Locale, text: str, found: tuple[str, ...]) -> None:
    """Whatever their case, accents, ending or disguise, telling words are named in order."""
    assert REAL.find(text, locale) == found


@given(st.text(alphabet=st.characters(codec=None), max_size=100))
def test_no_text_raises(text: str) -> None:
    """A person's own words may be anything; every word that is found stands in them."""
    assert all(isinstance(word, str) for word in REAL.find(text, EN))


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_telling_word_is_found_between_any_others(before: str, after: str) -> None:
    """No neighbour hides a telling word."""
    assert "shelter" in REAL.find(f"{before} shelter {after}", EN)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "is missing"),
        (b"stems: [", "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"stems:", "write `stems:"),
        (b"stems: shelter", "write `stems:"),
        (b"- shelter", "write `stems:"),
        (b"stems: [shelter]\nprefixes: the", "write `prefixes:"),
        (b"stems: [shelter, no]", "False is no word"),
        (b"stems: ['...']", "is no word"),
    ],
)
def test_a_damaged_list_is_named(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    """A list that cannot be read stops the start with the file and the mend."""
    (tmp_path / "giveaways").mkdir()
    if content is not None:
        (tmp_path / "giveaways" / "en.yml").write_bytes(content)
    with pytest.raises(ConfigurationError, match=complaint) as raised:
        GiveAways.load(tmp_path, [EN])
    assert "en.yml" in str(raised.value)
