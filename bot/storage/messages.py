"""Messages: history and outbox in one."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.history.models import Author, Delivery, Message
from bot.ids import ChannelName, ConversationId, HandoffId, MessageId
from bot.storage.dialects import insert_ignoring, insert_or_update
from bot.storage.tables import channel_marks, messages

_UNSENT = [Delivery.PENDING, Delivery.SENDING]
_UNSEEN = [Delivery.HELD, Delivery.PENDING, Delivery.FAILED]


class SqlMessageRepository:
    """`MessageRepository` on SQL."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, message: Message) -> bool:
        done = await self._db.execute(
            insert_ignoring(self._db, messages).values(
                id=message.id,
                conversation_id=message.conversation_id,
                handoff_id=message.handoff_id,
                author=message.author,
                delivery=message.delivery,
                body=message.body,
                platform_ids=message.platform_ids,
                mark=message.mark,
                cover=message.cover,
                attempts=message.attempts,
                not_before=message.not_before,
                created_at=message.created_at,
                delete_at=message.delete_at,
            )
        )
        return done.rowcount == 1

    async def next_unsent(self, conversation_id: ConversationId) -> Message | None:
        m = messages.c
        rows = await self._db.execute(
            select(messages)
            .where(m.conversation_id == conversation_id, m.delivery.in_(_UNSENT))
            .order_by(m.seq)
            .limit(1)
        )
        row = rows.one_or_none()
        return None if row is None else _message(row)

    async def start_sending(self, message_id: MessageId, mark: bytes, until: datetime) -> bool:
        return await self._move(
            message_id, _UNSENT, delivery=Delivery.SENDING, mark=mark, not_before=until
        )

    async def remember_mark(self, channel: ChannelName, mark: str) -> None:
        values = {"channel": channel, "mark": mark}
        await self._db.execute(insert_or_update(self._db, channel_marks, ("channel",), values))

    async def last_mark(self, channel: ChannelName) -> str | None:
        found: str | None = await self._db.scalar(
            select(channel_marks.c.mark).where(channel_marks.c.channel == channel)
        )
        return found

    async def mark_sent(
        self, message_id: MessageId, platform_ids: bytes, *, keep_body: bool, delete_at: datetime
    ) -> None:
        values: dict[str, object] = {} if keep_body else {"body": None}
        await self._move(
            message_id,
            [Delivery.SENDING],
            delivery=Delivery.SENT,
            platform_ids=platform_ids,
            delete_at=delete_at,
            mark=None,
            not_before=None,
            **values,
        )

    async def retry_later(
        self, message_id: MessageId, not_before: datetime, *, uncertain: bool
    ) -> None:
        await self._move(
            message_id,
            [Delivery.SENDING],
            delivery=Delivery.SENDING if uncertain else Delivery.PENDING,
            not_before=not_before,
            attempts=messages.c.attempts + 1,
        )

    async def mark_failed(self, message_id: MessageId) -> None:
        await self._move(message_id, _UNSENT, delivery=Delivery.FAILED, body=None, mark=None)

    async def fail_unsent(self, conversation_id: ConversationId) -> None:
        m = messages.c
        await self._update(
            m.conversation_id == conversation_id,
            m.delivery.in_([*_UNSENT, Delivery.HELD]),
            delivery=Delivery.FAILED,
            body=None,
            mark=None,
        )

    async def hold_unsent(
        self, conversation_id: ConversationId, before: datetime | None = None
    ) -> int:
        m = messages.c
        return await self._update(
            m.conversation_id == conversation_id,
            m.delivery == Delivery.PENDING,
            m.cover.is_(False),
            *([] if before is None else [m.created_at < before]),
            delivery=Delivery.HELD,
        )

    async def release_held(
        self, conversation_id: ConversationId, since: datetime | None = None
    ) -> int:
        m = messages.c
        return await self._update(
            m.conversation_id == conversation_id,
            m.delivery == Delivery.HELD,
            *([] if since is None else [m.created_at >= since]),
            delivery=Delivery.PENDING,
        )

    async def has_held(
        self, conversation_id: ConversationId, since: datetime | None = None
    ) -> bool:
        m = messages.c
        held = [m.conversation_id == conversation_id, m.delivery == Delivery.HELD]
        if since is not None:
            held.append(m.created_at >= since)
        found = await self._db.scalar(select(m.id).where(*held).limit(1))
        return found is not None

    async def expire_all(self, conversation_id: ConversationId, at: datetime) -> None:
        m = messages.c
        mine = m.conversation_id == conversation_id
        await self._db.execute(
            delete(messages).where(
                mine, m.delivery.in_([Delivery.HELD, Delivery.PENDING, Delivery.FAILED])
            )
        )
        await self._update(mine, m.delivery == Delivery.SENDING, delete_at=at)
        await self._update(mine, m.delivery != Delivery.SENDING, body=None, delete_at=at)

    async def expire_shown(self, conversation_id: ConversationId, at: datetime) -> None:
        m = messages.c
        mine = m.conversation_id == conversation_id
        await self._update(mine, m.delivery == Delivery.SENDING, delete_at=at)
        shown = m.delivery.in_([Delivery.SENT, Delivery.RECEIVED])
        await self._update(mine, shown, body=None, delete_at=at)

    async def shorten(self, conversation_id: ConversationId, until: datetime) -> None:
        m = messages.c
        await self._update(
            m.conversation_id == conversation_id, m.delete_at > until, delete_at=until
        )

    async def due(
        self, conversation_id: ConversationId, now: datetime, limit: int
    ) -> Sequence[Message]:
        m = messages.c
        rows = await self._db.execute(
            select(messages)
            .where(m.conversation_id == conversation_id, m.delete_at <= now)
            .order_by(m.delete_at, m.seq)
            .limit(limit)
        )
        return [_message(row) for row in rows]

    async def delete(self, message_ids: Collection[MessageId]) -> None:
        await self._db.execute(delete(messages).where(messages.c.id.in_(list(message_ids))))

    async def next_deadline(self, conversation_id: ConversationId) -> datetime | None:
        m = messages.c
        found: datetime | None = await self._db.scalar(
            select(func.min(m.delete_at, type_=m.delete_at.type)).where(
                m.conversation_id == conversation_id
            )
        )
        return found

    async def on_the_phone(self, conversation_id: ConversationId) -> Sequence[Message]:
        m = messages.c
        rows = await self._db.execute(
            select(messages).where(
                m.conversation_id == conversation_id, m.platform_ids.is_not(None)
            )
        )
        return [_message(row) for row in rows]

    async def of_handoff(self, handoff_id: HandoffId, after: int) -> Sequence[Message]:
        m = messages.c
        rows = await self._db.execute(
            select(messages).where(m.handoff_id == handoff_id, m.seq > after).order_by(m.seq)
        )
        return [_message(row) for row in rows]

    async def of_conversation(
        self, conversation_id: ConversationId, after: int
    ) -> Sequence[Message]:
        m = messages.c
        rows = await self._db.execute(
            select(messages)
            .where(
                m.conversation_id == conversation_id,
                m.seq > after,
                m.delivery.not_in(_UNSEEN),
                m.author != Author.NOTE,
            )
            .order_by(m.seq)
        )
        return [_message(row) for row in rows]

    async def with_work(self, now: datetime, limit: int) -> Sequence[ConversationId]:
        m = messages.c
        rows = await self._db.execute(
            select(m.conversation_id)
            .where(m.delivery.in_(_UNSENT), or_(m.not_before.is_(None), m.not_before <= now))
            .distinct()
            .limit(limit)
        )
        return [ConversationId(i) for i in rows.scalars()]

    async def recover(self, now: datetime) -> None:
        await self._update(messages.c.delivery == Delivery.SENDING, not_before=now)

    async def get(self, message_id: MessageId) -> Message | None:
        rows = await self._db.execute(select(messages).where(messages.c.id == message_id))
        row = rows.one_or_none()
        return None if row is None else _message(row)

    async def _move(
        self, message_id: MessageId, come_from: Collection[Delivery], **values: object
    ) -> bool:
        m = messages.c
        return await self._update(m.id == message_id, m.delivery.in_(come_from), **values) == 1

    async def _update(self, *where: ColumnElement[bool], **values: object) -> int:
        done = await self._db.execute(update(messages).where(*where).values(**values))
        return done.rowcount


def _message(row: Row[tuple[object, ...]]) -> Message:
    return Message(
        id=MessageId(row.id),
        conversation_id=ConversationId(row.conversation_id),
        author=Author(row.author),
        delivery=Delivery(row.delivery),
        body=row.body,
        created_at=row.created_at,
        delete_at=row.delete_at,
        seq=row.seq,
        handoff_id=None if row.handoff_id is None else HandoffId(row.handoff_id),
        platform_ids=row.platform_ids,
        cover=row.cover,
        attempts=row.attempts,
        not_before=row.not_before,
        mark=row.mark,
    )
