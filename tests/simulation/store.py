"""A database in memory that keeps the contracts of the real one, for a month in a minute.

Tables are dicts; a transaction writes down what it replaces, and puts it back when it fails.
"""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from bot.checkins.models import KEPT, LIVE, Alert, Checkin, Contact, Phase
from bot.clock import Clock
from bot.conversation.models import Conversation, InboxItem
from bot.dialogue.effects import EscalationReason
from bot.handoff.models import Handoff, HandoffState
from bot.history.models import Author, Delivery, Message
from bot.ids import AlertId, ConversationId, TimerId
from bot.scheduling.models import Timer

UNSENT = (Delivery.PENDING, Delivery.SENDING)
Undo = list[tuple["Table", Any, Any]]


class Table(dict[Any, Any]):
    """Rows by key. `changed` is told of every row that is written, or put back."""

    def __init__(self, changed: Callable[[Any, Any], None] = lambda _key, _row: None) -> None:
        super().__init__()
        self._changed = changed
        self.undo: Undo | None = None

    def put(self, key: Any, row: Any) -> None:
        """Write a row; None removes it."""
        assert self.undo is not None, "written outside of a transaction"
        self.undo.append((self, key, self.get(key)))
        self.set(key, row)

    def set(self, key: Any, row: Any) -> None:
        """The same, not to be undone."""
        if row is None:
            self.pop(key, None)
        else:
            self[key] = row
        self._changed(key, row)


@dataclass(frozen=True, slots=True)
class TimerRow:
    """A timer, and until when it is held; it is free where that is None."""

    timer: Timer
    lease_until: datetime | None = None

    @property
    def next_at(self) -> datetime:
        """When it may be claimed."""
        return max(self.timer.due_at, self.lease_until or self.timer.due_at)


