"""Two people who are paired: who invites, and who stands by to be told.

Their row names neither. Each is found by a keyed hash of their conversation's id, and each side's
half holds the other's id sealed under its own key; an open invitation's is sealed under its token.
So the database alone does not say who knows whom, and a link alone opens nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from bot.checkins.models import Contact
from bot.checkins.plan import load_plan
from bot.conversation import timers
from bot.conversation.invitations import INVITATION_TTL, TRIES, new_code, new_token
from bot.conversation.models import Conversation
from bot.conversation.sealing import Envelope
from bot.conversation.storage import UnitOfWork
from bot.dialogue.contact import ContactView, Invitation, Standing
from bot.dialogue.plan import Miss
from bot.ids import ConversationId
from bot.vault.vault import DataKey, Vault


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, within a transaction."""

    unit: UnitOfWork
    conversation: Conversation
    envelope: Envelope
    now: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What a turn needs to know: see the fields of the same names in `Context`."""

    contact: ContactView | None = None
    invitation: Invitation | None = None
    stands_by: bool = False


class Pairings:
    """Makes, finds and ends pairings. Every call is part of the surrounding transaction."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def look(self, side: Side, token: str) -> Around:
        """What there is around a person, and behind `token`, if they opened a link with one."""
        owner, guest = self._owner(side.conversation.id), self._guest(side.conversation.id)
        opened = self._token(token) if token else None
        found = await side.unit.contacts.around(owner, guest, opened)
        contact = next((c for c in found if c.owner_index == owner), None)
        return Around(
            contact=_view(contact, side.envelope) if contact else None,
            invitation=await self._invitation(side, token) if opened else None,
            stands_by=any(c.guest_index == guest for c in found),
        )

    async def _invitation(self, side: Side, token: str) -> Invitation | None:
        contact = await self._open(side, token)
        owner = await self._inviting(side, contact, token) if contact else None
        if contact is None or owner is None:
            return None
        half = _half(contact, Envelope.of(self._vault, owner))
        return Invitation(token, half["name"], half["code"])

    async def invite(self, side: Side, name: str, words: str) -> tuple[str, str]:
        """A new invitation in place of what there was; its token and its code."""
        await self.drop(side)
        id_, token, code = uuid4(), new_token(), new_code()
        half = {"guest": "", "name": name, "words": words, "code": code}
        await side.unit.contacts.add(
            Contact(
                id=id_,
                owner_index=self._owner(side.conversation.id),
                token_index=self._token(token),
                for_owner=side.envelope.seal(json.dumps(half), "contacts.for_owner", id_),
                for_guest=self._seal_by(token, id_, str(side.conversation.id)),
                expires_at=side.now + INVITATION_TTL,
            )
        )
        return token, code

    async def accept(self, side: Side, token: str) -> ConversationId | None:
        """The person stands by from now on; who invited them, or None if that came too late."""
        contact = await self._open(side, token)
        owner = await self._inviting(side, contact, token) if contact else None
        if contact is None or owner is None:
            return None
        theirs = Envelope.of(self._vault, owner)
        half = {**_half(contact, theirs), "guest": str(side.conversation.id), "code": ""}
        accepted = await side.unit.contacts.accept(
            contact.id,
            self._guest(side.conversation.id),
            theirs.seal(json.dumps(half), "contacts.for_owner", contact.id),
            side.envelope.seal(str(owner.id), "contacts.for_guest", contact.id),
        )
        return owner.id if accepted else None

    async def decline(self, side: Side, token: str) -> ConversationId | None:
        """The invitation is void; who had made it."""
        if (contact := await self._open(side, token)) is None:
            return None
        await side.unit.contacts.delete(contact.id)
        return self._invited_by(contact, token)

    async def miss(self, side: Side, token: str) -> ConversationId | None:
        """A wrong code was given; who had invited, if the invitation is void with it."""
        contact = await self._open(side, token)
        if contact is None or await side.unit.contacts.miss(contact.id) < TRIES:
            return None
        return await self.decline(side, token)

    async def drop(self, side: Side) -> None:
        """The person's contact stands by no longer, and hears nothing of it."""
        contact = await side.unit.contacts.of_owner(self._owner(side.conversation.id))
        if contact is None:
            return
        await side.unit.contacts.delete(contact.id)
        if guest := _half(contact, side.envelope)["guest"]:
            # What is left of their conversation may go.
            await side.unit.timers.schedule(timers.VANISH, UUID(guest), side.now)

    async def drop_idle(self, side: Side) -> None:
        """A contact goes with the last plan that was to tell them."""
        if await side.unit.contacts.of_owner(self._owner(side.conversation.id)) is None:
            return
        kept = await side.unit.checkins.current(side.conversation.id)
        plans = (load_plan(side.envelope.open(c.plan, "checkins.plan", c.id)) for c in kept)
        if not any(plan.miss is Miss.CONTACT for plan in plans):
            await self.drop(side)

    async def withdraw(self, side: Side) -> tuple[ConversationId, ...]:
        """The person stands by for nobody any more; whom they stood by for."""
        found = await side.unit.contacts.of_guest(self._guest(side.conversation.id))
        for contact in found:
            await side.unit.contacts.delete(contact.id)
        return tuple(self._stood_by_for(contact, side) for contact in found)

    async def stands_by_for(self, side: Side) -> tuple[ConversationId, ...]:
        """For whom the person stands by."""
        found = await side.unit.contacts.of_guest(self._guest(side.conversation.id))
        return tuple(self._stood_by_for(contact, side) for contact in found)

    async def standing_by(
        self, side: Side
    ) -> tuple[Conversation, Envelope, Mapping[str, str]] | None:
        """Who can be told for the person, with the person's half; None where nobody can."""
        contact = await side.unit.contacts.of_owner(self._owner(side.conversation.id))
        half = _half(contact, side.envelope) if contact else {"guest": ""}
        if not half["guest"]:
            return None
        guest = await side.unit.conversations.get(ConversationId(UUID(half["guest"])))
        if guest is None or guest.unreachable:
            return None
        return guest, Envelope.of(self._vault, guest), half

    def side(self, unit: UnitOfWork, conversation: Conversation, now: datetime) -> Side:
        """The side of a stored conversation. Raises KeyGone or SealBroken."""
        return Side(unit, conversation, Envelope.of(self._vault, conversation), now)

    async def _open(self, side: Side, token: str) -> Contact | None:
        """The invitation of `token`, while somebody else than its maker can accept it."""
        contact = await side.unit.contacts.of_token(self._token(token))
        if contact is None or contact.expires_at is None or contact.expires_at <= side.now:
            return None
        own = contact.owner_index == self._owner(side.conversation.id)
        return None if own else contact

    async def _inviting(self, side: Side, contact: Contact, token: str) -> Conversation | None:
        return await side.unit.conversations.get(self._invited_by(contact, token))

    def _invited_by(self, contact: Contact, token: str) -> ConversationId:
        opened = self._vault.open(
            self._key(token),
            contact.for_guest,
            row=str(contact.id),
            conversation_id=ConversationId(contact.id),
            direction="contacts.for_token",
        )
        return ConversationId(UUID(opened.decode()))

    def _seal_by(self, token: str, id_: UUID, text: str) -> bytes:
        return self._vault.seal(
            self._key(token),
            text.encode(),
            row=str(id_),
            conversation_id=ConversationId(id_),
            direction="contacts.for_token",
        )

    @staticmethod
    def _stood_by_for(contact: Contact, side: Side) -> ConversationId:
        opened = side.envelope.open(contact.for_guest, "contacts.for_guest", contact.id)
        return ConversationId(UUID(opened))

    def _key(self, token: str) -> DataKey:
        return DataKey(self._vault.blind_index("contacts/key", token))

    def _token(self, token: str) -> bytes:
        return self._vault.blind_index("contacts/token", token)

    def _owner(self, conversation_id: ConversationId) -> bytes:
        return self._vault.blind_index("contacts/owner", str(conversation_id))

    def _guest(self, conversation_id: ConversationId) -> bytes:
        return self._vault.blind_index("contacts/guest", str(conversation_id))


def _half(contact: Contact, owner: Envelope) -> dict[str, str]:
    opened = owner.open(contact.for_owner, "contacts.for_owner", contact.id)
    return {str(name): str(value) for name, value in json.loads(opened).items()}


def _view(contact: Contact, owner: Envelope) -> ContactView:
    half = _half(contact, owner)
    standing = Standing.INVITED if contact.guest_index is None else Standing.READY
    return ContactView(standing, half["name"], half["words"])
