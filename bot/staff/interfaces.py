"""Where accounts are kept. Every call is part of the surrounding transaction."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.ids import AdvocateId
from bot.staff.models import Advocate, Invitation, Session


class AdvocateRepository(Protocol):
    """The `advocates` table."""

    async def add(self, advocate: Advocate, name_key: str) -> bool:
        """Store a new account; False if `name_key` is taken."""
        ...

    async def get(self, advocate_id: AdvocateId) -> Advocate | None:
        """The account, or None."""
        ...

    async def find(self, name_key: str) -> Advocate | None:
        """The account by its folded name, or None."""
        ...

    async def all(self) -> Sequence[Advocate]:
        """All accounts, by name."""
        ...

    async def set_secrets(self, advocate_id: AdvocateId, password_hash: str, totp: bytes) -> None:
        """Replace password and authenticator; codes used before count for nothing."""
        ...

    async def set_password_hash(self, advocate_id: AdvocateId, password_hash: str) -> None:
        """Replace the hash of an unchanged password."""
        ...

    async def use_step(self, advocate_id: AdvocateId, step: int) -> bool:
        """Note that the code of the time step `step` was used; False if it, or a later one, was."""
        ...


class SessionRepository(Protocol):
    """The `sessions` table."""

    async def add(self, session: Session) -> None:
        """Store a new session."""
        ...

    async def get(self, token_hash: bytes) -> Session | None:
        """The session, or None."""
        ...

    async def seen(self, token_hash: bytes, at: datetime) -> None:
        """Note that it was used at `at`."""
        ...

    async def delete(self, token_hash: bytes) -> AdvocateId | None:
        """End a session; whose it was."""
        ...

    async def delete_of(self, advocate_id: AdvocateId) -> None:
        """End all sessions of an advocate."""
        ...

    async def delete_stale(self, expired_at: datetime, unseen_since: datetime) -> None:
        """Remove those that have ended, or were not seen at or after `unseen_since`."""
        ...

    async def active(self, since: datetime) -> Collection[AdvocateId]:
        """Whose sessions were seen at or after `since`."""
        ...


class InvitationRepository(Protocol):
    """The `invitations` table: at most one for each advocate."""

    async def replace(self, invitation: Invitation) -> None:
        """Store an invitation in place of any other of the same advocate."""
        ...

    async def get(self, token_hash: bytes) -> Invitation | None:
        """The invitation, or None."""
        ...

    async def take(self, token_hash: bytes) -> bool:
        """Remove the invitation; False if it was gone already."""
        ...

    async def delete_expired(self, now: datetime) -> None:
        """Remove those that have expired."""
        ...


class StaffUnitOfWork(Protocol):
    """The slice of a unit of work that accounts need."""

    @property
    def advocates(self) -> AdvocateRepository:
        """The `advocates` table."""
        ...

    @property
    def sessions(self) -> SessionRepository:
        """The `sessions` table."""
        ...

    @property
    def invitations(self) -> InvitationRepository:
        """The `invitations` table."""
        ...


class StaffDatabase(Protocol):
    """Opens units of work."""

    def reading(self) -> AbstractAsyncContextManager[StaffUnitOfWork]:
        """A consistent view; nothing may be written."""
        ...

    def writing(self) -> AbstractAsyncContextManager[StaffUnitOfWork]:
        """A transaction that commits at the end of its block."""
        ...
