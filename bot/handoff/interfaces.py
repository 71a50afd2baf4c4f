"""Where handoffs, presence and console events are kept; each call is part of a transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bot.handoff.models import ConsoleEvent, Handoff, HandoffState
from bot.ids import AdvocateId, ConversationId, HandoffId


class HandoffRepository(Protocol):
    """The `handoffs` table."""

    async def add(self, handoff: Handoff) -> bool:
        """Store a waiting handoff; False if the conversation has an open one already."""
        ...

    async def get(self, handoff_id: HandoffId) -> Handoff | None:
        """The handoff, or None."""
        ...

    async def open_of(self, conversation_id: ConversationId) -> Handoff | None:
        """The conversation's waiting or claimed handoff, or None."""
        ...

    async def list_by_state(self, state: HandoffState) -> Sequence[Handoff]:
        """All in `state`, in the queue's order: priority, then `queued_at`."""
        ...

    async def place(self, handoff_id: HandoffId) -> int | None:
        """The place in the queue, from 1; None when it does not wait."""
        ...

    async def claim(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, now: datetime, lease_until: datetime
    ) -> bool:
        """WAITING → CLAIMED, in one statement; False when it no longer waits."""
        ...

    async def renew(self, advocate_id: AdvocateId, lease_until: datetime) -> None:
        """Lengthen the leases of all handoffs that the advocate holds."""
        ...

    async def release(self, handoff_id: HandoffId, holder: AdvocateId) -> bool:
        """CLAIMED by `holder` → WAITING, at the old place; False if `holder` does not hold it."""
        ...

    async def transfer(
        self, handoff_id: HandoffId, holder: AdvocateId, to: AdvocateId, lease_until: datetime
    ) -> bool:
        """From one advocate to another; False if `holder` does not hold it."""
        ...

    async def close(self, handoff_id: HandoffId, at: datetime) -> bool:
        """Waiting or claimed → CLOSED; False if it was closed already."""
        ...

    async def delete_of(self, conversation_id: ConversationId) -> None:
        """Remove all handoffs of a conversation."""
        ...


class PresenceRepository(Protocol):
    """Who is on duty."""

    async def seen(self, advocate_id: AdvocateId, at: datetime) -> None:
        """Note that the advocate's console is open."""
        ...

    async def gone(self, advocate_id: AdvocateId) -> None:
        """Note that the advocate signed out."""
        ...

    async def on_duty(self, since: datetime) -> int:
        """How many advocates were seen at or after `since`."""
        ...


class EventRepository(Protocol):
    """The `events` table, for replay: ids only."""

    async def publish(self, kind: str, subject: UUID, at: datetime) -> None:
        """Add an event; it is seen by readers once the transaction commits."""
        ...

    async def after(self, event_id: int, limit: int) -> Sequence[ConsoleEvent]:
        """Events with an id above `event_id`, in order."""
        ...

    async def last_id(self) -> int:
        """The newest event's id, or 0."""
        ...

    async def prune(self, before: datetime) -> None:
        """Remove events older than `before`."""
        ...
