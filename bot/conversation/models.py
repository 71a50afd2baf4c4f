"""A conversation as it is stored, and what waits to be handled in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bot.ids import ChannelName, ConversationId
from bot.vault.vault import WrappedKey


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person on one channel. Address and state are sealed under the conversation's key.

    `version` grows with every change that a turn must not overlook. `last_inbound_at` is when
    the person last wrote or tapped, as far as is known. `nudged` is True while a neutral nudge
    stands on the phone for what is held. `unreachable` is True once the person blocked the bot.
    """

    id: ConversationId
    channel: ChannelName
    address_index: bytes
    address: bytes
    state: bytes
    key: WrappedKey
    created_at: datetime
    message_ttl: timedelta
    last_inbound_at: datetime | None = None
    version: int = 0
    nudged: bool = False
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class InboxItem:
    """Something that happened and is not yet handled; `body` is sealed. `seq` gives the order."""

    id: UUID
    conversation_id: ConversationId
    kind: str
    body: bytes
    created_at: datetime
    seq: int = 0
