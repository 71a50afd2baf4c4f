"""The staff's chat: one row."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from bot.ids import MessageId
from bot.staff.room import Room
from bot.storage.connection import Connection
from bot.storage.dialects import insert_ignoring
from bot.storage.tables import staff_room

THE_ROW = 1


class SqlRoomRepository:
    """`RoomRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def get(self) -> Room:
        row = (await self._db.execute(select(staff_room))).one_or_none()
        if row is None:
            return Room()
        notice = None if row.notice is None else MessageId(row.notice)
        return Room(row.calls, row.answered, row.shown, row.shown_at, notice, row.silent_until)

    async def call(self) -> None:
        await self._set(calls=staff_room.c.calls + 1)

    async def show(
        self, notice: UUID | None, board: bytes, at: datetime | None, answered: int
    ) -> None:
        await self._set(notice=notice, shown=board, shown_at=at, answered=answered)

    async def silence(self, until: datetime | None) -> None:
        await self._set(silent_until=until)

    async def _set(self, **values: object) -> None:
        empty = {"id": THE_ROW, "calls": 0, "answered": 0, "shown": b""}
        await self._db.execute(insert_ignoring(self._db, staff_room).values(empty))
        await self._db.execute(update(staff_room).values(**values))
