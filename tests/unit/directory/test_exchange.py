"""What goes out as HSDS 3 comes back as it was; what others send is taken as far as it goes."""

import io
import json
import zipfile
from datetime import date, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.directory.fields import (
    Assurance,
    Cost,
    Group,
    Kind,
    PhoneType,
    SourceKind,
    Status,
    Weekday,
)
from bot.directory.hsds import to_hsds
from bot.directory.hsds_import import Assumed, Draft, from_hsds
from bot.directory.hsds_tables import from_zip, to_zip
from bot.directory.models import (
    Address,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
)
from bot.directory.reading import read_directory
from bot.errors import ConfigurationError
from bot.settings import ROOT

LINES = st.text(
    st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=20
).map(str.strip)
LINE = LINES.filter(bool)
PROSE = st.builds("\n".join, st.lists(LINE, min_size=1, max_size=2))
WORDS = st.dictionaries(st.sampled_from(("en", "es", "ar")), PROSE, max_size=2)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
REGIONS = st.none() | st.sampled_from(("GB-SCT", "GB-WLS"))
WEB = st.none() | st.sampled_from(("https://a.example/x?y=1", "http://b.example"))
AGES = st.none() | st.integers(0, 120)
GROUPS = st.lists(st.sampled_from(Group), max_size=3, unique=True).map(tuple)
TAGS = st.lists(st.sampled_from(("en", "pt-BR", "sgn-GB")), max_size=3, unique=True).map(tuple)


