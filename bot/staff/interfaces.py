"""Where accounts are kept. Every call is part of the surrounding transaction."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.ids import AdvocateId, Locale
from bot.staff.models import Advocate, Invitation, Passkey, Session
from bot.staff.permissions import Role
from bot.staff.throttle import Failures


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

    async def names(self) -> Mapping[AdvocateId, str]:
        """The names of all accounts."""
        ...

    async def set_secrets(
        self, advocate_id: AdvocateId, password_hash: str, totp: bytes | None
    ) -> None:
        """Replace password and authenticator; codes used before count for nothing."""
        ...

    async def set_password_hash(self, advocate_id: AdvocateId, password_hash: str) -> None:
        """Replace the hash of an unchanged password."""
        ...

    async def change(
        self, advocate_id: AdvocateId, role: Role, languages: Sequence[Locale]
    ) -> None:
        """Set role and languages."""
        ...

    async def disable(self, advocate_id: AdvocateId, at: datetime | None) -> None:
        """Note since when it is switched off; None: it is on."""
        ...

    async def hold_admins(self) -> Collection[AdvocateId]:
        """Who can act as an admin; nobody changes that until this transaction ends."""
        ...

    async def use_step(self, advocate_id: AdvocateId, step: int) -> bool:
        """Note that the code of the time step `step` was used; False if it, or a later one, was."""
        ...


class SessionRepository(Protocol):
    """The `sessions` table."""

    async def add(self, session: Session) -> None:
        """Store a new session."""
        ...

    async def get(self, token_hash: bytes) -> tuple[Session, Advocate] | None:
        """The session and whose it is, or None."""
        ...

    async def seen(self, token_hash: bytes, at: datetime) -> None:
        """Note that it was used at `at`."""
        ...

    async def delete(self, token_hash: bytes) -> AdvocateId | None:
        """End a session; whose it was."""
        ...

    async def lock(self, token_hash: bytes, at: datetime) -> None:
        """Note that it is locked, unless it is."""
        ...

    async def unlock(self, token_hash: bytes, at: datetime) -> None:
        """Note that it is not locked any more, and was seen at `at`."""
        ...

    async def failed(self, token_hash: bytes) -> int:
        """Count a failed try to unlock it; how many there were."""
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


class PasskeyRepository(Protocol):
    """The `passkeys` table, and `challenges`: those that were spent."""

    async def add(self, passkey: Passkey) -> bool:
        """Store a new one; False if it is known."""
        ...

    async def get(self, passkey_id: str) -> Passkey | None:
        """The passkey, or None."""
        ...

    async def of(self, advocate_id: AdvocateId) -> Sequence[Passkey]:
        """Those of an advocate, the oldest first."""
        ...

    async def counts(self) -> Mapping[AdvocateId, int]:
        """How many everybody has who has any."""
        ...

    async def used(self, passkey_id: str, count: int, at: datetime) -> None:
        """Note its use at `at`, and its new counter."""
        ...

    async def delete(self, advocate_id: AdvocateId, passkey_id: str) -> bool:
        """Remove one of an advocate's own; False if there is no such."""
        ...

    async def delete_of(self, advocate_id: AdvocateId) -> None:
        """Remove all of an advocate."""
        ...

    async def spend(self, challenge: bytes, expires_at: datetime, now: datetime) -> bool:
        """Note that a challenge was answered; False if it was before. Forgets expired ones."""
        ...


class RecoveryRepository(Protocol):
    """The `recovery_codes` table."""

    async def replace(self, advocate_id: AdvocateId, hashes: Collection[bytes]) -> None:
        """Have these in place of all that the advocate had."""
        ...

    async def take(self, advocate_id: AdvocateId, code_hash: bytes) -> bool:
        """Use one up; False if there is no such."""
        ...

    async def left(self, advocate_id: AdvocateId) -> int:
        """How many are left."""
        ...


class TryRepository(Protocol):
    """The `tries` table: failures under keyed hashes."""

    async def look(self, keys: Sequence[bytes]) -> Sequence[Failures | None]:
        """What is known of each key."""
        ...

    async def hold(self, keys: Sequence[bytes], now: datetime) -> Sequence[Failures]:
        """The same, begun at `now` with none; they are this transaction's until it ends."""
        ...

    async def put(self, keys: Sequence[bytes], failures: Sequence[Failures]) -> None:
        """Have these in place of what was held."""
        ...

    async def prune(self, before: datetime) -> None:
        """Forget what failed last before then. The last thing that a transaction does with them."""
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

    @property
    def passkeys(self) -> PasskeyRepository:
        """The `passkeys` table."""
        ...

    @property
    def recovery(self) -> RecoveryRepository:
        """The `recovery_codes` table."""
        ...

    @property
    def tries(self) -> TryRepository:
        """The `tries` table."""
        ...


class StaffDatabase(Protocol):
    """Opens units of work."""

    def reading(self) -> AbstractAsyncContextManager[StaffUnitOfWork]:
        """A consistent view; nothing may be written."""
        ...

    def writing(self) -> AbstractAsyncContextManager[StaffUnitOfWork]:
        """A transaction that commits at the end of its block."""
        ...
