"""Check-ins and alerts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from bot.checkins.models import KEPT, LIVE, Alert, Checkin, Phase
from bot.dialogue.effects import EscalationReason
from bot.ids import AdvocateId, AlertId, CheckinId, ConversationId
from bot.storage.connection import Connection
from bot.storage.prepared import Prepared
from bot.storage.tables import PLANNED, alerts, checkins

_CURRENT = Prepared(
    select(checkins)
    .where(checkins.c.conversation_id == bindparam("conversation"), checkins.c.plan != b"")
    .order_by(checkins.c.due_at, checkins.c.created_at)
)


class SqlCheckinRepository:
    """`CheckinRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def add(self, checkin: Checkin) -> None:
        await self._db.execute(
            insert(checkins).values(
                id=checkin.id,
                conversation_id=checkin.conversation_id,
                phase=checkin.phase,
                due_at=checkin.due_at,
                plan=checkin.plan,
                created_at=checkin.created_at,
            )
        )

    async def current(self, conversation_id: ConversationId) -> Sequence[Checkin]:
        rows = await self._db.run(_CURRENT, {"conversation": conversation_id})
        return [_checkin(row) for row in rows]

    async def get(self, checkin_id: CheckinId) -> Checkin | None:
        rows = await self._db.execute(select(checkins).where(checkins.c.id == checkin_id))
        row = rows.one_or_none()
        return None if row is None else _checkin(row)

    async def some(self, checkin_ids: Collection[CheckinId]) -> Mapping[CheckinId, Checkin]:
        rows = await self._db.execute(select(checkins).where(checkins.c.id.in_(list(checkin_ids))))
        return {CheckinId(row.id): _checkin(row) for row in rows}

    async def move(self, checkin_id: CheckinId, come_from: Collection[Phase], to: Phase) -> bool:
        c = checkins.c
        done = await self._db.execute(
            update(checkins)
            .where(c.id == checkin_id, c.phase.in_(list(come_from)))
            .values(phase=to)
        )
        return done.rowcount == 1

    async def asked(self, checkin_id: CheckinId, at: datetime) -> bool:
        return await self.all_asked([checkin_id], at) == 1

    async def all_asked(self, checkin_ids: Collection[CheckinId], at: datetime) -> int:
        c = checkins.c
        done = await self._db.execute(
            update(checkins)
            .where(c.id.in_(list(checkin_ids)), c.phase == Phase.SCHEDULED)
            .values(phase=Phase.AWAITING_REPLY, asked_at=at)
        )
        return done.rowcount

    async def revise(self, checkin_id: CheckinId, due_at: datetime, plan: bytes) -> bool:
        c = checkins.c
        done = await self._db.execute(
            update(checkins)
            .where(c.id == checkin_id, c.phase.in_([*LIVE, Phase.PAUSED]))
            .values(phase=Phase.SCHEDULED, due_at=due_at, plan=plan, asked_at=None)
        )
        return done.rowcount == 1

    async def seal_plan(self, checkin_id: CheckinId, plan: bytes) -> None:
        await self._db.execute(
            update(checkins).where(checkins.c.id == checkin_id).values(plan=plan)
        )

    async def has_kept(self, conversation_id: ConversationId) -> bool:
        c = checkins.c
        found = await self._db.scalar(
            select(c.id)
            .where(c.conversation_id == conversation_id, c.phase.in_(list(KEPT)))
            .limit(1)
        )
        return found is not None

    async def forget(self, ended_before: datetime, limit: int) -> Collection[ConversationId]:
        c, a = checkins.c, alerts.c
        waiting = and_(
            a.all_clear_at.is_(None),
            or_(a.acknowledged_at.is_(None), a.acknowledged_at >= ended_before),
        )
        over = and_(
            c.phase.not_in(list(KEPT)),
            PLANNED,
            c.due_at < ended_before,
            ~exists().where(a.checkin_id == c.id, waiting),
        )
        return await self._emptied(over, limit, {"plan": b""})

    async def give_up(self, due_before: datetime, limit: int) -> Collection[ConversationId]:
        c = checkins.c
        idle = and_(c.phase.in_([Phase.PAUSED, Phase.MISSED]), c.due_at < due_before)
        return await self._emptied(idle, limit, {"plan": b"", "phase": Phase.CANCELLED})

    async def _emptied(
        self, which: ColumnElement[bool], limit: int, values: dict[str, object]
    ) -> Collection[ConversationId]:
        some = select(checkins.c.id).where(which).limit(limit)
        rows = await self._db.execute(
            update(checkins)
            .where(which, checkins.c.id.in_(some))
            .values(**values)
            .returning(checkins.c.conversation_id)
        )
        return {ConversationId(found) for found in rows.scalars()}

    async def delete_of(self, conversation_id: ConversationId) -> None:
        await self._db.execute(
            delete(checkins).where(checkins.c.conversation_id == conversation_id)
        )


def _checkin(row: Row[tuple[object, ...]]) -> Checkin:
    return Checkin(
        id=CheckinId(row.id),
        conversation_id=ConversationId(row.conversation_id),
        phase=Phase(row.phase),
        due_at=row.due_at,
        plan=row.plan,
        created_at=row.created_at,
        asked_at=row.asked_at,
    )


class SqlAlertRepository:
    """`AlertRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def add(self, alert: Alert) -> None:
        await self._db.execute(
            insert(alerts).values(
                id=alert.id,
                checkin_id=alert.checkin_id,
                conversation_id=alert.conversation_id,
                reason=alert.reason,
                raised_at=alert.raised_at,
            )
        )

    async def open_alerts(self) -> Sequence[Alert]:
        a = alerts.c
        rows = await self._db.execute(
            select(alerts).order_by(a.acknowledged_at.is_not(None), a.raised_at)
        )
        return [_alert(row) for row in rows]

    async def raised_for(self, checkin_id: CheckinId) -> bool:
        found = await self._db.scalar(select(alerts.c.id).where(alerts.c.checkin_id == checkin_id))
        return found is not None

    async def get(self, alert_id: AlertId) -> Alert | None:
        rows = await self._db.execute(select(alerts).where(alerts.c.id == alert_id))
        row = rows.one_or_none()
        return None if row is None else _alert(row)

    async def acknowledge(self, alert_id: AlertId, advocate_id: AdvocateId, at: datetime) -> bool:
        a = alerts.c
        done = await self._db.execute(
            update(alerts)
            .where(a.id == alert_id, a.acknowledged_by.is_(None))
            .values(acknowledged_by=advocate_id, acknowledged_at=at)
        )
        return done.rowcount == 1

    async def all_clear(self, checkin_id: CheckinId, at: datetime) -> AlertId | None:
        a = alerts.c
        rows = await self._db.execute(
            update(alerts)
            .where(a.checkin_id == checkin_id, a.all_clear_at.is_(None))
            .values(all_clear_at=at)
            .returning(a.id)
        )
        found = rows.scalar_one_or_none()
        return None if found is None else AlertId(found)

    async def louder(self, alert_id: AlertId) -> None:
        a = alerts.c
        await self._db.execute(update(alerts).where(a.id == alert_id).values(louder=a.louder + 1))

    async def raise_again(self, checkin_id: CheckinId, reason: str) -> AlertId | None:
        a = alerts.c
        rows = await self._db.execute(
            update(alerts)
            .where(a.checkin_id == checkin_id)
            .values(
                reason=reason,
                acknowledged_by=None,
                acknowledged_at=None,
                all_clear_at=None,
                louder=0,
            )
            .returning(a.id)
        )
        found = rows.scalar_one_or_none()
        return None if found is None else AlertId(found)

    async def unsettled_of(self, conversation_id: ConversationId) -> bool:
        a = alerts.c
        needed = and_(a.reason == EscalationReason.DURESS, checkins.c.plan != b"")
        found = await self._db.scalar(
            select(a.id)
            .join(checkins, checkins.c.id == a.checkin_id)
            .where(
                a.conversation_id == conversation_id,
                a.all_clear_at.is_(None),
                or_(a.acknowledged_by.is_(None), needed),
            )
            .limit(1)
        )
        return found is not None

    async def delete_of(self, conversation_id: ConversationId) -> None:
        await self._db.execute(delete(alerts).where(alerts.c.conversation_id == conversation_id))


def _alert(row: Row[tuple[object, ...]]) -> Alert:
    return Alert(
        id=AlertId(row.id),
        checkin_id=CheckinId(row.checkin_id),
        conversation_id=ConversationId(row.conversation_id),
        reason=row.reason,
        locale="",
        raised_at=row.raised_at,
        acknowledged_by=None if row.acknowledged_by is None else AdvocateId(row.acknowledged_by),
        acknowledged_at=row.acknowledged_at,
        all_clear_at=row.all_clear_at,
        louder=row.louder,
    )