def several(of: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few of them."""
    return st.lists(of, min_size=least, max_size=2).map(tuple)


PHONES = st.builds(
    Phone,
    number=st.sampled_from(("016", "0808 157 0142", "+44 1632 960117", "1-888-NO-ABUSE")),
    type=st.sampled_from(PhoneType),
    message=st.none() | LINE,
    shows_on_bill=st.none() | st.booleans(),
    languages=TAGS,
    description=WORDS,
    extension=st.none() | st.sampled_from(("7", "007")),
)
SCHEDULES = st.builds(
    Schedule,
    byday=st.lists(st.sampled_from(Weekday), min_size=1, unique=True).map(tuple),
    opens_at=st.sampled_from((time(0), time(8, 30))),
    closes_at=st.sampled_from((time(0), time(17))),
    valid_from=st.none() | st.just(date(2026, 1, 1)),
    valid_to=st.none() | st.just(date(2026, 2, 1)),
)


@st.composite
def services(draw: st.DrawFn) -> Service:
    """Any service that the directory can hold."""
    hours = draw(several(SCHEDULES))
    kind = draw(st.sampled_from(Kind))
    confidential = draw(st.booleans())
    public = not confidential and kind is not Kind.SHELTER
    address = st.builds(
        Address,
        address_1=LINE,
        city=LINE,
        region=REGIONS,
        postal_code=st.none() | LINE,
    )
    area = st.builds(ServiceArea, name=LINE, region=REGIONS, city=st.none() | LINE)
    return Service(
        id=draw(st.from_regex(r"gb(-[a-z0-9]{1,5}){1,3}", fullmatch=True)),
        country="GB",
        name=draw(LINE),
        kind=kind,
        confidential=confidential,
        organization=draw(st.builds(Organization, name=LINE, website=WEB)),
        description=draw(WORDS),
        alternate_name=draw(st.none() | LINE),
        url=draw(WEB),
        needs=draw(several(LINE, 1)),
        phones=draw(several(PHONES)),
        chat_url=draw(WEB),
        email=draw(st.none() | st.just("a@b.example")),
        walk_in=draw(st.none() | st.booleans()) if public else None,
        addresses=draw(several(address)) if public else (),
        languages=draw(TAGS),
        interpretation_services=draw(WORDS),
        serves=draw(GROUPS),
        excludes=draw(GROUPS),
        eligibility_description=draw(WORDS),
        minimum_age=draw(AGES),
        maximum_age=draw(AGES),
        accessibility=draw(WORDS),
        cost=draw(st.none() | st.sampled_from(Cost)),
        fees_description=draw(WORDS),
        application_process=draw(WORDS),
        always_open=not hours and draw(st.booleans()),
        timezone="Europe/London" if hours else draw(st.none() | st.just("Asia/Kolkata")),
        schedules=hours,
        service_areas=draw(several(area)),
        status=draw(st.sampled_from(Status)),
        source_url="https://a.example/line",
        source_kind=draw(st.sampled_from(SourceKind)),
        assurance=draw(st.sampled_from(Assurance)),
        assured_date=draw(DAYS),
        expires_on=draw(DAYS),
    )


def service_of(draft: Draft) -> Service:
    """The entry as it would be read from its file."""
    return Service.model_validate({**draft.fields, "id": draft.id, "country": draft.country})


@given(st.lists(services(), max_size=3, unique_by=lambda service: service.id))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_json_comes_back_as_it_went(given_services: list[Service]) -> None:
    """Nothing that we model is lost, and nothing of it is reported as unknown."""
    document = json.loads(json.dumps(to_hsds(given_services)))
    drafts, findings = from_hsds(document, Assumed("XX"), "a.json")
    assert [service_of(draft) for draft in drafts] == given_services
    assert findings == []


@given(st.lists(services(), max_size=3, unique_by=lambda service: service.id))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_tables_come_back_as_they_went(given_services: list[Service]) -> None:
    """Through CSV, too, whatever commas, quotes and line breaks are in the words."""
    content = to_zip(to_hsds(given_services))
    assert content == to_zip(to_hsds(given_services))
    document, others = from_zip(content, "a.zip")
    drafts, findings = from_hsds(document, Assumed("XX"), "a.zip")
    assert [service_of(draft) for draft in drafts] == given_services
    assert [*findings, *others] == []


def test_the_example_comes_back_as_it_went() -> None:
    """A whole region, through both forms."""
    directory, findings = read_directory(ROOT / "responses" / "directory", examples=True)
    shipped = [s.model_copy(update={"notes": ""}) for s in directory.services.values()]
    assert findings == []
    assert len(shipped) >= 6
    for document in (to_hsds(shipped), from_zip(to_zip(to_hsds(shipped)), "a.zip")[0]):
        drafts, findings = from_hsds(document, Assumed("XX"), "a")
        assert [service_of(draft) for draft in drafts] == shipped
        assert findings == []


def test_what_others_send_is_taken_as_far_as_it_goes() -> None:
    """Our fields that are missing are not made up."""
    document = {
        "contents": [
            {
                "id": "ac148810-d857-441c-9679-408f346de14b",
                "name": "Community Counselling!",
                "status": "active",
                "description": "Talks.",
                "minimum_age": 12.0,
                "organization": {"id": "1", "name": "Org", "tax_status": "x"},
                "phones": [{"number": "123", "type": "cell"}, {"number": "4", "type": "fax"}],
                "languages": [{"code": "ur", "name": "Urdu"}],
                "schedules": [
                    {
                        "freq": "WEEKLY",
                        "interval": 1,
                        "byday": "MO,TU",
                        "opens_at": "10:00:00",
                        "closes_at": "18:00:00",
                    },
                    {"freq": "MONTHLY", "byday": "2MO"},
                ],
                "service_areas": [{"name": "MyCity", "extent": "{}", "extent_type": "geojson"}],
                "service_at_locations": [
                    {"location": {"addresses": [{"address_1": "4 Mill Road", "city": "MyCity"}]}}
                ],
                "funding": [{"source": "x"}],
            }
        ]
    }
    (draft,), findings = from_hsds(document, Assumed("GB", "en", "Europe/London"), "a.json")
    assert draft == Draft(
        "gb-community-counselling-ac148810",
        "GB",
        {
            "name": "Community Counselling!",
            "minimum_age": 12,
            "description": {"en": "Talks."},
            "organization": {"name": "Org"},
            "phones": [{"number": "123", "type": "voice"}],
            "languages": ["ur"],
            "service_areas": [{"name": "MyCity"}],
            "timezone": "Europe/London",
            "schedules": [{"byday": ["MO", "TU"], "opens_at": "10:00", "closes_at": "18:00"}],
        },
    )
    told = [finding.problem.split("`")[1] for finding in findings]
    assert told == [
        *("organization.tax_status", "phones", "service_areas.extent", "schedules"),
        *("addresses", "funding"),
    ]


def test_hours_without_a_named_zone_are_not_guessed() -> None:
    """An offset changes with summer; wrong hours cost somebody a call at the wrong time."""
    hours = {"freq": "WEEKLY", "byday": "MO", "opens_at": "10:00+01:00", "closes_at": "18:00"}
    document = {"id": "1", "name": "A", "schedules": [hours]}
    for zone in (None, "Europe/London"):
        (draft,), findings = from_hsds(document, Assumed("GB", timezone=zone), "a.json")
        assert "schedules" not in draft.fields
        assert len(findings) == 1


NAMES = (
    *("id", "name", "phones", "languages", "attributes", "schedules", "contents", "organization"),
    *("service_at_locations", "location", "taxonomy_term", "taxonomy", "code", "value", "label"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_no_document_breaks_the_import(document: object) -> None:
    """What is no service is told."""
    drafts, findings = from_hsds(document, Assumed("GB"), "a.json")
    listed = document.get("contents") if isinstance(document, dict) else document
    assert drafts or findings or listed == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"id,name\n1,a\n"])
def test_what_is_no_zip_is_told(content: bytes) -> None:
    """In one line, with the mend."""
    with pytest.raises(ConfigurationError, match="give a ZIP"):
        from_zip(content, "a.zip")


def test_tables_that_we_do_not_model_are_told() -> None:
    """By name, with how many rows are left behind."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("hsds/services.csv", "\ufeffid,name\r\n1,A\r\n")
        archive.writestr("hsds/funding.csv", "id,source\r\n1,x\r\n2,y\r\n")
    (service,), (finding,) = from_zip(buffer.getvalue(), "a.zip")
    assert service == {"id": "1", "name": "A"}
    assert "`funding.csv`, 2 rows" in finding.problem