class MemoryTimers:
    """`TimerRepository`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.rows = Table(self._changed)
        self._order = itertools.count()
        self._heap: list[tuple[datetime, int, tuple[str, UUID], TimerRow]] = []

    def _changed(self, key: tuple[str, UUID], row: TimerRow | None) -> None:
        if row is not None:
            heapq.heappush(self._heap, (row.next_at, next(self._order), key, row))

    def first(self) -> TimerRow | None:
        """The row that may be claimed next."""
        while self._heap and self.rows.get(self._heap[0][2]) is not self._heap[0][3]:
            heapq.heappop(self._heap)
        return self._heap[0][3] if self._heap else None

    async def schedule(self, kind: str, ref: UUID, due_at: datetime) -> None:
        self.rows.put((kind, ref), TimerRow(Timer(TimerId(uuid4()), kind, ref, due_at)))

    async def schedule_by(self, kind: str, ref: UUID, due_at: datetime) -> None:
        row = self.rows.get((kind, ref))
        if row is not None and row.lease_until is None:
            due_at = min(due_at, row.timer.due_at)
        await self.schedule(kind, ref, due_at)

    async def schedule_all(self, wanted: Sequence[tuple[str, UUID, datetime]]) -> None:
        for timer in wanted:
            await self.schedule(*timer)

    async def schedule_all_by(self, wanted: Sequence[tuple[str, UUID, datetime]]) -> None:
        for timer in wanted:
            await self.schedule_by(*timer)

    async def cancel(self, kind: str, ref: UUID) -> None:
        if (kind, ref) in self.rows:
            self.rows.put((kind, ref), None)

    async def claim(self, owner: str, lease: timedelta, limit: int) -> Sequence[Timer]:
        now = self._clock.now()
        free = []
        while (row := self.first()) is not None and row.next_at <= now:
            free.append(heapq.heappop(self._heap)[3])
        free.sort(key=lambda row: row.timer.due_at)
        for row in free[limit:]:
            self._changed((row.timer.kind, row.timer.ref), row)
        claimed = [
            replace(row.timer, owner=owner, attempts=row.timer.attempts + 1) for row in free[:limit]
        ]
        for timer in claimed:
            self.rows.put((timer.kind, timer.ref), TimerRow(timer, now + lease))
        return claimed

    def _holds(self, timer: Timer) -> bool:
        row = self.rows.get((timer.kind, timer.ref))
        return row is not None and row.lease_until is not None and row.timer == timer

    async def settle(self, timer: Timer) -> bool:
        if held := self._holds(timer):
            self.rows.put((timer.kind, timer.ref), None)
        return held

    async def settle_all(self, timers: Sequence[Timer]) -> int:
        return sum([await self.settle(timer) for timer in timers])

    async def postpone(self, timer: Timer, due_at: datetime) -> bool:
        if held := self._holds(timer):
            put_back = replace(timer, owner="", due_at=due_at)
            self.rows.put((timer.kind, timer.ref), TimerRow(put_back))
        return held

    async def release(self, owner: str) -> None:
        for key, row in list(self.rows.items()):
            if row.timer.owner == owner:
                self.rows.put(key, TimerRow(replace(row.timer, owner="")))

    async def hasten(self, kinds: Collection[str], latest: datetime) -> None:
        for key, row in list(self.rows.items()):
            timer = row.timer
            if row.lease_until is not None:
                self.rows.put(key, replace(row, lease_until=min(row.lease_until, latest)))
            elif timer.attempts and timer.kind.split(":")[0] in kinds:
                sooner = replace(timer, due_at=min(timer.due_at, latest))
                self.rows.put(key, TimerRow(sooner))

    async def next_due_at(self) -> datetime | None:
        return min(
            (r.timer.due_at for r in self.rows.values() if r.lease_until is None), default=None
        )


class OfConversation:
    """Rows of a table by conversation, in order, each under its `id`."""

    def __init__(self) -> None:
        self.rows = Table(self._changed)
        self._of: defaultdict[ConversationId, dict[Any, Any]] = defaultdict(dict)
        self._whose: dict[UUID, ConversationId] = {}
        self._places: dict[UUID, int] = {}

    def _changed(self, key: UUID, row: Any) -> None:
        if row is not None:
            self._of[row.conversation_id][key] = row
            self._places.setdefault(key, len(self._places))
            self._whose[key] = row.conversation_id
        elif key in self._whose:
            conversation_id = self._whose.pop(key)
            self._of[conversation_id].pop(key, None)
            if not self._of[conversation_id]:
                del self._of[conversation_id]

    def of(self, conversation_id: ConversationId) -> list[Any]:
        """Those of one conversation."""
        mine = self._of.get(conversation_id, {})
        # What a failed transaction had removed stands where it stood.
        return [mine[key] for key in sorted(mine, key=self._places.__getitem__)]

    def change(self, key: UUID, **values: Any) -> bool:
        """Write fields of a row; False where it is gone."""
        if (row := self.rows.get(key)) is None:
            return False
        self.rows.put(key, replace(row, **values))
        return True

    async def delete_of(self, conversation_id: ConversationId) -> None:
        for row in self.of(conversation_id):
            self.rows.put(row.id, None)


class MemoryCheckins(OfConversation):
    """`CheckinRepository`."""

    async def add(self, checkin: Checkin) -> None:
        self.rows.put(checkin.id, checkin)

    async def current(self, conversation_id: ConversationId) -> Sequence[Checkin]:
        mine = [c for c in self.of(conversation_id) if c.plan]
        return sorted(mine, key=lambda c: (c.due_at, c.created_at))

    async def get(self, checkin_id: UUID) -> Checkin | None:
        return self.rows.get(checkin_id)

    async def some(self, checkin_ids: Collection[UUID]) -> dict[UUID, Checkin]:
        return {id_: self.rows[id_] for id_ in checkin_ids if id_ in self.rows}

    def _move(self, checkin_id: UUID, come_from: Collection[Phase], **values: Any) -> bool:
        row = self.rows.get(checkin_id)
        return row is not None and row.phase in come_from and self.change(checkin_id, **values)

    async def move(self, checkin_id: UUID, come_from: Collection[Phase], to: Phase) -> bool:
        return self._move(checkin_id, come_from, phase=to)

    async def asked(self, checkin_id: UUID, at: datetime) -> bool:
        awaiting = {"phase": Phase.AWAITING_REPLY, "asked_at": at}
        return self._move(checkin_id, [Phase.SCHEDULED], **awaiting)

    async def all_asked(self, checkin_ids: Collection[UUID], at: datetime) -> int:
        return sum([await self.asked(checkin_id, at) for checkin_id in checkin_ids])

    async def revise(self, checkin_id: UUID, due_at: datetime, plan: bytes) -> bool:
        values = {"phase": Phase.SCHEDULED, "due_at": due_at, "plan": plan, "asked_at": None}
        return self._move(checkin_id, [*LIVE, Phase.PAUSED], **values)

    async def seal_plan(self, checkin_id: UUID, plan: bytes) -> None:
        self.change(checkin_id, plan=plan)

    async def has_kept(self, conversation_id: ConversationId) -> bool:
        return any(c.phase in KEPT for c in self.of(conversation_id))


class MemoryAlerts(OfConversation):
    """`AlertRepository`, as far as check-ins need it."""

    def __init__(self) -> None:
        super().__init__()
        self._by_checkin: dict[UUID, UUID] = {}

    def _changed(self, key: UUID, row: Alert | None) -> None:
        super()._changed(key, row)
        if row is not None:
            self._by_checkin[row.checkin_id] = key

    async def add(self, alert: Alert) -> None:
        assert self._about(alert.checkin_id) is None, "a second alert of one check-in"
        self.rows.put(alert.id, alert)

    def _about(self, checkin_id: UUID) -> Alert | None:
        return self.rows.get(self._by_checkin.get(checkin_id))

    async def raised_for(self, checkin_id: UUID) -> bool:
        return self._about(checkin_id) is not None

    async def acknowledge(self, alert_id: UUID, advocate_id: Any, at: datetime) -> bool:
        alert = self.rows.get(alert_id)
        if alert is None or alert.acknowledged_by is not None:
            return False
        return self.change(alert_id, acknowledged_by=advocate_id, acknowledged_at=at)

    async def all_clear(self, checkin_id: UUID, at: datetime) -> AlertId | None:
        alert = self._about(checkin_id)
        if alert is None or alert.all_clear_at is not None:
            return None
        self.change(alert.id, all_clear_at=at)
        return alert.id

    async def raise_again(self, checkin_id: UUID, reason: str) -> AlertId | None:
        if (alert := self._about(checkin_id)) is None:
            return None
        self.change(
            alert.id, reason=reason, acknowledged_by=None, acknowledged_at=None, all_clear_at=None
        )
        return alert.id

    async def unsettled_of(self, conversation_id: ConversationId) -> bool:
        return any(
            a.all_clear_at is None
            and (a.acknowledged_by is None or a.reason == EscalationReason.DURESS)
            for a in self.of(conversation_id)
        )


class MemoryConversations:
    """`ConversationRepository`, as far as turns need it."""

    def __init__(self) -> None:
        self.rows = Table()
        self.at = Table()

    async def find(self, _channel: str, address_index: bytes) -> Conversation | None:
        return self.rows.get(self.at.get(address_index))

    async def get(self, conversation_id: ConversationId) -> Conversation | None:
        return self.rows.get(conversation_id)

    async def some(self, ids: Collection[ConversationId]) -> dict[ConversationId, Conversation]:
        return {id_: self.rows[id_] for id_ in ids if id_ in self.rows}

    async def add(self, conversation: Conversation) -> None:
        self.rows.put(conversation.id, conversation)
        self.at.put(conversation.address_index, conversation.id)

    async def save(self, conversation: Conversation) -> bool:
        row = self.rows.get(conversation.id)
        if row is None or row.version != conversation.version:
            return False
        values = {"state": conversation.state, "message_ttl": conversation.message_ttl}
        self.rows.put(row.id, replace(row, **values, version=row.version + 1))
        return True

    async def save_all(self, conversations: Sequence[Conversation]) -> bool:
        return all([await self.save(conversation) for conversation in conversations])

    def _change(self, conversation_id: ConversationId, **values: Any) -> None:
        if (row := self.rows.get(conversation_id)) is not None:
            self.rows.put(conversation_id, replace(row, **values))

    async def touch(self, conversation_id: ConversationId) -> None:
        if (row := self.rows.get(conversation_id)) is not None:
            self.rows.put(conversation_id, replace(row, version=row.version + 1))

    async def heard(self, conversation_id: ConversationId, at: datetime) -> None:
        self._change(conversation_id, last_inbound_at=at, nudged=False, unreachable=False)

    async def set_nudged(self, conversation_id: ConversationId) -> None:
        self._change(conversation_id, nudged=True)

    async def set_unreachable(self, conversation_id: ConversationId) -> None:
        self._change(conversation_id, unreachable=True)

    async def delete(self, conversation_id: ConversationId) -> None:
        self.at.put(self.rows[conversation_id].address_index, None)
        self.rows.put(conversation_id, None)


class MemoryInbox(OfConversation):
    """`InboxRepository`, as far as turns need it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = Table()

    async def first_sight(self, _channel: str, key: bytes, at: datetime) -> bool:
        if new := key not in self.seen:
            self.seen.put(key, at)
        return new

    async def add(self, item: InboxItem) -> None:
        self.rows.put(item.id, item)

    async def next(self, conversation_id: ConversationId) -> InboxItem | None:
        return next(iter(self.of(conversation_id)), None)

    async def all(self, conversation_id: ConversationId) -> Sequence[InboxItem]:
        return self.of(conversation_id)

    async def waiting_in(self, ids: Collection[ConversationId]) -> list[ConversationId]:
        return [id_ for id_ in ids if self.of(id_)]

    async def remove(self, item_id: UUID) -> bool:
        if there := item_id in self.rows:
            self.rows.put(item_id, None)
        return there


