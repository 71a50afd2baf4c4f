"""Conversations, and what waits to be handled in them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.models import Conversation, InboxItem
from bot.conversation.timers import VANISH
from bot.handoff.models import HandoffState
from bot.ids import ChannelName, CheckinId, ConversationId
from bot.storage.dialects import insert_ignoring
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

STILL_TO_END = ("scheduled", "awaiting_reply", "paused", "missed")
"""Phases of check-ins that something is still to follow."""


class SqlConversationRepository:
    """`ConversationRepository` on SQL."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def find(self, channel: ChannelName, address_index: bytes) -> Conversation | None:
        c = conversations.c
        rows = await self._db.execute(
            select(conversations).where(c.channel == channel, c.address_index == address_index)
        )
        return _conversation(rows.one_or_none())

    async def get(self, conversation_id: ConversationId) -> Conversation | None:
        rows = await self._db.execute(
            select(conversations).where(conversations.c.id == conversation_id)
        )
        return _conversation(rows.one_or_none())

    async def some(
        self, conversation_ids: Collection[ConversationId]
    ) -> Mapping[ConversationId, Conversation]:
        rows = await self._db.execute(
            select(conversations).where(conversations.c.id.in_(list(conversation_ids)))
        )
        found = (_conversation(row) for row in rows)
        return {conversation.id: conversation for conversation in found if conversation}

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
        c = conversations.c
        done = await self._db.execute(
            update(conversations)
            .where(c.id == conversation.id, c.version == conversation.version)
            .values(
                state=conversation.state,
                message_ttl=int(conversation.message_ttl.total_seconds()),
                version=conversation.version + 1,
            )
        )
        return done.rowcount == 1

    async def touch(self, conversation_id: ConversationId) -> None:
        await self._update(conversation_id, version=conversations.c.version + 1)

    async def heard(self, conversation_id: ConversationId, at: datetime) -> None:
        await self._update(conversation_id, last_inbound_at=at, nudged=False, unreachable=False)

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

    async def awaited(self) -> Collection[CheckinId]:
        c, a = checkins.c, alerts.c
        waits = (a.acknowledged_by.is_(None)) & (a.all_clear_at.is_(None)) & (a.id.is_not(None))
        rows = await self._db.execute(
            select(c.id)
            .outerjoin(alerts, a.checkin_id == c.id)
            .where(or_(c.phase.in_(STILL_TO_END), waits))
        )
        return {CheckinId(found) for found in rows.scalars()}

    async def forgotten(self, limit: int) -> Sequence[ConversationId]:
        c = conversations.c
        timer = (timers.c.kind == VANISH) & (timers.c.ref == c.id)
        open_ = (handoffs.c.conversation_id == c.id) & (handoffs.c.state != HandoffState.CLOSED)
        planned = (checkins.c.conversation_id == c.id) & (checkins.c.plan != b"")
        rows = await self._db.execute(
            select(c.id)
            .where(
                ~exists().where(timer),
                ~exists().where(messages.c.conversation_id == c.id),
                ~exists().where(inbox.c.conversation_id == c.id),
                ~exists().where(open_),
                ~exists().where(planned),
            )
            .limit(limit)
        )
        return [ConversationId(found) for found in rows.scalars()]

    async def keys_before(
        self, epoch: int, limit: int
    ) -> Sequence[tuple[ConversationId, WrappedKey]]:
        c = conversations.c
        rows = await self._db.execute(
            select(c.id, c.key_epoch, c.key_wrapped).where(c.key_epoch < epoch).limit(limit)
        )
        return [(ConversationId(r.id), WrappedKey(r.key_epoch, r.key_wrapped)) for r in rows]

    async def rewrap(
        self, conversation_id: ConversationId, old: WrappedKey, new: WrappedKey
    ) -> None:
        c = conversations.c
        await self._db.execute(
            update(conversations)
            .where(c.id == conversation_id, c.key_epoch == old.epoch)
            .values(key_epoch=new.epoch, key_wrapped=new.wrapped)
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

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def first_sight(self, channel: ChannelName, key: bytes, at: datetime) -> bool:
        done = await self._db.execute(
            insert_ignoring(self._db, seen_updates).values(channel=channel, key=key, seen_at=at)
        )
        return done.rowcount == 1

    async def add(self, item: InboxItem) -> None:
        await self._db.execute(
            insert(inbox).values(
                id=item.id,
                conversation_id=item.conversation_id,
                kind=item.kind,
                body=item.body,
                created_at=item.created_at,
            )
        )

    async def next(self, conversation_id: ConversationId) -> InboxItem | None:
        rows = await self._db.execute(
            select(inbox)
            .where(inbox.c.conversation_id == conversation_id)
            .order_by(inbox.c.seq)
            .limit(1)
        )
        row = rows.one_or_none()
        return None if row is None else _item(row)

    async def all(self, conversation_id: ConversationId) -> Sequence[InboxItem]:
        rows = await self._db.execute(
            select(inbox).where(inbox.c.conversation_id == conversation_id).order_by(inbox.c.seq)
        )
        return [_item(row) for row in rows]

    async def remove(self, item_id: UUID) -> bool:
        done = await self._db.execute(delete(inbox).where(inbox.c.id == item_id))
        return done.rowcount == 1

    async def with_work(self, limit: int) -> Sequence[ConversationId]:
        rows = await self._db.execute(select(inbox.c.conversation_id).distinct().limit(limit))
        return [ConversationId(i) for i in rows.scalars()]

    async def forget_before(self, before: datetime) -> None:
        await self._db.execute(delete(seen_updates).where(seen_updates.c.seen_at < before))


def _item(row: Row[tuple[object, ...]]) -> InboxItem:
    return InboxItem(
        id=row.id,
        conversation_id=ConversationId(row.conversation_id),
        kind=row.kind,
        body=row.body,
        created_at=row.created_at,
        seq=row.seq,
    )
