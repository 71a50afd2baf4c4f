"""Timers: claim, run, settle."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Update,
    and_,
    bindparam,
    case,
    delete,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from bot.clock import Clock
from bot.ids import TimerId
from bot.scheduling.models import Timer
from bot.storage.connection import Connection
from bot.storage.dialects import present
from bot.storage.prepared import Prepared, putting
from bot.storage.tables import Instant, timers

PENDING = 0
CLAIMED = 1
MICROSECOND = timedelta(microseconds=1)

_waits = timers.c.state == PENDING
_SCHEDULE = putting(timers, "kind", "ref")
_SCHEDULE_BY = putting(
    timers,
    "kind",
    "ref",
    due_at=lambda new: case(
        (and_(_waits, timers.c.due_at < new.due_at), timers.c.due_at), else_=new.due_at
    ),
)


_t = timers.c
_CANCEL = Prepared(delete(timers).where(_t.kind == bindparam("kind"), _t.ref == bindparam("ref")))
_HELD = (
    _t.id == bindparam("timer"),
    _t.state == CLAIMED,
    _t.owner == bindparam("holder"),
    _t.attempts == bindparam("attempt"),
)
_SETTLE = Prepared(delete(timers).where(*_HELD))
_POSTPONE = Prepared(
    update(timers)
    .where(*_HELD)
    .values(state=PENDING, owner="", lease_until=None, due_at=bindparam("later"))
)


def _claiming(now: ColumnElement[datetime], until: ColumnElement[datetime], *, pg: bool) -> Update:
    """On PostgreSQL its select stands in a materialised CTE: planned as a join, it may be run
    again for each row and lock more than its limit."""
    free = or_(_t.state == PENDING, and_(_t.state == CLAIMED, _t.lease_until <= now))
    due = select(_t.id).where(_t.due_at <= now, free).order_by(_t.due_at).limit(bindparam("most"))
    if pg:
        locked = due.with_for_update(skip_locked=True)
        chosen = locked.cte("due").prefix_with("MATERIALIZED")
        due = select(chosen.c.id)
    return (
        update(timers)
        .where(_t.id.in_(due))
        .values(
            state=CLAIMED, owner=bindparam("claimer"), lease_until=until, attempts=_t.attempts + 1
        )
        .returning(_t.id, _t.kind, _t.ref, _t.due_at, _t.owner, _t.attempts)
    )


def _claiming_now(*, pg: bool) -> Update:
    """By the database's own clock."""
    now = type_coerce(present(postgres=pg), Instant)
    until = type_coerce(present(postgres=pg) + bindparam("lease", type_=BigInteger), Instant)
    return _claiming(now, until, pg=pg)


def _claiming_at(*, pg: bool) -> Update:
    """By a given one."""
    return _claiming(bindparam("now", type_=Instant), bindparam("until", type_=Instant), pg=pg)


_CLAIM = Prepared(_claiming_now(pg=False), on_postgresql=_claiming_now(pg=True))
_CLAIM_AT = Prepared(_claiming_at(pg=False), on_postgresql=_claiming_at(pg=True))


class SqlTimerRepository:
    """`TimerRepository` on SQL. `clock` stands in for the database's own."""

    def __init__(self, connection: Connection, clock: Clock | None = None) -> None:
        self._db = connection
        self._clock = clock

    async def schedule(self, kind: str, ref: UUID, due_at: datetime) -> None:
        await self._db.run(_SCHEDULE, _fresh(kind, ref, due_at))

    async def schedule_by(self, kind: str, ref: UUID, due_at: datetime) -> None:
        await self._db.run(_SCHEDULE_BY, _fresh(kind, ref, due_at))

    async def schedule_all(self, wanted: Sequence[tuple[str, UUID, datetime]]) -> None:
        # In one order, so that two transactions never wait for each other.
        if wanted:
            await self._db.run_many(_SCHEDULE, [_fresh(*timer) for timer in sorted(wanted)])

    async def schedule_all_by(self, wanted: Sequence[tuple[str, UUID, datetime]]) -> None:
        if wanted:
            await self._db.run_many(_SCHEDULE_BY, [_fresh(*timer) for timer in sorted(wanted)])

    async def cancel(self, kind: str, ref: UUID) -> None:
        await self._db.run(_CANCEL, {"kind": kind, "ref": ref})

    async def claim(self, owner: str, lease: timedelta, limit: int) -> Sequence[Timer]:
        given: dict[str, object] = {"claimer": owner, "most": limit}
        if self._clock is None:
            rows = await self._db.run(_CLAIM, {**given, "lease": lease // MICROSECOND})
        else:
            now = self._clock.now()
            rows = await self._db.run(_CLAIM_AT, {**given, "now": now, "until": now + lease})
        claimed = [Timer(TimerId(r.id), r.kind, r.ref, r.due_at, r.owner, r.attempts) for r in rows]
        return sorted(claimed, key=lambda timer: timer.due_at)

    async def settle(self, timer: Timer) -> bool:
        return (await self._db.run(_SETTLE, _claim_of(timer))).rowcount == 1

    async def settle_all(self, wanted: Sequence[Timer]) -> int:
        if not wanted:
            return 0
        t = timers.c
        claims = [(timer.id, timer.owner, timer.attempts) for timer in wanted]
        done = await self._db.execute(
            delete(timers).where(t.state == CLAIMED, tuple_(t.id, t.owner, t.attempts).in_(claims))
        )
        return done.rowcount

    async def postpone(self, timer: Timer, due_at: datetime) -> bool:
        done = await self._db.run(_POSTPONE, {**_claim_of(timer), "later": due_at})
        return done.rowcount == 1

    async def release(self, owner: str) -> None:
        await self._db.execute(
            update(timers)
            .where(timers.c.state == CLAIMED, timers.c.owner == owner)
            .values(state=PENDING, owner="", lease_until=None)
        )

    async def hasten(self, kinds: Collection[str], latest: datetime) -> None:
        t = timers.c
        concerned = or_(*(or_(t.kind == kind, t.kind.startswith(f"{kind}:")) for kind in kinds))
        put_off = and_(t.state == PENDING, t.attempts > 0, concerned, t.due_at > latest)
        held = and_(t.state == CLAIMED, t.lease_until > latest)
        await self._db.execute(update(timers).where(put_off).values(due_at=latest))
        await self._db.execute(update(timers).where(held).values(lease_until=latest))

    async def next_due_at(self) -> datetime | None:
        found: datetime | None = await self._db.scalar(
            select(timers.c.due_at)
            .where(timers.c.state == PENDING)
            .order_by(timers.c.due_at)
            .limit(1)
        )
        return found


def _fresh(kind: str, ref: UUID, due_at: datetime) -> dict[str, object]:
    """A timer that nobody holds. Its id is new: whoever holds an earlier one is fenced off."""
    return {
        "id": uuid4(),
        "kind": kind,
        "ref": ref,
        "due_at": due_at,
        "state": PENDING,
        "owner": "",
        "lease_until": None,
        "attempts": 0,
    }


def _claim_of(timer: Timer) -> dict[str, object]:
    """What `_HELD` asks for."""
    return {"timer": timer.id, "holder": timer.owner, "attempt": timer.attempts}
