"""What everybody does with their own account: passkeys, recovery codes, password, all sessions.

Each asks for the password once more: an unlocked computer must not be enough to move in for good.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.staff import names, recovery
from bot.staff.errors import LastFactor, SignInRefused, WrongCode
from bot.staff.interfaces import StaffUnitOfWork
from bot.staff.models import Advocate, Passkey, SignedIn
from bot.staff.passkeys import Answered
from bot.staff.passwords import check_password
from bot.staff.proofs import spend
from bot.staff.sessions import SigningIn
from bot.staff.tokens import hashed


@dataclass(frozen=True, slots=True)
class Factors:
    """With what somebody signs in besides the password."""

    authenticator: bool
    passkeys: Sequence[Passkey]
    recovery_left: int


class OwnAccount(SigningIn):
    """All that one does with one's own account."""

    async def factors(self, advocate: Advocate) -> Factors:
        """What the advocate has set up."""
        async with self._database.reading() as unit:
            return Factors(
                advocate.totp is not None,
                await unit.passkeys.of(advocate.id),
                await unit.recovery.left(advocate.id),
            )

    async def passkey_wanted(self, advocate: Advocate) -> dict[str, Any] | None:
        """What a browser needs to add a passkey; None where this site can have none."""
        async with self._database.reading() as unit:
            known = await unit.passkeys.of(advocate.id)
        return self._passkey_wanted(_adding(advocate), advocate, known)

    async def add_passkey(
        self, advocate: Advocate, password: str, answer: Mapping[str, Any], address: str
    ) -> None:
        """Add a passkey. Raises SignInRefused, TooManyTries, or WrongCode for a wrong answer."""
        await self._prove(advocate, password, address)
        made = self._proofs.passkeys.made(_adding(advocate), answer, self._clock.now())
        if made is None:
            raise WrongCode("this is not a passkey that was asked for")
        async with self._database.writing() as unit:
            await self._keep(unit, advocate, made)

    async def remove_passkey(
        self, advocate: Advocate, password: str, passkey_id: str, address: str
    ) -> bool:
        """Remove a passkey; False if there is none. Raises LastFactor for the only factor."""
        await self._prove(advocate, password, address)
        async with self._database.writing() as unit:
            if advocate.totp is None and len(await unit.passkeys.of(advocate.id)) < 2:
                raise LastFactor("this is the only second factor; add another one first")
            return await unit.passkeys.delete(advocate.id, passkey_id)

    async def new_recovery_codes(
        self, advocate: Advocate, password: str, address: str
    ) -> tuple[str, ...]:
        """A new set, shown this once; the old ones are worth nothing. Raises SignInRefused."""
        await self._prove(advocate, password, address)
        async with self._database.writing() as unit:
            return await self._recovery_codes(unit, advocate)

    async def change_password(
        self, advocate: Advocate, password: str, new: str, address: str
    ) -> SignedIn:
        """Change the password: all sessions end, and a new one begins here.

        Raises SignInRefused and WeakPassword.
        """
        await self._prove(advocate, password, address)
        check_password(new, advocate.name)
        password_hash = await self._passwords.hash(new)
        async with self._database.writing() as unit:
            await unit.advocates.set_password_hash(advocate.id, password_hash)
            await unit.sessions.delete_of(advocate.id)
            return await self._begin_session(unit, advocate)

    async def _prove(self, advocate: Advocate, password: str, address: str) -> None:
        async with self._gate.counted(names.fold(advocate.name), address):
            if not await self._passwords.verify(advocate.password_hash, password):
                raise SignInRefused("the password is wrong")

    def _passkey_wanted(
        self, purpose: str, advocate: Advocate, known: Sequence[Passkey]
    ) -> dict[str, Any] | None:
        passkeys = self._proofs.passkeys
        if not passkeys.usable:
            return None
        return passkeys.creation(purpose, advocate.id, advocate.name, known, self._clock.now())

    async def _keep(self, unit: StaffUnitOfWork, advocate: Advocate, made: Answered) -> None:
        now = self._clock.now()
        new = Passkey(made.credential, advocate.id, made.public_key, made.count, now)
        if not await spend(unit, made, self._clock) or not await unit.passkeys.add(new):
            raise WrongCode("this passkey is known already")

    async def _recovery_codes(self, unit: StaffUnitOfWork, advocate: Advocate) -> tuple[str, ...]:
        found = recovery.new_codes()
        hashes = [hashed(recovery.tidy(code)) for code in found]
        await unit.recovery.replace(advocate.id, hashes)
        return found


def _adding(advocate: Advocate) -> str:
    return f"add {advocate.id}"
