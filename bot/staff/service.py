"""Inviting advocates, signing them in and out, and knowing who is there: a use case each."""

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final
from uuid import uuid4

from bot.clock import Clock
from bot.ids import AdvocateId, Locale
from bot.settings import Settings
from bot.staff import codes, names
from bot.staff.errors import (
    DemoOnly,
    InvitationInvalid,
    SignInRefused,
    TooManyTries,
    UnknownAdvocate,
    WrongCode,
    WrongName,
)
from bot.staff.interfaces import StaffDatabase, StaffUnitOfWork
from bot.staff.models import (
    Advocate,
    Colleague,
    Enrolment,
    Invitation,
    InvitationToken,
    Session,
    SessionToken,
    SignedIn,
)
from bot.staff.passwords import Passwords, check_password, random_password
from bot.staff.permissions import HANDOFF_CLAIM, Role
from bot.staff.throttle import Throttle
from bot.vault.vault import Vault

INVITATION_TTL: Final = timedelta(days=7)

IDLE_SHARE: Final = 4
"""A session of which no page is open ends after this part of `session_ttl`."""

SEEN_EVERY: Final = timedelta(seconds=20)
"""How exactly it is kept when a session was last used."""

JOIN_PATH: Final = "/console/join"


def invitation_link(settings: Settings, token: InvitationToken) -> str:
    """The link for an invited advocate. What follows the `#` never reaches a server's log."""
    return f"{settings.public_url.rstrip('/')}{JOIN_PATH}#{token}"