class MemoryMessages(OfConversation):
    """`MessageRepository`, as far as turns, delivery and deletion need it."""

    def __init__(self) -> None:
        super().__init__()
        self.unsent: dict[UUID, ConversationId] = {}

    def _changed(self, key: UUID, row: Message | None) -> None:
        super()._changed(key, row)
        if row is not None and row.delivery in (Delivery.PENDING, Delivery.SENDING):
            self.unsent[key] = row.conversation_id
        else:
            self.unsent.pop(key, None)

    async def add(self, message: Message) -> bool:
        if new := message.id not in self.rows:
            self.rows.put(message.id, message)
        return new

    async def add_all(self, messages: Sequence[Message]) -> None:
        for message in messages:
            await self.add(message)

    async def some(self, message_ids: Collection[UUID]) -> dict[UUID, Message]:
        return {id_: self.rows[id_] for id_ in message_ids if id_ in self.rows}

    async def unsent_in(self, ids: Collection[ConversationId]) -> list[ConversationId]:
        return [id_ for id_ in ids if await self.next_unsent(id_)]

    async def get(self, message_id: UUID) -> Message | None:
        return self.rows.get(message_id)

    async def next_unsent(self, conversation_id: ConversationId) -> Message | None:
        return next((m for m in self.of(conversation_id) if m.delivery in UNSENT), None)

    async def start_sending(self, message_id: UUID, mark: bytes, until: datetime) -> bool:
        values = {"delivery": Delivery.SENDING, "mark": mark, "not_before": until}
        return self._move(message_id, [Delivery.PENDING], **values)

    async def keep_sending(self, message_id: UUID, until: datetime) -> None:
        self._move(message_id, [Delivery.SENDING], not_before=until)

    async def take_abandoned(self, message_id: UUID, now: datetime, until: datetime) -> bool:
        row = self.rows.get(message_id)
        waited = row is not None and row.not_before is not None and row.not_before <= now
        return waited and self._move(message_id, [Delivery.SENDING], not_before=until)

    async def remember_mark(self, channel: str, mark: str) -> None:
        """Marks are not lost here."""

    async def mark_sent(
        self, message_id: UUID, platform_ids: bytes, *, keep_body: bool, delete_at: datetime
    ) -> None:
        values: dict[str, Any] = {} if keep_body else {"body": None}
        values |= {"platform_ids": platform_ids, "delete_at": delete_at, "not_before": None}
        self._move(message_id, [Delivery.SENDING], delivery=Delivery.SENT, mark=None, **values)

    async def mark_all_sent(self, arrived: Sequence[tuple[UUID, bytes, datetime]]) -> None:
        for message_id, ids, until in arrived:
            await self.mark_sent(message_id, ids, keep_body=False, delete_at=until)

    async def retry_later(self, message_id: UUID, not_before: datetime, *, uncertain: bool) -> None:
        to = Delivery.SENDING if uncertain else Delivery.PENDING
        attempts = self.rows[message_id].attempts + 1 if message_id in self.rows else 0
        values = {"delivery": to, "not_before": not_before, "attempts": attempts}
        self._move(message_id, [Delivery.SENDING], **values)

    async def mark_failed(self, message_id: UUID) -> None:
        self._move(message_id, UNSENT, delivery=Delivery.FAILED, body=None, mark=None)

    def _move(self, message_id: UUID, come_from: Collection[Delivery], **values: Any) -> bool:
        row = self.rows.get(message_id)
        return row is not None and row.delivery in come_from and self.change(message_id, **values)

    def _each(
        self, conversation_id: ConversationId, among: Collection[Delivery], **values: Any
    ) -> int:
        found = [m for m in self.of(conversation_id) if m.delivery in among]
        for message in found:
            self.change(message.id, **values)
        return len(found)

    async def fail_unsent(self, conversation_id: ConversationId) -> None:
        given_up = {"delivery": Delivery.FAILED, "body": None, "mark": None}
        self._each(conversation_id, [*UNSENT, Delivery.HELD], **given_up)

    async def hold_unsent(self, conversation_id: ConversationId, before: object = None) -> int:
        assert before is None, "nobody locks here"
        found = [
            m for m in self.of(conversation_id) if m.delivery is Delivery.PENDING and not m.cover
        ]
        for message in found:
            self.change(message.id, delivery=Delivery.HELD)
        return len(found)

    async def release_held(self, conversation_id: ConversationId, since: object = None) -> int:
        assert since is None, "nobody locks here"
        return self._each(conversation_id, [Delivery.HELD], delivery=Delivery.PENDING)

    async def has_held(self, conversation_id: ConversationId, since: object = None) -> bool:
        assert since is None, "nobody locks here"
        return any(m.delivery is Delivery.HELD for m in self.of(conversation_id))

    async def expire_all(self, conversation_id: ConversationId, at: datetime) -> None:
        for message in self.of(conversation_id):
            match message.delivery:
                case Delivery.HELD | Delivery.PENDING | Delivery.FAILED:
                    self.rows.put(message.id, None)
                case Delivery.SENDING:
                    self.change(message.id, delete_at=at)
                case _:
                    self.change(message.id, body=None, delete_at=at)

    async def due(
        self, conversation_id: ConversationId, now: datetime, limit: int
    ) -> Sequence[Message]:
        due = [m for m in self.of(conversation_id) if m.delete_at <= now]
        return sorted(due, key=lambda m: m.delete_at)[:limit]

    async def delete(self, seen: Collection[Message]) -> None:
        for message in seen:
            if (now := self.rows.get(message.id)) and now.delivery is message.delivery:
                self.rows.put(message.id, None)

    async def next_deadline(self, conversation_id: ConversationId) -> datetime | None:
        return min((m.delete_at for m in self.of(conversation_id)), default=None)

    async def deadlines(self, ids: Collection[ConversationId]) -> dict[ConversationId, datetime]:
        found = {id_: await self.next_deadline(id_) for id_ in ids}
        return {id_: at for id_, at in found.items() if at is not None}

    async def on_the_phone(self, conversation_id: ConversationId) -> Sequence[Message]:
        return [m for m in self.of(conversation_id) if m.platform_ids is not None]

    async def undelivered(self, conversation_id: ConversationId, since: datetime) -> bool:
        sent = {
            m.delivery
            for m in self.of(conversation_id)
            if m.author is Author.BOT and m.created_at >= since
        }
        return bool(sent & {*UNSENT, Delivery.FAILED}) and Delivery.SENT not in sent


