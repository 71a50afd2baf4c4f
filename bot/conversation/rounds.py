"""Check-ins that are due together are asked together: three transactions for all of them.

Only the plain question goes this way, to a chat in which nothing else waits. Everything else
becomes an item of its conversation's inbox (`bot.conversation.alarms`) and takes its turn, and so
does all of a round that anything got in the way of: its transaction is whole, or nothing of it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from bot.checkins.models import LIVE, Checkin
from bot.checkins.plan import load_plan
from bot.clock import Clock
from bot.content.catalogue import Catalogue
from bot.conversation import timers
from bot.conversation.codec import dump_rendered, dump_state, load_state
from bot.conversation.delivery import SENDING_LEASE
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.errors import Overtaken
from bot.conversation.interfaces import Channel
from bot.conversation.models import Conversation
from bot.conversation.outbound import Outbound, Parcel
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database
from bot.conversation.texts import is_cover, render
from bot.dialogue.effects import Effect, PingCheckin, Say
from bot.dialogue.events import TimerFired, TimerKind
from bot.dialogue.router import route
from bot.dialogue.state import CheckinPhase, CheckinView, Context, Place
from bot.history.models import Author, Delivery, Message
from bot.ids import ChannelName, CheckinId, MessageId
from bot.logs import logger
from bot.scheduling.models import Timer
from bot.scheduling.worker import Round
from bot.settings import Settings
from bot.vault.vault import Vault

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question: its timer, its check-in if that is asked for the first time, its message."""

    timer: Timer
    pinged: CheckinId | None
    parcel: Parcel


