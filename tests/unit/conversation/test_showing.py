"""Local services as a message: what is known of them, in reviewed words, and honest about age."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.content import layers
from bot.content.catalogue import Rendered
from bot.content.responses import ResponseCatalogue
from bot.conversation.showing import TEXTS, Showcase
from bot.dialogue.effects import ShowServices
from bot.dialogue.state import Place
from bot.directory.models import Service
from bot.directory.service import DirectoryService
from bot.ids import Locale

EN = Locale("en")
RESPONSES = Path(__file__).parents[3] / "responses"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
LISBON = Place("PT", "PT-11", "Lisboa", "Lisbon")

Show = Callable[..., Rendered]


def service(id_: str, **fields: Any) -> Service:
    """A help line of which little is known."""
    given: dict[str, Any] = {
        "id": id_,
        "country": "PT",
        "name": f"Line {id_}",
        "kind": "helpline",
        "organization": {"name": "An Organisation"},
        "needs": ["disclose_abuse"],
        "phones": [{"number": "116 006"}],
        "languages": [],
        "source_url": "https://organisation.example/",
        "source_kind": "own_site",
        "assurance": "page",
        "assured_date": "2026-05-01",
        "expires_on": "2027-05-01",
    }
    return Service.model_validate(given | fields)


@pytest.fixture(scope="module")
def catalogue() -> ResponseCatalogue:
    """The real English texts."""
    return ResponseCatalogue.load(RESPONSES, [EN], required_keys=TEXTS | layers.TEXTS)


@pytest.fixture
def show(catalogue: ResponseCatalogue) -> Show:
    """Show what a directory of the given services has."""

    def show(*services: Service, page: int = 1, need: str = "", hide: bool = False) -> Rendered:
        showcase = Showcase(DirectoryService(services), catalogue, hide_expired=hide)
        return showcase.render(ShowServices(LISBON, need, page), EN, NOW)

    return show


def ids(shown: Rendered) -> list[str]:
    """The buttons, in order."""
    return [button.id for row in shown.buttons for button in row]


def test_a_service_is_shown_with_what_is_known_and_no_more(show: Show) -> None:
    """No word about hours, cost or bills where nobody knows them."""
    block = show(service("pt-one")).text.split("\n\n")[-1]
    assert block.splitlines() == [
        "• Line pt-one",
        "Call: 116 006",
        "Last confirmed in May 2026.",
    ]


def test_all_that_is_known_is_said_in_reviewed_words(show: Show) -> None:
    """The number first, the date last."""
    rich = service(
        "pt-rich",
        description={"en": "People who listen.", "es": "Gente que escucha."},
        phones=[
            {"number": "800", "shows_on_bill": False, "extension": "3"},
            {"number": "3060", "type": "text", "message": "OLA", "shows_on_bill": True},
        ],
        chat_url="https://organisation.example/chat",
        email="help@organisation.example",
        walk_in=True,
        addresses=[{"address_1": "1 Market Square", "city": "Lisboa"}],
        cost="free",
        timezone="Europe/Lisbon",
        schedules=[{"byday": ["MO"], "opens_at": "09:00", "closes_at": "17:00"}],
        languages=["pt", "en"],
        eligibility_description={"en": "Anyone over 16."},
    )
    block = show(rich).text.split("\n\n")[-1]
    assert block.splitlines() == [
        "• Line pt-rich",
        "People who listen.",
        "Call: 800 (3)",
        "The call does not show on a phone bill. The phone itself may still list it.",
        "Text: 3060",
        "Send the word: OLA",
        "The call shows on a phone bill.",
        "Write in a chat: https://organisation.example/chat",
        "Write an e-mail: help@organisation.example",
        "You can walk in without an appointment.",
        "Place: 1 Market Square, Lisboa",
        "Free of charge.",
        "Open now.",
        "Languages: Portuguese and English",
        "Anyone over 16.",
        "Last confirmed in May 2026.",
    ]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        (
            {"assurance": "copy"},
            "Not confirmed yet. It comes from a copy of a web page (May 2026).",
        ),
        ({"expires_on": "2026-11-01"}, "That was a while ago. It may have changed."),
        ({"always_open": True}, "Open day and night."),
        ({"cost": "paid"}, "It costs something. You can ask how much first."),
        (
            {
                "timezone": "Europe/Lisbon",
                "schedules": [{"byday": ["TU"], "opens_at": "09:00", "closes_at": "17:00"}],
            },
            "Closed now.",
        ),
        (
            {"phones": [], "url": "https://organisation.example/"},
            "Page: https://organisation.example/",
        ),
    ],
)
def test_what_it_does_not_know_for_sure_it_says(
    show: Show, fields: dict[str, Any], line: str
) -> None:
    """Age, hours and cost, each in its own words."""
    assert line in show(service("pt-one", **fields)).text.splitlines()


def test_the_place_of_a_shelter_is_never_shown(show: Show) -> None:
    """Not even if an entry came to hold it."""
    shelter = service("pt-shelter", kind="shelter").model_copy(
        update={
            "addresses": service(
                "pt-x", walk_in=True, addresses=[{"address_1": "9 Hidden Lane", "city": "Lisboa"}]
            ).addresses
        }
    )
    assert "Hidden" not in show(shelter).text


def test_three_are_shown_at_a_time_with_a_way_to_more(show: Show) -> None:
    """The last page offers no more."""
    many = [service(f"pt-{n}") for n in range(7)]
    seen: list[str] = []
    for page in (1, 2, 3):
        shown = show(*many, page=page)
        seen += [line for line in shown.text.splitlines() if line.startswith("• ")]
        assert (f"more::{page + 1}" in ids(shown)) is (page < 3)
    assert len(seen) == len(set(seen)) == 7


def test_what_fits_the_need_comes_first_and_a_general_line_still_comes(show: Show) -> None:
    """Nobody who asked about money is left with nothing."""
    shown = show(service("pt-a"), service("pt-money", needs=["ask_money"]), need="ask_money")
    assert shown.text.index("Line pt-money") < shown.text.index("Line pt-a")


def test_nothing_for_a_place_is_said_honestly(show: Show) -> None:
    """With other ways, an advocate, and another place."""
    shown = show(service("pt-old", expires_on="2026-10-01"), hide=True)
    assert "nothing for Lisbon" in shown.text
    assert {"intent:talk_to_human", "resources:change", "intent:quick_exit"} <= set(ids(shown))


def test_three_full_entries_fit_a_message(show: Show) -> None:
    """Telegram takes 4,096 characters (core.telegram.org/bots/api#sendmessage)."""
    full = [
        service(f"pt-{n}", description={"en": "x" * 400}, eligibility_description={"en": "y" * 400})
        for n in range(3)
    ]
    assert len(show(*full).text) < 4096