class MemoryHandoffs(OfConversation):
    """`HandoffRepository`, as far as turns need it."""

    async def add(self, handoff: Handoff) -> bool:
        if new := await self.open_of(handoff.conversation_id) is None:
            self.rows.put(handoff.id, handoff)
        return new

    async def get(self, handoff_id: UUID) -> Handoff | None:
        return self.rows.get(handoff_id)

    async def open_of(self, conversation_id: ConversationId) -> Handoff | None:
        mine = self.of(conversation_id)
        return next((h for h in mine if h.state is not HandoffState.CLOSED), None)

    async def place(self, _handoff_id: UUID) -> int | None:
        return 1

    async def close(self, handoff_id: UUID, _at: datetime, _reason: str) -> bool:
        row = self.rows.get(handoff_id)
        if row is None or row.state is HandoffState.CLOSED:
            return False
        return self.change(handoff_id, state=HandoffState.CLOSED)

    async def hurry(self, _conversation_id: ConversationId, _rank_at: datetime) -> None:
        """All are urgent here."""

    async def is_borne(self, _pseudonym: str) -> bool:
        return False

    async def asked_since(self, _conversation_id: ConversationId, _since: datetime) -> int:
        return 0


class MemoryContacts:
    """`ContactRepository`, found by any of its indexes: no two kinds of them are ever alike."""

    def __init__(self) -> None:
        self.rows = Table(self._changed)
        self._by: defaultdict[bytes, dict[UUID, None]] = defaultdict(dict)
        self._under: dict[UUID, list[bytes]] = {}

    def _changed(self, key: UUID, row: Contact | None) -> None:
        for index in self._under.pop(key, ()):
            self._by[index].pop(key, None)
        if row is not None:
            indexes = (row.owner_index, row.guest_index, row.token_index)
            self._under[key] = [index for index in indexes if index is not None]
            for index in self._under[key]:
                self._by[index][key] = None

    def _at(self, *indexes: bytes | None) -> list[Contact]:
        keys = {key: None for index in indexes if index for key in self._by.get(index, ())}
        return [self.rows[key] for key in keys]

    async def add(self, contact: Contact) -> None:
        assert not self._at(contact.owner_index), "a second contact of one person"
        self.rows.put(contact.id, contact)

    async def around(
        self, owner_index: bytes, guest_index: bytes, token_index: bytes | None
    ) -> Sequence[Contact]:
        return self._at(owner_index, guest_index, token_index)

    async def of_owner(self, owner_index: bytes) -> Contact | None:
        return next(iter(self._at(owner_index)), None)

    async def of_guest(self, guest_index: bytes) -> Sequence[Contact]:
        return self._at(guest_index)

    async def of_token(self, token_index: bytes) -> Contact | None:
        return next(iter(self._at(token_index)), None)

    async def accept(
        self, contact_id: UUID, guest_index: bytes, for_owner: bytes, for_guest: bytes
    ) -> bool:
        row = self.rows.get(contact_id)
        if row is None or row.guest_index is not None:
            return False
        halves = {"for_owner": for_owner, "for_guest": for_guest}
        accepted = {"guest_index": guest_index, "token_index": None, "expires_at": None}
        self.rows.put(contact_id, replace(row, **accepted, **halves))
        return True

    async def delete(self, contact_id: UUID) -> None:
        self.rows.put(contact_id, None)


