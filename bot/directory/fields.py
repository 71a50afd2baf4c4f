"""The kinds of values in an entry of the directory. Whatever is refused names the mend."""

import re
from datetime import date, time
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


class Kind(StrEnum):
    """What a service is, as far as that decides how it may be shown."""

    HELPLINE = "helpline"
    EMERGENCY = "emergency"
    SHELTER = "shelter"
    CENTRE = "centre"
    ONLINE = "online"
    PROGRAMME = "programme"


class Group(StrEnum):
    """Whom a service is for, or not for."""

    WOMEN = "women"
    MEN = "men"
    CHILDREN = "children"
    TEENAGERS = "teenagers"
    OLDER_PEOPLE = "older_people"
    LGBTQ = "lgbtq"
    TRANS = "trans"
    DISABLED_PEOPLE = "disabled_people"
    DEAF_PEOPLE = "deaf_people"
    MIGRANTS = "migrants"
    WITHOUT_PAPERS = "without_papers"
    INDIGENOUS = "indigenous"
    PETS = "pets"
    FRIENDS_AND_FAMILY = "friends_and_family"
    PARTNERS_WHO_HARM = "partners_who_harm"


class PhoneType(StrEnum):
    """How a number is used: HSDS's types, and WhatsApp, which HSDS does not know."""

    VOICE = "voice"
    TEXT = "text"
    WHATSAPP = "whatsapp"
    TEXTPHONE = "textphone"
    VIDEO = "video"


class Cost(StrEnum):
    """What a person pays. Absent where it is not known."""

    FREE = "free"
    PAID = "paid"
    VARIES = "varies"


class Status(StrEnum):
    """HSDS's `service.status`."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


class SourceKind(StrEnum):
    """Who says so."""

    OWN_SITE = "own_site"
    GOVERNMENT = "government"
    INTERGOVERNMENTAL = "intergovernmental"
    PRESS = "press"
    OTHER = "other"


class Assurance(StrEnum):
    """How it was last made sure: told by the service, read on its page, read in a stored copy."""

    CONFIRMED = "confirmed"
    PAGE = "page"
    COPY = "copy"


class Weekday(StrEnum):
    """iCalendar's names of the days, as in HSDS's `schedule.byday`; in the order of the week."""

    MONDAY = "MO"
    TUESDAY = "TU"
    WEDNESDAY = "WE"
    THURSDAY = "TH"
    FRIDAY = "FR"
    SATURDAY = "SA"
    SUNDAY = "SU"


def _web(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise ValueError("not a web address; write https://…") from None
    if parts.scheme not in ("http", "https") or "." not in host or re.search(r"\s", url):
        raise ValueError("not a web address; write https://…")
    if parts.username is not None:
        raise ValueError("holds a user name; take it out")
    return url


def _email(address: str) -> str:
    if not _EMAIL.fullmatch(address):
        raise ValueError("not an e-mail address; write name@example.org")
    return address


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("not a time zone; write one such as Europe/London") from None
    return name


def _clock(value: object) -> object:
    if not isinstance(value, str):
        return value
    read = _CLOCK.fullmatch(value)
    if read is None or (read[1] == "24" and read[2] != "00"):
        raise ValueError("not a time; write hours and minutes such as 09:30")
    return time(int(read[1]) % 24, int(read[2]))


def _day(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not _DAY.fullmatch(value):
        raise ValueError("not a date; write it such as 2026-11-30")
    return date.fromisoformat(value)


def _region(code: str) -> str:
    if not _REGION.fullmatch(code):
        raise ValueError("not a region; write its ISO 3166-2 code such as GB-SCT")
    return code


Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\r\n]*$")]
"""Some words on one line."""

Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\r\n]*$")]
Prose = Annotated[str, Field(min_length=1, max_length=400)]

Words = dict[str, Prose]
"""What people read, by BCP-47 language: nobody is shown a language that they do not read."""

Web = Annotated[str, Field(max_length=500), AfterValidator(_web)]
Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
Zone = Annotated[str, AfterValidator(_zone)]
Clock = Annotated[time, BeforeValidator(_clock)]
Day = Annotated[date, BeforeValidator(_day)]
Region = Annotated[str, AfterValidator(_region)]
