"""Signing in and out, joining by invitation, and who is there."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from bot.console.account_routes import address_of
from bot.console.account_schemas import Join, JoinedView, SignIn
from bot.console.context import Console
from bot.console.guard import Caller, open_to_all
from bot.console.schemas import (
    ColleagueView,
    EnrolmentView,
    InvitationToken,
    Me,
    SessionView,
)
from bot.staff import models, permissions
from bot.staff.audit import Act
from bot.staff.models import SignedIn


def add_session_routes(api: APIRouter, console: Console) -> None:
    """Put the routes on `api`."""
    staff, cookie = console.staff, console.cookie
    Signed = Annotated[Caller, console.may(permissions.SESSION, also_locked=True)]
    Looks = Annotated[Caller, console.may(permissions.ADVOCATE_LIST)]
    anyone = [Depends(open_to_all)]

    def begun(response: Response, signed_in: SignedIn) -> SessionView:
        cookie.set(response, signed_in.token)
        return SessionView(name=signed_in.advocate.name, role=signed_in.advocate.role)

    @api.post("/session", dependencies=anyone)
    async def sign_in(body: SignIn, request: Request, response: Response) -> SessionView:
        """Begin a session; its cookie comes with the answer. 401 says not which part is wrong."""
        address = address_of(request)
        signed_in = await staff.sign_in(body.name, body.password, body.proof, address)
        if previous := cookie.read(request):
            await staff.sign_out(previous)
        await console.ledger.note(signed_in.advocate.id, Act.SIGNED_IN)
        return begun(response, signed_in)

    @api.delete("/session", status_code=204)
    async def sign_out(caller: Signed, response: Response) -> None:
        """End this session. Conversations that are held go back to the queue after a while."""
        await staff.sign_out(caller.token)
        await console.ledger.note(caller.advocate.id, Act.SIGNED_OUT)
        if permissions.HANDOFF_CLAIM in caller.advocate.permissions:
            await console.advocacy.absent(caller.advocate.id)
        cookie.clear(response)

    @api.get("/me")
    async def me(caller: Signed) -> Me:
        """Who is signed in."""
        return Me(
            id=caller.advocate.id,
            name=caller.advocate.name,
            role=caller.advocate.role,
            languages=list(caller.advocate.languages),
            permissions=sorted(caller.advocate.permissions),
            now=console.clock.now(),
            claim_ttl=console.settings.claim_ttl.total_seconds(),
            idle_lock_after=console.settings.idle_lock_after.total_seconds(),
            locked=caller.locked,
            silence_after=console.settings.silence_after.total_seconds(),
            block_ttl=console.settings.block_ttl.total_seconds(),
        )

    @api.get("/advocates")
    async def advocates(_caller: Looks) -> list[ColleagueView]:
        """All who take conversations on."""
        return await console.colleagues()

    @api.post("/invitations/open", dependencies=anyone)
    async def open_invitation(body: InvitationToken) -> EnrolmentView:
        """What an invitation offers; it is not used up by looking. 404 when it is not valid."""
        found = await staff.enrolment(models.InvitationToken(body.token))
        return EnrolmentView(
            name=found.name, secret=found.secret, otpauth=found.link, passkey=found.passkey
        )

    @api.post("/invitations/accept", dependencies=anyone)
    async def accept_invitation(body: Join, response: Response) -> JoinedView:
        """Set password and second factor, and be signed in. The invitation is used up by it."""
        token = models.InvitationToken(body.token)
        joined = await staff.join(token, body.password, body.proof)
        await console.ledger.note(joined.advocate.id, Act.JOINED)
        begun(response, joined)
        return JoinedView(
            name=joined.advocate.name,
            role=joined.advocate.role,
            recovery_codes=list(joined.recovery_codes),
        )
