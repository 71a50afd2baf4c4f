"""Messages: history and outbox in one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    bindparam,
    delete,
    func,
    or_,
    select,
    type_coerce,
    update,
)

from bot.history.models import Author, Delivery, Message
from bot.ids import AdvocateId, ChannelName, ConversationId, HandoffId, MessageId
from bot.storage.connection import Connection
from bot.storage.prepared import Prepared, adding, putting
from bot.storage.tables import UNSENT, channel_marks, messages

_TO_SEND = [Delivery.PENDING, Delivery.SENDING]
_UNSEEN = [Delivery.HELD, Delivery.PENDING, Delivery.FAILED]

_of_one = messages.c.conversation_id == bindparam("conversation")
_it = messages.c.id == bindparam("message")
_held = messages.c.delivery == Delivery.HELD
_late = messages.c.created_at >= bindparam("since")
_ADD = adding(messages)
_GET = Prepared(select(messages).where(_it))
_OF_HANDOFF = Prepared(
    select(messages)
    .where(messages.c.handoff_id == bindparam("handoff"), messages.c.seq > bindparam("after"))
    .order_by(messages.c.seq)
)
_NEXT_UNSENT = Prepared(select(messages).where(_of_one, UNSENT).order_by(messages.c.seq).limit(1))
_NEXT_DEADLINE = Prepared(
    select(func.min(messages.c.delete_at, type_=messages.c.delete_at.type)).where(_of_one)
)
_HAS_HELD = Prepared(select(messages.c.id).where(_of_one, _held).limit(1))
_HAS_HELD_SINCE = Prepared(select(messages.c.id).where(_of_one, _held, _late).limit(1))
_RELEASE = Prepared(update(messages).where(_of_one, _held).values(delivery=Delivery.PENDING))
_RELEASE_SINCE = Prepared(
    update(messages).where(_of_one, _held, _late).values(delivery=Delivery.PENDING)
)
_START = Prepared(
    update(messages)
    .where(_it, messages.c.delivery == Delivery.PENDING)
    .values(delivery=Delivery.SENDING, mark=bindparam("marked"), not_before=bindparam("until"))
)
_SENT = (
    update(messages)
    .where(_it, messages.c.delivery == Delivery.SENDING)
    .values(
        delivery=Delivery.SENT,
        platform_ids=bindparam("ids"),
        delete_at=bindparam("deadline"),
        mark=None,
        not_before=None,
    )
)
_MARK_SENT = Prepared(_SENT.values(body=None))
_MARK_SENT_KEEPING = Prepared(_SENT)
_first = func.min(messages.c.seq).label("first")
_WITH_WORK = Prepared(
    select(messages.c.conversation_id, _first)
    .where(
        UNSENT,
        or_(messages.c.not_before.is_(None), messages.c.not_before <= bindparam("now")),
    )
    .group_by(messages.c.conversation_id)
    .order_by(_first)
    .limit(bindparam("most"))
)
_REMEMBER_MARK = putting(channel_marks, "channel")


class SqlMessageRepository:
    """`MessageRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def add(self, message: Message) -> bool:
        done = await self._db.run(_ADD, _columns(message))
        return done.rowcount == 1

    async def add_all(self, wanted: Sequence[Message]) -> None:
        if wanted:
            await self._db.run_many(_ADD, [_columns(message) for message in wanted])

    async def some(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, Message]:
        rows = await self._db.execute(select(messages).where(messages.c.id.in_(list(message_ids))))
        return {MessageId(row.id): _message(row) for row in rows}

    async def unsent_in(
        self, conversation_ids: Collection[ConversationId]
    ) -> Collection[ConversationId]:
        m = messages.c
        rows = await self._db.execute(
            select(m.conversation_id)
            .where(m.conversation_id.in_(list(conversation_ids)), m.delivery.in_(_TO_SEND))
            .distinct()
        )
        return [ConversationId(i) for i in rows.scalars()]

    async def next_unsent(self, conversation_id: ConversationId) -> Message | None:
        rows = await self._db.run(_NEXT_UNSENT, {"conversation": conversation_id})
        row = rows.one_or_none()
        return None if row is None else _message(row)

    async def start_sending(self, message_id: MessageId, mark: bytes, until: datetime) -> bool:
        started = {"message": message_id, "marked": mark, "until": until}
        return (await self._db.run(_START, started)).rowcount == 1

    async def keep_sending(self, message_id: MessageId, until: datetime) -> None:
        await self._move(message_id, [Delivery.SENDING], not_before=until)

    async def take_abandoned(self, message_id: MessageId, now: datetime, until: datetime) -> bool:
        m = messages.c
        abandoned = (m.delivery == Delivery.SENDING) & (m.not_before <= now)
        return await self._update(m.id == message_id, abandoned, not_before=until) == 1

    async def remember_mark(self, channel: ChannelName, mark: str) -> None:
        await self._db.run(_REMEMBER_MARK, {"channel": channel, "mark": mark})

    async def last_mark(self, channel: ChannelName) -> str | None:
        found: str | None = await self._db.scalar(
            select(channel_marks.c.mark).where(channel_marks.c.channel == channel)
        )
        return found

    async def mark_sent(
        self, message_id: MessageId, platform_ids: bytes, *, keep_body: bool, delete_at: datetime
    ) -> None:
        sent = {"message": message_id, "ids": platform_ids, "deadline": delete_at}
        await self._db.run(_MARK_SENT_KEEPING if keep_body else _MARK_SENT, sent)

    async def mark_all_sent(self, arrived: Sequence[tuple[MessageId, bytes, datetime]]) -> None:
        rows = [{"message": id_, "ids": ids, "deadline": until} for id_, ids, until in arrived]
        if rows:
            await self._db.run_many(_MARK_SENT, rows)

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
        await self._move(message_id, _TO_SEND, delivery=Delivery.FAILED, body=None, mark=None)

    async def fail_unsent(self, conversation_id: ConversationId) -> None:
        m = messages.c
        await self._update(
            m.conversation_id == conversation_id,
            m.delivery.in_([*_TO_SEND, Delivery.HELD]),
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
        release, asked = (_RELEASE, {}) if since is None else (_RELEASE_SINCE, {"since": since})
        return (await self._db.run(release, asked | {"conversation": conversation_id})).rowcount

    async def has_held(
        self, conversation_id: ConversationId, since: datetime | None = None
    ) -> bool:
        look, asked = (_HAS_HELD, {}) if since is None else (_HAS_HELD_SINCE, {"since": since})
        found = await self._db.run(look, asked | {"conversation": conversation_id})
        return found.scalar() is not None

    async def expire(self, message_id: MessageId, at: datetime) -> None:
        m = messages.c
        it = m.id == message_id
        unsent = [Delivery.HELD, Delivery.PENDING, Delivery.FAILED]
        await self._db.execute(delete(messages).where(it, m.delivery.in_(unsent)))
        await self._update(it, m.delivery == Delivery.SENDING, delete_at=at)
        await self._update(it, m.delivery != Delivery.SENDING, body=None, delete_at=at)

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

    async def lengthen(
        self, conversation_id: ConversationId, ttl: timedelta, now: datetime
    ) -> None:
        m = messages.c
        until = type_coerce(m.created_at, BigInteger) + ttl // timedelta(microseconds=1)
        await self._update(
            m.conversation_id == conversation_id,
            m.handoff_id.is_not(None),
            m.delivery != Delivery.FAILED,
            m.delete_at > now,
            type_coerce(m.delete_at, BigInteger) < until,
            delete_at=until,
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

    async def delete(self, seen: Collection[Message]) -> None:
        m = messages.c
        for delivery in {message.delivery for message in seen}:
            ids = [message.id for message in seen if message.delivery is delivery]
            unchanged = m.id.in_(ids), m.delivery == delivery
            await self._db.execute(delete(messages).where(*unchanged))

    async def next_deadline(self, conversation_id: ConversationId) -> datetime | None:
        asked = {"conversation": conversation_id}
        found: datetime | None = (await self._db.run(_NEXT_DEADLINE, asked)).scalar()
        return found

    async def deadlines(
        self, conversation_ids: Collection[ConversationId]
    ) -> Mapping[ConversationId, datetime]:
        m = messages.c
        first = func.min(m.delete_at, type_=m.delete_at.type)
        rows = await self._db.execute(
            select(m.conversation_id, first)
            .where(m.conversation_id.in_(list(conversation_ids)))
            .group_by(m.conversation_id)
        )
        return {ConversationId(id_): at for id_, at in rows}

    async def on_the_phone(self, conversation_id: ConversationId) -> Sequence[Message]:
        m = messages.c
        rows = await self._db.execute(
            select(messages).where(
                m.conversation_id == conversation_id, m.platform_ids.is_not(None)
            )
        )
        return [_message(row) for row in rows]

    async def of_handoff(self, handoff_id: HandoffId, after: int) -> Sequence[Message]:
        rows = await self._db.run(_OF_HANDOFF, {"handoff": handoff_id, "after": after})
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

    async def with_work(self, now: datetime, limit: int) -> Mapping[ConversationId, int]:
        rows = await self._db.run(_WITH_WORK, {"now": now, "most": limit})
        return {ConversationId(row.conversation_id): row.first for row in rows}

    async def recover(self, now: datetime) -> None:
        sending = messages.c.delivery == Delivery.SENDING
        await self._update(UNSENT, sending, not_before=now)

    async def hasten(self, latest: datetime) -> None:
        await self._update(UNSENT, messages.c.not_before > latest, not_before=latest)

    async def undelivered(self, conversation_id: ConversationId, since: datetime) -> bool:
        m = messages.c
        rows = await self._db.execute(
            select(m.delivery)
            .where(
                m.conversation_id == conversation_id,
                m.author == Author.BOT,
                m.created_at >= since,
            )
            .distinct()
        )
        found = set(rows.scalars())
        return Delivery.SENT not in found and bool(found & {*_TO_SEND, Delivery.FAILED})

    async def get(self, message_id: MessageId) -> Message | None:
        rows = await self._db.run(_GET, {"message": message_id})
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


def _columns(message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "handoff_id": message.handoff_id,
        "author": message.author,
        "advocate_id": message.advocate_id,
        "delivery": message.delivery,
        "body": message.body,
        "platform_ids": message.platform_ids,
        "mark": message.mark,
        "cover": message.cover,
        "attempts": message.attempts,
        "not_before": message.not_before,
        "created_at": message.created_at,
        "delete_at": message.delete_at,
    }


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
        advocate_id=None if row.advocate_id is None else AdvocateId(row.advocate_id),
    )
