"""Signing in and out, and knowing whose session it is: a use case each."""

import asyncio
import secrets
from datetime import timedelta
from typing import Any, Final

from bot.clock import Clock
from bot.ids import AdvocateId
from bot.settings import Settings
from bot.staff import names
from bot.staff.errors import SignInRefused
from bot.staff.gate import Gate, Pause
from bot.staff.interfaces import StaffDatabase, StaffUnitOfWork
from bot.staff.models import Advocate, Recognised, Session, SessionToken, SignedIn
from bot.staff.passkeys import Passkeys
from bot.staff.passwords import Passwords
from bot.staff.proofs import SIGN_IN, Proof, Proofs
from bot.staff.tokens import hashed
from bot.vault.vault import Vault

IDLE_SHARE: Final = 4
"""A session of which no page is open ends after this part of `session_ttl`."""

SEEN_EVERY: Final = timedelta(seconds=20)
"""How exactly it is kept when a session was last used."""

UNLOCK_TRIES: Final = 5
"""After so many failures to unlock it, a session has ended."""


class SigningIn:
    """All that is done with sessions."""

    def __init__(
        self,
        database: StaffDatabase,
        vault: Vault,
        clock: Clock,
        settings: Settings,
        passwords: Passwords | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._passwords = passwords or Passwords()
        self._gate = Gate(database, vault, clock, pause)
        self._proofs = Proofs(vault, clock, Passkeys(vault, settings.public_url))

    async def sign_in(self, name: str, password: str, proof: Proof, address: str) -> SignedIn:
        """Begin a session. `address` is where the try comes from; it is not stored.

        Raises SignInRefused, the same and as late for an unknown name as for a wrong password or
        second factor, and TooManyTries.
        """
        key = names.fold(name)
        async with self._gate.counted(key, address):
            async with self._database.reading() as unit:
                advocate = await unit.advocates.find(key)
                known = advocate if advocate is not None and advocate.can_sign_in else None
                use = await self._proofs.look(unit, known, proof)
            right = await self._passwords.verify(known.password_hash if known else "", password)
            if known is None or not right or use is None:
                raise SignInRefused("name, password or code is wrong")
            rehashed = ""
            if self._passwords.is_dated(known.password_hash):
                rehashed = await self._passwords.hash(password)
            async with self._database.writing() as unit:
                if not await use(unit):
                    raise SignInRefused("name, password or code is wrong")
                if rehashed:
                    await unit.advocates.set_password_hash(known.id, rehashed)
                return await self._begin_session(unit, known)

    def challenge(self) -> dict[str, Any] | None:
        """What a browser needs to sign in with a passkey; None where this site can have none."""
        if not self._proofs.passkeys.usable:
            return None
        return self._proofs.passkeys.request(SIGN_IN, self._clock.now())

    async def authenticate(self, token: str) -> Advocate | None:
        """Whose session it is, locked or not, or None when it is none or has ended."""
        found = await self.recognise(token)
        return None if found is None else found.advocate

    async def recognise(self, token: str) -> Recognised | None:
        """Whose session it is, and whether it is locked; None when it is none or has ended.

        One that no page kept awake for `idle_lock_after` is locked as if its page had asked.
        """
        now = self._clock.now()
        token_hash = hashed(token)
        async with self._database.reading() as unit:
            found = await unit.sessions.get(token_hash)
        if found is None:
            return None
        session, advocate = found
        if self._has_ended(session) or advocate.disabled_at is not None:
            return None
        asleep = session.locked_at is None and self._is_asleep(session)
        if asleep or now - session.seen_at >= SEEN_EVERY:
            async with self._database.writing() as unit:
                await unit.sessions.seen(token_hash, now)
                if asleep:
                    await unit.sessions.lock(token_hash, now)
        return Recognised(advocate, locked=asleep or session.locked_at is not None)

    async def lock(self, token: str) -> None:
        """Have the session ask for the password again. Conversations are kept meanwhile."""
        async with self._database.writing() as unit:
            await unit.sessions.lock(hashed(token), self._clock.now())

    async def unlock(self, token: str, password: str, proof: Proof, address: str) -> None:
        """Go on with a locked session, by the password or by a passkey.

        Raises SignInRefused and TooManyTries; after `UNLOCK_TRIES` failures the session has ended,
        and only signing in anew helps.
        """
        advocate = await self.authenticate(token)
        if advocate is None:
            raise SignInRefused("the session has ended")
        async with self._gate.counted(names.fold(advocate.name), address):
            if isinstance(proof, str):
                right = await self._passwords.verify(advocate.password_hash, password)
                use = None
            else:
                async with self._database.reading() as unit:
                    use = await self._proofs.look(unit, advocate, proof)
                right = use is not None
            async with self._database.writing() as unit:
                right = right and (use is None or await use(unit))
                if right:
                    await unit.sessions.unlock(hashed(token), self._clock.now())
                elif await unit.sessions.failed(hashed(token)) >= UNLOCK_TRIES:
                    await unit.sessions.delete(hashed(token))
            if not right:
                raise SignInRefused("the password is wrong")

    async def sign_out(self, token: str) -> None:
        """End a session."""
        async with self._database.writing() as unit:
            await unit.sessions.delete(hashed(token))

    async def sign_out_everywhere(self, advocate_id: AdvocateId) -> None:
        """End all sessions of an advocate."""
        async with self._database.writing() as unit:
            await unit.sessions.delete_of(advocate_id)

    async def _begin_session(self, unit: StaffUnitOfWork, advocate: Advocate) -> SignedIn:
        token = SessionToken(secrets.token_urlsafe(32))
        now = self._clock.now()
        expires_at = now + self._settings.session_ttl
        await unit.sessions.delete_stale(now, now - self._idle_ttl)
        await unit.sessions.add(Session(hashed(token), advocate.id, now, now, expires_at))
        return SignedIn(advocate, token, expires_at)

    @property
    def _idle_ttl(self) -> timedelta:
        return max(self._settings.session_ttl / IDLE_SHARE, 2 * SEEN_EVERY)

    def _has_ended(self, session: Session) -> bool:
        now = self._clock.now()
        return session.expires_at <= now or now - session.seen_at > self._idle_ttl

    def _is_asleep(self, session: Session) -> bool:
        after = self._settings.idle_lock_after
        return bool(after) and self._clock.now() - session.seen_at > max(after, 2 * SEEN_EVERY)