class Nobody:
    """Presence, queue figures, blocks and events: none of them matter here."""

    async def on_duty(self, _since: datetime) -> int:
        return 1

    async def since(self, _at: datetime, _prefix: str) -> dict[str, int]:
        return {}

    async def get(self, _name: str) -> None:
        return None

    async def stands(self, *_where: object) -> bool:
        return False

    async def count(self, *_what: object) -> None:
        """Not counted."""

    async def publish(self, *_event: object) -> None:
        """Nobody listens."""


class MemoryUnit:
    """`UnitOfWork`."""

    def __init__(self, clock: Clock) -> None:
        self.conversations = MemoryConversations()
        self.inbox = MemoryInbox()
        self.messages = MemoryMessages()
        self.timers = MemoryTimers(clock)
        self.checkins = MemoryCheckins()
        self.alerts = MemoryAlerts()
        self.handoffs = MemoryHandoffs()
        self.contacts = MemoryContacts()
        self.live = Nobody()
        self.presence = self.tallies = self.blocks = self.events = Nobody()

    def tables(self) -> list[Table]:
        """All of them."""
        kept = (self.inbox, self.messages, self.timers, self.checkins, self.alerts, self.handoffs)
        kept = (*kept, self.contacts)
        own = (self.conversations.rows, self.conversations.at, self.inbox.seen)
        return [*(each.rows for each in kept), *own]


