"""What every part of the console is given."""

from dataclasses import dataclass
from typing import Any

from fastapi import Depends

from bot.clock import Clock
from bot.console.cookies import SessionCookie
from bot.console.feed import Feed
from bot.console.guard import Needs
from bot.console.presenting import Presenter
from bot.console.words import Words
from bot.content.catalogue import Catalogue
from bot.conversation.advocacy import AdvocacyService
from bot.conversation.at_hand import AtHand
from bot.conversation.showing import Showcase
from bot.ids import AdvocateId
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

    def may(self, permission: str) -> Any:
        """A dependency that lets those through who have `permission`; its value is the Caller."""
        return Depends(Needs(self.staff, self.cookie, permission))

    async def presenter(self, me: AdvocateId, accept_language: str) -> Presenter:
        """How things are presented to `me`, in the language that the browser asks for."""
        return Presenter(
            me=me,
            names=await self.staff.names(),
            catalogue=self.catalogue,
            words=self.words,
            locale=self.words.preferred(accept_language),
            outcomes=await self.ledger.outcomes(),
        )
