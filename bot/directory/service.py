"""Which few services to show: what fits first, and always a way that needs no call."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import merge
from itertools import islice

from bot.directory.fields import Group, Kind, Status
from bot.directory.models import Service, ServiceArea

AT_MOST = 3
"""Services that are shown at a time."""

ANYWHERE = "*"
"""In the index, whatever the region; no ISO 3166-2 code looks like it."""


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


IsOpen = Callable[[Service], bool | None]


@dataclass(frozen=True, slots=True)
class _Alike:
    """Services that any query ranks alike, but for their opening hours; in the order of ids."""

    emergency: bool
    works_without_call: bool
    needs: tuple[str, ...]
    languages: frozenset[str]
    interpreted: bool
    areas: tuple[ServiceArea, ...]
    serves: frozenset[Group]
    excludes: frozenset[Group]
    expires_on: date


class DirectoryService:
    """The directory, ready to be asked: alike services are weighed once."""

    def __init__(self, services: Iterable[Service]) -> None:
        groups: dict[tuple[str, _Alike], list[Service]] = {}
        for service in sorted(services, key=lambda service: service.id):
            if service.status is Status.ACTIVE:
                groups.setdefault((service.country, _alike(service)), []).append(service)
        hours: dict[object, int] = {}
        self._hours = {
            service.id: hours.setdefault(_hours(service), len(hours))
            for found in groups.values()
            for service in found
        }
        """The number of each service's opening hours: many have the same, looked at once."""
        self._groups = [(alike, found) for (_, alike), found in groups.items()]
        self._index: dict[tuple[str, str | None, str | None], list[int]] = {}
        """Places in `_groups` by country, need (None: any) and region (None: it names none)."""
        for place, (country, alike) in enumerate(groups):
            regions = {area.region for area in alike.areas} or {None}
            for need in (None, *alike.needs):
                for key in {(country, need, ANYWHERE), *((country, need, r) for r in regions)}:
                    self._index.setdefault(key, []).append(place)

    def choose(self, query: Query, seen: frozenset[str] = frozenset()) -> Choice:
        """The services that fit `query` best, at most `AT_MOST`, without those in `seen` (ids).

        Ranked by need, then language, open now, and nearness. One of them can be reached without a
        call wherever any is left that can. An emergency number comes last, and only to who asked
        for what it names: the police are never offered first. Same arguments, same answer.
        """
        groups: dict[_First, dict[_Then, list[Sequence[Service]]]] = {}
        fitting = silent = 0
        for alike, services in self._candidates(query):
            rank = _rank(alike, query)
            if rank is None:
                continue
            left = [s for s in services if s.id not in seen] if seen else services
            fitting += len(left)
            silent += len(left) if alike.works_without_call else 0
            groups.setdefault(rank[0], {}).setdefault(rank[1], []).append(left)
        ranked = _ranked(groups, self._opening(query.at))
        shown = list(islice(ranked, AT_MOST))
        if silent and not any(service.works_without_call for service in shown):
            shown[AT_MOST - 1 :] = [next(s for s in ranked if s.works_without_call)]
        return Choice(tuple(shown), fitting - len(shown))

    def _opening(self, at: datetime) -> IsOpen:
        known: dict[int, bool | None] = {}

        def is_open(service: Service) -> bool | None:
            number = self._hours[service.id]
            if number not in known:
                known[number] = service.is_open(at)
            return known[number]

        return is_open

    def _candidates(self, query: Query) -> Iterator[tuple[_Alike, list[Service]]]:
        regions = (ANYWHERE,) if query.region is None else (None, query.region)
        keys = ((query.country, n, r) for n in query.needs or (None,) for r in regions)
        for place in sorted({place for key in keys for place in self._index.get(key, ())}):
            yield self._groups[place]


def _hours(service: Service) -> object:
    return service.always_open, service.timezone, service.schedules


_First = tuple[bool, int, int, int]
_Then = tuple[int, bool, int]


def _alike(service: Service) -> _Alike:
    tags = [*service.languages, *(tag for phone in service.phones for tag in phone.languages)]
    return _Alike(
        service.kind is Kind.EMERGENCY,
        service.works_without_call,
        service.needs,
        frozenset(tag.split("-")[0] for tag in tags),
        bool(service.interpretation_services),
        service.service_areas,
        frozenset(service.serves),
        frozenset(service.excludes),
        service.expires_on,
    )


def _rank(alike: _Alike, query: Query) -> tuple[_First, _Then] | None:
    """What counts more than being open now, and what counts less; None for what does not fit."""
    if query.needs:
        need = next((i for i, need in enumerate(query.needs) if need in alike.needs), None)
        if need is None:
            return None
        place = alike.needs.index(query.needs[need])
    elif alike.emergency:
        return None
    else:
        need = place = 0
    distance = _distance(alike.areas, query)
    expired = query.at.date() >= alike.expires_on
    if distance is None or query.people & alike.excludes or (expired and query.hide_expired):
        return None
    strangers = len(query.people - alike.serves)
    first = (alike.emergency, need, _understood(alike, query), strangers)
    return first, (distance, expired, place)


def _ranked(
    groups: Mapping[_First, Mapping[_Then, Sequence[Sequence[Service]]]], is_open: IsOpen
) -> Iterator[Service]:
    """All services, the best first; hours are looked at no sooner than they are needed.

    Each sequence comes sorted by id.
    """
    for first in sorted(groups):
        unknown: list[Service] = []
        closed: list[Service] = []
        for then in sorted(groups[first]):
            for service in merge(*groups[first][then], key=lambda service: service.id):
                match is_open(service):
                    case True:
                        yield service
                    case None:
                        unknown.append(service)
                    case False:
                        closed.append(service)
        yield from unknown
        yield from closed


def _understood(alike: _Alike, query: Query) -> int:
    """0 where they speak the person's language, 1 where that is not known, 2 where not."""
    wanted = {tag.split("-")[0] for tag in query.languages}
    if not wanted or wanted & alike.languages:
        return 0
    return 1 if alike.interpreted or not alike.languages else 2


def _distance(areas: tuple[ServiceArea, ...], query: Query) -> int | None:
    """0 for the person's own city, up to 4 where it is not known; None for another region."""
    if not areas:
        return 2
    distances = [apart for area in areas if (apart := _apart(area, query)) is not None]
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
