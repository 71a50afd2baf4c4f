"""Second factors: a code of the authenticator app, a recovery code, or a passkey.

What can be looked at is looked at first; what makes each good once happens in the transaction of
what it was given for, by the `Use` that is returned.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.clock import Clock
from bot.ids import AdvocateId
from bot.staff import codes, recovery
from bot.staff.interfaces import StaffUnitOfWork
from bot.staff.models import Advocate, Passkey
from bot.staff.passkeys import Answered, Passkeys
from bot.staff.tokens import hashed
from bot.vault.vault import Vault

Proof = str | Mapping[str, Any]
"""What was typed, or what a passkey answered (JSON of a `PublicKeyCredential`)."""

Use = Callable[[StaffUnitOfWork], Awaitable[bool]]
"""Uses a factor up; False if somebody was faster."""

SIGN_IN = "sign in"


class Proofs:
    """Looks at what people give besides their password."""

    def __init__(self, vault: Vault, clock: Clock, passkeys: Passkeys) -> None:
        self._vault = vault
        self._clock = clock
        self.passkeys = passkeys
        self._decoy = codes.new_secret()

    def seal(self, secret: str, advocate_id: AdvocateId) -> bytes:
        """A TOTP secret as it is stored."""
        return self._vault.seal_for_staff(secret.encode(), row=f"advocates.totp/{advocate_id}")

    def open(self, sealed: bytes, advocate_id: AdvocateId) -> str:
        """The TOTP secret."""
        return self._vault.open_for_staff(sealed, row=f"advocates.totp/{advocate_id}").decode()

    async def look(
        self, unit: StaffUnitOfWork, advocate: Advocate | None, proof: Proof, purpose: str = SIGN_IN
    ) -> Use | None:
        """How to use `proof`, or None when it is none of this advocate's."""
        if isinstance(proof, str):
            if code := recovery.tidy(proof):
                return self._recovery(advocate, code)
            return self._totp(advocate, proof)
        passkey = await unit.passkeys.get(str(proof.get("id", "")))
        if passkey is None or advocate is None or passkey.advocate_id != advocate.id:
            return None
        return self._passkey(passkey, proof, purpose)

    def _totp(self, advocate: Advocate | None, code: str) -> Use | None:
        secret = self._decoy
        if advocate is not None and advocate.totp is not None:
            secret = self.open(advocate.totp, advocate.id)
        step = codes.matching_step(secret, code, self._clock.now())
        if advocate is None or advocate.totp is None or step is None:
            return None
        owner = advocate.id

        async def use(unit: StaffUnitOfWork) -> bool:
            return await unit.advocates.use_step(owner, step)

        return use

    @staticmethod
    def _recovery(advocate: Advocate | None, code: str) -> Use | None:
        if advocate is None:
            return None
        owner = advocate.id

        async def use(unit: StaffUnitOfWork) -> bool:
            return await unit.recovery.take(owner, hashed(code))

        return use

    def _passkey(self, passkey: Passkey, proof: Mapping[str, Any], purpose: str) -> Use | None:
        found = self.passkeys.used(purpose, proof, passkey, self._clock.now())
        if found is None:
            return None

        async def use(unit: StaffUnitOfWork) -> bool:
            if not await spend(unit, found, self._clock):
                return False
            await unit.passkeys.used(found.credential, found.count, self._clock.now())
            return True

        return use


async def spend(unit: StaffUnitOfWork, answered: Answered, clock: Clock) -> bool:
    """Note that a challenge was answered; False if it was answered before."""
    return await unit.passkeys.spend(answered.challenge, answered.expires_at, clock.now())
