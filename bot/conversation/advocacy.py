"""What an advocate does in a person's conversation: one use case each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.checkins.models import Alert
from bot.clock import Clock
from bot.content.catalogue import Rendered
from bot.conversation import timers
from bot.conversation.codec import dump_rendered, load_rendered
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.handing_over import HandoverService
from bot.conversation.holding import CONSOLE, AlreadyTaken, NotYours, existing
from bot.conversation.queueing import QueueService
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database
from bot.conversation.surveying import Front, QueuedHandoff, Survey
from bot.conversation.turns import schedule_vanishing
from bot.handoff.models import CloseKind, ConsoleEvent, Handoff, HandoffState
from bot.history.models import Author, Delivery, Message
from bot.ids import AdvocateId, AlertId, HandoffId, MessageId
from bot.settings import Settings
from bot.signals import Signals
from bot.staff.audit import OUTCOMES, Act, note
from bot.vault.vault import Vault

__all__ = [
    "CONSOLE",
    "AdvocacyService",
    "AlreadyTaken",
    "Front",
    "Line",
    "NotYours",
    "QueuedHandoff",
]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation as the console shows it. `text` is None once it has vanished.

    `advocate_id` is who of the staff wrote it.
    """

    id: MessageId
    seq: int
    author: Author
    text: str | None
    delivery: Delivery
    created_at: datetime
    delete_at: datetime
    advocate_id: AdvocateId | None = None


