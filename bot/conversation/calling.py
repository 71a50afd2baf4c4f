"""What passes between two who are paired: called, cleared, answered, and gone.

Each arrives in the other's conversation as something that happened there, in order with all else.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from bot.checkins.models import Phase
from bot.conversation import timers
from bot.conversation.models import Conversation, InboxItem
from bot.conversation.pairing import Pairings, Side
from bot.conversation.storage import UnitOfWork
from bot.dialogue.events import ContactCalled, ContactChange, ContactChanged, ContactCleared
from bot.ids import CheckinId, ConversationId

CONTACT = "contact"
"""The kind of an inbox item by which something passes from one to the other."""

_CALLED, _CLEARED = "called", "cleared"


def contact_event(body: str) -> ContactCalled | ContactCleared | ContactChanged:
    """What an inbox item of kind CONTACT says."""
    match json.loads(body):
        case ["called", str(name), str(words)]:
            return ContactCalled(name, words)
        case ["cleared", str(name)]:
            return ContactCleared(name)
        case [str(change)]:
            return ContactChanged(ContactChange(change))
    raise ValueError("an inbox item of no known form")


class Calls:
    """Carries words between the two. Every call is part of the surrounding transaction."""

    def __init__(self, pairings: Pairings) -> None:
        self.pairings = pairings

    async def can_be_told(self, side: Side) -> bool:
        """Whether the person has a contact who accepted, and has not left."""
        return await self.pairings.standing_by(side) is not None

    async def call(self, side: Side, checkin_id: CheckinId) -> None:
        """Tell the contact, in the agreed words. The item's id is the check-in's: once only."""
        if (found := await self.pairings.standing_by(side)) is not None:
            guest, envelope, half = found
            told = Side(side.unit, guest, envelope, side.now)
            body = (_CALLED, half["name"], half["words"])
            await _append(told, body, uuid5(checkin_id, _CALLED))

    async def clear(self, side: Side, checkin_id: CheckinId) -> None:
        """Tell a contact who had been told that all is well."""
        if (found := await self.pairings.standing_by(side)) is not None:
            guest, envelope, half = found
            told = Side(side.unit, guest, envelope, side.now)
            await _append(told, (_CLEARED, half["name"]), uuid5(checkin_id, _CLEARED))

    async def answered(self, side: Side) -> None:
        """The contact has seen it: what waited for that has ended."""
        for owner in await self.pairings.stands_by_for(side):
            for checkin in await side.unit.checkins.current(owner):
                if await side.unit.checkins.move(checkin.id, [Phase.CONTACTED], Phase.ESCALATED):
                    await side.unit.timers.cancel(timers.CONTACT, checkin.id)
                    await side.unit.conversations.touch(owner)

    async def changed(
        self, side: Side, owners: Iterable[ConversationId], what: ContactChange
    ) -> None:
        """Tell those who invited what became of it; where they wait for an answer, wait no more."""
        for owner in owners:
            if what is ContactChange.LEFT:
                await _hurry(side.unit, owner, side.now)
            conversation = await side.unit.conversations.get(owner)
            if conversation is not None:
                theirs = self.pairings.side(side.unit, conversation, side.now)
                await _append(theirs, (what,), uuid4())

    async def left(self, side: Side) -> None:
        """The person stands by for nobody any more, as they said or because they are gone."""
        await self.changed(side, await self.pairings.withdraw(side), ContactChange.LEFT)

    async def lost(self, unit: UnitOfWork, conversation: Conversation, now: datetime) -> None:
        """Nothing reaches this person any more: nobody may count on them."""
        await self.left(self.pairings.side(unit, conversation, now))


async def _hurry(unit: UnitOfWork, owner: ConversationId, now: datetime) -> None:
    for checkin in await unit.checkins.current(owner):
        if checkin.phase is Phase.CONTACTED:
            await unit.timers.schedule(timers.CONTACT, checkin.id, now)


async def _append(side: Side, body: tuple[str, ...], id_: UUID) -> None:
    sealed = side.envelope.seal(json.dumps(body), "inbox.body", id_)
    await side.unit.inbox.add(InboxItem(id_, side.conversation.id, CONTACT, sealed, side.now))
