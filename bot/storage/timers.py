"""Timers: claim, run, settle."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ids import TimerId
from bot.scheduling.models import Timer
from bot.storage.dialects import insert_or_update, is_postgresql
from bot.storage.tables import timers

PENDING = 0
CLAIMED = 1


class SqlTimerRepository:
    """`TimerRepository` on SQL.

    The claim's select stands in a materialised CTE on PostgreSQL: planned as a join, it may be
    run again for each row and lock more than its limit.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def schedule(self, kind: str, ref: UUID, due_at: datetime) -> None:
        # A new id, too: whoever holds the earlier timer is fenced off.
        timer = {
            "id": uuid4(),
            "kind": kind,
            "ref": ref,
            "due_at": due_at,
            "state": PENDING,
            "owner": "",
            "lease_until": None,
            "attempts": 0,
        }
        await self._db.execute(insert_or_update(self._db, timers, ("kind", "ref"), timer))

    async def cancel(self, kind: str, ref: UUID) -> None:
        await self._db.execute(delete(timers).where(timers.c.kind == kind, timers.c.ref == ref))

    async def claim(
        self, owner: str, now: datetime, lease: timedelta, limit: int
    ) -> Sequence[Timer]:
        t = timers.c
        free = or_(t.state == PENDING, and_(t.state == CLAIMED, t.lease_until <= now))
        due = select(t.id).where(t.due_at <= now, free).order_by(t.due_at).limit(limit)
        if is_postgresql(self._db):
            locked = due.with_for_update(skip_locked=True)
            chosen = locked.cte("due").prefix_with("MATERIALIZED")
            picked = select(chosen.c.id)
        else:
            picked = due
        rows = await self._db.execute(
            update(timers)
            .where(t.id.in_(picked))
            .values(state=CLAIMED, owner=owner, lease_until=now + lease, attempts=t.attempts + 1)
            .returning(t.id, t.kind, t.ref, t.due_at, t.owner, t.attempts)
        )
        claimed = [Timer(TimerId(r.id), r.kind, r.ref, r.due_at, r.owner, r.attempts) for r in rows]
        return sorted(claimed, key=lambda timer: timer.due_at)

    async def settle(self, timer: Timer) -> bool:
        done = await self._db.execute(delete(timers).where(*_fence(timer)))
        return done.rowcount == 1

    async def postpone(self, timer: Timer, due_at: datetime) -> bool:
        done = await self._db.execute(
            update(timers)
            .where(*_fence(timer))
            .values(state=PENDING, owner="", lease_until=None, due_at=due_at)
        )
        return done.rowcount == 1

    async def release(self, owner: str) -> None:
        await self._db.execute(
            update(timers)
            .where(timers.c.state == CLAIMED, timers.c.owner == owner)
            .values(state=PENDING, owner="", lease_until=None)
        )

    async def next_due_at(self) -> datetime | None:
        found: datetime | None = await self._db.scalar(
            select(timers.c.due_at)
            .where(timers.c.state == PENDING)
            .order_by(timers.c.due_at)
            .limit(1)
        )
        return found


def _fence(timer: Timer) -> tuple[ColumnElement[bool], ...]:
    t = timers.c
    return (
        t.id == timer.id,
        t.state == CLAIMED,
        t.owner == timer.owner,
        t.attempts == timer.attempts,
    )