class Rounds:
    """Asks and reminds, many at a time."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        settings: Settings,
        catalogue: Catalogue,
        channels: dict[ChannelName, Channel],
        outbound: Outbound,
        dispatcher: Dispatcher,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._catalogue = catalogue
        self._channels = channels
        self._outbound = outbound
        self._dispatcher = dispatcher
        self._home = Place(settings.country) if settings.country else None

    def handlers(self) -> dict[str, Round]:
        """By kind of timer."""
        return {timers.DUE: self.ask, timers.REMIND: self.ask}

    async def ask(self, due: Sequence[Timer]) -> Sequence[Timer]:
        """Ask what is plain; the timers of what is not, still claimed."""
        asked = await self._look(due)
        if not asked:
            return due
        try:
            await self._write(asked)
        except Overtaken:
            return due
        for one in asked:
            if one.parcel.message.delivery is Delivery.SENDING:
                self._outbound.send(one.parcel)
            else:
                self._dispatcher.wake(one.parcel.conversation.id)
        done = {one.timer.id for one in asked}
        return [timer for timer in due if timer.id not in done]

    async def _look(self, due: Sequence[Timer]) -> Sequence[_Asked]:
        room = await self._outbound.room_for(len(due))
        async with self._database.reading() as unit:
            checkins = await unit.checkins.some({CheckinId(timer.ref) for timer in due})
            whose = {checkin.conversation_id for checkin in checkins.values()}
            people = await unit.conversations.some(whose)
            busy = {*await unit.inbox.waiting_in(whose), *await unit.messages.unsent_in(whose)}
        asked: list[_Asked] = []
        for timer in due:
            checkin = checkins.get(CheckinId(timer.ref))
            if checkin is None or checkin.conversation_id in busy:
                continue
            busy.add(checkin.conversation_id)  # one question at a time
            conversation = people.get(checkin.conversation_id)
            if conversation is None or checkin.phase not in LIVE:
                continue
            try:
                one = self._decided(timer, checkin, conversation, send=len(asked) < room)
            except Exception as error:
                # Its message may quote a row. The others are not to wait for it.
                _log.warning("a check-in takes its own turn", error=error)
                continue
            if one is not None:
                asked.append(one)
        return asked

    def _decided(
        self, timer: Timer, checkin: Checkin, conversation: Conversation, *, send: bool
    ) -> _Asked | None:
        """What the dialogue says to the timer; None unless that is cover text alone."""
        channel = self._channels.get(conversation.channel)
        if channel is None or not channel.traits.keeps_messages:
            return None
        now = self._clock.now()
        envelope = Envelope.of(self._vault, conversation)
        opened = envelope.open(conversation.state, "conversations.state")
        state = load_state(opened, self._settings.locales)
        plan = load_plan(envelope.open(checkin.plan, "checkins.plan", checkin.id))
        if plan.duress:
            return None
        deadline = checkin.due_at + self._settings.checkin_escalate_after
        view = CheckinView(checkin.id, CheckinPhase(checkin.phase), checkin.due_at, deadline, plan)
        ctx = Context(now, self._settings.locales, conversation.message_ttl, checkins=(view,))
        fired = TimerFired(TimerKind(timer.kind.split(":")[0]), checkin.id)
        outcome = route(state, fired, ctx)
        if outcome.state != state or (said := _plain(outcome.effects)) is None:
            return None
        place = state.place or self._home
        shown = render(self._catalogue, said, state.locale, None, place.country if place else "")
        offered = tuple(button.id for row in shown.buttons for button in row)
        sealed = envelope.seal(dump_state(replace(state, offered=offered)), "conversations.state")
        id_ = MessageId(uuid4())
        message = Message(
            id=id_,
            conversation_id=conversation.id,
            author=Author.BOT,
            delivery=Delivery.PENDING,
            body=envelope.seal(dump_rendered(shown), "messages.body", id_),
            created_at=now,
            delete_at=now + conversation.message_ttl,
            cover=True,
        )
        if send:
            message = replace(
                message,
                delivery=Delivery.SENDING,
                mark=envelope.seal(channel.mark(), "messages.mark", id_),
                not_before=now + SENDING_LEASE,
            )
        pinged = checkin.id if len(outcome.effects) > 1 else None
        asking = replace(conversation, state=sealed)
        return _Asked(timer, pinged, Parcel(channel, envelope, asking, message, shown))

    async def _write(self, asked: Sequence[_Asked]) -> None:
        """All of it, or Overtaken. In the order in which a turn writes, as rows get locked by it:
        check-ins, their timers, conversations, those that make messages vanish."""
        pinged = [one.pinged for one in asked if one.pinged is not None]
        conversations = [one.parcel.conversation for one in asked]
        channels = {one.parcel.channel.name: one.parcel.channel for one in asked}
        async with self._database.writing() as unit:
            now = self._clock.now()
            if await unit.checkins.all_asked(pinged, now) != len(pinged):
                raise Overtaken
            if await unit.timers.settle_all([one.timer for one in asked]) != len(asked):
                raise Overtaken
            await unit.timers.schedule_all(
                [
                    (timers.reminder(index), checkin, now + after)
                    for checkin in pinged
                    for index, after in self._reminders()
                ]
            )
            await unit.messages.add_all([one.parcel.message for one in asked])
            if not await unit.conversations.save_all(conversations):
                raise Overtaken
            for channel in channels.values():
                if mark := channel.mark():
                    await unit.messages.remember_mark(channel.name, mark)
            deadlines = await unit.messages.deadlines({each.id for each in conversations})
            await unit.timers.schedule_all_by(
                [(timers.VANISH, each, at) for each, at in deadlines.items()]
            )

    def _reminders(self) -> Sequence[tuple[int, timedelta]]:
        until = self._settings.checkin_escalate_after
        all_ = enumerate(self._settings.checkin_remind_after)
        return [(index, after) for index, after in all_ if after < until]


def _plain(effects: Sequence[Effect]) -> Say | None:
    """The cover text, where it is all that is to be said and done besides being asked."""
    match effects:
        case (PingCheckin(), Say() as said) | (Say() as said,) if is_cover(said.key):
            return said
    return None
