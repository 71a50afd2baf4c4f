"""One's desk, whom one is asked to take on, and what one has ended."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query
from starlette.responses import JSONResponse, Response

from bot.console.context import Console
from bot.console.guard import Caller
from bot.console.handoff_routes import telling_apart
from bot.console.lookout import MOST
from bot.console.presenting import desk_view
from bot.console.schemas import (
    DeskChange,
    DeskView,
    FrontView,
    HandoffView,
    NextView,
    OfferView,
)
from bot.ids import HandoffId
from bot.staff import permissions


def add_queue_routes(api: APIRouter, console: Console) -> None:
    """Put the routes on `api`."""
    advocacy, queue = console.advocacy, console.advocacy.queue
    Keeps = Annotated[Caller, console.may(permissions.DESK_KEEP)]
    Claims = Annotated[Caller, console.may(permissions.HANDOFF_CLAIM)]

    async def own(caller: Caller, accept_language: str) -> DeskView:
        me = caller.advocate.id
        holds = (await advocacy.holds()).get(me, 0)
        words = console.words.table(console.words.preferred(accept_language))
        desk = await queue.desk(me)
        set_by = await console.member(desk.set_by)
        return desk_view(desk, console.settings.capacity, holds, words, set_by)

    @api.get("/queue", response_class=JSONResponse, response_model=FrontView)
    async def front(
        caller: Annotated[Caller, console.may(permissions.HANDOFF_LIST)],
        also: Annotated[list[UUID] | None, Query(max_length=2 * MOST)] = None,
        accept_language: Annotated[str, Header()] = "",
    ) -> Response:
        """The front of the queue and of those with colleagues, all that concerns oneself, and
        `also` these handoffs, unless they are closed. A look that begins after the request."""
        wanted = [HandoffId(handoff_id) for handoff_id in also or ()]
        body = await console.front(caller.advocate.id, wanted, accept_language)
        return Response(body, media_type="application/json")

    @api.get("/desk")
    async def own_desk(caller: Keeps, accept_language: Annotated[str, Header()] = "") -> DeskView:
        """On duty or not, how many one takes on at once, and what one is trained in."""
        return await own(caller, accept_language)

    @api.patch("/desk")
    async def change_desk(
        caller: Keeps, body: DeskChange, accept_language: Annotated[str, Header()] = ""
    ) -> DeskView:
        """Change it. On a break, and while finishing, nobody is offered."""
        me = caller.advocate.id
        if body.duty is not None:
            await queue.set_duty(me, body.duty)
        if body.capacity is not None or body.skills is not None:
            now = await queue.desk(me)
            skills = now.skills if body.skills is None else body.skills
            capacity = now.capacity if body.capacity is None else body.capacity or None
            await queue.equip(me, skills, capacity)
        return await own(caller, accept_language)

    @api.post("/desk/offer")
    async def offer(caller: Claims, accept_language: Annotated[str, Header()] = "") -> OfferView:
        """Be asked to take somebody on: by language, skill and capacity, in the queue's order.

        An offer that stands comes again as it is. Nobody else is asked until it is over.
        """
        found = await queue.offer(caller.advocate.id, caller.advocate.languages)
        if found is None:
            return OfferView(handoff=None, until=None)
        handoff = await console.view(caller, found.handoff, accept_language)
        return OfferView(handoff=handoff, until=found.until)

    @api.post("/desk/next")
    async def claim_next(
        caller: Claims, accept_language: Annotated[str, Header()] = ""
    ) -> NextView:
        """Take on whom one is asked about, or who is next. Any number of calls: each another."""
        claimed = await queue.claim_next(caller.advocate.id, caller.advocate.languages)
        if claimed is None:
            return NextView(handoff=None)
        return NextView(handoff=await console.view(caller, claimed, accept_language))

    @api.post("/handoffs/{handoff_id}/decline", status_code=204)
    async def decline(handoff_id: UUID, caller: Claims) -> None:
        """Have somebody else asked; one can claim them all the same."""
        async with telling_apart(advocacy, handoff_id):
            await queue.decline(HandoffId(handoff_id), caller.advocate.id)

    @api.get("/desk/ended")
    async def ended(
        caller: Annotated[Caller, console.may(permissions.HANDOFF_REOPEN)],
        accept_language: Annotated[str, Header()] = "",
    ) -> list[HandoffView]:
        """What one has ended and may take up again, the newest first."""
        presenter = await console.presenter(caller.advocate.id, accept_language)
        found = await advocacy.handover.reopenable(caller.advocate.id)
        return [presenter.handoff(handoff) for handoff in found]
