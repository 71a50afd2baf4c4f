"""Inviting somebody to stand by, and what becomes of an invitation."""

from bot.conversation.calling import Calls
from bot.conversation.errors import Overtaken
from bot.conversation.invitations import LinkMaker
from bot.conversation.pairing import Pairings, Side
from bot.dialogue.effects import AcceptInvitation, DeclineInvitation, MissCode, Say
from bot.dialogue.events import ContactChange
from bot.dialogue.flows.contact_inviting import INVITED, INVITED_WEB


class Inviter:
    """Every call is part of the surrounding transaction."""

    def __init__(self, pairings: Pairings, links: LinkMaker) -> None:
        self.pairings = pairings
        self.calls = Calls(pairings)
        self._links = links

    async def invite(self, side: Side, name: str, words: str) -> Say:
        """Make an invitation; the text that shows its links and its code."""
        token, code = await self.pairings.invite(side, name, words)
        links = self._links(token)
        if not links.app:
            return Say(INVITED_WEB, params={"page": links.page, "code": code})
        return Say(INVITED, params={"link": links.app, "page": links.page, "code": code})

    async def answer(
        self, side: Side, effect: AcceptInvitation | DeclineInvitation | MissCode
    ) -> None:
        """Accept, decline or count a wrong code; whoever invited hears of it.

        Raises Overtaken where somebody else accepted at the same moment: the turn is taken again.
        """
        match effect:
            case AcceptInvitation(token):
                owner = await self.pairings.accept(side, token)
                if owner is None:
                    raise Overtaken
                await self.calls.changed(side, [owner], ContactChange.READY)
                return
            case DeclineInvitation(token):
                owner = await self.pairings.decline(side, token)
            case MissCode(token):
                owner = await self.pairings.miss(side, token)
        if owner is not None:
            await self.calls.changed(side, [owner], ContactChange.LEFT)
