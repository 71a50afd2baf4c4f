"""The words that are shown, and which way they are written."""

import pytest

from bot.ids import Locale
from bot.preview.reading import Place, read_state
from bot.preview.voices import choices, is_rtl, spoken, voice
from tests.unit.content.seeding import Seeded


@pytest.mark.parametrize("tag", ["ar", "he", "fa", "ur", "ar-XB"])
def test_some_languages_are_written_from_right_to_left(tag: str) -> None:
    """As the CLDR has it, the pretended one too."""
    assert is_rtl(Locale(tag))


@pytest.mark.parametrize("tag", ["en", "es", "hi", "pt-BR", "en-XA"])
def test_others_are_written_from_left_to_right(tag: str) -> None:
    """The rest."""
    assert not is_rtl(Locale(tag))


def test_every_language_and_every_pretended_one_is_offered(place: Place) -> None:
    """English first, what nobody speaks last."""
    tags = [tag for tag, _ in choices(read_state(place))]
    assert tags == ["en", "ar", "es", "hi", "en-XA", "ar-XB", "longest"]


def test_a_message_is_said_with_its_quotes_and_examples(place: Place) -> None:
    """As the person will read it."""
    state = read_state(place)
    text = state.source.texts["privacy.overview"]
    assert (
        spoken(text, voice(state, "es")) == "Los mensajes se borran después de 1 hour. Toca “Ver”."
    )
    assert spoken(text, voice(state, "en-XA")).startswith("[Ṁ")
    assert "1 hour" in spoken(text, voice(state, "en-XA"))


def test_a_message_with_broken_placeholders_is_shown_as_written(tree: Seeded, place: Place) -> None:
    """The page must not break over what `check` tells."""
    path = tree.path("es")
    path.write_text(path.read_text("utf-8").replace('“{flow:show}”."', '“{flow:shwo}”."'), "utf-8")
    state = read_state(place)
    said = spoken(state.source.texts["privacy.overview"], voice(state, "es"))
    assert said == "Los mensajes se borran después de {ttl}. Toca “{flow:shwo}”."


def test_the_longest_is_found_among_all_languages(place: Place) -> None:
    """With the language that it is in; English where it is the longest itself."""
    state = read_state(place)
    longest = voice(state, "longest")
    assert longest.words["cover.ping"] == "Your parcel is here."
    assert longest.locale_of("cover.ping") == "en"
    assert longest.words["button/flow:resume"] == "Go back"
    assert longest.locale_of("privacy.overview") == "es"
    for words in (voice(state, tag).words for tag in ("en", "es", "ar")):
        assert all(len(words[key]) <= len(longest.words[key]) for key in words)