class AdvocacyService(Survey):
    """What the console does with handoffs and alerts. Desks and what is offered to whom: `queue`;
    passing on, support, reopening and blocking: `handover`."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        settings: Settings,
        dispatcher: Dispatcher,
        signals: Signals,
    ) -> None:
        super().__init__(database, vault, clock, settings, dispatcher, signals)
        self.queue = QueueService(database, vault, clock, settings, dispatcher, signals)
        self.handover = HandoverService(database, vault, clock, settings, dispatcher, signals)

    async def handoff(self, handoff_id: HandoffId) -> Handoff:
        """One handoff. Raises NotYours when there is none."""
        async with self._database.reading() as unit:
            found = await existing(unit, handoff_id)
            return (await self._reader.handoffs(unit, [found]))[0]

    async def claim(self, handoff_id: HandoffId, advocate_id: AdvocateId) -> Handoff:
        """Take a waiting person on. Exactly one claim of many succeeds.

        Raises AlreadyTaken, or NotYours when there is no such handoff.
        """
        async with self._database.writing() as unit:
            handoff = await existing(unit, handoff_id)
            claimed = await self._claim(unit, handoff, advocate_id)
        self._wake(handoff)
        return claimed

    async def release(self, handoff_id: HandoffId, advocate_id: AdvocateId) -> None:
        """Put the person back into the queue, at their old place. Raises NotYours."""
        async with self._database.writing() as unit:
            handoff = await existing(unit, handoff_id)
            await self._return(unit, handoff, advocate_id)
            await self._log(unit, advocate_id, Act.RELEASED, handoff)
        self._wake(handoff)

    async def transfer(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, to: AdvocateId
    ) -> None:
        """Hand the person to another advocate at once. Raises NotYours."""
        await self.handover.hand_to(handoff_id, advocate_id, to)

    async def close(
        self,
        handoff_id: HandoffId,
        advocate_id: AdvocateId,
        reason: CloseKind = CloseKind.FINISHED,
    ) -> None:
        """End the handoff. Raises NotYours. The reason is kept as a count only."""
        async with self._database.writing() as unit:
            handoff = await self._held(unit, handoff_id, advocate_id)
            now = self._clock.now()
            if not await unit.handoffs.close(handoff_id, now, reason):
                raise NotYours("this handoff has ended already")
            await timers.let_go(unit.timers, handoff_id)
            await self._tell(unit, handoff, "closed")
            await self._log(unit, advocate_id, Act.CLOSED, handoff)
            await unit.tallies.count(f"closed.{reason}", now)
        self._wake(handoff)

    async def say(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, text: str, message_id: UUID
    ) -> None:
        """Send `text` to the person. `message_id` is the console's own: a repeated one is dropped.

        On a quiet phone it waits behind a neutral nudge. Raises NotYours.
        """
        now = self._clock.now()
        async with self._database.writing() as unit:
            handoff = await self._open_to(unit, handoff_id, advocate_id)
            conversation = await unit.conversations.get(handoff.conversation_id)
            if conversation is None:
                raise NotYours("this conversation has ended")
            envelope = Envelope.of(self._vault, conversation)
            message = MessageId(message_id)
            await unit.messages.add(
                Message(
                    id=message,
                    conversation_id=conversation.id,
                    author=Author.ADVOCATE,
                    delivery=Delivery.PENDING,
                    body=envelope.seal(dump_rendered(Rendered(text)), "messages.body", message),
                    created_at=now,
                    delete_at=now + conversation.message_ttl,
                    handoff_id=handoff_id,
                    advocate_id=advocate_id,
                )
            )
            await unit.handoffs.answered(handoff_id)
            await schedule_vanishing(unit, conversation.id, now)
            await unit.events.publish("message", handoff_id, now)
        self._wake(handoff)

    async def lines(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, after: int = 0
    ) -> tuple[Line, ...]:
        """The handoff's messages with a `seq` above `after`, in order. Raises NotYours."""
        async with self._database.reading() as unit:
            handoff = await self._open_to(unit, handoff_id, advocate_id)
            conversation = await unit.conversations.get(handoff.conversation_id)
            if conversation is None:
                return ()
            found = await unit.messages.of_handoff(handoff_id, after)
        envelope = Envelope.of(self._vault, conversation)
        return tuple(_line(envelope, message) for message in found)

    async def alerts(self) -> tuple[Alert, ...]:
        """Escalated check-ins, those that nobody acknowledged first."""
        async with self._database.reading() as unit:
            return await self._reader.alerts(unit, await unit.alerts.open_alerts())

    async def acknowledge(self, alert_id: AlertId, advocate_id: AdvocateId) -> HandoffId | None:
        """Take an alert on, and with it the person, if they still wait; the handoff's id then.

        Raises AlreadyTaken when somebody else did, NotYours when there is no such alert.
        """
        now = self._clock.now()
        async with self._database.writing() as unit:
            alert = await unit.alerts.get(alert_id)
            if alert is None:
                raise NotYours("there is no such alert")
            if not await unit.alerts.acknowledge(alert_id, advocate_id, now):
                raise AlreadyTaken("somebody else has acknowledged this alert")
            await unit.timers.cancel(timers.UNHEEDED, alert_id)
            await unit.events.publish("alert.acknowledged", alert_id, now)
            handoff = await unit.handoffs.open_of(alert.conversation_id)
            if handoff is not None and handoff.state is HandoffState.WAITING:
                await self._claim(unit, handoff, advocate_id)
            # After the claim, which another one may hold while it waits for the log.
            await note(unit, self._vault, advocate_id, Act.ACKNOWLEDGED, now, alert_id)
            await schedule_vanishing(unit, alert.conversation_id, now)
        self._dispatcher.wake(alert.conversation_id)
        self._signals.touch(CONSOLE)
        return handoff.id if handoff else None

    async def conclude(self, alert_id: AlertId, advocate_id: AdvocateId, outcome: Act) -> None:
        """Say what came of an alert that one took on: one of `OUTCOMES`. Raises NotYours."""
        if outcome not in OUTCOMES:
            raise ValueError(outcome)
        now = self._clock.now()
        async with self._database.writing() as unit:
            alert = await unit.alerts.get(alert_id)
            if alert is None or alert.acknowledged_by != advocate_id:
                raise NotYours("you did not take this alert on")
            await note(unit, self._vault, advocate_id, outcome, now, alert_id)
            await unit.figures.count(now, "outcome", outcome)
            await unit.events.publish("alert.acknowledged", alert_id, now)
        self._signals.touch(CONSOLE)

    async def present(self, advocate_id: AdvocateId) -> None:
        """The advocate's console is open: on duty, and the claims are kept."""
        now = self._clock.now()
        async with self._database.writing() as unit:
            await unit.presence.seen(advocate_id, now)
            await unit.handoffs.renew(advocate_id, now + self._settings.claim_ttl)

    async def absent(self, advocate_id: AdvocateId) -> None:
        """The advocate signed out: off duty at once; claims run out by themselves."""
        async with self._database.writing() as unit:
            await unit.presence.gone(advocate_id)

    async def events(self, after: int) -> tuple[ConsoleEvent, ...]:
        """What the console has not seen yet, in order; ids only."""
        async with self._database.reading() as unit:
            return tuple(await unit.events.after(after, limit=200))

    async def last_event(self) -> int:
        """The id of the newest event."""
        async with self._database.reading() as unit:
            return await unit.events.last_id()


def _line(envelope: Envelope, message: Message) -> Line:
    text = None
    if message.body is not None:
        text = load_rendered(envelope.open(message.body, "messages.body", message.id)).text
    return Line(
        id=message.id,
        seq=message.seq,
        author=message.author,
        text=text,
        delivery=message.delivery,
        created_at=message.created_at,
        delete_at=message.delete_at,
        advocate_id=message.advocate_id,
    )
