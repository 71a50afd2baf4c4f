"""A check-in and the alert it may raise. Each ends once: confirmed, cancelled or escalated."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bot.ids import AdvocateId, AlertId, CheckinId, ConversationId


class Phase(StrEnum):
    """Where a check-in stands."""

    SCHEDULED = "scheduled"
    AWAITING_REPLY = "awaiting_reply"
    PAUSED = "paused"
    MISSED = "missed"
    CONTACTED = "contacted"
    """The trusted contact was told; without an answer, the advocates are, too."""
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    ESCALATED = "escalated"


LIVE = frozenset({Phase.SCHEDULED, Phase.AWAITING_REPLY})
"""From these a check-in can still end. One that is paused can go on, or be cancelled."""

KEPT = LIVE | {Phase.PAUSED, Phase.MISSED, Phase.CONTACTED}
"""For these a conversation is kept, whatever was deleted. A missed one waits to be told of."""


@dataclass(frozen=True, slots=True)
class Checkin:
    """One agreed check. `plan` is sealed, and empty once nothing of it is needed any more.

    `asked_at` is when the person was asked, or None.
    """

    id: CheckinId
    conversation_id: ConversationId
    phase: Phase
    due_at: datetime
    plan: bytes
    created_at: datetime
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who was invited to be told, or accepted. Neither side is named.

    The indexes are keyed hashes: of who invited, of who accepted (None before), and of the link's
    token (None afterwards). `for_owner` is sealed for who invited, `for_guest` for who accepted,
    and before that by the token. `tries` counts wrong codes. `expires_at` is of the invitation;
    None once it was accepted.
    """

    id: UUID
    owner_index: bytes
    for_owner: bytes
    for_guest: bytes
    token_index: bytes | None = None
    guest_index: bytes | None = None
    tries: int = 0
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """An escalated check-in, to be acknowledged by exactly one advocate.

    `all_clear_at` is when the person said that they are well after all. `locale` is not stored:
    the conversation knows it, and `bot.conversation.opening` fills it in. So it does with `note`:
    what the person wanted the advocates to know in this case; empty once the plan is gone.
    `louder` counts how often it was told again that nobody had acknowledged it.
    """

    id: AlertId
    checkin_id: CheckinId
    conversation_id: ConversationId
    reason: str
    locale: str
    raised_at: datetime
    acknowledged_by: AdvocateId | None = None
    acknowledged_at: datetime | None = None
    all_clear_at: datetime | None = None
    louder: int = 0
    note: str = ""
