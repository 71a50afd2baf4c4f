"""What every part of the console is given."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from fastapi import Depends

from bot.clock import Clock
from bot.console.cookies import SessionCookie
from bot.console.feed import Feed
from bot.console.guard import Caller, Needs
from bot.console.lookout import Lookout
from bot.console.presenting import Presenter, colleague_view, named, room
from bot.console.schemas import AdvocateView, ColleagueView, HandoffView
from bot.console.words import Words
from bot.content.catalogue import Catalogue
from bot.conversation.advocacy import AdvocacyService
from bot.conversation.at_hand import AtHand
from bot.conversation.house import House
from bot.conversation.roster import Roster
from bot.conversation.showing import Showcase
from bot.handoff.desks import Desk
from bot.handoff.models import Handoff
from bot.ids import AdvocateId, HandoffId
from bot.settings import Settings
from bot.staff.ledger import Ledger
from bot.staff.service import StaffService


@dataclass(frozen=True, slots=True)
class Console:
    """The services behind the routes."""

    advocacy: AdvocacyService
    staff: StaffService
    feed: Feed
    catalogue: Catalogue
    words: Words
    settings: Settings
    clock: Clock
    cookie: SessionCookie
    hand: AtHand
    ledger: Ledger
    showcase: Showcase
    house: House
    roster: Roster
    lookout: Lookout

    def may(self, permission: str, *, also_locked: bool = False) -> Any:
        """A dependency that lets those through who have `permission`; its value is the Caller.

        Not while the session is locked, unless `also_locked`.
        """
        return Depends(Needs(self.staff, self.cookie, permission, also_locked=also_locked))

    async def presenter(
        self, me: AdvocateId, accept_language: str, *, outcomes: bool = False
    ) -> Presenter:
        """How things are presented to `me`, in the language that the browser asks for.

        With what came of alerts only where `outcomes` are asked for.
        """
        return Presenter(
            me=me,
            names=await self.staff.names(),
            catalogue=self.catalogue,
            words=self.words,
            locale=self.words.preferred(accept_language),
            outcomes=await self.ledger.outcomes() if outcomes else {},
            skills=(await self.advocacy.queue.desk(me)).skills,
        )

    async def front(
        self, me: AdvocateId, also: Collection[HandoffId], accept_language: str
    ) -> bytes:
        """The `FrontView` of `me`, as JSON: what is the same for all is written out once."""
        async with self.lookout.look() as seen:
            own = await self.advocacy.concerning(me, also)
            passing = any(queued.handoff.passing for queued in own)
            skills = (await self.advocacy.queue.desk(me)).skills if passing else ()
            locale = self.words.preferred(accept_language)
            mine = Presenter(me, seen.names, self.catalogue, self.words, locale, skills=skills)
            return seen.with_own(own, mine)

    async def view(self, caller: Caller, handoff: Handoff, accept_language: str) -> HandoffView:
        """One handoff as the caller sees it. What others are called, and what one is trained in,
        is looked up only where it matters: mostly somebody is with the caller alone."""
        me = caller.advocate
        others = {handoff.advocate_id, handoff.passing_to, handoff.support_id} - {None, me.id}
        if others or handoff.passing:
            presenter = await self.presenter(me.id, accept_language)
        else:
            locale = self.words.preferred(accept_language)
            presenter = Presenter(me.id, {me.id: me.name}, self.catalogue, self.words, locale)
        return presenter.handoff(handoff)

    async def member(self, who: AdvocateId | None) -> AdvocateView | None:
        """A member of the staff by name, also one who left."""
        return None if who is None else named(who, await self.staff.names())

    async def colleagues(self) -> list[ColleagueView]:
        """All who take conversations on, and how many more they are offered."""
        desks = {desk.advocate_id: desk for desk in await self.advocacy.queue.desks()}
        holds = await self.advocacy.holds()
        seen = []
        for found in await self.staff.colleagues():
            who = found.advocate.id
            desk = desks.get(who, Desk(who))
            left = room(desk, self.settings.capacity, holds.get(who, 0))
            seen.append(colleague_view(found, desk, left))
        return seen
