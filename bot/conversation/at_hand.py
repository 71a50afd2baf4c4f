"""What an advocate has at hand beside a conversation: the draft, and how long things stay."""

from datetime import timedelta

from bot.clock import Clock
from bot.conversation.advocacy import NotYours
from bot.conversation.models import Conversation
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database, UnitOfWork
from bot.handoff.models import HandoffState
from bot.ids import AdvocateId, HandoffId
from bot.vault.vault import Vault

_COLUMN = "drafts.body"


class AtHand:
    """For the advocate who holds the handoff. All of it raises NotYours for anybody else.

    How long things stay is for a second advocate, too.
    """

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    async def message_ttl(self, handoff_id: HandoffId, advocate_id: AdvocateId) -> timedelta:
        """How long a message of this conversation stays, as the person chose."""
        async with self._database.reading() as unit:
            handoff = await unit.handoffs.get(handoff_id)
            if handoff is None or not handoff.is_open_to(advocate_id):
                raise NotYours("you are not in this conversation")
            conversation = await unit.conversations.get(handoff.conversation_id)
            if conversation is None:
                raise NotYours("this conversation has ended")
            return conversation.message_ttl

    async def draft(self, handoff_id: HandoffId, advocate_id: AdvocateId) -> str:
        """What the advocate typed and did not send; empty for nothing."""
        async with self._database.reading() as unit:
            conversation = await _held(unit, handoff_id, advocate_id)
            body = await unit.drafts.get(handoff_id, advocate_id, self._clock.now())
        if body is None:
            return ""
        return Envelope.of(self._vault, conversation).open(body, _COLUMN, handoff_id)

    async def keep_draft(self, handoff_id: HandoffId, advocate_id: AdvocateId, text: str) -> None:
        """Keep what was typed, for as long as a message would stay; an empty text removes it."""
        async with self._database.writing() as unit:
            conversation = await _held(unit, handoff_id, advocate_id)
            if not text:
                await unit.drafts.delete(handoff_id)
                return
            body = Envelope.of(self._vault, conversation).seal(text, _COLUMN, handoff_id)
            until = self._clock.now() + conversation.message_ttl
            await unit.drafts.keep(handoff_id, advocate_id, body, until)


async def _held(unit: UnitOfWork, handoff_id: HandoffId, advocate_id: AdvocateId) -> Conversation:
    handoff = await unit.handoffs.get(handoff_id)
    if (
        handoff is None
        or handoff.advocate_id != advocate_id
        or handoff.state is not HandoffState.CLAIMED
        or (conversation := await unit.conversations.get(handoff.conversation_id)) is None
    ):
        raise NotYours("you do not hold this handoff")
    return conversation
