"""Shifts of the staff, and settings that are changed while the bot runs."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    String,
    Table,
    Uuid,
    bindparam,
    delete,
    insert,
    select,
)

from bot.ids import AdvocateId, ShiftId
from bot.staff.rota import Shift
from bot.storage.connection import Connection
from bot.storage.dialects import insert_or_update
from bot.storage.prepared import Prepared
from bot.storage.tables import Instant, metadata

shifts = Table(
    "shifts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("advocate_id", Uuid, ForeignKey("advocates.id"), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
)

live_settings = Table(
    "live_settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", String(8192), nullable=False),
)

_LIVE = Prepared(select(live_settings.c.value).where(live_settings.c.name == bindparam("name")))


class SqlShiftRepository:
    """`ShiftRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def add(self, shift: Shift) -> None:
        await self._db.execute(
            insert(shifts).values(
                id=shift.id,
                advocate_id=shift.advocate_id,
                starts_at=shift.starts_at,
                ends_at=shift.ends_at,
            )
        )

    async def delete(self, shift_id: ShiftId) -> bool:
        done = await self._db.execute(delete(shifts).where(shifts.c.id == shift_id))
        return done.rowcount == 1

    async def between(self, start: datetime, end: datetime) -> Sequence[Shift]:
        s = shifts.c
        rows = await self._db.execute(
            select(shifts)
            .where(s.ends_at > start, s.starts_at < end)
            .order_by(s.starts_at, s.ends_at, s.id)
        )
        return [
            Shift(ShiftId(r.id), AdvocateId(r.advocate_id), r.starts_at, r.ends_at) for r in rows
        ]

    async def prune(self, before: datetime) -> None:
        await self._db.execute(delete(shifts).where(shifts.c.ends_at < before))


class SqlLiveSettingRepository:
    """`LiveSettingRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def all(self) -> Mapping[str, str]:
        rows = await self._db.execute(select(live_settings))
        return {row.name: row.value for row in rows}

    async def get(self, name: str) -> str:
        value: str | None = (await self._db.run(_LIVE, {"name": name})).scalar()
        return value or ""

    async def put(self, name: str, value: str) -> None:
        if value:
            values = {"name": name, "value": value}
            await self._db.execute(insert_or_update(self._db, live_settings, ("name",), values))
        else:
            await self._db.execute(delete(live_settings).where(live_settings.c.name == name))