class StaffService:
    """All that is done with accounts."""

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

    async def invite(
        self, name: str, role: Role = Role.ADVOCATE, languages: Sequence[Locale] = ()
    ) -> InvitationToken:
        """Add an advocate who is yet to choose a password; the token of their invitation.

        For a name that was invited and has not joined, a new invitation replaces the old one.
        Raises WrongName for a name that cannot be used or is taken.
        """
        async with self._database.writing() as unit:
            advocate = await unit.advocates.find(names.fold(name))
            if advocate is None:
                advocate = await self._add(unit, name, role, languages)
            elif advocate.password_hash:
                raise WrongName(
                    "an advocate with this name exists already; choose another name, or let them"
                    " join anew with a new invitation"
                )
            return await self._invitation(unit, advocate)

    async def invite_again(self, name: str) -> InvitationToken:
        """A new invitation for someone who lost their phone or forgot the password.

        The old password holds until the invitation is used. Raises UnknownAdvocate.
        """
        async with self._database.writing() as unit:
            advocate = await unit.advocates.find(names.fold(name))
            if advocate is None:
                raise UnknownAdvocate("no advocate has this name")
            return await self._invitation(unit, advocate)

    async def add_with_secrets(
        self, name: str, role: Role = Role.ADVOCATE, languages: Sequence[Locale] = ()
    ) -> tuple[str, str]:
        """Add an advocate for automation; password and TOTP secret (base 32), shown this once.

        Raises WrongName for a name that cannot be used or is taken.
        """
        password, secret = random_password(), codes.new_secret()
        password_hash = await self._passwords.hash(password)
        async with self._database.writing() as unit:
            advocate = await self._add(unit, name, role, languages)
            sealed = self._seal(secret, advocate.id)
            await unit.advocates.set_secrets(advocate.id, password_hash, sealed)
        return password, secret

    async def enrolment(self, token: InvitationToken) -> Enrolment:
        """What an invited advocate's authenticator needs. Raises InvitationInvalid."""
        async with self._database.reading() as unit:
            invitation, advocate = await self._invited(unit, token)
        secret = self._open(invitation.totp, advocate.id)
        return Enrolment(advocate.name, secret, codes.otpauth_link(secret, advocate.name))

    async def join(self, token: InvitationToken, password: str, code: str) -> SignedIn:
        """Use an invitation: set the password, prove the authenticator, and be signed in.

        Raises InvitationInvalid, WeakPassword or WrongCode; after the latter two it still holds.
        """
        now = self._clock.now()
        async with self._database.reading() as unit:
            invitation, advocate = await self._invited(unit, token)
        check_password(password, advocate.name)
        step = codes.matching_step(self._open(invitation.totp, advocate.id), code, now)
        if step is None:
            raise WrongCode("the code is not the one for now")
        password_hash = await self._passwords.hash(password)
        async with self._database.writing() as unit:
            if not await unit.invitations.take(invitation.token_hash):
                raise InvitationInvalid("the invitation was used already")
            await unit.advocates.set_secrets(advocate.id, password_hash, invitation.totp)
            await unit.advocates.use_step(advocate.id, step)
            await unit.sessions.delete_of(advocate.id)
            return await self._begin_session(unit, advocate)

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
        token_hash = _hash(token)
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
            await unit.sessions.delete(_hash(token))

    async def sign_out_everywhere(self, advocate_id: AdvocateId) -> None:
        """End all sessions of an advocate."""
        async with self._database.writing() as unit:
            await unit.sessions.delete_of(advocate_id)

    async def takes_conversations(self, advocate_id: AdvocateId) -> bool:
        """Whether a person may be handed to this member of the staff."""
        return any(c.advocate.id == advocate_id for c in await self.colleagues())

    async def colleagues(self) -> tuple[Colleague, ...]:
        """All who can take conversations on, by name, and whether their console is open."""
        since = self._clock.now() - max(self._settings.claim_ttl, 3 * SEEN_EVERY)
        async with self._database.reading() as unit:
            everyone = await unit.advocates.all()
            here = await unit.sessions.active(since)
        return tuple(
            Colleague(a, a.id in here)
            for a in everyone
            if HANDOFF_CLAIM in a.permissions and (a.can_sign_in or a.id in here)
        )

    async def names(self) -> dict[AdvocateId, str]:
        """The names of all staff, also of those who left."""
        async with self._database.reading() as unit:
            return {a.id: a.name for a in await unit.advocates.all()}

    async def demo_session(self, name: str, languages: Sequence[Locale] = ()) -> SessionToken:
        """A session without signing in, for the demo on this machine's own address only.

        The advocate is made if need be. Raises DemoOnly unless `settings.demo`.
        """
        if not self._settings.demo:
            raise DemoOnly("a session without signing in exists in the demo only")
        async with self._database.writing() as unit:
            advocate = await unit.advocates.find(names.fold(name))
            if advocate is None:
                advocate = await self._add(unit, name, Role.ADVOCATE, languages)
            return (await self._begin_session(unit, advocate)).token

    async def _add(
        self, unit: StaffUnitOfWork, name: str, role: Role, languages: Sequence[Locale]
    ) -> Advocate:
        tidy = names.clean(name)
        advocate = Advocate(
            id=AdvocateId(uuid4()),
            name=tidy,
            role=role,
            languages=tuple(languages) or self._settings.locales[:1],
            created_at=self._clock.now(),
        )
        if not await unit.advocates.add(advocate, names.fold(tidy)):
            raise WrongName("an advocate with this name exists already; choose another name")
        return advocate

    async def _invitation(self, unit: StaffUnitOfWork, advocate: Advocate) -> InvitationToken:
        token = InvitationToken(secrets.token_urlsafe(32))
        now = self._clock.now()
        sealed = self._seal(codes.new_secret(), advocate.id)
        await unit.invitations.delete_expired(now)
        await unit.invitations.replace(
            Invitation(_hash(token), advocate.id, sealed, now + INVITATION_TTL)
        )
        return token

    async def _invited(
        self, unit: StaffUnitOfWork, token: InvitationToken
    ) -> tuple[Invitation, Advocate]:
        invitation = await unit.invitations.get(_hash(token))
        if invitation is None or invitation.expires_at <= self._clock.now():
            raise InvitationInvalid("the invitation is not valid, or not any more")
        advocate = await unit.advocates.get(invitation.advocate_id)
        if advocate is None or advocate.disabled_at is not None:
            raise InvitationInvalid("the invitation is not valid, or not any more")
        return invitation, advocate

    async def _begin_session(self, unit: StaffUnitOfWork, advocate: Advocate) -> SignedIn:
        token = SessionToken(secrets.token_urlsafe(32))
        now = self._clock.now()
        expires_at = now + self._settings.session_ttl
        await unit.sessions.delete_stale(now, now - self._idle_ttl)
        await unit.sessions.add(Session(_hash(token), advocate.id, now, now, expires_at))
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


def _hash(token: str) -> bytes:
    """Tokens are random and long: a plain hash can't be turned back."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
