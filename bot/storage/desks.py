"""Desks and presence of advocates, blocks, counts, and the events that the console replays."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.handoff.desks import Desk, Duty, Skill
from bot.handoff.models import ConsoleEvent
from bot.ids import AdvocateId, ChannelName
from bot.storage.dialects import insert_ignoring, insert_or_update
from bot.storage.tables import blocks, desks, events, presence, tallies


class SqlDeskRepository:
    """`DeskRepository` on SQL."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def get(self, advocate_id: AdvocateId) -> Desk:
        rows = await self._db.execute(select(desks).where(desks.c.advocate_id == advocate_id))
        row = rows.one_or_none()
        return Desk(advocate_id) if row is None else _desk(row)

    async def all(self) -> Sequence[Desk]:
        return [_desk(row) for row in await self._db.execute(select(desks))]

    async def set_duty(self, advocate_id: AdvocateId, duty: Duty) -> None:
        await self._set(advocate_id, duty=duty)

    async def equip(
        self, advocate_id: AdvocateId, skills: Collection[Skill], capacity: int | None
    ) -> None:
        await self._set(advocate_id, skills=",".join(sorted(skills)), capacity=capacity)

    async def _set(self, advocate_id: AdvocateId, **values: object) -> None:
        empty = {"advocate_id": advocate_id, "duty": Duty.ON, "skills": ""}
        await self._db.execute(insert_ignoring(self._db, desks).values(empty))
        await self._db.execute(
            update(desks).where(desks.c.advocate_id == advocate_id).values(**values)
        )


def _desk(row: Row[tuple[object, ...]]) -> Desk:
    skills = frozenset(Skill(s) for s in row.skills.split(",") if s in set(Skill))
    return Desk(AdvocateId(row.advocate_id), Duty(row.duty), skills, row.capacity)


class SqlBlockRepository:
    """`BlockRepository` on SQL."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(
        self, channel: ChannelName, address_index: bytes, blocked_by: AdvocateId, until: datetime
    ) -> None:
        values = {
            "channel": channel,
            "address_index": address_index,
            "blocked_by": blocked_by,
            "until": until,
        }
        key = ("channel", "address_index")
        await self._db.execute(insert_or_update(self._db, blocks, key, values))

    async def stands(self, channel: ChannelName, address_index: bytes, now: datetime) -> bool:
        b = blocks.c
        until: datetime | None = await self._db.scalar(
            select(b.until).where(b.channel == channel, b.address_index == address_index)
        )
        return until is not None and until > now

    async def prune(self, now: datetime) -> None:
        await self._db.execute(delete(blocks).where(blocks.c.until <= now))


class SqlTallyRepository:
    """`TallyRepository` on SQL."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def count(self, name: str, at: datetime) -> None:
        day = _day(at)
        empty = insert_ignoring(self._db, tallies).values(day=day, name=name, count=0)
        await self._db.execute(empty)
        t = tallies.c
        await self._db.execute(
            update(tallies).where(t.day == day, t.name == name).values(count=t.count + 1)
        )

    async def since(self, day: datetime, prefix: str) -> Mapping[str, int]:
        t = tallies.c
        rows = await self._db.execute(
            select(t.name, func.sum(t.count))
            .where(t.day >= _day(day), t.name.startswith(prefix, autoescape=True))
            .group_by(t.name)
        )
        return {name: int(count) for name, count in rows}


def _day(at: datetime) -> int:
    return at.toordinal()


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
            select(func.count())
            .select_from(presence.outerjoin(desks, desks.c.advocate_id == presence.c.advocate_id))
            .where(
                presence.c.seen_at >= since,
                or_(desks.c.duty.is_(None), desks.c.duty == Duty.ON),
            )
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
