"""Passing a person on, a second advocate, taking up again, and closing the queue to somebody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, HTTPException

from bot.console.context import Console
from bot.console.guard import Caller
from bot.console.handoff_routes import telling_apart
from bot.console.schemas import HandoffView, Support, Transfer
from bot.ids import AdvocateId, HandoffId
from bot.staff import permissions


def add_passing_routes(api: APIRouter, console: Console) -> None:
    """Put the routes on `api`."""
    advocacy, handover = console.advocacy, console.advocacy.handover
    Passes = Annotated[Caller, console.may(permissions.HANDOFF_TRANSFER)]
    Supports = Annotated[Caller, console.may(permissions.HANDOFF_SUPPORT)]

    async def somebody_else(caller: Caller, handoff_id: UUID, who: AdvocateId, field: str) -> None:
        """422 unless `who` takes conversations on, and is not who has this one."""
        if not await console.staff.takes_conversations(who):
            raise HTTPException(422, f"{field}: no such advocate takes conversations on")
        async with telling_apart(advocacy, handoff_id):
            handoff = await advocacy.handoff(HandoffId(handoff_id))
        if handoff.advocate_id == caller.advocate.id == who:
            raise HTTPException(422, f"{field}: choose somebody else")

    async def presented(caller: Caller, handoff_id: UUID, accept_language: str) -> HandoffView:
        presenter = await console.presenter(caller.advocate.id, accept_language)
        return presenter.handoff(await advocacy.handoff(HandoffId(handoff_id)))

    @api.post("/handoffs/{handoff_id}/transfer", status_code=204)
    async def transfer(handoff_id: UUID, body: Transfer, caller: Passes) -> None:
        """Hand the person to an advocate, or to anybody with a skill.

        At once: the advocate has them, or they are back at their old place for somebody with the
        skill. Warm: one stays until somebody takes over. 422 when `to` takes no conversations on.
        """
        to = None if body.to is None else AdvocateId(body.to)
        if to is not None:
            await somebody_else(caller, handoff_id, to, "to")
        target, me = HandoffId(handoff_id), caller.advocate.id
        async with telling_apart(advocacy, handoff_id):
            if body.warm:
                await handover.ask_to_take_over(target, me, to, body.skill, body.note)
            elif to is not None:
                await handover.hand_to(target, me, to, body.note)
            elif body.skill is not None:
                await handover.hand_to_skill(target, me, body.skill, body.note)

    @api.delete("/handoffs/{handoff_id}/transfer", status_code=204)
    async def keep(handoff_id: UUID, caller: Passes) -> None:
        """Ask nobody to take over any more."""
        async with telling_apart(advocacy, handoff_id):
            await handover.ask_to_take_over(HandoffId(handoff_id), caller.advocate.id)

    @api.post("/handoffs/{handoff_id}/take-over")
    async def take_over(
        handoff_id: UUID,
        caller: Annotated[Caller, console.may(permissions.HANDOFF_CLAIM)],
        accept_language: Annotated[str, Header()] = "",
    ) -> HandoffView:
        """Take over from a colleague who asked for it. One gets 200, others 409."""
        async with telling_apart(advocacy, handoff_id):
            await handover.take_over(HandoffId(handoff_id), caller.advocate.id)
        return await presented(caller, handoff_id, accept_language)

    @api.put("/handoffs/{handoff_id}/support", status_code=204)
    async def invite(handoff_id: UUID, body: Support, caller: Supports) -> None:
        """Let a second advocate read and write along; the person is told."""
        helper = AdvocateId(body.advocate)
        await somebody_else(caller, handoff_id, helper, "advocate")
        async with telling_apart(advocacy, handoff_id):
            await handover.invite(HandoffId(handoff_id), caller.advocate.id, helper)

    @api.delete("/handoffs/{handoff_id}/support", status_code=204)
    async def end_support(handoff_id: UUID, caller: Supports) -> None:
        """End it: for whoever has the person, and for the second advocate."""
        target, me = HandoffId(handoff_id), caller.advocate.id
        async with telling_apart(advocacy, handoff_id):
            if (await advocacy.handoff(target)).support_id == me:
                await handover.step_out(target, me)
            else:
                await handover.invite(target, me, None)

    @api.post("/handoffs/{handoff_id}/reopen")
    async def reopen(
        handoff_id: UUID,
        caller: Annotated[Caller, console.may(permissions.HANDOFF_REOPEN)],
        accept_language: Annotated[str, Header()] = "",
    ) -> HandoffView:
        """Take up again what one has ended, while its messages live; not what the person ended."""
        async with telling_apart(advocacy, handoff_id):
            await handover.reopen(HandoffId(handoff_id), caller.advocate.id)
        return await presented(caller, handoff_id, accept_language)

    @api.post("/handoffs/{handoff_id}/block", status_code=204)
    async def block(
        handoff_id: UUID, caller: Annotated[Caller, console.may(permissions.HANDOFF_BLOCK)]
    ) -> None:
        """End it as abusive, and close the queue to whoever it is for a while.

        It stands in the log. The bot's own help stays open to them.
        """
        async with telling_apart(advocacy, handoff_id):
            await handover.block(HandoffId(handoff_id), caller.advocate.id)
