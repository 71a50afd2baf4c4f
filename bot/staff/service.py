"""Accounts of the staff: inviting, joining, and who there is; with signing in and out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import uuid4

from bot.ids import AdvocateId, Locale
from bot.settings import Settings
from bot.staff import codes, names
from bot.staff.accounts import Accounts
from bot.staff.errors import DemoOnly, InvitationInvalid, UnknownAdvocate, WrongCode, WrongName
from bot.staff.interfaces import StaffUnitOfWork
from bot.staff.models import (
    Advocate,
    Colleague,
    Enrolment,
    Invitation,
    InvitationToken,
    SessionToken,
    SignedIn,
)
from bot.staff.passwords import check_password, random_password
from bot.staff.permissions import HANDOFF_CLAIM, Role
from bot.staff.proofs import Proof
from bot.staff.sessions import SEEN_EVERY
from bot.staff.tokens import hashed

JOIN_PATH: Final = "/console/join"


def invitation_link(settings: Settings, token: InvitationToken) -> str:
    """The link for an invited advocate. What follows the `#` never reaches a server's log."""
    return f"{settings.public_url.rstrip('/')}{JOIN_PATH}#{token}"


class StaffService(Accounts):
    """All that is done with accounts."""

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
            sealed = self._proofs.seal(secret, advocate.id)
            await unit.advocates.set_secrets(advocate.id, password_hash, sealed)
        return password, secret

    async def enrolment(self, token: InvitationToken) -> Enrolment:
        """What an invited advocate's authenticator or passkey needs. Raises InvitationInvalid."""
        async with self._database.reading() as unit:
            invitation, advocate = await self._invited(unit, token)
        secret = self._proofs.open(invitation.totp, advocate.id)
        return Enrolment(
            advocate.name,
            secret,
            codes.otpauth_link(secret, advocate.name),
            self._passkey_wanted(_joining(invitation), advocate, ()),
        )

    async def join(self, token: InvitationToken, password: str, proof: Proof) -> SignedIn:
        """Use an invitation: set the password, prove the second factor, and be signed in.

        `proof` is a code of the authenticator app, or a new passkey. Recovery codes come along.
        Raises InvitationInvalid, WeakPassword or WrongCode; after the latter two it still holds.
        """
        now = self._clock.now()
        async with self._database.reading() as unit:
            invitation, advocate = await self._invited(unit, token)
        check_password(password, advocate.name)
        totp, step, made = None, None, None
        if isinstance(proof, str):
            totp = invitation.totp
            step = codes.matching_step(self._proofs.open(totp, advocate.id), proof, now)
        else:
            made = self._proofs.passkeys.made(_joining(invitation), proof, now)
        if step is None and made is None:
            raise WrongCode("the code is not the one for now")
        password_hash = await self._passwords.hash(password)
        async with self._database.writing() as unit:
            if not await unit.invitations.take(invitation.token_hash):
                raise InvitationInvalid("the invitation was used already")
            await unit.passkeys.delete_of(advocate.id)
            await unit.advocates.set_secrets(advocate.id, password_hash, totp)
            if step is not None:
                await unit.advocates.use_step(advocate.id, step)
            if made is not None:
                await self._keep(unit, advocate, made)
            await unit.sessions.delete_of(advocate.id)
            codes_ = await self._recovery_codes(unit, advocate)
            return replace(await self._begin_session(unit, advocate), recovery_codes=codes_)

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
            return dict(await unit.advocates.names())

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

    async def _invited(
        self, unit: StaffUnitOfWork, token: InvitationToken
    ) -> tuple[Invitation, Advocate]:
        invitation = await unit.invitations.get(hashed(token))
        if invitation is None or invitation.expires_at <= self._clock.now():
            raise InvitationInvalid("the invitation is not valid, or not any more")
        advocate = await unit.advocates.get(invitation.advocate_id)
        if advocate is None or advocate.disabled_at is not None:
            raise InvitationInvalid("the invitation is not valid, or not any more")
        return invitation, advocate


def _joining(invitation: Invitation) -> str:
    return f"join {invitation.token_hash.hex()}"
