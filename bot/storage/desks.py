"""Desks and presence of advocates, blocks, counts, and the events that the console replays."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, func, insert, or_, select, update

from bot.handoff.desks import Desk, Duty, Skill
from bot.handoff.models import ConsoleEvent
from bot.ids import AdvocateId, ChannelName
from bot.storage.connection import Connection
from bot.storage.dialects import count_up, insert_ignoring, insert_or_update
from bot.storage.prepared import Prepared, putting
from bot.storage.tables import blocks, desks, events, presence, tallies

_BLOCKED_UNTIL = Prepared(
    select(blocks.c.until).where(
        blocks.c.channel == bindparam("channel"), blocks.c.address_index == bindparam("index")
    )
)
_TALLIES = Prepared(
    select(tallies.c.name, func.sum(tallies.c.count))
    .where(tallies.c.day >= bindparam("day"), tallies.c.name.startswith(bindparam("begin")))
    .group_by(tallies.c.name)
)
_ON_DUTY = Prepared(
    select(func.count())
    .select_from(presence.outerjoin(desks, desks.c.advocate_id == presence.c.advocate_id))
    .where(
        presence.c.seen_at >= bindparam("since"),
        or_(desks.c.duty.is_(None), desks.c.duty == Duty.ON),
    )
)

_DESK = Prepared(select(desks).where(desks.c.advocate_id == bindparam("advocate")))
_SEEN = putting(presence, "advocate_id")
_PUBLISH = Prepared(insert(events).inline(), ("kind", "subject", "created_at"))
_AFTER = Prepared(
    select(events)
    .where(events.c.id > bindparam("after"))
    .order_by(events.c.id)
    .limit(bindparam("most"))
)
_LAST_EVENT = Prepared(select(func.max(events.c.id)))


class SqlDeskRepository:
    """`DeskRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def get(self, advocate_id: AdvocateId) -> Desk:
        row = (await self._db.run(_DESK, {"advocate": advocate_id})).one_or_none()
        return Desk(advocate_id) if row is None else _desk(row)

    async def all(self) -> Sequence[Desk]:
        return [_desk(row) for row in await self._db.execute(select(desks))]

    async def set_duty(
        self, advocate_id: AdvocateId, duty: Duty, set_by: AdvocateId | None = None
    ) -> None:
        await self._set(advocate_id, duty=duty, set_by=set_by)

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
    set_by = None if row.set_by is None else AdvocateId(row.set_by)
    return Desk(AdvocateId(row.advocate_id), Duty(row.duty), skills, row.capacity, set_by)


class SqlBlockRepository:
    """`BlockRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
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
        asked = {"channel": channel, "index": address_index}
        until: datetime | None = (await self._db.run(_BLOCKED_UNTIL, asked)).scalar()
        return until is not None and until > now

    async def prune(self, now: datetime) -> None:
        await self._db.execute(delete(blocks).where(blocks.c.until <= now))


class SqlTallyRepository:
    """`TallyRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def count(self, name: str, at: datetime) -> None:
        await count_up(self._db, tallies, {"day": _day(at), "name": name})

    async def since(self, day: datetime, prefix: str) -> Mapping[str, int]:
        rows = await self._db.run(_TALLIES, {"day": _day(day), "begin": prefix})
        return {name: int(count) for name, count in rows if name.startswith(prefix)}


def _day(at: datetime) -> int:
    return at.toordinal()


class SqlPresenceRepository:
    """`PresenceRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def seen(self, advocate_id: AdvocateId, at: datetime) -> None:
        await self._db.run(_SEEN, {"advocate_id": advocate_id, "seen_at": at})

    async def gone(self, advocate_id: AdvocateId) -> None:
        await self._db.execute(delete(presence).where(presence.c.advocate_id == advocate_id))

    async def on_duty(self, since: datetime) -> int:
        return int((await self._db.run(_ON_DUTY, {"since": since})).scalar())


class SqlEventRepository:
    """`EventRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def publish(self, kind: str, subject: UUID, at: datetime) -> None:
        await self._db.run(_PUBLISH, {"kind": kind, "subject": str(subject), "created_at": at})

    async def after(self, event_id: int, limit: int) -> Sequence[ConsoleEvent]:
        rows = await self._db.run(_AFTER, {"after": event_id, "most": limit})
        return [ConsoleEvent(r.id, r.kind, r.subject, r.created_at) for r in rows]

    async def last_id(self) -> int:
        found: int | None = (await self._db.run(_LAST_EVENT)).scalar()
        return found or 0

    async def prune(self, before: datetime) -> None:
        await self._db.execute(delete(events).where(events.c.created_at < before))
