"""Signing in and out, and knowing whose session it is: a use case each."""

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.ids import AdvocateId
from bot.settings import Settings
from bot.staff import codes, names
from bot.staff.errors import SignInRefused, TooManyTries
from bot.staff.interfaces import StaffDatabase, StaffUnitOfWork
from bot.staff.models import Advocate, Session, SessionToken, SignedIn
from bot.staff.passwords import Passwords
from bot.staff.throttle import Throttle
from bot.vault.vault import Vault

IDLE_SHARE: Final = 4
"""A session of which no page is open ends after this part of `session_ttl`."""

SEEN_EVERY: Final = timedelta(seconds=20)
"""How exactly it is kept when a session was last used."""


class SigningIn:
    """All that is done with sessions."""

    def __init__(
        self,
        database: StaffDatabase,
        vault: Vault,
        clock: Clock,
        settings: Settings,
        passwords: Passwords | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._passwords = passwords or Passwords()
        self._pause = pause
        self._throttle = Throttle()
        self._decoy_secret = codes.new_secret()

    async def sign_in(self, name: str, password: str, code: str, address: str) -> SignedIn:
        """Begin a session. `address` is where the try comes from; it is not stored.

        Raises SignInRefused, the same and as late for an unknown name as for a wrong password or
        code, and TooManyTries.
        """
        key = names.fold(name)
        now = self._clock.now()
        if wait := self._throttle.wait(key, address, now):
            raise TooManyTries(wait)
        if pause := self._throttle.pause(key, now):
            await self._pause(pause.total_seconds())
        # Counted before it is looked at: tries side by side must not all pass as the first.
        self._throttle.failed(key, address, now)
        async with self._database.reading() as unit:
            advocate = await unit.advocates.find(key)
        usable = advocate is not None and advocate.can_sign_in
        known = advocate if usable else None
        right = await self._passwords.verify(known.password_hash if known else "", password)
        secret = self._decoy_secret
        if known is not None and known.totp is not None:
            secret = self._open(known.totp, known.id)
        step = codes.matching_step(secret, code, self._clock.now())
        if known is None or not right or step is None:
            raise SignInRefused("name, password or code is wrong")
        rehashed = ""
        if self._passwords.is_dated(known.password_hash):
            rehashed = await self._passwords.hash(password)
        async with self._database.writing() as unit:
            if not await unit.advocates.use_step(known.id, step):
                raise SignInRefused("name, password or code is wrong")
            if rehashed:
                await unit.advocates.set_password_hash(known.id, rehashed)
            signed_in = await self._begin_session(unit, known)
        self._throttle.succeeded(key, address)
        return signed_in

    async def authenticate(self, token: str) -> Advocate | None:
        """Whose session it is, or None when it is none or has ended."""
        now = self._clock.now()
        token_hash = hashed(token)
        async with self._database.reading() as unit:
            session = await unit.sessions.get(token_hash)
            if session is None or self._has_ended(session):
                return None
            advocate = await unit.advocates.get(session.advocate_id)
        if advocate is None or advocate.disabled_at is not None:
            return None
        if now - session.seen_at >= SEEN_EVERY:
            async with self._database.writing() as unit:
                await unit.sessions.seen(token_hash, now)
        return advocate

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

    def _seal(self, secret: str, advocate_id: AdvocateId) -> bytes:
        return self._vault.seal_for_staff(secret.encode(), row=f"advocates.totp/{advocate_id}")

    def _open(self, sealed: bytes, advocate_id: AdvocateId) -> str:
        return self._vault.open_for_staff(sealed, row=f"advocates.totp/{advocate_id}").decode()


def hashed(token: str) -> bytes:
    """Tokens are random and long: a plain hash can't be turned back."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
