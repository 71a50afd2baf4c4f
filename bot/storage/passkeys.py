"""Second factors besides the authenticator app: passkeys and recovery codes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Uuid,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.ids import AdvocateId
from bot.staff.models import Passkey
from bot.storage.connection import Connection
from bot.storage.dialects import insert_ignoring
from bot.storage.tables import Instant, metadata

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", String(1400), primary_key=True),
    Column("advocate_id", Uuid, ForeignKey("advocates.id"), nullable=False, index=True),
    Column("public_key", String(2048), nullable=False),
    Column("uses", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
)

challenges = Table(
    "challenges",
    metadata,
    Column("nonce_hash", LargeBinary(32), primary_key=True),
    Column("expires_at", Instant, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("code_hash", LargeBinary(32), primary_key=True),
    Column("advocate_id", Uuid, ForeignKey("advocates.id"), nullable=False, index=True),
)


class SqlPasskeyRepository:
    """`PasskeyRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def add(self, passkey: Passkey) -> bool:
        done = await self._db.execute(
            insert_ignoring(self._db, passkeys).values(
                id=passkey.id,
                advocate_id=passkey.advocate_id,
                public_key=passkey.public_key,
                uses=passkey.count,
                created_at=passkey.created_at,
                used_at=passkey.used_at,
            )
        )
        return done.rowcount == 1

    async def get(self, passkey_id: str) -> Passkey | None:
        rows = await self._db.execute(select(passkeys).where(passkeys.c.id == passkey_id))
        row = rows.one_or_none()
        return None if row is None else _passkey(row)

    async def of(self, advocate_id: AdvocateId) -> Sequence[Passkey]:
        p = passkeys.c
        rows = await self._db.execute(
            select(passkeys).where(p.advocate_id == advocate_id).order_by(p.created_at, p.id)
        )
        return [_passkey(row) for row in rows]

    async def counts(self) -> Mapping[AdvocateId, int]:
        p = passkeys.c
        rows = await self._db.execute(select(p.advocate_id, func.count()).group_by(p.advocate_id))
        return {AdvocateId(advocate_id): count for advocate_id, count in rows}

    async def used(self, passkey_id: str, count: int, at: datetime) -> None:
        await self._db.execute(
            update(passkeys).where(passkeys.c.id == passkey_id).values(uses=count, used_at=at)
        )

    async def delete(self, advocate_id: AdvocateId, passkey_id: str) -> bool:
        p = passkeys.c
        done = await self._db.execute(
            delete(passkeys).where(p.advocate_id == advocate_id, p.id == passkey_id)
        )
        return done.rowcount == 1

    async def delete_of(self, advocate_id: AdvocateId) -> None:
        await self._db.execute(delete(passkeys).where(passkeys.c.advocate_id == advocate_id))

    async def spend(self, challenge: bytes, expires_at: datetime, now: datetime) -> bool:
        await self._db.execute(delete(challenges).where(challenges.c.expires_at <= now))
        done = await self._db.execute(
            insert_ignoring(self._db, challenges).values(
                nonce_hash=challenge, expires_at=expires_at
            )
        )
        return done.rowcount == 1


def _passkey(row: Row[tuple[object, ...]]) -> Passkey:
    return Passkey(
        row.id,
        AdvocateId(row.advocate_id),
        row.public_key,
        row.uses,
        row.created_at,
        row.used_at,
    )


class SqlRecoveryRepository:
    """`RecoveryRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def replace(self, advocate_id: AdvocateId, hashes: Collection[bytes]) -> None:
        r = recovery_codes.c
        await self._db.execute(delete(recovery_codes).where(r.advocate_id == advocate_id))
        for code_hash in hashes:
            await self._db.execute(
                insert(recovery_codes).values(code_hash=code_hash, advocate_id=advocate_id)
            )

    async def take(self, advocate_id: AdvocateId, code_hash: bytes) -> bool:
        r = recovery_codes.c
        done = await self._db.execute(
            delete(recovery_codes).where(r.advocate_id == advocate_id, r.code_hash == code_hash)
        )
        return done.rowcount == 1

    async def left(self, advocate_id: AdvocateId) -> int:
        count: int | None = await self._db.scalar(
            select(func.count()).where(recovery_codes.c.advocate_id == advocate_id)
        )
        return count or 0
