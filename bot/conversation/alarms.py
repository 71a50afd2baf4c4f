"""What timers do: each becomes something that happened in a conversation, exactly once."""

from uuid import UUID

from bot.clock import Clock
from bot.conversation import summoning, timers
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database, UnitOfWork
from bot.conversation.turns import HANDOFF, TIMER, happened, timer_body
from bot.handoff.models import HandoffState
from bot.ids import CheckinId, ConversationId, HandoffId
from bot.scheduling.models import Timer
from bot.scheduling.worker import Handler
from bot.settings import Settings
from bot.vault.vault import Vault


async def append(
    unit: UnitOfWork,
    vault: Vault,
    clock: Clock,
    conversation_id: ConversationId,
    event: tuple[str, str],
) -> bool:
    """Put `event` (kind, body) into the conversation's inbox; False if the conversation is gone."""
    conversation = await unit.conversations.get(conversation_id)
    if conversation is None:
        return False
    envelope = Envelope.of(vault, conversation)
    await unit.inbox.add(happened(envelope, conversation_id, *event, clock.now()))
    return True


class Alarms:
    """The handlers of check-in timers and of claims that ran out."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        settings: Settings,
        dispatcher: Dispatcher,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._dispatcher = dispatcher

    def handlers(self) -> dict[str, Handler]:
        """By kind of timer."""
        return {
            timers.DUE: self.checkin,
            timers.REMIND: self.checkin,
            timers.ESCALATE: self.checkin,
            timers.CONTACT: self.checkin,
            timers.CLAIM_EXPIRY: self.claim_expiry,
        }

    async def checkin(self, timer: Timer) -> None:
        """A check-in's timer fires into its conversation: removed and stored in one transaction."""
        async with self._database.writing() as unit:
            if not await unit.timers.settle(timer):
                return
            checkin = await unit.checkins.get(CheckinId(timer.ref))
            if checkin is None:
                return
            event = (TIMER, timer_body(timer.kind, checkin.id))
            await append(unit, self._vault, self._clock, checkin.conversation_id, event)
        self._dispatcher.wake(checkin.conversation_id)

    async def claim_expiry(self, timer: Timer) -> None:
        """An advocate who vanished loses the claim; the person goes back to their old place."""
        now = self._clock.now()
        handoff_id = HandoffId(UUID(str(timer.ref)))
        async with self._database.writing() as unit:
            handoff = await unit.handoffs.get(handoff_id)
            if handoff is None or handoff.state is not HandoffState.CLAIMED:
                await unit.timers.settle(timer)
                return
            assert handoff.lease_until is not None
            assert handoff.advocate_id is not None
            if handoff.lease_until > now:
                await unit.timers.postpone(timer, handoff.lease_until)
                return
            if not await unit.timers.settle(timer):
                return
            if await unit.handoffs.release(handoff_id, handoff.advocate_id):
                await unit.events.publish("handoff.returned", handoff_id, now)
                priority = handoff.priority
                await summoning.for_person(unit, self._settings, handoff_id, priority, now)
                await unit.conversations.touch(handoff.conversation_id)
                event = (HANDOFF, "returned")
                await append(unit, self._vault, self._clock, handoff.conversation_id, event)
        self._dispatcher.wake(handoff.conversation_id)
