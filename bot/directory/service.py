"""Which few services to show: what fits first, and always a way that needs no call."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.directory.fields import Group, Kind, Status
from bot.directory.models import Service, ServiceArea

AT_MOST = 3
"""Services that are shown at a time."""


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for, none of which is kept.

    `needs` are names of intents, the one meant first, then what else would do; empty for anything.
    `languages` are BCP-47 tags that the person reads. `at` is the aware instant of asking. `region`
    is an ISO 3166-2 code. `people` says who the person is, as far as they said so. With
    `hide_expired` nothing is shown that should have been confirmed anew.
    """

    country: str
    at: datetime
    needs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    region: str | None = None
    city: str | None = None
    people: frozenset[Group] = field(default_factory=frozenset)
    hide_expired: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What to show now, the best first, and how many others fit (for "more")."""

    services: tuple[Service, ...]
    more: int


def choose(services: Iterable[Service], query: Query, seen: frozenset[str] = frozenset()) -> Choice:
    """The services that fit `query` best, at most `AT_MOST`, without those whose ids are `seen`.

    Ranked by need, then language, open now, and nearness. One of them can be reached without a
    call wherever any is left that can. An emergency number comes last, and only to who asked for
    what it names: the police are never offered first. Same arguments, same answer.
    """
    fitting = [s for s in services if s.id not in seen and _fits(s, query)]
    fitting.sort(key=lambda service: _rank(service, query))
    shown = fitting[:AT_MOST]
    if shown and not any(service.works_without_call for service in shown):
        silent = next((s for s in fitting[AT_MOST:] if s.works_without_call), None)
        if silent is not None:
            shown = [*shown[: AT_MOST - 1], silent]
    return Choice(tuple(shown), len(fitting) - len(shown))


def _fits(service: Service, query: Query) -> bool:
    return (
        service.country == query.country
        and service.status is Status.ACTIVE
        and (bool(query.needs) or service.kind is not Kind.EMERGENCY)
        and (not query.needs or any(need in service.needs for need in query.needs))
        and not query.people.intersection(service.excludes)
        and _distance(service, query) is not None
        and not (query.hide_expired and service.is_expired(query.at.date()))
    )


def _rank(service: Service, query: Query) -> tuple[bool, int, int, int, int, int, bool, int, str]:
    need = next((i for i, need in enumerate(query.needs) if need in service.needs), 0)
    place = service.needs.index(query.needs[need]) if query.needs else 0
    strangers = len(query.people.difference(service.serves))
    opened = {True: 0, None: 1, False: 2}[service.is_open(query.at)]
    distance = _distance(service, query) or 0
    return (
        service.kind is Kind.EMERGENCY,
        need,
        _understood(service, query),
        strangers,
        opened,
        distance,
        service.is_expired(query.at.date()),
        place,
        service.id,
    )


def _understood(service: Service, query: Query) -> int:
    """0 where they speak the person's language, 1 where that is not known, 2 where not."""
    if not query.languages or not service.languages:
        return 0 if not query.languages else 1
    wanted = {tag.split("-")[0] for tag in query.languages}
    spoken = {tag.split("-")[0] for tag in service.languages}
    spoken |= {tag.split("-")[0] for phone in service.phones for tag in phone.languages}
    if wanted & spoken:
        return 0
    return 1 if service.interpretation_services else 2


def _distance(service: Service, query: Query) -> int | None:
    """0 for the person's own city, up to 4 where it is not known; None for another region."""
    if not service.service_areas:
        return 2
    distances = [d for area in service.service_areas if (d := _apart(area, query)) is not None]
    return min(distances, default=None)


def _apart(area: ServiceArea, query: Query) -> int | None:
    if query.region is None and query.city is None:
        return 4
    if area.region and query.region and area.region != query.region:
        return None
    if area.city and query.city:
        return 0 if area.city.casefold() == query.city.casefold() else 3
    if area.region and area.region == query.region:
        return 1 if area.city is None else 3
    return 4
