"""Leases: which process does what only one may do."""

from datetime import timedelta

from sqlalchemy import BigInteger, delete, literal, or_

from bot.storage.connection import Connection
from bot.storage.dialects import insert_or_update, is_postgresql, present
from bot.storage.tables import leases


class SqlLeaseRepository:
    """`LeaseRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def hold(self, name: str, owner: str, ttl: timedelta) -> bool:
        now = present(postgres=is_postgresql(self._db))
        until = now + literal(ttl // timedelta(microseconds=1), BigInteger)
        values = {"name": name, "owner": owner, "until": until}
        mine_or_nobodys = or_(leases.c.owner == owner, leases.c.until <= now)
        taken = insert_or_update(self._db, leases, ("name",), values, where=mine_or_nobodys)
        return (await self._db.execute(taken)).rowcount == 1

    async def release(self, name: str, owner: str) -> None:
        await self._db.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))
