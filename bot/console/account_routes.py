"""One's own account: locking, passkeys, recovery codes, password, all sessions."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from bot.console.account_schemas import (
    Challenge,
    FactorsView,
    NewPasskey,
    NewPassword,
    OldPasskey,
    PasskeyView,
    Proven,
    RecoveryCodes,
    Unlock,
)
from bot.console.context import Console
from bot.console.guard import Caller, open_to_all
from bot.staff import permissions
from bot.staff.audit import Act


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def add_account_routes(api: APIRouter, console: Console) -> None:
    """Put the routes on `api`."""
    staff, cookie, ledger = console.staff, console.cookie, console.ledger
    Signed = Annotated[Caller, console.may(permissions.SESSION)]
    SignedOrLocked = Annotated[Caller, console.may(permissions.SESSION, also_locked=True)]

    @api.post("/session/challenge", dependencies=[Depends(open_to_all)])
    async def challenge() -> Challenge:
        """What a browser needs to use a passkey, for signing in or unlocking; null: none here."""
        return Challenge(passkey=staff.challenge())

    @api.post("/session/lock", status_code=204)
    async def lock(caller: SignedOrLocked) -> None:
        """Answer nothing more to this session until it is unlocked. Conversations are kept."""
        await staff.lock(caller.token)

    @api.post("/session/unlock", status_code=204)
    async def unlock(body: Unlock, caller: SignedOrLocked, request: Request) -> None:
        """Go on, by password or passkey. 401 when it is wrong; the fifth time ends the session."""
        await staff.unlock(caller.token, body.password, body.passkey or "", address_of(request))

    @api.delete("/sessions", status_code=204)
    async def sign_out_everywhere(caller: Signed, response: Response) -> None:
        """End all sessions of one's own, in all browsers."""
        await staff.sign_out_everywhere(caller.advocate.id)
        await ledger.note(caller.advocate.id, Act.SIGNED_OUT)
        await console.advocacy.absent(caller.advocate.id)
        cookie.clear(response)

    @api.get("/me/factors")
    async def factors(caller: Signed) -> FactorsView:
        """With what one signs in besides the password."""
        found = await staff.factors(caller.advocate)
        return FactorsView(
            authenticator=found.authenticator,
            passkeys=[
                PasskeyView(id=each.id, created_at=each.created_at, used_at=each.used_at)
                for each in found.passkeys
            ],
            recovery_left=found.recovery_left,
        )

    @api.post("/me/passkeys/challenge")
    async def passkey_wanted(caller: Signed) -> Challenge:
        """What a browser needs to make a passkey; null where this site can have none."""
        return Challenge(passkey=await staff.passkey_wanted(caller.advocate))

    @api.post("/me/passkeys", status_code=204)
    async def add_passkey(body: NewPasskey, caller: Signed, request: Request) -> None:
        """Add a passkey."""
        who, address = caller.advocate, address_of(request)
        await staff.add_passkey(who, body.password, body.passkey, address)
        await ledger.note(who.id, Act.SECURED)

    @api.post("/me/passkeys/remove", status_code=204)
    async def remove_passkey(body: OldPasskey, caller: Signed, request: Request) -> None:
        """Remove a passkey. 409 for the only second factor."""
        who, address = caller.advocate, address_of(request)
        if not await staff.remove_passkey(who, body.password, body.id, address):
            raise HTTPException(404, "you have no such passkey")
        await ledger.note(who.id, Act.SECURED)

    @api.post("/me/recovery-codes")
    async def recovery_codes(body: Proven, caller: Signed, request: Request) -> RecoveryCodes:
        """A new set, shown this once; the old ones are worth nothing."""
        who = caller.advocate
        found = await staff.new_recovery_codes(who, body.password, address_of(request))
        await ledger.note(who.id, Act.SECURED)
        return RecoveryCodes(recovery_codes=list(found))

    @api.post("/me/password", status_code=204)
    async def change_password(
        body: NewPassword, caller: Signed, request: Request, response: Response
    ) -> None:
        """Change the password; all other sessions end."""
        who, address = caller.advocate, address_of(request)
        begun = await staff.change_password(who, body.password, body.new, address)
        await ledger.note(who.id, Act.SECURED)
        cookie.set(response, begun.token)
