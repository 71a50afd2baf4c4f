"""The chained log of the staff, counts by month, and drafts (sealed)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    text,
)

from bot.ids import AdvocateId, HandoffId
from bot.staff.audit import OUTCOMES, Act, Line, month
from bot.storage.connection import Connection
from bot.storage.dialects import count_up, insert_or_update, is_postgresql
from bot.storage.prepared import Prepared
from bot.storage.tables import MINUTE, Instant, metadata

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", MINUTE, nullable=False),
    Column("advocate_id", Uuid, nullable=False),
    Column("act", String(16), nullable=False),
    Column("subject", Uuid),
    Column("link", LargeBinary(32), nullable=False),
)

figures = Table(
    "figures",
    metadata,
    Column("month", Instant, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("handoff_id", Uuid, ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True),
    Column("advocate_id", Uuid, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("delete_at", Instant, nullable=False, index=True),
)

_LOCK = 0x51DE_11

_LAST = Prepared(select(audit).order_by(audit.c.seq.desc()).limit(1))
_ADD = Prepared(insert(audit).inline(), tuple(audit.columns.keys()))
_DRAFT = Prepared(
    select(drafts.c.body).where(
        drafts.c.handoff_id == bindparam("handoff"),
        drafts.c.advocate_id == bindparam("advocate"),
        drafts.c.delete_at > bindparam("now"),
    )
)
_DELETE_BUT_OF = Prepared(
    delete(drafts).where(
        drafts.c.handoff_id == bindparam("handoff"),
        or_(drafts.c.advocate_id != bindparam("advocate"), drafts.c.delete_at <= bindparam("now")),
    )
)


class SqlAuditRepository:
    """`AuditRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def last(self) -> Line | None:
        if is_postgresql(self._db):
            # One chain, so one writer; SQLite has no more anyway.
            await self._db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        row = (await self._db.run(_LAST)).one_or_none()
        return None if row is None else _line(row)

    async def add(self, line: Line) -> None:
        await self._db.run(
            _ADD,
            {
                "seq": line.seq,
                "at": line.at,
                "advocate_id": line.advocate_id,
                "act": line.act,
                "subject": line.subject,
                "link": line.link,
            },
        )

    async def all(self) -> list[Line]:
        rows = await self._db.execute(select(audit).order_by(audit.c.seq))
        return [_line(row) for row in rows]

    async def outcomes(self) -> Mapping[UUID, Act]:
        a = audit.c
        rows = await self._db.execute(
            select(a.subject, a.act).where(a.act.in_(sorted(OUTCOMES))).order_by(a.seq)
        )
        return {row.subject: Act(row.act) for row in rows}


def _line(row: Row[tuple[object, ...]]) -> Line:
    return Line(row.seq, row.at, AdvocateId(row.advocate_id), Act(row.act), row.subject, row.link)


class SqlFigureRepository:
    """`FigureRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def count(self, at: datetime, kind: str, name: str) -> None:
        await count_up(self._db, figures, {"month": month(at), "kind": kind, "name": name})

    async def since(self, at: datetime) -> Mapping[tuple[str, str], int]:
        t = figures.c
        rows = await self._db.execute(
            select(t.kind, t.name, func.sum(t["count"]))
            .where(t.month >= month(at))
            .group_by(t.kind, t.name)
        )
        return {(kind, name): int(total) for kind, name, total in rows}


class SqlDraftRepository:
    """`DraftRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def keep(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, body: bytes, delete_at: datetime
    ) -> None:
        values = {
            "handoff_id": handoff_id,
            "advocate_id": advocate_id,
            "body": body,
            "delete_at": delete_at,
        }
        await self._db.execute(insert_or_update(self._db, drafts, ("handoff_id",), values))

    async def get(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, now: datetime
    ) -> bytes | None:
        asked = {"handoff": handoff_id, "advocate": advocate_id, "now": now}
        found: bytes | None = (await self._db.run(_DRAFT, asked)).scalar()
        return found

    async def delete(self, handoff_id: HandoffId) -> None:
        await self._db.execute(delete(drafts).where(drafts.c.handoff_id == handoff_id))

    async def delete_but_of(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, now: datetime
    ) -> None:
        but = {"handoff": handoff_id, "advocate": advocate_id, "now": now}
        await self._db.run(_DELETE_BUT_OF, but)

    async def delete_expired(self, now: datetime) -> None:
        await self._db.execute(delete(drafts).where(drafts.c.delete_at <= now))
