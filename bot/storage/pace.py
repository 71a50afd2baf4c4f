"""A bucket of calls, and the pace within a chat, that all processes on one database share."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, type_coerce, update

from bot.ids import ChannelName
from bot.storage.connection import Connection
from bot.storage.database import SqlDatabase
from bot.storage.dialects import insert_ignoring, insert_or_update, is_postgresql, present
from bot.storage.tables import Instant, paces

DIGITS = 20
"""Of a chat's index, in hexadecimal: enough to tell chats of the same second apart."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class SqlBucket:
    """Holds `size` calls and fills with `a_second`, by the database's clock.

    At most `debt` calls may be owed to it. `index` stands for a chat without naming it; its row is
    gone with the next call after `in_a_chat` seconds, whoever makes it.
    """

    def __init__(
        self,
        database: SqlDatabase,
        channel: ChannelName,
        *,
        size: float,
        a_second: float,
        debt: float,
        in_a_chat: float,
        index: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._channel = channel
        self._size = size
        self._rate = a_second
        self._debt = debt
        self._in_a_chat = timedelta(seconds=in_a_chat)
        self._index = index

    async def draw(
        self, spent: float, needed: float, hold: float, chat: int | None = None
    ) -> tuple[bool, float, float, float]:
        """Book `spent` calls and `hold` seconds of silence; then take one call, in `chat`.

        It is granted when at least `needed` are there, no silence stands, and nobody had one in the
        chat just now; with `needed` of 0 nothing is asked for. Returns whether it was, what is
        left, the seconds of silence, and those until the chat is free.
        Raises DatabaseUnavailable, and then nothing is booked.
        """
        p = paces.c
        async with self._database.writing() as unit:
            db = unit.connection
            fresh = {"channel": self._channel, "filled_at": _LONG_AGO, "held_until": _LONG_AGO}
            await db.execute(insert_ignoring(db, paces).values(level=0.0, **fresh))
            mine = p.channel == self._channel
            now = type_coerce(present(postgres=is_postgresql(db)), Instant())
            # On PostgreSQL the time of the lock counts, not that of waiting for it.
            row = (await db.execute(select(paces).where(mine).with_for_update())).one()
            at: datetime = (await db.execute(select(now))).scalar_one()
            filled = (at - row.filled_at).total_seconds() * self._rate
            level = max(min(self._size, row.level + filled) - spent, -self._debt)
            held_until = max(row.held_until, at + timedelta(seconds=hold))
            free_at = await self._free_at(db, chat, at)
            granted = needed > 0 and level >= needed and held_until <= at and free_at <= at
            await db.execute(
                update(paces)
                .where(mine)
                .values(level=level - granted, filled_at=at, held_until=held_until)
            )
            if granted and chat is not None:
                await self._take(db, chat, at)
        held_for = max(0.0, (held_until - at).total_seconds())
        chat_for = max(0.0, (free_at - at).total_seconds())
        return granted, level - granted, held_for, chat_for

    async def _free_at(self, db: Connection, chat: int | None, at: datetime) -> datetime:
        """When a call may be made in the chat; all chats that are free again are forgotten."""
        p = paces.c
        theirs = p.channel.startswith(f"{self._channel}/", autoescape=True)
        await db.execute(delete(paces).where(theirs, p.held_until <= at))
        if chat is None:
            return at
        found = select(p.held_until).where(p.channel == self._name(chat))
        free_at: datetime | None = (await db.execute(found)).scalar_one_or_none()
        return free_at or at

    async def _take(self, db: Connection, chat: int, at: datetime) -> None:
        taken = {"channel": self._name(chat), "level": 0.0, "filled_at": at}
        taken |= {"held_until": at + self._in_a_chat}
        await db.execute(insert_or_update(db, paces, ("channel",), taken))

    def _name(self, chat: int) -> str:
        return f"{self._channel}/{self._index(chat).hex()[:DIGITS]}"
