"""Where handoffs, presence and console events are kept; each call is part of a transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bot.handoff.desks import Desk, Duty, Skill
from bot.handoff.models import ConsoleEvent, Handoff, HandoffState
from bot.ids import AdvocateId, ChannelName, ConversationId, HandoffId


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

    async def is_borne(self, pseudonym: str) -> bool:
        """Whether somebody in the queue, or with an advocate, has that name."""
        ...

    async def list_by_state(
        self, state: HandoffState, limit: int | None = None
    ) -> Sequence[Handoff]:
        """All in `state`, or the first, in the queue's order: danger first, then time waited."""
        ...

    async def count_by_state(self, state: HandoffState) -> int:
        """How many are in `state`."""
        ...

    async def concerning(
        self, advocate_id: AdvocateId, also: Collection[HandoffId]
    ) -> Sequence[Handoff]:
        """Those that the advocate holds or supports, those that anybody is asked to take over,
        and `also` these, unless they are closed; in the queue's order."""
        ...

    async def open_among(self, conversation_ids: Collection[ConversationId]) -> Sequence[Handoff]:
        """The waiting and claimed handoffs of these conversations."""
        ...

    async def ready(
        self, now: datetime, limit: int, offset: int, asked: AdvocateId | None = None
    ) -> Sequence[Handoff]:
        """Those who wait and may be taken on, in the queue's order, a page at a time.

        With `asked`, none about whom a colleague of this advocate is being asked.
        """
        ...

    async def holds(self) -> Mapping[AdvocateId, int]:
        """How many each advocate holds who holds any."""
        ...

    async def held_by(self, advocate_id: AdvocateId) -> int:
        """How many the advocate holds."""
        ...

    async def hurry(self, conversation_id: ConversationId, rank_at: datetime) -> HandoffId | None:
        """A normal handoff that waits becomes urgent, and may be taken on at once; its id."""
        ...

    async def call_back(self, handoff_id: HandoffId, ready_at: datetime) -> bool:
        """Nobody takes the person on before `ready_at`; False unless they wait."""
        ...

    async def place(self, handoff_id: HandoffId) -> int | None:
        """The place in the queue, from 1; None when it does not wait."""
        ...

    async def claim(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, now: datetime, lease_until: datetime
    ) -> bool:
        """WAITING → CLAIMED, in one statement; False when it no longer waits, or not yet."""
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

    async def seek(self, handoff_id: HandoffId, sealed_skill: bytes) -> None:
        """Have an advocate with a skill take the person on."""
        ...

    async def passing(
        self,
        handoff_id: HandoffId,
        holder: AdvocateId,
        to: AdvocateId | None,
        sealed_skill: bytes | None,
    ) -> bool:
        """Ask for somebody to take over, or (None and None) no longer; False if not held."""
        ...

    async def take_over(
        self,
        handoff_id: HandoffId,
        advocate_id: AdvocateId,
        asked_for: bytes | None,
        now: datetime,
        lease_until: datetime,
    ) -> bool:
        """From a holder who still asks for this advocate, or for the sealed skill `asked_for`.

        One of many wins.
        """
        ...

    async def support(
        self, handoff_id: HandoffId, holder: AdvocateId, support_id: AdvocateId | None
    ) -> bool:
        """Let a second advocate in, or out; False if `holder` does not hold it."""
        ...

    async def unanswered(self, handoff_id: HandoffId, since: datetime) -> bool:
        """The person has the advocate's word to wait for; False if they did already."""
        ...

    async def answered(self, handoff_id: HandoffId) -> None:
        """An advocate wrote."""
        ...

    async def louder(self, handoff_id: HandoffId) -> None:
        """It was told once more that nobody has taken the person on."""
        ...

    async def told(self, handoff_id: HandoffId, place: int) -> None:
        """The person knows their place."""
        ...

    async def close(self, handoff_id: HandoffId, at: datetime, reason: str) -> bool:
        """Waiting or claimed → CLOSED; False if it was closed already."""
        ...

    async def reopen(
        self,
        handoff_id: HandoffId,
        advocate_id: AdvocateId,
        now: datetime,
        closed_after: datetime,
        lease_until: datetime,
    ) -> bool:
        """CLOSED → CLAIMED by who closed it, if that was after `closed_after`; else False."""
        ...

    async def closed_by(self, advocate_id: AdvocateId) -> Sequence[Handoff]:
        """What the advocate may take up again while its messages live, the newest first."""
        ...

    async def asked_since(self, conversation_id: ConversationId, since: datetime) -> int:
        """How often the person asked for an advocate since then."""
        ...

    async def delete_of(self, conversation_id: ConversationId) -> None:
        """Remove all handoffs of a conversation."""
        ...


class DraftRepository(Protocol):
    """The `drafts` table: what an advocate has typed and not sent, sealed; one a handoff."""

    async def keep(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, body: bytes, delete_at: datetime
    ) -> None:
        """Store a draft in place of any other of the handoff."""
        ...

    async def get(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, now: datetime
    ) -> bytes | None:
        """The draft that this advocate typed, while its time is not over."""
        ...

    async def delete(self, handoff_id: HandoffId) -> None:
        """Remove the handoff's draft."""
        ...

    async def delete_but_of(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, now: datetime
    ) -> None:
        """Remove the handoff's draft, unless this advocate typed it and its time is not over."""
        ...

    async def delete_expired(self, now: datetime) -> None:
        """Remove drafts whose time is over."""
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
        """How many advocates were seen at or after `since`, and take people on."""
        ...


class DeskRepository(Protocol):
    """The `desks` table."""

    async def get(self, advocate_id: AdvocateId) -> Desk:
        """The desk; as it is by default where nothing was set up."""
        ...

    async def all(self) -> Sequence[Desk]:
        """Those that were set up."""
        ...

    async def set_duty(
        self, advocate_id: AdvocateId, duty: Duty, set_by: AdvocateId | None = None
    ) -> None:
        """On duty, on a break, or finishing; and who set it, if not they themselves."""
        ...

    async def equip(
        self, advocate_id: AdvocateId, skills: Collection[Skill], capacity: int | None
    ) -> None:
        """What they can do, and how many at once; None for the usual."""
        ...


class BlockRepository(Protocol):
    """The `blocks` table: addresses, as blind indexes, that the queue is closed to for a while."""

    async def add(
        self, channel: ChannelName, address_index: bytes, blocked_by: AdvocateId, until: datetime
    ) -> None:
        """Close the queue to an address until then."""
        ...

    async def stands(self, channel: ChannelName, address_index: bytes, now: datetime) -> bool:
        """Whether the queue is closed to the address."""
        ...

    async def prune(self, now: datetime) -> None:
        """Forget those that are over."""
        ...


class TallyRepository(Protocol):
    """The `tallies` table: counts by day, of nobody in particular."""

    async def count(self, name: str, at: datetime) -> None:
        """One more of `name` on that day (UTC)."""
        ...

    async def since(self, day: datetime, prefix: str) -> Mapping[str, int]:
        """The sums of all names that begin with `prefix`, from that day on."""
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
