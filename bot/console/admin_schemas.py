"""The bodies about accounts, hours, settings and the rota."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from bot.console.schemas import AdvocateView, Choice
from bot.handoff.desks import Skill
from bot.staff.permissions import Role

Languages = Annotated[list[Annotated[str, Field(max_length=35)]], Field(max_length=20)]
Spans = Annotated[str, Field(max_length=120)]
Week = Annotated[dict[Annotated[str, Field(pattern="^[a-z]{3}$")], Spans], Field(max_length=7)]


class AccountView(AdvocateView):
    """An account. `capacity` null: as usual; `state` is invited until they joined."""

    role: Role
    languages: list[str]
    skills: list[Skill]
    capacity: int | None
    state: Literal["active", "invited", "disabled"]
    authenticator: bool
    passkeys: int
    me: bool


class StaffView(BaseModel):
    """All accounts, and what can be chosen for them."""

    accounts: list[AccountView]
    languages: list[str]
    skills: list[Skill]


class Invite(BaseModel):
    """Whom to invite."""

    name: str = Field(min_length=1, max_length=256)
    role: Role = Role.ADVOCATE
    languages: Languages = Field(default_factory=list)


class InvitationView(BaseModel):
    """A link that is shown this once."""

    name: str
    link: str


class AccountChange(BaseModel):
    """What an account is to be."""

    role: Role
    languages: Languages
    skills: list[Skill] = Field(max_length=20)
    capacity: int | None = Field(default=None, ge=1, le=50)


class HoursTable(BaseModel):
    """Opening hours by day (`mon` … `sun`), such as 09:00-12:00, 14:00-18:00. Null: none set."""

    zone: str = Field(max_length=64)
    hours: Week | None = None
    languages: dict[Annotated[str, Field(max_length=35)], Week] = Field(
        default_factory=dict, max_length=20
    )
    holidays: list[Annotated[str, Field(max_length=10)]] = Field(
        default_factory=list, max_length=200
    )


class HoursView(HoursTable):
    """The hours that hold, and the languages that may have their own."""

    spoken: list[str]


class SettingView(BaseModel):
    """A setting: minutes where `timed`. `value` null: as `usual`."""

    name: str
    value: int | None
    usual: int
    least: int
    most: int
    timed: bool


class SettingValues(BaseModel):
    """New values by name; null: as usual."""

    values: dict[Annotated[str, Field(max_length=64)], int | None] = Field(max_length=20)


class ShiftView(BaseModel):
    """Somebody is on."""

    id: UUID
    advocate: AdvocateView
    starts_at: datetime
    ends_at: datetime


class GapView(BaseModel):
    """Open, and nobody is on who speaks it."""

    locale: str
    starts_at: datetime
    ends_at: datetime


class RotaView(BaseModel):
    """The next days. `who`: those who may be put on."""

    shifts: list[ShiftView]
    gaps: list[GapView]
    who: list[Choice]


class NewShift(BaseModel):
    """Whom to put on, and when."""

    advocate_id: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime
