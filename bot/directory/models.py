"""An entry of the directory, with HSDS 3's names where it has one. `docs/directory.md` explains
every field.

An absent value means that it is not known: nothing is said about it, and nothing is ruled out.
"""

from datetime import date, datetime, time
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from bot.directory.fields import (
    Assurance,
    Clock,
    Cost,
    Day,
    Email,
    Group,
    Kind,
    Line,
    Name,
    PhoneType,
    Region,
    SourceKind,
    Status,
    Web,
    Weekday,
    Words,
    Zone,
)
from bot.directory.hours import covers, local


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Organization(_Part):
    """Who runs the service. Equal ones are the same organisation."""

    name: Name
    website: Web | None = None


class Phone(_Part):
    """A number as it was published: short ones stay short."""

    number: str = Field(min_length=2, max_length=40)
    type: PhoneType = PhoneType.VOICE
    message: Line | None = None
    shows_on_bill: bool | None = None
    languages: tuple[str, ...] = ()
    description: Words = Field(default_factory=dict)
    extension: str | None = Field(default=None, pattern=r"^\d{1,10}$")


class Schedule(_Part):
    """Hours on some days of the week, in the service's time zone.

    Closing at or before the opening means on the next day; from 00:00 to 00:00 is the whole day.
    """

    byday: tuple[Weekday, ...] = Field(min_length=1)
    opens_at: Clock
    closes_at: Clock
    valid_from: Day | None = None
    valid_to: Day | None = None

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.opens_at == self.closes_at != time(0):
            raise ValueError("opens and closes at the same time; mend one of them")
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError("`valid_to` is before `valid_from`; mend one of them")
        return self

    def is_open(self, at: datetime) -> bool:
        """Whether these hours hold at the local wall-clock time `at`."""
        return covers(self.byday, self.opens_at, self.closes_at, self.valid_from, self.valid_to, at)


class Address(_Part):
    """A public place that people may walk into."""

    address_1: Line
    city: Line
    region: Region | None = None
    postal_code: Line | None = None


class ServiceArea(_Part):
    """Where people live whom it serves. `region` is an ISO 3166-2 code."""

    name: Line
    region: Region | None = None
    city: Line | None = None


class Service(_Part):
    """One way to get help. It cannot hold an address when its place must not be known."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    country: str = Field(pattern=r"^[A-Z]{2}$")
    name: Name
    kind: Kind
    confidential: bool = False
    organization: Organization
    description: Words = Field(default_factory=dict)
    alternate_name: Name | None = None
    url: Web | None = None
    needs: tuple[str, ...] = Field(min_length=1)
    phones: tuple[Phone, ...] = ()
    chat_url: Web | None = None
    email: Email | None = None
    walk_in: bool | None = None
    addresses: tuple[Address, ...] = ()
    languages: tuple[str, ...]
    interpretation_services: Words = Field(default_factory=dict)
    serves: tuple[Group, ...] = ()
    excludes: tuple[Group, ...] = ()
    eligibility_description: Words = Field(default_factory=dict)
    minimum_age: int | None = Field(default=None, ge=0, le=120)
    maximum_age: int | None = Field(default=None, ge=0, le=120)
    accessibility: Words = Field(default_factory=dict)
    cost: Cost | None = None
    fees_description: Words = Field(default_factory=dict)
    application_process: Words = Field(default_factory=dict)
    always_open: bool = False
    timezone: Zone | None = None
    schedules: tuple[Schedule, ...] = ()
    service_areas: tuple[ServiceArea, ...] = ()
    status: Status = Status.ACTIVE
    source_url: Web
    source_kind: SourceKind
    assurance: Assurance
    assured_date: Day
    expires_on: Day
    notes: str = ""

    @field_validator("walk_in", "addresses")
    @classmethod
    def _keep_the_place_secret(cls, value: object, info: ValidationInfo) -> object:
        secret = info.data.get("confidential") or info.data.get("kind") in (Kind.SHELTER, None)
        if value and secret:
            raise ValueError("its place must not be known; take this out")
        return value

    @field_validator("schedules")
    @classmethod
    def _have_a_zone(
        cls, schedules: tuple[Schedule, ...], info: ValidationInfo
    ) -> tuple[Schedule, ...]:
        if schedules and info.data.get("always_open"):
            raise ValueError("it is always open; take out `schedules`, or `always_open`")
        if schedules and "timezone" in info.data and info.data["timezone"] is None:
            raise ValueError("hours without a time zone; add `timezone`, such as Europe/London")
        return schedules

    @property
    def is_secret(self) -> bool:
        """Whether its place must not be known."""
        return self.confidential or self.kind is Kind.SHELTER

    @property
    def works_without_call(self) -> bool:
        """Whether one can reach it without speaking on a phone."""
        written = any(p.type not in (PhoneType.VOICE, PhoneType.VIDEO) for p in self.phones)
        return bool(written or self.chat_url or self.email or self.walk_in)

    def is_open(self, at: datetime) -> bool | None:
        """Whether it is open at the aware instant `at`; None where the hours are not known."""
        if self.always_open:
            return True
        if not self.schedules or self.timezone is None:
            return None
        here = local(at, self.timezone)
        return any(schedule.is_open(here) for schedule in self.schedules)

    def is_expired(self, today: date) -> bool:
        """Whether it must be confirmed anew before anybody relies on it."""
        return today >= self.expires_on
