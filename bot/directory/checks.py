"""All that can be found wrong with the directory without calling anybody."""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from babel import Locale

from bot.directory.fields import PhoneType
from bot.directory.models import Service
from bot.directory.plain import Loc
from bot.directory.reading import Directory, read_directory
from bot.finding import Finding

LONGEST_LIFE = timedelta(days=731)
"""An entry must be confirmed anew after two years at most."""

MAX_SHOWN = 1200
"""Characters of what is shown of an entry in one language: three of them, with the bot's own words
around them, fit a message of 4,096 characters, Telegram's limit (core.telegram.org/bots/api)."""

PROSE = (
    *("description", "interpretation_services", "eligibility_description", "accessibility"),
    *("fees_description", "application_process"),
)

NO_COUNTRY = "XX"
"""The country of the examples: ISO 3166 leaves it to its users."""

Problems = Iterator[tuple[Loc, str, str]]

_SIGN = re.compile(r"sgn(-[A-Z]{2})?")
_TAG = re.compile(r"([a-z]{2,3})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|\d{3}))?")
_NUMBER = re.compile(r"\+?[0-9A-Z#*()./ –-]+")
_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+);")
_INVISIBLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_STREETS = (
    r"\b\d{1,5}[a-z]?,? (?:[\w'’.-]+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|drive|square)\b",
    r"\b(?:calle|avenida|rue|avenue|boulevard|rua|viale|ulica) [\w'’ .-]{2,40}?,? ?\d",
    r"\bvia (?!telefon|whatsapp|chat|sms|e-?mail)[\w'’ .-]{2,40}?,? ?\d",
    r"\b[\w-]+(?:straße|strasse|gasse|weg|platz|straat|gatan|gata|vej|veien|katu) \d",
    r"شارع \S+",
    r"गली (?:नंबर|नं)",
)
_PLACE = re.compile("|".join(_STREETS), re.IGNORECASE)
_MAP = re.compile(
    r"(?i)(?:maps\.google\.|google\.[a-z.]+/maps|goo\.gl/maps|maps\.app\.goo\.gl|maps\.apple\.com"
    r"|openstreetmap\.org|waze\.com|what3words\.com|///[a-z]+\.[a-z]+\.[a-z]+"
    r"|\bgeo:|-?\d{1,2}\.\d{4,}, ?-?\d{1,3}\.\d{4,})"
)


def check(
    folder: Path,
    today: date,
    needs: Collection[str],
    *,
    overlay: Path | None = None,
) -> list[Finding]:
    """Every fault of the directory in `folder` on the day `today`, in the order of the files.

    `needs` are the names that an entry's `needs` may hold. Examples are checked like all others.
    Never raises for what is in the files.
    """
    directory, findings = read_directory(folder, overlay, examples=True)
    for service in directory.services.values():
        findings += faults(directory, service, today, needs)
    return sorted(set(findings))


def expired(folder: Path, today: date, *, overlay: Path | None = None) -> list[Finding]:
    """Every entry that must be confirmed anew. Time passes by itself: no file is at fault."""
    directory, _ = read_directory(folder, overlay)
    mend = "look again, then renew `assured_date` and `expires_on`"
    return sorted(
        Finding(
            str(directory.files[service.id]),
            directory.line(service.id, "expires_on"),
            service.id,
            f"expired on {service.expires_on}",
            mend,
        )
        for service in directory.services.values()
        if service.is_expired(today)
    )


def faults(
    directory: Directory, service: Service, today: date, needs: Collection[str]
) -> Iterator[Finding]:
    """What is wrong with one entry that could be read."""
    problems = [problem for rule in RULES for problem in rule(service)]
    problems += [*_age(service, today), *_needs(service, needs)]
    for loc, problem, mend in problems:
        line = directory.line(service.id, *loc)
        yield Finding(str(directory.files[service.id]), line, service.id, problem, mend)


def _age(service: Service, today: date) -> Problems:
    assured, expires = service.assured_date, service.expires_on
    if assured > today:
        yield ("assured_date",), f"was assured in the future, on {assured}", "mend the date"
    if expires <= assured:
        yield ("expires_on",), "expires before it was assured", "mend one of the dates"
    elif expires - assured > LONGEST_LIFE:
        mend = f"write {assured + LONGEST_LIFE} at the latest"
        yield ("expires_on",), "is believed for more than two years", mend


def _needs(service: Service, known: Collection[str]) -> Problems:
    for at, need in enumerate(service.needs):
        if need not in known:
            yield ("needs", at), f"helps with the unknown “{need}”", "write the name of an intent"


def country(service: Service) -> Problems:
    """It stands in the folder of a country, and its id begins with it."""
    known = service.country == NO_COUNTRY or service.country in _names().territories
    if not known:
        yield (), f"stands in the unknown country {service.country.lower()}", "mend the folder"
    elif not service.id.startswith(f"{service.country.lower()}-"):
        mend = f"let it begin with {service.country.lower()}-"
        yield (), "has an id that does not begin with its country", mend
    regions = [("service_areas", i, area.region) for i, area in enumerate(service.service_areas)]
    regions += [("addresses", i, place.region) for i, place in enumerate(service.addresses)]
    for field, at, region in regions:
        if region and not region.startswith(f"{service.country}-"):
            mend = f"let it begin with {service.country}-"
            yield (field, at, "region"), f"{region} is not in this country", mend


