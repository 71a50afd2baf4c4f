"""Conversations, and what waits to be handled in them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Uuid,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    true,
    tuple_,
    update,
)

from bot.conversation.models import Conversation, InboxItem
from bot.conversation.timers import VANISH
from bot.handoff.models import HandoffState
from bot.ids import ChannelName, CheckinId, ConversationId
from bot.storage.connection import Connection
from bot.storage.prepared import Prepared, adding
from bot.storage.tables import (
    alerts,
    checkins,
    conversations,
    handoffs,
    inbox,
    messages,
    seen_updates,
    timers,
)
from bot.vault.vault import WrappedKey

STILL_TO_END = ("scheduled", "awaiting_reply", "paused", "missed", "contacted")
"""Phases of check-ins that something is still to follow."""

_waits = (
    alerts.c.acknowledged_by.is_(None) & alerts.c.all_clear_at.is_(None) & alerts.c.id.is_not(None)
)
AWAITED = (
    select(checkins.c.id)
    .outerjoin(alerts, alerts.c.checkin_id == checkins.c.id)
    .where(or_(checkins.c.phase.in_(STILL_TO_END), _waits))
)
"""Check-ins that something is still to follow: an answer, or an advocate."""

_GET = Prepared(select(conversations).where(conversations.c.id == bindparam("conversation")))
_AT_ONCE = 16
_SOME = Prepared(
    select(conversations).where(
        conversations.c.id.in_([bindparam(f"id{n}", type_=Uuid()) for n in range(_AT_ONCE)])
    )
)
_FIND = Prepared(
    select(conversations).where(
        conversations.c.channel == bindparam("channel"),
        conversations.c.address_index == bindparam("index"),
    )
)
_REWRAP = (
    update(conversations)
    .where(conversations.c.id == bindparam("which"), conversations.c.key_epoch == bindparam("old"))
    .values(key_epoch=bindparam("new"), key_wrapped=bindparam("wrapped"))
)
_SAVE = Prepared(
    update(conversations)
    .where(
        conversations.c.id == bindparam("conversation"),
        conversations.c.version == bindparam("read"),
    )
    .values(state=bindparam("sealed"), message_ttl=bindparam("ttl"), version=bindparam("next"))
)
_SAVE_LOCKED = Prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(
        state=bindparam("sealed"),
        message_ttl=bindparam("ttl"),
        version=conversations.c.version + 1,
    )
)
_HEARD = Prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(last_inbound_at=bindparam("at"), nudged=False, unreachable=False)
)
_TOUCH = Prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(version=conversations.c.version + 1)
)
_FIRST_SIGHT = adding(seen_updates)
_ADD_ITEM = adding(inbox)
_NEXT_ITEM = Prepared(
    select(inbox)
    .where(inbox.c.conversation_id == bindparam("conversation"))
    .order_by(inbox.c.seq)
    .limit(1)
)
_first = func.min(inbox.c.seq).label("first")
_WITH_WORK = Prepared(
    select(inbox.c.conversation_id, _first)
    .group_by(inbox.c.conversation_id)
    .order_by(_first)
    .limit(bindparam("most"))
)
_REMOVE_ITEM = Prepared(delete(inbox).where(inbox.c.id == bindparam("item")))


class SqlConversationRepository:
    """`ConversationRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def find(self, channel: ChannelName, address_index: bytes) -> Conversation | None:
        rows = await self._db.run(_FIND, {"channel": channel, "index": address_index})
        return _conversation(rows.one_or_none())

    async def get(self, conversation_id: ConversationId) -> Conversation | None:
        rows = await self._db.run(_GET, {"conversation": conversation_id})
        return _conversation(rows.one_or_none())

    async def some(
        self, conversation_ids: Collection[ConversationId]
    ) -> Mapping[ConversationId, Conversation]:
        found: dict[ConversationId, Conversation] = {}
        ids = list(conversation_ids)
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            # There is a place for so many: fewer leave the first one in several.
            given = {f"id{n}": some[n] if n < len(some) else some[0] for n in range(_AT_ONCE)}
            for row in await self._db.run(_SOME, given):
                if (conversation := _conversation(row)) is not None:
                    found[conversation.id] = conversation
        return found

    async def add(self, conversation: Conversation) -> None:
        await self._db.execute(
            insert(conversations).values(
                id=conversation.id,
                channel=conversation.channel,
                address_index=conversation.address_index,
                address=conversation.address,
                state=conversation.state,
                key_epoch=conversation.key.epoch,
                key_wrapped=conversation.key.wrapped,
                created_at=conversation.created_at,
                message_ttl=int(conversation.message_ttl.total_seconds()),
                last_inbound_at=conversation.last_inbound_at,
                version=conversation.version,
                nudged=conversation.nudged,
                unreachable=conversation.unreachable,
            )
        )

    async def save(self, conversation: Conversation) -> bool:
        changed = {
            "conversation": conversation.id,
            "read": conversation.version,
            "sealed": conversation.state,
            "ttl": int(conversation.message_ttl.total_seconds()),
            "next": conversation.version + 1,
        }
        return (await self._db.run(_SAVE, changed)).rowcount == 1

    async def save_all(self, wanted: Sequence[Conversation]) -> bool:
        # Locked first, and in one order: what is found unchanged then stays so.
        wanted = sorted(wanted, key=lambda conversation: conversation.id)
        c = conversations.c
        rows = await self._db.execute(
            select(c.id, c.version)
            .where(c.id.in_([conversation.id for conversation in wanted]))
            .order_by(c.id)
            .with_for_update(key_share=True)
        )
        stored = {row.id: row.version for row in rows}
        if any(stored.get(each.id) != each.version for each in wanted):
            return False
        await self._db.run_many(
            _SAVE_LOCKED,
            [
                {
                    "conversation": each.id,
                    "sealed": each.state,
                    "ttl": int(each.message_ttl.total_seconds()),
                }
                for each in wanted
            ],
        )
        return True

    async def touch(self, conversation_id: ConversationId) -> None:
        await self._db.run(_TOUCH, {"conversation": conversation_id})

    async def heard(self, conversation_id: ConversationId, at: datetime) -> None:
        await self._db.run(_HEARD, {"conversation": conversation_id, "at": at})

    async def set_nudged(self, conversation_id: ConversationId) -> None:
        await self._update(conversation_id, nudged=True)

    async def set_unreachable(self, conversation_id: ConversationId) -> None:
        await self._update(conversation_id, unreachable=True)

    async def _update(self, conversation_id: ConversationId, **values: object) -> None:
        await self._db.execute(
            update(conversations).where(conversations.c.id == conversation_id).values(**values)
        )

    async def delete(self, conversation_id: ConversationId) -> None:
        await self._db.execute(delete(conversations).where(conversations.c.id == conversation_id))

    async def awaited(
        self, after: CheckinId | None, among: int
    ) -> tuple[Collection[CheckinId], CheckinId | None]:
        next_, last = await self._next(checkins.c.id, after, among)
        rows = await self._db.execute(AWAITED.where(next_))
        found = {CheckinId(each) for each in rows.scalars()}
        return found, None if last is None else CheckinId(last)

    async def forgotten(
        self, after: ConversationId | None, among: int
    ) -> tuple[Sequence[ConversationId], ConversationId | None]:
        c = conversations.c
        next_, last = await self._next(c.id, after, among)
        timer = (timers.c.kind == VANISH) & (timers.c.ref == c.id)
        open_ = (handoffs.c.conversation_id == c.id) & (handoffs.c.state != HandoffState.CLOSED)
        planned = (checkins.c.conversation_id == c.id) & (checkins.c.plan != b"")
        rows = await self._db.execute(
            select(c.id).where(
                next_,
                ~exists().where(timer),
                ~exists().where(messages.c.conversation_id == c.id),
                ~exists().where(inbox.c.conversation_id == c.id),
                ~exists().where(open_),
                ~exists().where(planned),
            )
        )
        found = [ConversationId(each) for each in rows.scalars()]
        return found, None if last is None else ConversationId(last)

    async def _next(
        self, key: ColumnElement[UUID], after: UUID | None, among: int
    ) -> tuple[ColumnElement[bool], UUID | None]:
        """Which are the next `among` rows behind `after`, and the last of them if more follow."""
        behind = true() if after is None else key > after
        last: UUID | None = await self._db.scalar(
            select(key).where(behind).order_by(key).limit(1).offset(among - 1)
        )
        return behind if last is None else behind & (key <= last), last

    async def keys_before(
        self, epoch: int, limit: int
    ) -> Sequence[tuple[ConversationId, WrappedKey]]:
        c = conversations.c
        rows = await self._db.execute(
            select(c.id, c.key_epoch, c.key_wrapped).where(c.key_epoch < epoch).limit(limit)
        )
        return [(ConversationId(r.id), WrappedKey(r.key_epoch, r.key_wrapped)) for r in rows]

    async def rewrap(self, keys: Sequence[tuple[ConversationId, WrappedKey, WrappedKey]]) -> None:
        if keys:
            await self._db.execute(
                _REWRAP,
                [
                    {"which": id_, "old": old.epoch, "new": new.epoch, "wrapped": new.wrapped}
                    for id_, old, new in keys
                ],
            )


def _conversation(row: Row[tuple[object, ...]] | None) -> Conversation | None:
    if row is None:
        return None
    return Conversation(
        id=ConversationId(row.id),
        channel=ChannelName(row.channel),
        address_index=row.address_index,
        address=row.address,
        state=row.state,
        key=WrappedKey(row.key_epoch, row.key_wrapped),
        created_at=row.created_at,
        message_ttl=timedelta(seconds=row.message_ttl),
        last_inbound_at=row.last_inbound_at,
        version=row.version,
        nudged=row.nudged,
        unreachable=row.unreachable,
    )


class SqlInboxRepository:
    """`InboxRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def first_sight(self, channel: ChannelName, key: bytes, at: datetime) -> bool:
        seen = {"channel": channel, "key": key, "seen_at": at}
        return (await self._db.run(_FIRST_SIGHT, seen)).rowcount == 1

    async def add(self, item: InboxItem) -> None:
        await self._db.run(
            _ADD_ITEM,
            {
                "id": item.id,
                "conversation_id": item.conversation_id,
                "kind": item.kind,
                "body": item.body,
                "created_at": item.created_at,
            },
        )

    async def next(self, conversation_id: ConversationId) -> InboxItem | None:
        rows = await self._db.run(_NEXT_ITEM, {"conversation": conversation_id})
        row = rows.one_or_none()
        return None if row is None else _item(row)

    async def all(self, conversation_id: ConversationId) -> Sequence[InboxItem]:
        rows = await self._db.execute(
            select(inbox).where(inbox.c.conversation_id == conversation_id).order_by(inbox.c.seq)
        )
        return [_item(row) for row in rows]

    async def waiting_in(
        self, conversation_ids: Collection[ConversationId]
    ) -> Collection[ConversationId]:
        rows = await self._db.execute(
            select(inbox.c.conversation_id)
            .where(inbox.c.conversation_id.in_(list(conversation_ids)))
            .distinct()
        )
        return [ConversationId(i) for i in rows.scalars()]

    async def remove(self, item_id: UUID) -> bool:
        return (await self._db.run(_REMOVE_ITEM, {"item": item_id})).rowcount == 1

    async def with_work(self, limit: int) -> Mapping[ConversationId, int]:
        rows = await self._db.run(_WITH_WORK, {"most": limit})
        return {ConversationId(row.conversation_id): row.first for row in rows}

    async def forget_before(self, before: datetime, limit: int) -> int:
        s = seen_updates.c
        old = select(s.channel, s.key).where(s.seen_at < before).limit(limit)
        done = await self._db.execute(delete(seen_updates).where(tuple_(s.channel, s.key).in_(old)))
        return done.rowcount


def _item(row: Row[tuple[object, ...]]) -> InboxItem:
    return InboxItem(
        id=row.id,
        conversation_id=ConversationId(row.conversation_id),
        kind=row.kind,
        body=row.body,
        created_at=row.created_at,
        seq=row.seq,
    )
