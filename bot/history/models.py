"""Messages: what was said, how far it got, and when it must be gone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.ids import AdvocateId, ConversationId, HandoffId, MessageId


class Author(StrEnum):
    """Who said it. A NOTE is from one advocate to the next: it is never shown to the person."""

    PERSON = "person"
    BOT = "bot"
    ADVOCATE = "advocate"
    NOTE = "note"


class Delivery(StrEnum):
    """How far a message got.

    HELD waits behind a neutral nudge until the person is there again. SENDING is in the
    platform's hands, or was when a process died.
    """

    RECEIVED = "received"
    HELD = "held"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation, sealed.

    `seq` is its place in the order of all messages. `body` is None once the server has no more
    need of the text. `platform_ids` is None until the platform named them. `cover` marks a text
    that may reach a quiet phone. `mark` is where to look for it when sending was cut short.
    `advocate_id` is who of the staff wrote it.
    """

    id: MessageId
    conversation_id: ConversationId
    author: Author
    delivery: Delivery
    body: bytes | None
    created_at: datetime
    delete_at: datetime
    seq: int = 0
    handoff_id: HandoffId | None = None
    platform_ids: bytes | None = None
    cover: bool = False
    attempts: int = 0
    not_before: datetime | None = None
    mark: bytes | None = None
    advocate_id: AdvocateId | None = None
