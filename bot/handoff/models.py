"""A handoff: one person, one advocate, from the queue to the end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.ids import AdvocateId, ConversationId, HandoffId


class HandoffState(StrEnum):
    """Where a handoff stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    CLOSED = "closed"


class CloseKind(StrEnum):
    """How a handoff ended, as it is counted. An advocate chooses among `BY_ADVOCATE`."""

    FINISHED = "finished"
    REFERRED = "referred"
    NO_REPLY = "no_reply"
    ABUSIVE = "abusive"
    OTHER = "other"
    LEFT = "left"


BY_ADVOCATE = frozenset(CloseKind) - {CloseKind.LEFT}

URGENT = 0
NORMAL = 1
"""Priorities as the queue orders them: danger first, then time waited."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """A person in the queue or with an advocate.

    `pseudonym` is all the console knows them by. `queued_at` never changes: a handoff that comes
    back has its old place. `lease_until` is how long the advocate's page may be gone and still
    count as there. `topic` is an intent's name where the person agreed to share it, else empty.
    `skill` is what an advocate should bring. None of these two, nor `locale`, is stored in the
    clear: from the table come the sealed ones, and the others are empty until
    `bot.conversation.opening` fills them in.

    `rank_at` orders the queue, and `ready_at` is when the person may be taken on: later than
    `queued_at` only where they asked to be called back. While `passing`, the holder wants somebody
    to take over, `passing_to` or anybody with `skill`, and stays until then. `support_id` is a
    second advocate who helps. `unanswered_since` is when the advocate was left with the word.
    Until `offered_until`, `offered_to` is asked before the others to take the person on.
    `louder` counts how often it was told again that nobody had taken on somebody in danger.
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
    rank_at: datetime | None = None
    ready_at: datetime | None = None
    skill: str = ""
    sealed_skill: bytes | None = None
    passing: bool = False
    passing_to: AdvocateId | None = None
    support_id: AdvocateId | None = None
    unanswered_since: datetime | None = None
    told_place: int = 0
    close_reason: str = ""
    offered_to: AdvocateId | None = None
    offered_until: datetime | None = None
    louder: int = 0

    def is_open_to(self, advocate_id: AdvocateId) -> bool:
        """Whether the advocate is in the conversation now: holds it, or supports who does."""
        return self.state is HandoffState.CLAIMED and advocate_id in (
            self.advocate_id,
            self.support_id,
        )

    def asks(self, advocate_id: AdvocateId, skills: Collection[str]) -> bool:
        """Whether the holder asks this advocate to take over."""
        if not self.passing or self.advocate_id == advocate_id:
            return False
        return advocate_id == self.passing_to if self.passing_to else self.skill in skills


def rank(priority: int, queued_at: datetime, urgent_ahead: timedelta) -> datetime:
    """What orders the queue: danger counts as having waited `urgent_ahead` longer.

    So danger goes first, nobody starves, and who came later never overtakes their like.
    """
    return queued_at - urgent_ahead if priority == URGENT else queued_at


@dataclass(frozen=True, slots=True)
class ConsoleEvent:
    """Something the console should look at again. It names ids only.

    `kind` is ``handoff.waiting``, ``handoff.claimed``, ``handoff.returned``, ``handoff.closed``,
    ``handoff.changed`` (look again), ``handoff.passing`` (somebody is to take over),
    ``handoff.silent`` (the advocate has not answered), ``handoff.unanswered`` (nor after the
    nudge: a supervisor should look), ``handoff.overdue`` (somebody in danger whom nobody takes on),
    ``message``, ``alert.raised``, ``alert.acknowledged``, ``alert.unheeded`` (nobody has
    acknowledged it yet), ``alert.all_clear`` or ``desk``; `subject` is the handoff's, the
    alert's or the advocate's id.
    """

    id: int
    kind: str
    subject: str
    created_at: datetime
