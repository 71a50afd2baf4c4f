"""Check-ins that need an advocate, and the stream of all that happens."""

import re
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Header, HTTPException, Query
from sse_starlette import EventSourceResponse

from bot.console.context import Console
from bot.console.guard import Caller
from bot.console.schemas import Acknowledged, AlertView, Outcome
from bot.console.streaming import stream
from bot.conversation.advocacy import NotYours
from bot.ids import AlertId
from bot.staff import permissions
from bot.staff.audit import Act

_EVENT_ID: Final = re.compile(r"[0-9]{1,18}")


def add_alert_routes(api: APIRouter, console: Console) -> None:
    """Put the routes on `api`."""
    advocacy = console.advocacy

    @api.get("/alerts")
    async def alerts(
        caller: Annotated[Caller, console.may(permissions.ALERT_LIST)],
        accept_language: Annotated[str, Header()] = "",
    ) -> list[AlertView]:
        """Escalated check-ins, those that nobody acknowledged first."""
        found = await advocacy.alerts()
        open_ = await advocacy.open_handoffs(found)
        me = caller.advocate.id
        presenter = await console.presenter(me, accept_language, outcomes=True)
        seen = [presenter.alert(alert, open_) for alert in found]
        if permissions.ALERT_ACKNOWLEDGE in caller.advocate.permissions:
            return seen
        # Their own words are for whoever may take care of it.
        return [alert.model_copy(update={"note": None}) for alert in seen]

    @api.post("/alerts/{alert_id}/acknowledge")
    async def acknowledge(
        alert_id: UUID, caller: Annotated[Caller, console.may(permissions.ALERT_ACKNOWLEDGE)]
    ) -> Acknowledged:
        """Take an alert on, and with it the person if they still wait. One gets 200, others 409."""
        try:
            handoff_id = await advocacy.acknowledge(AlertId(alert_id), caller.advocate.id)
        except NotYours:
            raise HTTPException(404, "there is no such alert") from None
        return Acknowledged(handoff_id=handoff_id)

    @api.post("/alerts/{alert_id}/outcome", status_code=204)
    async def conclude(
        alert_id: UUID,
        body: Outcome,
        caller: Annotated[Caller, console.may(permissions.ALERT_ACKNOWLEDGE)],
    ) -> None:
        """Say what came of an alert that one took on. 403 for somebody else's."""
        await advocacy.conclude(AlertId(alert_id), caller.advocate.id, Act(body.outcome))

    @api.get("/events", response_class=EventSourceResponse)
    async def events(
        caller: Annotated[Caller, console.may(permissions.EVENT_LIST, also_locked=True)],
        last_event_id: Annotated[str, Header()] = "",
        answered: Annotated[bool, Query()] = False,
    ) -> EventSourceResponse:
        """What changed, as server-sent events: kinds and ids only, replayed after Last-Event-ID.

        `ready` comes first, `beat` every few seconds, `signed_out` last when the session ends.
        While it is open, the advocate counts as present and keeps their claims. `answered`: only
        while the page answers the beats, by `/presence`. A line may stay open for long after the
        lid of the machine at its end was closed.
        """
        after = int(last_event_id) if _EVENT_ID.fullmatch(last_event_id) else None
        return EventSourceResponse(stream(console, caller, after, answered=answered), ping=0)

    @api.post("/presence", status_code=204)
    async def presence(
        caller: Annotated[Caller, console.may(permissions.EVENT_LIST, also_locked=True)],
    ) -> None:
        """One is here: counts as present, and keeps one's claims."""
        if permissions.HANDOFF_CLAIM in caller.advocate.permissions:
            await advocacy.present(caller.advocate.id)
