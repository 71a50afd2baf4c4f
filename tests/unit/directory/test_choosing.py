"""The few services that fit best, and always a way that needs no call."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.fields import Assurance, Group, Kind, PhoneType, SourceKind, Status
from bot.directory.models import Organization, Phone, Schedule, Service, ServiceArea
from bot.directory.service import AT_MOST, DirectoryService, Query

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
QUERY = Query("GB", MONDAY_NOON, needs=("ask_shelter", "disclose_abuse"), languages=("es",))


def service(name: str, **given: Any) -> Service:
    """A service that fits `QUERY` in every way, by a call."""
    fields: dict[str, Any] = {
        "id": f"gb-{name}",
        "country": "GB",
        "name": name,
        "kind": Kind.HELPLINE,
        "organization": Organization(name="Org"),
        "needs": ("ask_shelter",),
        "phones": (Phone(number="123"),),
        "languages": ("es",),
        "always_open": True,
        "source_url": "https://a.example",
        "source_kind": SourceKind.OWN_SITE,
        "assurance": Assurance.PAGE,
        "assured_date": date(2026, 11, 1),
        "expires_on": date(2027, 11, 1),
    }
    return Service.model_validate(fields | given)


def names(query: Query, *services: Service) -> list[str]:
    """The names of what is shown, in order."""
    return [shown.name for shown in DirectoryService(services).choose(query).services]


WORSE: tuple[dict[str, Any], ...] = (
    {"kind": Kind.EMERGENCY},
    {"needs": ("disclose_abuse",)},
    {"languages": ()},
    {"languages": ("fr",)},
    {"always_open": False},
    {"service_areas": (ServiceArea(name="Scotland", region="GB-SCT"),)},
    {"expires_on": date(2026, 11, 20)},
    {"needs": ("ask_money", "ask_shelter")},
)


@pytest.mark.parametrize("worse", WORSE)
def test_what_fits_less_comes_later(worse: dict[str, Any]) -> None:
    """Whatever it is that fits less, and however it is called."""
    assert names(QUERY, service("a", **worse), service("b")) == ["b", "a"]


UNFIT: tuple[dict[str, Any], ...] = (
    {"country": "FR"},
    {"status": Status.INACTIVE},
    {"needs": ("ask_pets",)},
    {"excludes": (Group.MEN,)},
    {"service_areas": (ServiceArea(name="Wales", region="GB-WLS"),)},
)


@pytest.mark.parametrize("unfit", UNFIT)
def test_what_does_not_fit_is_not_shown(unfit: dict[str, Any]) -> None:
    """Another country or region, not working, not for this need or person."""
    query = Query(
        "GB",
        MONDAY_NOON,
        needs=("ask_shelter",),
        region="GB-SCT",
        people=frozenset({Group.MEN}),
    )
    assert names(query, service("a", **unfit), service("b")) == ["b"]


def test_expired_entries_are_hidden_where_an_organisation_says_so() -> None:
    """Else they are shown, with their date."""
    old = service("a", expires_on=date(2026, 11, 23))
    assert names(QUERY, old) == ["a"]
    hiding = Query("GB", MONDAY_NOON, needs=("ask_shelter",), hide_expired=True)
    assert names(hiding, old) == []


def test_the_nearest_comes_first() -> None:
    """City, region, country, elsewhere in the region."""
    query = Query("GB", MONDAY_NOON, region="GB-SCT", city="glasgow")
    areas = {
        "elsewhere": (ServiceArea(name="x", region="GB-SCT", city="Perth"),),
        "country": (),
        "region": (ServiceArea(name="x", region="GB-SCT"),),
        "city": (ServiceArea(name="x", region="GB-SCT", city="Glasgow"),),
    }
    services = [service(name, service_areas=area) for name, area in areas.items()]
    assert names(query, *services) == ["city", "region", "country"]
    assert DirectoryService(services).choose(query).more == 1


def test_open_now_comes_before_closed_now() -> None:
    """In the service's own time zone; unknown hours lie between."""
    monday = {"byday": ("MO",), "opens_at": "09:00", "closes_at": "17:00"}
    hours = Schedule.model_validate(monday)
    fields: dict[str, Any] = {"always_open": False, "schedules": (hours,)}
    london = service("z-open", timezone="Europe/London", **fields)
    auckland = service("a-closed", timezone="Pacific/Auckland", **fields)
    unknown = service("b-unknown", always_open=False)
    assert names(QUERY, auckland, unknown, london) == ["z-open", "b-unknown", "a-closed"]


def test_an_emergency_number_is_not_offered_unasked() -> None:
    """Only to who asked for what it is for."""
    police = service("a", kind=Kind.EMERGENCY, needs=("immediate_danger",))
    assert names(Query("GB", MONDAY_NOON), police, service("b")) == ["b"]
    assert names(Query("GB", MONDAY_NOON, needs=("immediate_danger",)), police) == ["a"]


def test_one_that_needs_no_call_replaces_the_third() -> None:
    """However badly it fits else, as long as it fits at all."""
    calls = [service(f"call-{i}") for i in range(4)]
    chat = service("z", chat_url="https://a.example/chat", languages=("fr",))
    assert names(QUERY, *calls, chat) == ["call-0", "call-1", "z"]
    text = service("y", phones=(Phone(number="12", type=PhoneType.TEXT),))
    assert names(QUERY, *calls, chat, text) == ["call-0", "call-1", "y"]


@given(
    st.lists(st.tuples(st.sampled_from(("call", "chat", "walk")), st.sampled_from(range(8)))),
)
def test_more_goes_through_all_once(kinds: list[tuple[str, int]]) -> None:
    """At most three at a time, none twice, none left, and each page with a way without a call."""
    ways: dict[str, dict[str, Any]] = {
        "call": {},
        "chat": {"chat_url": "https://a.example"},
        "walk": {"walk_in": True},
    }
    services = [
        service(f"n{i}", **ways[way], **WORSE[worse]) for i, (way, worse) in enumerate(kinds)
    ]
    directory = DirectoryService(services)
    seen: set[str] = set()
    while True:
        left = [s for s in services if s.id not in seen]
        choice = directory.choose(QUERY, frozenset(seen))
        ids = {s.id for s in choice.services}
        assert len(choice.services) == len(ids) == min(AT_MOST, len(left))
        assert not ids & seen
        assert choice.more == len(left) - len(ids)
        assert any(s.works_without_call for s in choice.services) == any(
            s.works_without_call for s in left
        )
        if not left:
            return
        seen |= ids
