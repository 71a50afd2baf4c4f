"""What admins do with the accounts of others."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from bot.ids import AdvocateId, Locale
from bot.staff import codes
from bot.staff.errors import NotThisOne, UnknownAdvocate
from bot.staff.interfaces import StaffUnitOfWork
from bot.staff.models import Advocate, Invitation, InvitationToken
from bot.staff.own import OwnAccount
from bot.staff.permissions import Role
from bot.staff.tokens import hashed

NOBODY: Final = AdvocateId(UUID(int=0))
"""Stands for whoever runs the machine, in the log and as `me`."""

INVITATION_TTL: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Account:
    """An account as admins see it: never its secrets."""

    advocate: Advocate
    passkeys: int


class Accounts(OwnAccount):
    """All that is done with the accounts of others.

    `me` is who does it. Nobody changes their own role or switches themselves off, and nobody does
    it to the last admin who can sign in: two who do it to each other at once leave one. Whoever
    runs the machine (`NOBODY`) may: that is the way in for an admin who lost theirs.
    """

    async def accounts(self) -> tuple[Account, ...]:
        """All accounts, by name, also those that are switched off."""
        async with self._database.reading() as unit:
            counts = await unit.passkeys.counts()
            return tuple(Account(a, counts.get(a.id, 0)) for a in await unit.advocates.all())

    async def change(
        self, me: AdvocateId, who: AdvocateId, role: Role, languages: Sequence[Locale]
    ) -> None:
        """Set role and languages. Raises UnknownAdvocate, and NotThisOne for one's own role."""
        async with self._database.writing() as unit:
            advocate = await self._known(unit, who)
            if who == me and role is not advocate.role:
                raise NotThisOne("nobody changes their own role")
            if role is not Role.ADMIN:
                await self._leave_an_admin(unit, me, who)
            spoken = tuple(languages) or self._settings.locales[:1]
            await unit.advocates.change(who, role, spoken)

    async def disable(self, me: AdvocateId, who: AdvocateId) -> None:
        """Switch the account off: its sessions end at once. Raises NotThisOne for one's own."""
        async with self._database.writing() as unit:
            await self._other(unit, me, who)
            await self._leave_an_admin(unit, me, who)
            await unit.advocates.disable(who, self._clock.now())
            await unit.sessions.delete_of(who)

    async def enable(self, who: AdvocateId) -> None:
        """Switch the account on again. Raises UnknownAdvocate."""
        async with self._database.writing() as unit:
            await self._known(unit, who)
            await unit.advocates.disable(who, None)

    async def reset(self, me: AdvocateId, who: AdvocateId) -> InvitationToken:
        """Remove password, authenticator, passkeys and recovery codes; a new invitation.

        All sessions end. Raises NotThisOne for one's own account.
        """
        async with self._database.writing() as unit:
            advocate = await self._other(unit, me, who)
            await self._leave_an_admin(unit, me, who)
            await unit.advocates.set_secrets(who, "", None)
            await unit.passkeys.delete_of(who)
            await unit.recovery.replace(who, ())
            await unit.sessions.delete_of(who)
            return await self._invitation(unit, advocate)

    async def _other(self, unit: StaffUnitOfWork, me: AdvocateId, who: AdvocateId) -> Advocate:
        if who == me:
            raise NotThisOne("nobody does this to their own account")
        return await self._known(unit, who)

    @staticmethod
    async def _leave_an_admin(unit: StaffUnitOfWork, me: AdvocateId, who: AdvocateId) -> None:
        """Raises NotThisOne when nobody but `who` can act as an admin."""
        if me != NOBODY and set(await unit.advocates.hold_admins()) == {who}:
            raise NotThisOne("an admin must remain")

    async def _known(self, unit: StaffUnitOfWork, who: AdvocateId) -> Advocate:
        if (advocate := await unit.advocates.get(who)) is None:
            raise UnknownAdvocate("there is no such account")
        return advocate

    async def _invitation(self, unit: StaffUnitOfWork, advocate: Advocate) -> InvitationToken:
        token = InvitationToken(secrets.token_urlsafe(32))
        now = self._clock.now()
        sealed = self._proofs.seal(codes.new_secret(), advocate.id)
        await unit.invitations.delete_expired(now)
        await unit.invitations.replace(
            Invitation(hashed(token), advocate.id, sealed, now + INVITATION_TTL)
        )
        return token
