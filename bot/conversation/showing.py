"""Local services as a message: at most three, in reviewed words around their own facts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from babel import Locale as BabelLocale
from babel.lists import format_list

from bot.content.catalogue import Button, Catalogue, Rendered
from bot.content.layers import month
from bot.dialogue.effects import ShowServices
from bot.dialogue.flows.resources import CHANGE
from bot.dialogue.intents import Intent
from bot.directory.fields import Assurance, Cost, PhoneType
from bot.directory.models import Phone, Service
from bot.directory.service import Choice, DirectoryService, Query
from bot.ids import Locale

LIST = "resources.list"
NONE = "resources.none"
_LINES = (
    *(f"phone.{kind}" for kind in PhoneType),
    "phone.on_bill",
    "phone.off_bill",
    "message",
    "chat",
    "email",
    "walk_in",
    "address",
    "web",
    *(f"cost.{cost}" for cost in (Cost.FREE, Cost.PAID)),
    "open.always",
    "open.now",
    "open.closed",
    "languages",
    "assured",
    "copied",
    "expired",
)
TEXTS = frozenset({LIST, NONE, *(f"resources.line.{line}" for line in _LINES)})
"""The reviewed words around a service's own."""

ANYTHING = (Intent.DISCLOSE_ABUSE, Intent.TALK_TO_HUMAN)
"""What a service may help with when nothing fits the need better."""

SEPARATOR = "\n\n"
MOST_NUMBERS = 3


class Showcase:
    """Chooses services and words them."""

    def __init__(
        self, directory: DirectoryService, catalogue: Catalogue, *, hide_expired: bool
    ) -> None:
        self._directory = directory
        self._catalogue = catalogue
        self._hide_expired = hide_expired

    def render(self, asked: ShowServices, locale: Locale, now: datetime) -> Rendered:
        """The message for what was `asked`, with buttons for more and for another place."""
        choice = self._choose(asked, locale, now)
        place, country = asked.place.name, asked.place.country
        ways = (CHANGE, f"intent:{Intent.HELP_MENU}", f"intent:{Intent.QUICK_EXIT}")
        if not choice.services:
            return self._catalogue.render(NONE, locale, {"place": place}, None, ways, country)
        more = (f"more:{asked.need}:{asked.page + 1}",) if choice.more else ()
        shown = self._catalogue.render(LIST, locale, {"place": place}, None, (), country)
        blocks = ("\n".join(self._block(service, locale, now)) for service in choice.services)
        below = self._catalogue.render(LIST, locale, {"place": place}, (), (*more, *ways), country)
        rows: tuple[tuple[Button, ...], ...] = (*shown.buttons, *below.buttons)
        return replace(shown, text=SEPARATOR.join((shown.text, *blocks)), buttons=rows)

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries (ISO 3166-1) of which there are services."""
        return self._directory.countries

    @property
    def needs(self) -> frozenset[str]:
        """The intents with which some service helps."""
        return self._directory.needs

    def entries(
        self, asked: ShowServices, locale: Locale, now: datetime, pages: int
    ) -> tuple[tuple[str, str], ...]:
        """The services of the first `pages`: name, and words as the person would read them."""
        found: dict[str, tuple[str, str]] = {}
        for page in range(1, pages + 1):
            for service in self._choose(replace(asked, page=page), locale, now).services:
                block = "\n".join(self._block(service, locale, now))
                found.setdefault(service.id, (service.name, block.removeprefix("• ")))
        return tuple(found.values())

    def _choose(self, asked: ShowServices, locale: Locale, now: datetime) -> Choice:
        needs = tuple(dict.fromkeys((asked.need, *ANYTHING))) if asked.need else ()
        query = Query(
            country=asked.place.country,
            at=now,
            needs=needs,
            languages=(locale,),
            region=asked.place.region or None,
            city=asked.place.city or None,
            hide_expired=self._hide_expired,
        )
        choice = self._directory.choose(query)
        seen: frozenset[str] = frozenset()
        for _ in range(asked.page - 1):
            seen |= {service.id for service in choice.services}
            choice = self._directory.choose(query, seen)
        return choice

    def _block(self, service: Service, locale: Locale, now: datetime) -> Iterator[str]:
        def line(name: str, **params: str) -> str:
            return self._catalogue.render(f"resources.line.{name}", locale, params).text

        yield f"• {service.name}"
        if about := service.description.get(locale):
            yield about
        for phone in service.phones[:MOST_NUMBERS]:
            yield line(f"phone.{phone.type}", number=_number(phone))
            if phone.message:
                yield line("message", message=phone.message)
            if phone.shows_on_bill is not None:
                yield line("phone.on_bill" if phone.shows_on_bill else "phone.off_bill")
        if service.chat_url:
            yield line("chat", address=service.chat_url)
        if service.email:
            yield line("email", address=service.email)
        if service.walk_in:
            yield line("walk_in")
        for address in () if service.is_secret else service.addresses[:1]:
            yield line("address", address=f"{address.address_1}, {address.city}")
        if not (service.phones or service.chat_url or service.email) and service.url:
            yield line("web", address=service.url)
        if service.cost in (Cost.FREE, Cost.PAID):
            yield line(f"cost.{service.cost}")
        match service.always_open, service.is_open(now):
            case True, _:
                yield line("open.always")
            case _, True:
                yield line("open.now")
            case _, False:
                yield line("open.closed")
        if service.languages:
            yield line("languages", languages=_languages(service, locale))
        if eligible := service.eligibility_description.get(locale):
            yield eligible
        how = "copied" if service.assurance is Assurance.COPY else "assured"
        yield line(how, date=month(service.assured_date, locale))
        if service.is_expired(now.date()):
            yield line("expired")


def _number(phone: Phone) -> str:
    return f"{phone.number} ({phone.extension})" if phone.extension else phone.number


def _languages(service: Service, locale: Locale) -> str:
    reader = BabelLocale.parse(locale, sep="-")
    names = reader.languages
    known = (names.get(tag.split("-")[0], tag) for tag in service.languages)
    return format_list(list(dict.fromkeys(known)), locale=reader)
