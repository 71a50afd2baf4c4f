"""Handoffs, presence, and the events that the console replays."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.handoff.models import ConsoleEvent, Handoff, HandoffState
from bot.ids import AdvocateId, ConversationId, HandoffId
from bot.storage.dialects import insert_ignoring, insert_or_update
from bot.storage.tables import events, handoffs, presence


class SqlHandoffRepository:
    """`HandoffRepository` on SQL. Each change of hands is one conditional UPDATE."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, handoff: Handoff) -> bool:
        done = await self._db.execute(
            insert_ignoring(self._db, handoffs).values(
                id=handoff.id,
                conversation_id=handoff.conversation_id,
                state=handoff.state,
                priority=handoff.priority,
                topic=handoff.sealed_topic,
                pseudonym=handoff.pseudonym,
                queued_at=handoff.queued_at,
            )
        )
        return done.rowcount == 1

    async def get(self, handoff_id: HandoffId) -> Handoff | None:
        rows = await self._db.execute(select(handoffs).where(handoffs.c.id == handoff_id))
        row = rows.one_or_none()
        return None if row is None else _handoff(row)

    async def open_of(self, conversation_id: ConversationId) -> Handoff | None:
        h = handoffs.c
        rows = await self._db.execute(
            select(handoffs).where(
                h.conversation_id == conversation_id, h.state != HandoffState.CLOSED
            )
        )
        row = rows.one_or_none()
        return None if row is None else _handoff(row)

    async def list_by_state(self, state: HandoffState) -> Sequence[Handoff]:
        h = handoffs.c
        rows = await self._db.execute(
            select(handoffs).where(h.state == state).order_by(h.priority, h.queued_at, h.id)
        )
        return [_handoff(row) for row in rows]

    async def place(self, handoff_id: HandoffId) -> int | None:
        mine = await self.get(handoff_id)
        if mine is None or mine.state is not HandoffState.WAITING:
            return None
        h = handoffs.c
        ahead: int | None = await self._db.scalar(
            select(func.count()).where(
                h.state == HandoffState.WAITING,
                or_(
                    h.priority < mine.priority,
                    and_(h.priority == mine.priority, h.queued_at < mine.queued_at),
                ),
            )
        )
        return (ahead or 0) + 1

    async def claim(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, now: datetime, lease_until: datetime
    ) -> bool:
        return await self._change(
            handoff_id,
            handoffs.c.state == HandoffState.WAITING,
            state=HandoffState.CLAIMED,
            advocate_id=advocate_id,
            claimed_at=now,
            lease_until=lease_until,
        )

    async def renew(self, advocate_id: AdvocateId, lease_until: datetime) -> None:
        await self._db.execute(
            update(handoffs).where(*_held_by(advocate_id)).values(lease_until=lease_until)
        )

    async def release(self, handoff_id: HandoffId, holder: AdvocateId) -> bool:
        return await self._change(
            handoff_id,
            *_held_by(holder),
            state=HandoffState.WAITING,
            advocate_id=None,
            claimed_at=None,
            lease_until=None,
        )

    async def transfer(
        self, handoff_id: HandoffId, holder: AdvocateId, to: AdvocateId, lease_until: datetime
    ) -> bool:
        return await self._change(
            handoff_id, *_held_by(holder), advocate_id=to, lease_until=lease_until
        )

    async def close(self, handoff_id: HandoffId, at: datetime) -> bool:
        return await self._change(
            handoff_id,
            handoffs.c.state != HandoffState.CLOSED,
            state=HandoffState.CLOSED,
            closed_at=at,
            lease_until=None,
        )

    async def delete_of(self, conversation_id: ConversationId) -> None:
        await self._db.execute(
            delete(handoffs).where(handoffs.c.conversation_id == conversation_id)
        )

    async def _change(
        self, handoff_id: HandoffId, *where: ColumnElement[bool], **values: object
    ) -> bool:
        done = await self._db.execute(
            update(handoffs).where(handoffs.c.id == handoff_id, *where).values(**values)
        )
        return done.rowcount == 1


def _held_by(advocate_id: AdvocateId) -> tuple[ColumnElement[bool], ...]:
    h = handoffs.c
    return (h.state == HandoffState.CLAIMED, h.advocate_id == advocate_id)


def _handoff(row: Row[tuple[object, ...]]) -> Handoff:
    return Handoff(
        id=HandoffId(row.id),
        conversation_id=ConversationId(row.conversation_id),
        state=HandoffState(row.state),
        priority=row.priority,
        locale="",
        topic="",
        sealed_topic=row.topic,
        pseudonym=row.pseudonym,
        queued_at=row.queued_at,
        advocate_id=None if row.advocate_id is None else AdvocateId(row.advocate_id),
        claimed_at=row.claimed_at,
        lease_until=row.lease_until,
        closed_at=row.closed_at,
    )


class SqlPresenceRepository:
    """`PresenceRepository` on SQL."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def seen(self, advocate_id: AdvocateId, at: datetime) -> None:
        values = {"advocate_id": advocate_id, "seen_at": at}
        await self._db.execute(insert_or_update(self._db, presence, ("advocate_id",), values))

    async def gone(self, advocate_id: AdvocateId) -> None:
        await self._db.execute(delete(presence).where(presence.c.advocate_id == advocate_id))

    async def on_duty(self, since: datetime) -> int:
        count: int | None = await self._db.scalar(
            select(func.count()).where(presence.c.seen_at >= since)
        )
        return count or 0


class SqlEventRepository:
    """`EventRepository` on SQL."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def publish(self, kind: str, subject: UUID, at: datetime) -> None:
        await self._db.execute(
            insert(events).values(kind=kind, subject=str(subject), created_at=at)
        )

    async def after(self, event_id: int, limit: int) -> Sequence[ConsoleEvent]:
        rows = await self._db.execute(
            select(events).where(events.c.id > event_id).order_by(events.c.id).limit(limit)
        )
        return [ConsoleEvent(r.id, r.kind, r.subject, r.created_at) for r in rows]

    async def last_id(self) -> int:
        found: int | None = await self._db.scalar(select(func.max(events.c.id)))
        return found or 0

    async def prune(self, before: datetime) -> None:
        await self._db.execute(delete(events).where(events.c.created_at < before))
