"""What the core asks of a database: one unit of work, all or nothing."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bot.checkins.interfaces import AlertRepository, CheckinRepository, ContactRepository
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
from bot.handoff.offers import OfferRepository
from bot.history.interfaces import MessageRepository
from bot.ids import ChannelName, CheckinId, ConversationId
from bot.scheduling.interfaces import TimerRepository
from bot.staff.audit import AuditRepository, FigureRepository
from bot.staff.live import LiveSettingRepository
from bot.staff.room import RoomRepository
from bot.staff.rota import ShiftRepository
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

    async def save_all(self, conversations: Sequence[Conversation]) -> bool:
        """`save` each; False if one was changed since: then the transaction must not commit."""
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

    async def awaited(
        self, after: CheckinId | None, among: int
    ) -> tuple[Collection[CheckinId], CheckinId | None]:
        """Check-ins that something is still to follow: an answer, or an advocate.

        Only the next `among` check-ins behind `after` are looked at; the last of them comes along,
        None where no more follow.
        """
        ...

    async def forgotten(
        self, after: ConversationId | None, among: int
    ) -> tuple[Sequence[ConversationId], ConversationId | None]:
        """Conversations of which nothing is left, and that no timer will remove.

        Only the next `among` conversations behind `after` are looked at; the last of them comes
        along, None where no more follow.
        """
        ...

    async def keys_before(
        self, epoch: int, limit: int
    ) -> Sequence[tuple[ConversationId, WrappedKey]]:
        """Keys wrapped by an epoch older than `epoch`."""
        ...

    async def rewrap(self, keys: Sequence[tuple[ConversationId, WrappedKey, WrappedKey]]) -> None:
        """Replace each wrapped key by the second one, if it still is the first."""
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

    async def waiting_in(
        self, conversation_ids: Collection[ConversationId]
    ) -> Collection[ConversationId]:
        """Those of the conversations that have items."""
        ...

    async def remove(self, item_id: UUID) -> bool:
        """The item is handled; False if it was gone already."""
        ...

    async def with_work(self, limit: int) -> Mapping[ConversationId, int]:
        """Conversations with items, each with the number of its first; the oldest first."""
        ...

    async def forget_before(self, before: datetime, limit: int) -> int:
        """Forget at most `limit` updates seen before `before`; how many there were."""
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
    def contacts(self) -> ContactRepository: ...

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
    def room(self) -> RoomRepository: ...

    @property
    def desks(self) -> DeskRepository: ...

    @property
    def blocks(self) -> BlockRepository: ...

    @property
    def tallies(self) -> TallyRepository: ...

    @property
    def live(self) -> LiveSettingRepository: ...

    @property
    def shifts(self) -> ShiftRepository: ...

    @property
    def offers(self) -> OfferRepository: ...


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
