"""The API's bodies. Of a person they hold a pseudonym, and what the person agreed to share."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID, uuid4

from pydantic import AfterValidator, BaseModel, Field, model_validator

from bot.handoff.desks import Duty, Skill
from bot.history.models import Author, Delivery
from bot.staff.passwords import MIN_LENGTH
from bot.staff.permissions import Role

LONGEST_TEXT = 4000
LONGEST_NOTE = 1000

MOST = 50
"""People at once: no desk is set to more (as in `Settings.capacity`)."""


def _sayable(text: str) -> str:
    """Text that every channel can carry: no half characters, no control characters but newlines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise ValueError("write something")
    if any(unicodedata.category(c) in {"Cs", "Cc"} and c not in "\n\t" for c in text):
        raise ValueError("control characters and half surrogates cannot be sent")
    return text


def _sayable_or_empty(text: str) -> str:
    return _sayable(text) if text.strip() else ""


Note = Annotated[str, Field(max_length=LONGEST_NOTE), AfterValidator(_sayable_or_empty)]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), AfterValidator(_sayable)]


class SessionView(BaseModel):
    """Who signed in."""

    name: str
    role: Role


class Me(SessionView):
    """Who one is and what one may do. `now` is the server's clock, the others are seconds.

    After `idle_lock_after` without a touch the page should lock the session; 0: never.
    A person without an answer for `silence_after` is one too long; a block lasts `block_ttl`.
    """

    id: UUID
    languages: list[str]
    permissions: list[str]
    now: datetime
    claim_ttl: float
    idle_lock_after: float
    locked: bool
    silence_after: float
    block_ttl: float


class InvitationToken(BaseModel):
    """What stands behind the `#` of an invitation link."""

    token: str = Field(min_length=1, max_length=128)


class EnrolmentView(BaseModel):
    """What an invited advocate's authenticator, or the browser for a passkey, needs."""

    name: str
    secret: str
    otpauth: str
    passkey: dict[str, Any] | None
    min_password: int = MIN_LENGTH


class AdvocateView(BaseModel):
    """A member of the staff."""

    id: UUID
    name: str


class ColleagueView(AdvocateView):
    """Somebody to hand a person to; `here` when their console is open.

    `room` is how many more people they are offered.
    """

    languages: list[str]
    here: bool
    duty: Duty
    skills: list[Skill]
    room: int


class DeskView(BaseModel):
    """One's own desk. `capacity` is null for the usual one; `room`: how many more are offered.

    `set_by`: the supervisor who set `duty`, or null where one did.
    """

    duty: Duty
    set_by: AdvocateView | None
    capacity: int | None
    usual: int
    holds: int
    room: int
    skills: list[Skill]
    choices: list["Choice"]


class DeskChange(BaseModel):
    """What to change of one's desk; what is left out stays. `capacity` 0 is the usual one."""

    duty: Duty | None = None
    capacity: int | None = Field(default=None, ge=0, le=MOST)
    skills: list[Skill] | None = Field(default=None, max_length=len(Skill))


class DutyChange(BaseModel):
    """What to set on somebody else's desk."""

    duty: Duty


class HandoffView(BaseModel):
    """A person in the queue, or with an advocate.

    `topic` is an intent's name and `topic_label` its words, both empty where the person did not
    share it. `place` counts from 1 and is null unless waiting; before `ready_at` they asked not to
    be written to. `passing`: whoever has them wants somebody to take over, and `asked` if that may
    be oneself. `supporting`: one is the second advocate. `unanswered_since`: they wait for a word.
    `louder` counts how often it was told again that nobody has taken on somebody in danger.
    """

    id: UUID
    state: Literal["waiting", "claimed", "closed"]
    pseudonym: str
    priority: Literal["urgent", "normal"]
    locale: str
    topic: str
    topic_label: str
    place: int | None
    queued_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    mine: bool
    advocate: AdvocateView | None
    ready_at: datetime | None
    skill: str
    skill_label: str
    passing: bool
    passing_to: AdvocateView | None
    asked: bool
    support: AdvocateView | None
    supporting: bool
    unanswered_since: datetime | None
    louder: int = 0


class OfferView(BaseModel):
    """Whom one is asked to take on, until when before the others; or nobody."""

    handoff: HandoffView | None
    until: datetime | None


