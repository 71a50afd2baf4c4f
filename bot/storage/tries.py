"""How often signing in failed, and for whom, under keyed hashes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Integer, LargeBinary, Table, delete, select, update

from bot.staff.throttle import Failures
from bot.storage.connection import Connection
from bot.storage.dialects import insert_or_hold
from bot.storage.tables import Instant, metadata

tries = Table(
    "tries",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False, index=True),
)


class SqlTryRepository:
    """`TryRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def look(self, keys: Sequence[bytes]) -> Sequence[Failures | None]:
        rows = await self._db.execute(select(tries).where(tries.c.key.in_(keys)))
        found = {row.key: Failures(row.failures, row.last_at) for row in rows}
        return [found.get(key) for key in keys]

    async def hold(self, keys: Sequence[bytes], now: datetime) -> Sequence[Failures]:
        found = {}
        # Everybody holds them in the same order, so that no two wait for each other.
        for key in sorted(keys):
            values = {"key": key, "failures": 0, "last_at": now}
            rows = await self._db.execute(insert_or_hold(self._db, tries, "key", values))
            row = rows.one()
            found[key] = Failures(row.failures, row.last_at)
        return [found[key] for key in keys]

    async def put(self, keys: Sequence[bytes], failures: Sequence[Failures]) -> None:
        for key, each in zip(keys, failures, strict=True):
            await self._db.execute(
                update(tries)
                .where(tries.c.key == key)
                .values(failures=each.count, last_at=each.last_at)
            )

    async def prune(self, before: datetime) -> None:
        # What somebody else holds is passed over: nobody waits here, holding rows.
        old = select(tries.c.key).where(tries.c.last_at < before).with_for_update(skip_locked=True)
        await self._db.execute(delete(tries).where(tries.c.key.in_(old)))
