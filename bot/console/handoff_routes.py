"""The queue, and the conversations one holds."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, HTTPException, Query

from bot.console.context import Console
from bot.console.guard import Caller
from bot.console.presenting import message_view, named
from bot.console.schemas import (
    AdvocateView,
    Close,
    HandoffView,
    MessageRef,
    MessageView,
    NewMessage,
)
from bot.conversation.advocacy import AdvocacyService, NotYours
from bot.handoff.models import CloseKind, HandoffState
from bot.ids import AdvocateId, HandoffId
from bot.staff import permissions


@asynccontextmanager
async def telling_apart(advocacy: AdvocacyService, handoff_id: UUID) -> AsyncIterator[None]:
    """404 for a handoff that doesn't exist, 403 for one that somebody else holds."""
    try:
        yield
    except NotYours:
        try:
            await advocacy.handoff(HandoffId(handoff_id))
        except NotYours:
            raise HTTPException(404, "there is no such handoff") from None
        raise


def add_handoff_routes(api: APIRouter, console: Console) -> None:
    """Put the routes on `api`."""
    advocacy = console.advocacy

    @api.get("/handoffs")
    async def handoffs(
        caller: Annotated[Caller, console.may(permissions.HANDOFF_LIST)],
        state: Annotated[HandoffState, Query()] = HandoffState.WAITING,
        accept_language: Annotated[str, Header()] = "",
    ) -> list[HandoffView]:
        """All handoffs in a state, in the queue's order; claimed ones of everybody."""
        presenter = await console.presenter(caller.advocate.id, accept_language)
        return [presenter.queued(found) for found in await advocacy.handoffs(state)]

    @api.post("/handoffs/{handoff_id}/claim")
    async def claim(
        handoff_id: UUID,
        caller: Annotated[Caller, console.may(permissions.HANDOFF_CLAIM)],
        accept_language: Annotated[str, Header()] = "",
    ) -> HandoffView:
        """Take a waiting person on. Of any number of claims one gets 200, the others 409."""
        async with telling_apart(advocacy, handoff_id):
            claimed = await advocacy.claim(HandoffId(handoff_id), caller.advocate.id)
        return await console.view(caller, claimed, accept_language)

    @api.get("/handoffs/{handoff_id}/messages")
    async def messages(
        handoff_id: UUID,
        caller: Annotated[Caller, console.may(permissions.HANDOFF_READ)],
        after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    ) -> list[MessageView]:
        """What was said since the handoff, in order, from above the number `after`."""
        async with telling_apart(advocacy, handoff_id):
            lines = await advocacy.lines(HandoffId(handoff_id), caller.advocate.id, after)
        me = caller.advocate.id
        others = any(line.advocate_id not in {None, me} for line in lines)
        names = await console.staff.names() if others else {}

        def colleague(who: AdvocateId | None) -> AdvocateView | None:
            return None if who is None or who == me else named(who, names)

        return [message_view(line, colleague(line.advocate_id)) for line in lines]

    @api.post("/handoffs/{handoff_id}/messages", status_code=201)
    async def say(
        handoff_id: UUID,
        body: NewMessage,
        caller: Annotated[Caller, console.may(permissions.HANDOFF_WRITE)],
    ) -> MessageRef:
        """Send a message to the person. On a quiet phone it waits behind a neutral nudge."""
        async with telling_apart(advocacy, handoff_id):
            await advocacy.say(HandoffId(handoff_id), caller.advocate.id, body.text, body.id)
        return MessageRef(id=body.id)

    @api.post("/handoffs/{handoff_id}/release", status_code=204)
    async def release(
        handoff_id: UUID, caller: Annotated[Caller, console.may(permissions.HANDOFF_RELEASE)]
    ) -> None:
        """Put the person back into the queue, at their old place."""
        async with telling_apart(advocacy, handoff_id):
            await advocacy.release(HandoffId(handoff_id), caller.advocate.id)

    @api.post("/handoffs/{handoff_id}/close", status_code=204)
    async def close(
        handoff_id: UUID,
        caller: Annotated[Caller, console.may(permissions.HANDOFF_CLOSE)],
        body: Close | None = None,
    ) -> None:
        """End the conversation; the person is told. The reason is kept as a count only."""
        reason = CloseKind((body or Close()).reason)
        async with telling_apart(advocacy, handoff_id):
            await advocacy.close(HandoffId(handoff_id), caller.advocate.id, reason)