def reach(service: Service) -> Problems:
    """There is a way to reach it, and its numbers can be dialled."""
    written = service.chat_url or service.email
    if not (service.phones or written or service.walk_in or service.addresses or service.url):
        yield (), "cannot be reached in any way", "add `phones`, `chat_url`, `email` or `url`"
    seen: set[tuple[str, PhoneType, str | None]] = set()
    for at, phone in enumerate(service.phones):
        here: Loc = ("phones", at, "number")
        digits = sum(c.isascii() and c.isalnum() for c in phone.number)
        if not _NUMBER.fullmatch(phone.number):
            mend = "write the number alone; what else there is to say goes to `description`"
            yield here, f"“{phone.number}” is no phone number", mend
        elif digits > 15:
            yield here, f"“{phone.number}” is too long", "write one number an entry of the list"
        elif phone.number.startswith("+") and digits < 7:
            yield here, f"“{phone.number}” is too short", "write short numbers without a +"
        elif digits < 2:
            yield here, f"“{phone.number}” is no phone number", "write it as it was published"
        if (phone.number, phone.type, phone.message) in seen:
            yield here, "is there twice", "remove one"
        seen.add((phone.number, phone.type, phone.message))
        if phone.message and phone.type not in (PhoneType.TEXT, PhoneType.WHATSAPP):
            mend = "set `type: text`, or take the word out"
            yield ("phones", at, "message"), "a word to text, on a number to call", mend


def people(service: Service) -> Problems:
    """It does not both serve and turn away the same people."""
    for group in service.serves:
        if group in service.excludes:
            yield ("excludes",), f"serves and excludes {group}", "take one out"
    low, high = service.minimum_age, service.maximum_age
    if low is not None and high is not None and low > high:
        yield ("maximum_age",), "nobody has this age", "mend one of the two"


def languages(service: Service) -> Problems:
    """All language tags exist, also those of its words."""
    tags: list[tuple[Loc, str]] = [(("languages", i), t) for i, t in enumerate(service.languages)]
    for field in PROSE:
        tags += [((field, tag), tag) for tag in getattr(service, field)]
    for at, phone in enumerate(service.phones):
        tags += [(("phones", at, "languages", i), tag) for i, tag in enumerate(phone.languages)]
        tags += [(("phones", at, "description", tag), tag) for tag in phone.description]
    for loc, tag in tags:
        if not is_language(tag):
            yield loc, f"“{tag}” is no language", "write its BCP-47 tag, such as en or pt-BR"


def words(service: Service) -> Problems:
    """What is shown is plain text, and three entries fit a message."""
    for loc, text in _texts(service):
        for tag in dict.fromkeys(_HTML.findall(text)):
            yield loc, f"contains the markup {tag}", "write plain text; it is shown as it is"
        for char in dict.fromkeys(_INVISIBLE.findall(text)):
            yield loc, f"contains the invisible character U+{ord(char):04X}", "take it out"
    for locale, length in _lengths(service).items():
        if length > MAX_SHOWN:
            problem = f"{length} characters in “{locale}”, at most {MAX_SHOWN} fit"
            yield ("description", locale), problem, "say less"


def place(service: Service) -> Problems:
    """Nothing tells where a place is that must not be known."""
    if not service.is_secret:
        return
    for loc, text in _texts(service):
        if _PLACE.search(text) or _MAP.search(text):
            yield loc, "tells where a secret place is", "take the address out"


def is_language(tag: str) -> bool:
    """Whether `tag` is a BCP-47 tag of parts that Unicode's CLDR names.

    CLDR knows hardly any sign language; those are written `sgn-` and the country.
    """
    if _SIGN.fullmatch(tag):
        return True
    parts = _TAG.fullmatch(tag)
    if parts is None:
        return False
    names = _names()
    return (
        parts[1] in names.languages
        and (parts[2] is None or parts[2] in names.scripts)
        and (parts[3] is None or parts[3] in names.territories)
    )


@cache
def _names() -> Locale:
    return Locale.parse("en")


def _texts(service: Service) -> Iterator[tuple[Loc, str]]:
    yield ("name",), service.name
    yield ("organization", "name"), service.organization.name
    plain = ("alternate_name", "url", "chat_url", "email", "source_url", "notes")
    for field in plain:
        if value := getattr(service, field):
            yield (field,), value
    if service.organization.website:
        yield ("organization", "website"), service.organization.website
    for field in PROSE:
        for locale, text in getattr(service, field).items():
            yield (field, locale), text
    for at, phone in enumerate(service.phones):
        for locale, text in phone.description.items():
            yield ("phones", at, "description", locale), text
        if phone.message:
            yield ("phones", at, "message"), phone.message
    for at, area in enumerate(service.service_areas):
        yield ("service_areas", at, "name"), area.name


def _lengths(service: Service) -> dict[str, int]:
    always = len(service.name) + len(service.organization.name)
    always += sum(len(p.number) + len(p.message or "") for p in service.phones)
    always += sum(len(u) for u in (service.url, service.chat_url, service.email) if u)
    always += sum(len(a.address_1) + len(a.city) for a in service.addresses)
    spoken = {locale for field in PROSE for locale in getattr(service, field)}
    return {
        locale: always
        + sum(len(getattr(service, field).get(locale, "")) for field in PROSE)
        + sum(len(phone.description.get(locale, "")) for phone in service.phones)
        for locale in sorted(spoken)
    } or {"en": always}


RULES: tuple[Callable[[Service], Problems], ...] = (
    country,
    reach,
    people,
    languages,
    words,
    place,
)
