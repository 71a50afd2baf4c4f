"""The directory as HSDS 3 data: services with all that belongs to them (docs.openreferral.org).

What HSDS has no field for goes with its entity as attributes of a taxonomy of our own, one for each
value, so that others can read it and `hsds_import` finds it again. Times are local ones, in the
zone that the attribute `timezone` names: HSDS itself only knows offsets, which change with summer.
An entry's `notes` stay at home.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID, uuid5

from bot.directory.fields import PhoneType, Weekday
from bot.directory.models import Phone, Schedule, Service

TAXONOMY = "sidelight"
NAMESPACE = UUID("6c1a5bb4-3f0e-5c36-9a55-8f2d0f4f6b1e")
"""Drawn once; the same entry has the same identifiers in every export."""

SCALARS = (
    *("country", "kind", "confidential", "chat_url", "walk_in", "cost", "always_open"),
    *("timezone", "source_url", "source_kind", "assurance", "expires_on"),
)
LISTS = ("needs", "serves", "excludes")
WORDS = (
    *("description", "interpretation_services", "eligibility_description"),
    *("fees_description", "application_process"),
)
"""By language here, in one language in HSDS: the plain field has the English, or the first."""

OWN_WORDS = ("accessibility",)
PLAIN = ("name", "alternate_name", "url", "email", "minimum_age", "maximum_age")


def to_hsds(services: Iterable[Service]) -> list[dict[str, Any]]:
    """The services as HSDS's `service` objects, ready for JSON; absent values are left out."""
    return [_service(service) for service in services]


def identify(*path: str | int) -> str:
    """The identifier of what `path` names, a UUID in text."""
    return str(uuid5(NAMESPACE, "/".join(str(step) for step in path)))


def _service(service: Service) -> dict[str, Any]:
    id_ = identify("service", service.id)
    organization = service.organization
    whose = identify("organization", organization.name, organization.website or "")
    attributes = [("key", None, service.id), *_own(service)]
    found: dict[str, Any] = {
        "id": id_,
        "organization_id": whose,
        **{name: getattr(service, name) for name in PLAIN},
        **{name: _primary(getattr(service, name)) for name in WORDS},
        "status": service.status.value,
        "assured_date": service.assured_date.isoformat(),
        "organization": _without_nothing(
            {
                "id": whose,
                "name": organization.name,
                "description": organization.name,
                "website": organization.website,
            }
        ),
        "phones": [_phone(phone, id_, at) for at, phone in enumerate(service.phones)],
        "schedules": list(_schedules(service, id_)),
        "languages": _languages(service.languages, id_),
        "service_areas": [
            {
                "id": identify(id_, "area", at),
                "name": area.name,
                "extent": (area.region or "") + (f"/{area.city}" if area.city else ""),
                "extent_type": "text",
            }
            for at, area in enumerate(service.service_areas)
        ],
        "service_at_locations": list(_locations(service, id_)),
        "attributes": list(_attributes(attributes, "service", id_)),
    }
    return _without_nothing(found)


def _own(service: Service) -> Iterator[tuple[str, str | None, str]]:
    for name in SCALARS:
        value = getattr(service, name)
        if value is not None and value != Service.model_fields[name].default:
            yield name, None, _text(value)
    for name in LISTS:
        for value in getattr(service, name):
            yield name, None, _text(value)
    for name in (*WORDS, *OWN_WORDS):
        for locale, text in getattr(service, name).items():
            yield name, locale, text


def _phone(phone: Phone, service: str, at: int) -> dict[str, Any]:
    id_ = identify(service, "phone", at)
    own: list[tuple[str, str | None, str]] = []
    if phone.type is PhoneType.WHATSAPP:
        own.append(("type", None, phone.type.value))
    if phone.message:
        own.append(("message", None, phone.message))
    if phone.extension:
        own.append(("extension", None, phone.extension))  # HSDS counts them: 007 would become 7
    if phone.shows_on_bill is not None:
        own.append(("shows_on_bill", None, _text(phone.shows_on_bill)))
    own += [("description", locale, text) for locale, text in phone.description.items()]
    kind = PhoneType.TEXT if phone.type is PhoneType.WHATSAPP else phone.type
    return _without_nothing(
        {
            "id": id_,
            "number": phone.number,
            "extension": int(phone.extension) if phone.extension else None,
            "type": kind.value,
            "description": _primary(phone.description),
            "languages": _languages(phone.languages, id_),
            "attributes": list(_attributes(own, "phone", id_)),
        }
    )


def _schedules(service: Service, id_: str) -> Iterator[dict[str, Any]]:
    if service.always_open:
        days = ",".join(Weekday)
        hours = {"freq": "WEEKLY", "byday": days, "opens_at": "00:00", "closes_at": "23:59"}
        yield {"id": identify(id_, "schedule", 0), **hours, "description": "always open"}
    for at, schedule in enumerate(service.schedules):
        yield {"id": identify(id_, "schedule", at), **_schedule(schedule)}


def _schedule(schedule: Schedule) -> dict[str, Any]:
    return _without_nothing(
        {
            "freq": "WEEKLY",
            "byday": ",".join(schedule.byday),
            "opens_at": schedule.opens_at.isoformat("minutes"),
            "closes_at": schedule.closes_at.isoformat("minutes"),
            "valid_from": schedule.valid_from.isoformat() if schedule.valid_from else None,
            "valid_to": schedule.valid_to.isoformat() if schedule.valid_to else None,
        }
    )


def _languages(tags: Iterable[str], whose: str) -> list[dict[str, str]]:
    return [{"id": identify(whose, "language", at), "code": tag} for at, tag in enumerate(tags)]


def _locations(service: Service, id_: str) -> Iterator[dict[str, Any]]:
    if service.is_secret:
        return
    for at, address in enumerate(service.addresses):
        place = identify(id_, "location", at)
        written = {
            "id": identify(place, "address"),
            "address_1": address.address_1,
            "city": address.city,
            "region": address.region,
            "state_province": address.region,
            "postal_code": address.postal_code,
            "country": service.country,
            "address_type": "physical",
        }
        location = {
            "id": place,
            "location_type": "physical",
            "addresses": [_without_nothing(written)],
        }
        yield {"id": identify(place, "here"), "location": location}


def _attributes(
    values: Iterable[tuple[str, str | None, str]], entity: str, link: str
) -> Iterator[dict[str, Any]]:
    for at, (code, label, value) in enumerate(values):
        term = identify("term", code)
        yield _without_nothing(
            {
                "id": identify(link, "attribute", at),
                "link_id": link,
                "link_type": TAXONOMY,
                "link_entity": entity,
                "taxonomy_term_id": term,
                "value": value,
                "label": label,
                "taxonomy_term": {
                    "id": term,
                    "code": code,
                    "name": code,
                    "description": f"{code}: see Sidelight's docs/directory.md",
                    "taxonomy": TAXONOMY,
                },
            }
        )


def _primary(words: Mapping[str, str]) -> str | None:
    return words.get("en") or next(iter(words.values()), None)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _without_nothing(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [], "")}
