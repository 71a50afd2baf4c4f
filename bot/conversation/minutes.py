"""What passing minutes do to the queue: silence is noticed, moving up and call-backs are told."""

from datetime import datetime
from uuid import UUID

from bot.clock import Clock
from bot.conversation import summoning, timers
from bot.conversation.alarms import append
from bot.conversation.codec import load_state
from bot.conversation.delivery import is_quiet
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database, UnitOfWork
from bot.conversation.turns import HANDOFF
from bot.handoff.models import Handoff, HandoffState
from bot.ids import HandoffId
from bot.scheduling.models import Timer
from bot.scheduling.worker import Handler
from bot.settings import Settings
from bot.vault.vault import Vault

NEAR = 3
"""From this place on, every step forward is told; before, only half the way."""


def is_news(told: int, place: int, *, quiet: bool) -> bool:
    """Whether a place is worth a message. A quiet phone is touched only for the very next."""
    if told and place >= told:
        return False
    if quiet:
        return place == 1
    return place <= NEAR or place * 2 <= told


class QueueMinutes:
    """The handlers of the queue's timers."""

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
            timers.SILENCE: self.silence,
            timers.PLACE: self.place,
            timers.CALL_BACK: self.call_back,
        }

    async def silence(self, timer: Timer) -> None:
        """Nudge an advocate who left the person without a word; then, again and again, others."""
        now = self._clock.now()
        after = self._settings.silence_after
        async with self._database.writing() as unit:
            handoff = await unit.handoffs.get(HandoffId(UUID(str(timer.ref))))
            since = handoff.unanswered_since if handoff else None
            if handoff is None or since is None:
                await unit.timers.settle(timer)
                return
            nudge_at, tell_at = since + after, since + 2 * after
            if now < nudge_at:
                await unit.timers.postpone(timer, nudge_at)
                return
            if timer.due_at < tell_at:
                if await unit.timers.postpone(timer, tell_at):
                    await unit.events.publish("handoff.silent", handoff.id, now)
                return
            if await unit.timers.postpone(timer, now + self._settings.alert_after):
                await unit.events.publish("handoff.unanswered", handoff.id, now)
                await summoning.call(unit, self._settings, now)

    async def place(self, timer: Timer) -> None:
        """Tell a person who waits that they moved up, unless that says little."""
        now = self._clock.now()
        async with self._database.writing() as unit:
            handoff = await unit.handoffs.get(HandoffId(UUID(str(timer.ref))))
            if handoff is None or handoff.state is HandoffState.CLOSED:
                await unit.timers.settle(timer)
                return
            if not await unit.timers.postpone(timer, now + self._settings.place_every):
                return
            if not await self._moved(unit, handoff, now):
                return
        self._dispatcher.wake(handoff.conversation_id)

    async def _moved(self, unit: UnitOfWork, handoff: Handoff, now: datetime) -> bool:
        place = await unit.handoffs.place(handoff.id)
        conversation = await unit.conversations.get(handoff.conversation_id)
        if place is None or conversation is None or now < (handoff.ready_at or now):
            return False
        if not handoff.told_place:
            await unit.handoffs.told(handoff.id, place)
            return False
        envelope = Envelope.of(self._vault, conversation)
        opened = envelope.open(conversation.state, "conversations.state")
        chosen = load_state(opened, self._settings.locales).quiet_after
        quiet = is_quiet(conversation, now, chosen or self._settings.quiet_after)
        if not is_news(handoff.told_place, place, quiet=quiet):
            return False
        await unit.handoffs.told(handoff.id, place)
        event = (HANDOFF, "moved")
        return await append(unit, self._vault, self._clock, conversation.id, event)

    async def call_back(self, timer: Timer) -> None:
        """The time that the person named has come: told in cover text, as the phone is quiet."""
        async with self._database.writing() as unit:
            handoff = await unit.handoffs.get(HandoffId(UUID(str(timer.ref))))
            if not await unit.timers.settle(timer):
                return
            if handoff is None or handoff.state is not HandoffState.WAITING:
                return
            now = self._clock.now()
            await unit.events.publish("handoff.changed", handoff.id, now)
            await summoning.for_person(unit, self._settings, handoff.id, handoff.priority, now)
            event = (HANDOFF, "call_back")
            await append(unit, self._vault, self._clock, handoff.conversation_id, event)
        self._dispatcher.wake(handoff.conversation_id)
