"""Handoffs: each change of hands is one conditional UPDATE."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.handoff.models import BY_ADVOCATE, URGENT, CloseKind, Handoff, HandoffState
from bot.ids import AdvocateId, ConversationId, HandoffId
from bot.storage.dialects import insert_ignoring
from bot.storage.tables import handoffs


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
                rank_at=handoff.rank_at or handoff.queued_at,
                ready_at=handoff.ready_at or handoff.queued_at,
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
            select(handoffs).where(h.state == state).order_by(h.rank_at, h.id)
        )
        return [_handoff(row) for row in rows]

    async def ready(self, now: datetime, limit: int, offset: int) -> Sequence[Handoff]:
        h = handoffs.c
        rows = await self._db.execute(
            select(handoffs)
            .where(h.state == HandoffState.WAITING, h.ready_at <= now)
            .order_by(h.rank_at, h.id)
            .limit(limit)
            .offset(offset)
        )
        return [_handoff(row) for row in rows]

    async def held_by(self, advocate_id: AdvocateId) -> int:
        count: int | None = await self._db.scalar(
            select(func.count()).select_from(handoffs).where(*_held_by(advocate_id))
        )
        return count or 0

    async def hurry(self, conversation_id: ConversationId, rank_at: datetime) -> HandoffId | None:
        h = handoffs.c
        rows = await self._db.execute(
            update(handoffs)
            .where(
                h.conversation_id == conversation_id,
                h.state == HandoffState.WAITING,
                h.priority > URGENT,
            )
            .values(priority=URGENT, rank_at=rank_at, ready_at=h.queued_at)
            .returning(h.id)
        )
        found = rows.scalar_one_or_none()
        return None if found is None else HandoffId(found)

    async def call_back(self, handoff_id: HandoffId, ready_at: datetime) -> bool:
        waits = handoffs.c.state == HandoffState.WAITING
        return await self._change(handoff_id, waits, ready_at=ready_at)

    async def place(self, handoff_id: HandoffId) -> int | None:
        mine = await self.get(handoff_id)
        if mine is None or mine.state is not HandoffState.WAITING:
            return None
        h = handoffs.c
        ahead: int | None = await self._db.scalar(
            select(func.count()).where(
                h.state == HandoffState.WAITING,
                or_(
                    h.rank_at < mine.rank_at,
                    and_(h.rank_at == mine.rank_at, h.id < mine.id),
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
            handoffs.c.ready_at <= now,
            state=HandoffState.CLAIMED,
            advocate_id=advocate_id,
            claimed_at=now,
            lease_until=lease_until,
            unanswered_since=now,
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
            unanswered_since=None,
            told_place=0,
            **_ALONE,
        )

    async def transfer(
        self, handoff_id: HandoffId, holder: AdvocateId, to: AdvocateId, lease_until: datetime
    ) -> bool:
        return await self._change(
            handoff_id, *_held_by(holder), advocate_id=to, lease_until=lease_until, **_ALONE
        )

    async def seek(self, handoff_id: HandoffId, sealed_skill: bytes) -> None:
        await self._change(handoff_id, skill=sealed_skill)

    async def passing(
        self,
        handoff_id: HandoffId,
        holder: AdvocateId,
        to: AdvocateId | None,
        sealed_skill: bytes | None,
    ) -> bool:
        asks = to is not None or sealed_skill is not None
        skill = {} if sealed_skill is None else {"skill": sealed_skill}
        held = _held_by(holder)
        return await self._change(handoff_id, *held, passing=asks, passing_to=to, **skill)

    async def take_over(
        self,
        handoff_id: HandoffId,
        advocate_id: AdvocateId,
        asked_for: bytes | None,
        now: datetime,
        lease_until: datetime,
    ) -> bool:
        h = handoffs.c
        by_skill = and_(h.passing_to.is_(None), h.skill == asked_for)
        return await self._change(
            handoff_id,
            h.state == HandoffState.CLAIMED,
            h.advocate_id != advocate_id,
            h.passing,
            h.passing_to == advocate_id if asked_for is None else by_skill,
            advocate_id=advocate_id,
            claimed_at=now,
            lease_until=lease_until,
            unanswered_since=now,
            **_ALONE,
        )

    async def support(
        self, handoff_id: HandoffId, holder: AdvocateId, support_id: AdvocateId | None
    ) -> bool:
        return await self._change(handoff_id, *_held_by(holder), support_id=support_id)

    async def unanswered(self, handoff_id: HandoffId, since: datetime) -> bool:
        h = handoffs.c
        return await self._change(
            handoff_id,
            h.state == HandoffState.CLAIMED,
            h.unanswered_since.is_(None),
            unanswered_since=since,
        )

    async def answered(self, handoff_id: HandoffId) -> None:
        await self._change(handoff_id, unanswered_since=None)

    async def told(self, handoff_id: HandoffId, place: int) -> None:
        await self._change(handoff_id, told_place=place)

    async def reopen(
        self,
        handoff_id: HandoffId,
        advocate_id: AdvocateId,
        now: datetime,
        closed_after: datetime,
        lease_until: datetime,
    ) -> bool:
        h = handoffs.c
        return await self._change(
            handoff_id,
            h.state == HandoffState.CLOSED,
            h.advocate_id == advocate_id,
            h.close_reason.in_([*BY_ADVOCATE - {CloseKind.ABUSIVE}]),
            h.closed_at > closed_after,
            state=HandoffState.CLAIMED,
            claimed_at=now,
            closed_at=None,
            close_reason="",
            lease_until=lease_until,
        )

    async def asked_since(self, conversation_id: ConversationId, since: datetime) -> int:
        h = handoffs.c
        count: int | None = await self._db.scalar(
            select(func.count()).where(h.conversation_id == conversation_id, h.queued_at >= since)
        )
        return count or 0

    async def close(self, handoff_id: HandoffId, at: datetime, reason: str) -> bool:
        return await self._change(
            handoff_id,
            handoffs.c.state != HandoffState.CLOSED,
            state=HandoffState.CLOSED,
            closed_at=at,
            close_reason=reason,
            lease_until=None,
            unanswered_since=None,
            **_ALONE,
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


_ALONE: dict[str, object] = {"support_id": None, "passing_to": None, "passing": False}
"""Whoever helped, or was to take over, does so no longer."""


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
        rank_at=row.rank_at,
        ready_at=row.ready_at,
        sealed_skill=row.skill,
        passing=row.passing,
        passing_to=None if row.passing_to is None else AdvocateId(row.passing_to),
        support_id=None if row.support_id is None else AdvocateId(row.support_id),
        unanswered_since=row.unanswered_since,
        told_place=row.told_place,
        close_reason=row.close_reason,
    )
