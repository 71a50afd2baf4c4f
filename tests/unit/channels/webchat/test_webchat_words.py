"""Which language the page speaks, and which way it is written."""

import pytest

from bot.channels.webchat.words import direction, preferred, words
from bot.ids import Locale
from tests.fakes.webchat import FakeCatalogue

ENABLED = (Locale("en"), Locale("es"), Locale("pt-BR"), Locale("ar"))


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("de, fr;q=0.9, ar;q=0.2", "ar"),
        ("en;q=0.1, pt;q=0.8", "pt-BR"),
        ("PT-br", "pt-BR"),
        ("en;q=0, es", "es"),
        ("de", None),
        ("*", None),
        ("", None),
        (";;;q=,,", None),
        ("a" * 10_000, None),
    ],
)
def test_the_browsers_wish_is_met_where_it_can_be(header: str, locale: str | None) -> None:
    """The language wanted most that is enabled, in any regional variant."""
    assert preferred(header, ENABLED) == locale


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("fa-AF", "rtl"),
        ("ur", "rtl"),
        ("pt-BR", "ltr"),
        ("xx", "ltr"),
    ],
)
def test_the_way_of_writing_follows_the_language(locale: str, written: str) -> None:
    """Arabic and Persian run from right to left; the unknown is taken for left to right."""
    assert direction(Locale(locale)) == written


def test_a_draft_says_so_and_what_is_reviewed_does_not() -> None:
    """The ribbon's words are empty, and nothing else is."""
    catalogue = FakeCatalogue(drafts=("es",))
    assert words(catalogue, Locale("es"))["draft"] == "webchat.draft [es]"
    english = words(catalogue, Locale("en"))
    assert [name for name, text in english.items() if not text] == ["draft"]
