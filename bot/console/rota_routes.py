"""The rota: who is on when, and when nobody is."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException

from bot.console.admin_schemas import GapView, NewShift, RotaView, ShiftView
from bot.console.context import Console
from bot.console.guard import Caller
from bot.console.schemas import AdvocateView, Choice
from bot.ids import AdvocateId, ShiftId
from bot.staff import permissions
from bot.staff.audit import Act


def add_rota_routes(api: APIRouter, console: Console) -> None:
    """Put the routes on `api`."""
    staff, roster = console.staff, console.roster
    Sets = Annotated[Caller, console.may(permissions.ROTA_SET)]

    @api.get("/rota")
    async def rota(_caller: Annotated[Caller, console.may(permissions.ROTA_READ)]) -> RotaView:
        """The next 14 days, and their gaps within the opening hours."""
        plan = await roster.plan()
        names = await staff.names()
        return RotaView(
            shifts=[
                ShiftView(
                    id=shift.id,
                    advocate=AdvocateView(
                        id=shift.advocate_id, name=names.get(shift.advocate_id, "—")
                    ),
                    starts_at=shift.starts_at,
                    ends_at=shift.ends_at,
                )
                for shift in plan.shifts
            ],
            gaps=[
                GapView(locale=locale, starts_at=start, ends_at=end)
                for locale, (start, end) in plan.gaps
            ],
            who=[
                Choice(id=str(found.advocate.id), label=found.advocate.name)
                for found in await staff.colleagues()
            ],
        )

    @api.post("/shifts", status_code=204)
    async def add(body: NewShift, caller: Sets) -> None:
        """Put somebody on. 422 unless it ends after it begins, at most 24 hours later."""
        who = AdvocateId(body.advocate_id)
        if not await staff.takes_conversations(who):
            raise HTTPException(422, "advocate_id: no such advocate takes conversations on")
        try:
            await roster.add(who, body.starts_at, body.ends_at)
        except ValueError as error:
            raise HTTPException(422, str(error)) from None
        await console.ledger.note(caller.advocate.id, Act.SHIFT, who)

    @api.delete("/shifts/{shift_id}", status_code=204)
    async def remove(shift_id: UUID, caller: Sets) -> None:
        """Take a shift off."""
        if not await roster.remove(ShiftId(shift_id)):
            raise HTTPException(404, "there is no such shift")
        await console.ledger.note(caller.advocate.id, Act.SHIFT)
