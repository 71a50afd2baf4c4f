"""A handoff: one person, one advocate, from the queue to the end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.ids import AdvocateId, ConversationId, HandoffId


class HandoffState(StrEnum):
    """Where a handoff stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    CLOSED = "closed"


URGENT = 0
NORMAL = 1
"""Priorities as the queue orders them: danger first, then time waited."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """A person in the queue or with an advocate.

    `pseudonym` is all the console knows them by. `queued_at` never changes: a handoff that comes
    back has its old place. `lease_until` is how long the advocate's silence is still taken for
    presence. `topic` is an intent's name where the person agreed to share it, else empty. Neither
    it nor `locale` is stored in the clear: from the table comes `sealed_topic`, and both are empty
    until `bot.conversation.opening` fills them in.
    """

    id: HandoffId
    conversation_id: ConversationId
    state: HandoffState
    priority: int
    locale: str
    topic: str
    pseudonym: str
    queued_at: datetime
    advocate_id: AdvocateId | None = None
    claimed_at: datetime | None = None
    lease_until: datetime | None = None
    closed_at: datetime | None = None
    sealed_topic: bytes | None = None


@dataclass(frozen=True, slots=True)
class ConsoleEvent:
    """Something the console should look at again. It names ids only.

    `kind` is ``handoff.waiting``, ``handoff.claimed``, ``handoff.returned``, ``handoff.closed``,
    ``message``, ``alert.raised``, ``alert.acknowledged`` or ``alert.all_clear``; `subject` is the
    handoff's or the alert's id.
    """

    id: int
    kind: str
    subject: str
    created_at: datetime
