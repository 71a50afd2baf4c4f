"""The API's bodies. Of a person they hold a pseudonym, and what the person agreed to share."""

import unicodedata
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import AfterValidator, BaseModel, Field

from bot.history.models import Author, Delivery
from bot.staff.passwords import MIN_LENGTH
from bot.staff.permissions import Role

LONGEST_TEXT = 4000


def _sayable(text: str) -> str:
    """Text that every channel can carry: no half characters, no control characters but newlines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise ValueError("write something")
    if any(unicodedata.category(c) in {"Cs", "Cc"} and c not in "\n\t" for c in text):
        raise ValueError("control characters and half surrogates cannot be sent")
    return text


Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), AfterValidator(_sayable)]


class SignIn(BaseModel):
    """`totp` is the six digits that the authenticator app shows."""

    name: str = Field(min_length=1, max_length=256)
    password: str = Field(min_length=1, max_length=1024)
    totp: str = Field(min_length=1, max_length=32)


class SessionView(BaseModel):
    """Who signed in."""

    name: str
    role: Role


class Me(SessionView):
    """Who one is and what one may do. `now` is the server's clock, `claim_ttl` in seconds."""

    id: UUID
    languages: list[str]
    permissions: list[str]
    now: datetime
    claim_ttl: float


class InvitationToken(BaseModel):
    """What stands behind the `#` of an invitation link."""

    token: str = Field(min_length=1, max_length=128)


class EnrolmentView(BaseModel):
    """What an invited advocate's authenticator needs."""

    name: str
    secret: str
    otpauth: str
    min_password: int = MIN_LENGTH


class Join(InvitationToken):
    """Using an invitation."""

    password: str = Field(min_length=1, max_length=1024)
    totp: str = Field(min_length=1, max_length=32)


class AdvocateView(BaseModel):
    """A member of the staff."""

    id: UUID
    name: str


class ColleagueView(AdvocateView):
    """Somebody to hand a person to; `here` when their console is open."""

    languages: list[str]
    here: bool


class HandoffView(BaseModel):
    """A person in the queue, or with an advocate.

    `topic` is an intent's name and `topic_label` its words, both empty where the person did not
    share it. `place` counts from 1 and is null unless waiting.
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


class MessageView(BaseModel):
    """One message. `text` is null once it has vanished; at `delete_at` it will have."""

    id: UUID
    seq: int
    author: Author
    text: str | None
    delivery: Delivery
    created_at: datetime
    delete_at: datetime


class NewMessage(BaseModel):
    """`id` is the console's own: a message sent again under the same id is one message."""

    id: UUID = Field(default_factory=uuid4)
    text: Text


class MessageRef(BaseModel):
    """The id of a message that was taken in."""

    id: UUID


class Transfer(BaseModel):
    """`to` is the id of an advocate."""

    to: UUID


class AlertView(BaseModel):
    """A check-in that needs an advocate. `handoff_id` and `pseudonym`: the person, while open.

    `note` is what they wanted advocates to know in this case, in their own words, or null.
    `outcome` is what came of it, or empty.
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
    """What an advocate has at hand. `risk`: the danger they named, if shared; ttl in seconds."""

    locale: str
    message_ttl: float
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
