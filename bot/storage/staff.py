"""Accounts of the staff, their sessions and invitations."""

from collections.abc import Collection, Sequence
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
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ids import AdvocateId, Locale
from bot.staff.models import Advocate, Invitation, Session
from bot.staff.permissions import Role
from bot.storage.dialects import insert_ignoring
from bot.storage.tables import Instant, metadata

advocates = Table(
    "advocates",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("name_key", String(256), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("languages", String(255), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("password_hash", String(255), nullable=False, default=""),
    Column("totp", LargeBinary),
    Column("totp_step", Integer, nullable=False, default=0),
    Column("disabled_at", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("advocate_id", Uuid, ForeignKey("advocates.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("advocate_id", Uuid, ForeignKey("advocates.id"), nullable=False, unique=True),
    Column("totp", LargeBinary, nullable=False),
    Column("expires_at", Instant, nullable=False),
)


class SqlAdvocateRepository:
    """`AdvocateRepository` on SQL."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, advocate: Advocate, name_key: str) -> bool:
        done = await self._db.execute(
            insert_ignoring(self._db, advocates).values(
                id=advocate.id,
                name=advocate.name,
                name_key=name_key,
                role=advocate.role,
                languages=",".join(advocate.languages),
                created_at=advocate.created_at,
                password_hash=advocate.password_hash,
                totp=advocate.totp,
                disabled_at=advocate.disabled_at,
            )
        )
        return done.rowcount == 1

    async def get(self, advocate_id: AdvocateId) -> Advocate | None:
        rows = await self._db.execute(select(advocates).where(advocates.c.id == advocate_id))
        return _advocate(rows.one_or_none())

    async def find(self, name_key: str) -> Advocate | None:
        rows = await self._db.execute(select(advocates).where(advocates.c.name_key == name_key))
        return _advocate(rows.one_or_none())

    async def all(self) -> Sequence[Advocate]:
        rows = await self._db.execute(select(advocates).order_by(advocates.c.name_key))
        return [found for row in rows if (found := _advocate(row)) is not None]

    async def set_secrets(self, advocate_id: AdvocateId, password_hash: str, totp: bytes) -> None:
        await self._update(advocate_id, password_hash=password_hash, totp=totp, totp_step=0)

    async def set_password_hash(self, advocate_id: AdvocateId, password_hash: str) -> None:
        await self._update(advocate_id, password_hash=password_hash)

    async def _update(self, advocate_id: AdvocateId, **values: object) -> None:
        await self._db.execute(
            update(advocates).where(advocates.c.id == advocate_id).values(**values)
        )

    async def use_step(self, advocate_id: AdvocateId, step: int) -> bool:
        a = advocates.c
        done = await self._db.execute(
            update(advocates).where(a.id == advocate_id, a.totp_step < step).values(totp_step=step)
        )
        return done.rowcount == 1


def _advocate(row: Row[tuple[object, ...]] | None) -> Advocate | None:
    if row is None:
        return None
    return Advocate(
        id=AdvocateId(row.id),
        name=row.name,
        role=Role(row.role),
        languages=tuple(Locale(tag) for tag in row.languages.split(",") if tag),
        created_at=row.created_at,
        password_hash=row.password_hash,
        totp=row.totp,
        disabled_at=row.disabled_at,
    )


class SqlSessionRepository:
    """`SessionRepository` on SQL."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, session: Session) -> None:
        await self._db.execute(
            insert(sessions).values(
                token_hash=session.token_hash,
                advocate_id=session.advocate_id,
                created_at=session.created_at,
                seen_at=session.seen_at,
                expires_at=session.expires_at,
            )
        )

    async def get(self, token_hash: bytes) -> Session | None:
        rows = await self._db.execute(select(sessions).where(sessions.c.token_hash == token_hash))
        row = rows.one_or_none()
        if row is None:
            return None
        return Session(
            token_hash=row.token_hash,
            advocate_id=AdvocateId(row.advocate_id),
            created_at=row.created_at,
            seen_at=row.seen_at,
            expires_at=row.expires_at,
        )

    async def seen(self, token_hash: bytes, at: datetime) -> None:
        await self._db.execute(
            update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=at)
        )

    async def delete(self, token_hash: bytes) -> AdvocateId | None:
        rows = await self._db.execute(
            delete(sessions)
            .where(sessions.c.token_hash == token_hash)
            .returning(sessions.c.advocate_id)
        )
        found = rows.scalar_one_or_none()
        return None if found is None else AdvocateId(found)

    async def delete_of(self, advocate_id: AdvocateId) -> None:
        await self._db.execute(delete(sessions).where(sessions.c.advocate_id == advocate_id))

    async def delete_stale(self, expired_at: datetime, unseen_since: datetime) -> None:
        s = sessions.c
        await self._db.execute(
            delete(sessions).where(or_(s.expires_at <= expired_at, s.seen_at < unseen_since))
        )

    async def active(self, since: datetime) -> Collection[AdvocateId]:
        s = sessions.c
        rows = await self._db.execute(select(s.advocate_id).where(s.seen_at >= since).distinct())
        return {AdvocateId(found) for found in rows.scalars()}


class SqlInvitationRepository:
    """`InvitationRepository` on SQL."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def replace(self, invitation: Invitation) -> None:
        i = invitations.c
        await self._db.execute(delete(invitations).where(i.advocate_id == invitation.advocate_id))
        await self._db.execute(
            insert(invitations).values(
                token_hash=invitation.token_hash,
                advocate_id=invitation.advocate_id,
                totp=invitation.totp,
                expires_at=invitation.expires_at,
            )
        )

    async def get(self, token_hash: bytes) -> Invitation | None:
        rows = await self._db.execute(
            select(invitations).where(invitations.c.token_hash == token_hash)
        )
        row = rows.one_or_none()
        if row is None:
            return None
        return Invitation(row.token_hash, AdvocateId(row.advocate_id), row.totp, row.expires_at)

    async def take(self, token_hash: bytes) -> bool:
        done = await self._db.execute(
            delete(invitations).where(invitations.c.token_hash == token_hash)
        )
        return done.rowcount == 1

    async def delete_expired(self, now: datetime) -> None:
        await self._db.execute(delete(invitations).where(invitations.c.expires_at <= now))