class NextView(BaseModel):
    """Whom one has taken on; null where nobody waits for one, or one has enough to do."""

    handoff: HandoffView | None


class FrontView(BaseModel):
    """The front of the queue, all that concerns oneself, and how many there are in all."""

    waiting: list[HandoffView]
    waiting_count: int
    claimed: list[HandoffView]
    claimed_count: int


class MessageView(BaseModel):
    """One message. `text` is null once it has vanished; at `delete_at` it will have.

    `by`: the colleague who wrote it; null for one's own, the bot's and the person's.
    """

    id: UUID
    seq: int
    author: Author
    text: str | None
    delivery: Delivery
    created_at: datetime
    delete_at: datetime
    by: AdvocateView | None = None


class NewMessage(BaseModel):
    """`id` is the console's own: a message sent again under the same id is one message."""

    id: UUID = Field(default_factory=uuid4)
    text: Text


class MessageRef(BaseModel):
    """The id of a message that was taken in."""

    id: UUID


class Reassign(BaseModel):
    """`to` is the id of an advocate; null: back to the person's old place in the queue."""

    to: UUID | None


class Transfer(BaseModel):
    """Whom to hand a person to: `to`, an advocate's id, or anybody with `skill`.

    `note` is for advocates alone. `warm`: one stays until they take over.
    """

    to: UUID | None = None
    skill: Skill | None = None
    note: Note = ""
    warm: bool = False

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if (self.to is None) is (self.skill is None):
            raise ValueError("name an advocate or a skill, and not both")
        return self


class Support(BaseModel):
    """`advocate` is the id of the second advocate."""

    advocate: UUID


class Close(BaseModel):
    """Why it ends; kept as a count only."""

    reason: Literal["finished", "referred", "no_reply", "abusive", "other"] = "finished"


class AlertView(BaseModel):
    """A check-in that needs an advocate. `handoff_id` and `pseudonym`: the person, while open.

    `note` is what they wanted advocates to know in this case, in their own words, or null.
    `outcome` is what came of it, or empty. `louder` counts how often it was told again that nobody
    has acknowledged it.
    """

    id: UUID
    reason: str
    reason_label: str
    locale: str
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: AdvocateView | None
    all_clear_at: datetime | None
    mine: bool
    handoff_id: UUID | None
    pseudonym: str | None
    note: str | None
    outcome: str = ""
    louder: int = 0


class Outcome(BaseModel):
    """What came of an alert."""

    outcome: Literal["safe", "help", "unreached"]


class Draft(BaseModel):
    """What was typed and not sent."""

    text: str = Field(max_length=LONGEST_TEXT)


class PhraseView(BaseModel):
    """A phrase in the person's language, and what it means where that is not the advocate's."""

    name: str
    text: str
    meaning: str


class Choice(BaseModel):
    """Something to choose."""

    id: str
    label: str


class HandView(BaseModel):
    """What an advocate has at hand. `risk`: the danger they named, if shared; ttl in seconds.

    `cover` is all that a quiet phone shows while something is held. `may_stay_longer`: one may ask.
    """

    locale: str
    cover: str
    message_ttl: float
    may_stay_longer: bool
    risk: str
    phrases: list[PhraseView]
    countries: list[Choice]
    country: str
    needs: list[Choice]


class ServiceView(BaseModel):
    """A service; `text` is how the bot would word it."""

    name: str
    text: str


class BoardView(BaseModel):
    """Who waits, who has whom, who is here, and how many alerts nobody took on."""

    now: datetime
    waiting: list[HandoffView]
    claimed: list[HandoffView]
    staff: list[ColleagueView]
    alerts: int


class Figure(BaseModel):
    """A count; null where it is small."""

    kind: str
    name: str
    label: str
    count: int | None


class FiguresView(BaseModel):
    """Counts, in steps of `fewest`."""

    fewest: int
    figures: list[Figure]


class AuditLineView(BaseModel):
    """One line of the log. `link` chains it to the line before."""

    seq: int
    at: datetime
    advocate: str
    act: str
    subject: UUID | None
    link: str


class AuditView(BaseModel):
    """The log; `broken_at` is the first line that is not what it was, or null."""

    lines: list[AuditLineView]
    broken_at: int | None


class Acknowledged(BaseModel):
    """`handoff_id` is the person's handoff, now with whoever acknowledged if it still waited."""

    handoff_id: UUID | None
