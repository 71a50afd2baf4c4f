"""Trusted contacts: rows that name neither of the two."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, delete, insert, or_, select, update

from bot.checkins.models import Contact
from bot.storage.connection import Connection
from bot.storage.prepared import Prepared
from bot.storage.tables import contacts

_theirs = or_(
    contacts.c.owner_index == bindparam("owner"), contacts.c.guest_index == bindparam("guest")
)
_AROUND = Prepared(select(contacts).where(_theirs).order_by(contacts.c.id))
_AROUND_AND_BEHIND = Prepared(
    select(contacts)
    .where(_theirs | (contacts.c.token_index == bindparam("token")))
    .order_by(contacts.c.id)
)


class SqlContactRepository:
    """`ContactRepository` on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def add(self, contact: Contact) -> None:
        await self._db.execute(
            insert(contacts).values(
                id=contact.id,
                owner_index=contact.owner_index,
                guest_index=contact.guest_index,
                token_index=contact.token_index,
                for_owner=contact.for_owner,
                for_guest=contact.for_guest,
                tries=contact.tries,
                expires_at=contact.expires_at,
            )
        )

    async def around(
        self, owner_index: bytes, guest_index: bytes, token_index: bytes | None
    ) -> Sequence[Contact]:
        asked = {"owner": owner_index, "guest": guest_index}
        if token_index is not None:
            rows = await self._db.run(_AROUND_AND_BEHIND, asked | {"token": token_index})
        else:
            rows = await self._db.run(_AROUND, asked)
        return [_contact(row) for row in rows]

    async def of_owner(self, owner_index: bytes) -> Contact | None:
        return next(iter(await self._all(contacts.c.owner_index == owner_index)), None)

    async def of_guest(self, guest_index: bytes) -> Sequence[Contact]:
        return await self._all(contacts.c.guest_index == guest_index)

    async def of_token(self, token_index: bytes) -> Contact | None:
        return next(iter(await self._all(_by(token_index))), None)

    async def accept(
        self, contact_id: UUID, guest_index: bytes, for_owner: bytes, for_guest: bytes
    ) -> bool:
        c = contacts.c
        done = await self._db.execute(
            update(contacts)
            .where(c.id == contact_id, c.guest_index.is_(None))
            .values(
                guest_index=guest_index,
                token_index=None,
                for_owner=for_owner,
                for_guest=for_guest,
                expires_at=None,
            )
        )
        return done.rowcount == 1

    async def miss(self, contact_id: UUID) -> int:
        c = contacts.c
        rows = await self._db.execute(
            update(contacts).where(c.id == contact_id).values(tries=c.tries + 1).returning(c.tries)
        )
        return int(rows.scalar_one_or_none() or 0)

    async def delete(self, contact_id: UUID) -> None:
        await self._db.execute(delete(contacts).where(contacts.c.id == contact_id))

    async def delete_expired(self, now: datetime) -> None:
        await self._db.execute(delete(contacts).where(contacts.c.expires_at < now))

    async def _all(self, which: ColumnElement[bool]) -> Sequence[Contact]:
        rows = await self._db.execute(select(contacts).where(which).order_by(contacts.c.id))
        return [_contact(row) for row in rows]


def _by(token_index: bytes) -> ColumnElement[bool]:
    return contacts.c.token_index == token_index


def _contact(row: Row[tuple[object, ...]]) -> Contact:
    return Contact(
        id=row.id,
        owner_index=row.owner_index,
        for_owner=row.for_owner,
        for_guest=row.for_guest,
        token_index=row.token_index,
        guest_index=row.guest_index,
        tries=row.tries,
        expires_at=row.expires_at,
    )
