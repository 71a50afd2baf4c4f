"""What the core asks of a database: one unit of work, all or nothing."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bot.checkins.interfaces import AlertRepository, CheckinRepository
from bot.conversation.models import Conversation, InboxItem
from bot.handoff.interfaces import (
    BlockRepository,
    DeskRepository,
    DraftRepository,
    EventRepository,
    HandoffRepository,
    PresenceRepository,
    TallyRepository,
)
from bot.history.interfaces import MessageRepository
from bot.ids import ChannelName, CheckinId, ConversationId
from bot.scheduling.interfaces import TimerRepository
from bot.staff.audit import AuditRepository, FigureRepository
from bot.vault.vault import WrappedKey


class ConversationRepository(Protocol):
    """The `conversations` table."""

    async def find(self, channel: ChannelName, address_index: bytes) -> Conversation | None:
        """The conversation at an address, by its blind index."""
        ...

    async def get(self, conversation_id: ConversationId) -> Conversation | None:
        """The conversation, or None."""
        ...

    async def some(
        self, conversation_ids: Collection[ConversationId]
    ) -> Mapping[ConversationId, Conversation]:
        """Those of the conversations that exist."""
        ...

    async def add(self, conversation: Conversation) -> None:
        """Store a new conversation."""
        ...

    async def save(self, conversation: Conversation) -> bool:
        """Write state, ttl and flags if nobody changed the row since it was read.

        The stored version becomes one more than `conversation.version`; False if it was not equal.
        """
        ...

    async def touch(self, conversation_id: ConversationId) -> None:
        """Make turns that are under way look again: something around them changed."""
        ...

    async def heard(self, conversation_id: ConversationId, at: datetime) -> None:
        """The person wrote or tapped at `at`: not quiet, reachable, and no nudge stands."""
        ...

    async def set_nudged(self, conversation_id: ConversationId) -> None:
        """A nudge stands on the phone now."""
        ...

    async def set_unreachable(self, conversation_id: ConversationId) -> None:
        """Nothing reaches the person until they write again."""
        ...

    async def delete(self, conversation_id: ConversationId) -> None:
        """Remove the row, and with it the key of everything sealed under it."""
        ...

    async def awaited(self) -> Collection[CheckinId]:
        """Check-ins that something is still to follow: an answer, or an advocate."""
        ...

    async def forgotten(self, limit: int) -> Sequence[ConversationId]:
        """Conversations of which nothing is left, and that no timer will remove."""
        ...

    async def keys_before(
        self, epoch: int, limit: int
    ) -> Sequence[tuple[ConversationId, WrappedKey]]:
        """Keys wrapped by an epoch older than `epoch`."""
        ...

    async def rewrap(
        self, conversation_id: ConversationId, old: WrappedKey, new: WrappedKey
    ) -> None:
        """Replace a wrapped key, if it still is `old`."""
        ...


class InboxRepository(Protocol):
    """The `inbox` and `seen_updates` tables."""

    async def first_sight(self, channel: ChannelName, key: bytes, at: datetime) -> bool:
        """Remember an update by its blind index; False if it was known."""
        ...

    async def add(self, item: InboxItem) -> None:
        """Store what happened, behind everything stored before."""
        ...

    async def next(self, conversation_id: ConversationId) -> InboxItem | None:
        """The conversation's oldest item."""
        ...

    async def all(self, conversation_id: ConversationId) -> Sequence[InboxItem]:
        """All that waits in the conversation, in order."""
        ...

    async def remove(self, item_id: UUID) -> bool:
        """The item is handled; False if it was gone already."""
        ...

    async def with_work(self, limit: int) -> Sequence[ConversationId]:
        """Conversations with items."""
        ...

    async def forget_before(self, before: datetime) -> None:
        """Forget updates seen before `before`."""
        ...


class UnitOfWork(Protocol):
    """All tables in one transaction. It commits when its block ends, and rolls back on an error."""

    @property
    def conversations(self) -> ConversationRepository: ...

    @property
    def inbox(self) -> InboxRepository: ...

    @property
    def messages(self) -> MessageRepository: ...

    @property
    def timers(self) -> TimerRepository: ...

    @property
    def checkins(self) -> CheckinRepository: ...

    @property
    def alerts(self) -> AlertRepository: ...

    @property
    def handoffs(self) -> HandoffRepository: ...

    @property
    def presence(self) -> PresenceRepository: ...

    @property
    def events(self) -> EventRepository: ...

    @property
    def drafts(self) -> DraftRepository: ...

    @property
    def audit(self) -> AuditRepository: ...

    @property
    def figures(self) -> FigureRepository: ...

    @property
    def desks(self) -> DeskRepository: ...

    @property
    def blocks(self) -> BlockRepository: ...

    @property
    def tallies(self) -> TallyRepository: ...


class Database(Protocol):
    """Opens units of work."""

    def reading(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A consistent view; nothing may be written."""
        ...

    def writing(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that commits at the end of its block. Raises DatabaseUnavailable."""
        ...

    async def shred(self) -> None:
        """Leave no deleted bytes in the database's own files, as far as the engine can."""
        ...
