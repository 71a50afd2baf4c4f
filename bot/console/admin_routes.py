"""For admins: accounts of the staff, opening hours, and settings that are safe to change live."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, HTTPException

from bot.console.admin_schemas import (
    AccountChange,
    AccountView,
    HoursTable,
    HoursView,
    InvitationView,
    Invite,
    SettingValues,
    SettingView,
    StaffView,
)
from bot.console.context import Console
from bot.console.guard import Caller
from bot.handoff.desks import Desk, Skill
from bot.handoff.hours import written
from bot.ids import AdvocateId, Locale
from bot.staff import permissions
from bot.staff.accounts import Account
from bot.staff.audit import Act
from bot.staff.service import invitation_link


def add_admin_routes(api: APIRouter, console: Console) -> None:
    """Put the routes on `api`."""
    staff, ledger, house = console.staff, console.ledger, console.house
    queue, settings = console.advocacy.queue, console.settings
    Manages = Annotated[Caller, console.may(permissions.STAFF_MANAGE)]
    Sets = Annotated[Caller, console.may(permissions.SETTINGS_SET)]

    def spoken(tags: list[str]) -> list[Locale]:
        unknown = [tag for tag in tags if tag not in settings.locales]
        if unknown:
            raise HTTPException(422, "languages: only those that are enabled here")
        return [Locale(tag) for tag in tags]

    @api.get("/staff")
    async def accounts(caller: Manages) -> StaffView:
        """All accounts, also those that are switched off; never their secrets."""
        desks = {desk.advocate_id: desk for desk in await queue.desks()}
        return StaffView(
            accounts=[
                _account(found, desks.get(found.advocate.id), caller.advocate.id)
                for found in await staff.accounts()
            ],
            languages=list(settings.locales),
            skills=list(Skill),
        )

    @api.post("/staff", status_code=201)
    async def invite(body: Invite, caller: Manages) -> InvitationView:
        """Add an account. Its invitation is shown this once. 422 for a name that is taken."""
        token = await staff.invite(body.name, body.role, spoken(body.languages))
        await ledger.note(caller.advocate.id, Act.INVITED)
        return InvitationView(name=body.name, link=invitation_link(settings, token))

    @api.put("/staff/{advocate_id}", status_code=204)
    async def change(advocate_id: UUID, body: AccountChange, caller: Manages) -> None:
        """Set role, languages, skills and capacity. 409 for one's own role."""
        who = AdvocateId(advocate_id)
        await staff.change(caller.advocate.id, who, body.role, spoken(body.languages))
        await queue.equip(who, body.skills, body.capacity)
        await ledger.note(caller.advocate.id, Act.CHANGED, advocate_id)

    @api.post("/staff/{advocate_id}/disable", status_code=204)
    async def disable(advocate_id: UUID, caller: Manages) -> None:
        """Switch an account off: its sessions end now, its conversations go back. Not one's own."""
        who = AdvocateId(advocate_id)
        await staff.disable(caller.advocate.id, who)
        await console.advocacy.absent(who)
        await ledger.note(caller.advocate.id, Act.DISABLED, advocate_id)

    @api.post("/staff/{advocate_id}/enable", status_code=204)
    async def enable(advocate_id: UUID, caller: Manages) -> None:
        """Switch an account on again."""
        await staff.enable(AdvocateId(advocate_id))
        await ledger.note(caller.advocate.id, Act.ENABLED, advocate_id)

    @api.post("/staff/{advocate_id}/reset")
    async def reset(advocate_id: UUID, caller: Manages) -> InvitationView:
        """Remove password and second factors; the new invitation is shown this once."""
        who = AdvocateId(advocate_id)
        token = await staff.reset(caller.advocate.id, who)
        await console.advocacy.absent(who)
        await ledger.note(caller.advocate.id, Act.RESET, advocate_id)
        name = (await staff.names()).get(who, "")
        return InvitationView(name=name, link=invitation_link(settings, token))

    @api.get("/hours")
    async def hours(_caller: Sets) -> HoursView:
        """The opening hours that hold now."""
        found = HoursTable.model_validate(written(await house.hours()))
        return HoursView(**found.model_dump(), spoken=list(settings.locales))

    @api.put("/hours", status_code=204)
    async def set_hours(body: HoursTable, caller: Sets) -> None:
        """Set the opening hours; they hold from the next message on."""
        try:
            await house.set_hours(body.model_dump(exclude_none=True))
        except ValueError as error:
            raise HTTPException(422, str(error)) from None
        await ledger.note(caller.advocate.id, Act.SET)

    @api.get("/settings")
    async def choices(_caller: Sets) -> list[SettingView]:
        """What may be changed while the bot runs."""
        return [
            SettingView(
                name=each.knob.name,
                value=each.value,
                usual=each.usual,
                least=each.knob.least,
                most=each.knob.most,
                timed=each.knob.timed,
            )
            for each in await house.choices()
        ]

    @api.put("/settings", status_code=204)
    async def turn(body: SettingValues, caller: Sets) -> None:
        """Change them: at once here, within seconds in other processes."""
        try:
            await house.turn(body.values)
        except ValueError as error:
            raise HTTPException(422, str(error)) from None
        await ledger.note(caller.advocate.id, Act.SET)


def _account(found: Account, desk: Desk | None, me: AdvocateId) -> AccountView:
    advocate = found.advocate
    state: Literal["active", "invited"] = "active" if advocate.password_hash else "invited"
    return AccountView(
        id=advocate.id,
        name=advocate.name,
        role=advocate.role,
        languages=list(advocate.languages),
        skills=sorted(desk.skills) if desk else [],
        capacity=desk.capacity if desk else None,
        state="disabled" if advocate.disabled_at else state,
        authenticator=advocate.totp is not None,
        passkeys=found.passkeys,
        me=advocate.id == me,
    )
