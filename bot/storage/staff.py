"""Accounts of the staff, their sessions and invitations."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Row,
    SmallInteger,
    String,
    Table,
    Uuid,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from bot.ids import AdvocateId, Locale
from bot.staff.models import Advocate, Invitation, Session
from bot.staff.permissions import Role
from bot.storage.connection import Connection
from bot.storage.dialects import insert_ignoring
from bot.storage.prepared import Prepared
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
    Column("locked_at", Instant),
    Column("tries", SmallInteger, nullable=False, default=0, server_default="0"),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("advocate_id", Uuid, ForeignKey("advocates.id"), nullable=False, unique=True),
    Column("totp", LargeBinary, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

# What every request asks is put together once: that takes longer than the answer.
_ADVOCATE = Prepared(select(advocates).where(advocates.c.id == bindparam("advocate")))
_SESSION = Prepared(
    select(
        *[column.label(f"session_{column.name}") for column in sessions.columns], *advocates.columns
    )
    .join(advocates, advocates.c.id == sessions.c.advocate_id)
    .where(sessions.c.token_hash == bindparam("token"))
)
_SEEN = Prepared(
    update(sessions)
    .where(sessions.c.token_hash == bindparam("token"))
    .values(seen_at=bindparam("at"))
)
_NAMES = Prepared(select(advocates.c.id, advocates.c.name))


class SqlAdvocateRepository:
    """`AdvocateRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
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
        rows = await self._db.run(_ADVOCATE, {"advocate": advocate_id})
        return _advocate(rows.one_or_none())

    async def find(self, name_key: str) -> Advocate | None:
        rows = await self._db.execute(select(advocates).where(advocates.c.name_key == name_key))
        return _advocate(rows.one_or_none())

    async def all(self) -> Sequence[Advocate]:
        rows = await self._db.execute(select(advocates).order_by(advocates.c.name_key))
        return [found for row in rows if (found := _advocate(row)) is not None]

    async def names(self) -> Mapping[AdvocateId, str]:
        rows = await self._db.run(_NAMES)
        return {AdvocateId(row.id): row.name for row in rows}

    async def set_secrets(
        self, advocate_id: AdvocateId, password_hash: str, totp: bytes | None
    ) -> None:
        await self._update(advocate_id, password_hash=password_hash, totp=totp, totp_step=0)

    async def set_password_hash(self, advocate_id: AdvocateId, password_hash: str) -> None:
        await self._update(advocate_id, password_hash=password_hash)

    async def change(
        self, advocate_id: AdvocateId, role: Role, languages: Sequence[Locale]
    ) -> None:
        await self._update(advocate_id, role=role, languages=",".join(languages))

    async def disable(self, advocate_id: AdvocateId, at: datetime | None) -> None:
        await self._update(advocate_id, disabled_at=at)

    async def _update(self, advocate_id: AdvocateId, **values: object) -> None:
        await self._db.execute(
            update(advocates).where(advocates.c.id == advocate_id).values(**values)
        )

    async def hold_admins(self) -> Collection[AdvocateId]:
        a = advocates.c
        active = (a.role == Role.ADMIN, a.disabled_at.is_(None), a.password_hash != "")
        rows = await self._db.execute(select(a.id).where(*active).order_by(a.id).with_for_update())
        return [AdvocateId(found) for found in rows.scalars()]

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

    def __init__(self, connection: Connection) -> None:
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

    async def get(self, token_hash: bytes) -> tuple[Session, Advocate] | None:
        rows = await self._db.run(_SESSION, {"token": token_hash})
        row = rows.one_or_none()
        advocate = _advocate(row)
        if advocate is None:
            return None
        session = Session(
            token_hash=row.session_token_hash,
            advocate_id=advocate.id,
            created_at=row.session_created_at,
            seen_at=row.session_seen_at,
            expires_at=row.session_expires_at,
            locked_at=row.session_locked_at,
            tries=row.session_tries,
        )
        return session, advocate

    async def lock(self, token_hash: bytes, at: datetime) -> None:
        s = sessions.c
        await self._db.execute(
            update(sessions)
            .where(s.token_hash == token_hash, s.locked_at.is_(None))
            .values(locked_at=at, tries=0)
        )

    async def unlock(self, token_hash: bytes, at: datetime) -> None:
        await self._db.execute(
            update(sessions)
            .where(sessions.c.token_hash == token_hash)
            .values(locked_at=None, tries=0, seen_at=at)
        )

    async def failed(self, token_hash: bytes) -> int:
        rows = await self._db.execute(
            update(sessions)
            .where(sessions.c.token_hash == token_hash)
            .values(tries=sessions.c.tries + 1)
            .returning(sessions.c.tries)
        )
        return rows.scalar_one_or_none() or 0

    async def seen(self, token_hash: bytes, at: datetime) -> None:
        await self._db.run(_SEEN, {"token": token_hash, "at": at})

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

    def __init__(self, connection: Connection) -> None:
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