class Reading:
    """A look. Plain classes, for there are millions of these: generators would take longer."""

    def __init__(self, unit: MemoryUnit) -> None:
        self._unit = unit

    async def __aenter__(self) -> MemoryUnit:
        return self._unit

    async def __aexit__(self, *_error: object) -> None:
        """Nothing to let go of."""


class Writing:
    """A transaction."""

    def __init__(self, database: "MemoryDatabase") -> None:
        self._database = database
        self._undo: Undo = []

    async def __aenter__(self) -> MemoryUnit:
        self._undo = self._database.begin()
        return self._database.unit

    async def __aexit__(self, error: type[BaseException] | None, *_more: object) -> None:
        self._database.end(self._undo, well=error is None)


class MemoryDatabase:
    """`Database`. Nothing in a transaction waits, so that no two are ever open at once."""

    def __init__(self, clock: Clock) -> None:
        self.unit = MemoryUnit(clock)
        self._tables = self.unit.tables()
        self.committed: Callable[[Undo], None] = lambda _undo: None
        """Told of what each transaction that succeeds had replaced."""

    def reading(self) -> "Reading":
        """The tables as they are."""
        return Reading(self.unit)

    def writing(self) -> "Writing":
        """All or nothing."""
        return Writing(self)

    def begin(self) -> Undo:
        """From now on, what is replaced is written down."""
        undo: Undo = []
        for table in self._tables:
            assert table.undo is None, "two transactions at once"
            table.undo = undo
        return undo

    def end(self, undo: Undo, *, well: bool) -> None:
        """Keep what was written, or put back what was replaced."""
        try:
            if well:
                self.committed(undo)
            else:
                for table, key, row in reversed(undo):
                    table.set(key, row)
        finally:
            for table in self._tables:
                table.undo = None

    async def shred(self) -> None:
        """Memory keeps nothing."""

    async def close(self) -> None:
        """There is nothing to let go of."""
