"""One turn: load, understand, decide, persist. Acting on it is done from the rows written."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID, uuid4

from bot.checkins.models import Checkin
from bot.checkins.plan import load_plan
from bot.clock import Clock
from bot.content.catalogue import Catalogue, Rendered
from bot.conversation import timers
from bot.conversation.accepting import UPDATE
from bot.conversation.calling import CONTACT, Calls, contact_event
from bot.conversation.carrying import EffectCarrier, Work
from bot.conversation.codec import Inbound, dump_rendered, dump_state, load_state
from bot.conversation.errors import Overtaken
from bot.conversation.intake import InboundKind
from bot.conversation.interfaces import Channel
from bot.conversation.invitations import invitation_token
from bot.conversation.models import InboxItem
from bot.conversation.pairing import Side
from bot.conversation.queue_view import QueueWatch
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database, UnitOfWork
from bot.conversation.understanding import Listener
from bot.dialogue import cover
from bot.dialogue.effects import CloseHandoff, RelayToAdvocate, Say, Unsay
from bot.dialogue.events import (
    CloseReason,
    Event,
    HandoffChange,
    HandoffChanged,
    HandoffClaimed,
    HandoffClosed,
    HandoffReturned,
    TimerFired,
    TimerKind,
)
from bot.dialogue.flows import clarify
from bot.dialogue.locking import Outcome
from bot.dialogue.router import route
from bot.dialogue.state import (
    CheckinPhase,
    CheckinView,
    Context,
    DialogueState,
    HandoffPhase,
    Place,
    QueueView,
)
from bot.handoff.models import Handoff, HandoffState
from bot.history.models import Author, Delivery, Message
from bot.ids import ChannelName, CheckinId, ConversationId, MessageId
from bot.logs import logger
from bot.settings import LONGEST_TTL, Settings
from bot.vault.vault import Vault

_log = logger(__name__)

TIMER = "timer"
HANDOFF = "handoff"
"""Kinds of inbox items besides updates. Their sealed body names what happened."""

_HANDOFF_EVENTS: dict[str, Event] = {
    "claimed": HandoffClaimed(),
    "returned": HandoffReturned(),
    "closed": HandoffClosed(),
    **{change: HandoffChanged(change) for change in HandoffChange},
}


class Progress(IntEnum):
    """What a turn handled: nothing, for there was nothing; the last that waited; or there is more.

    Whatever arrives later wakes the conversation anew.
    """

    NONE = 0
    LAST = 1
    MORE = 2


class TurnService:
    """Handles what waits in a conversation's inbox, in order, each item in one transaction."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        settings: Settings,
        listener: Listener,
        carrier: EffectCarrier,
        channels: dict[ChannelName, Channel],
        catalogue: Catalogue,
        calls: Calls,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._listener = listener
        self._carrier = carrier
        self._channels = channels
        self._catalogue = catalogue
        self._calls = calls
        self._queue = QueueWatch(settings)
        self._home = Place(settings.country) if settings.country else None

    async def run_next(self, conversation_id: ConversationId) -> Progress:
        """Handle the oldest item, if there is one.

        A turn that finds its conversation changed in between is simply taken again: until its
        transaction commits, nothing of it can be seen.
        """
        async with self._database.reading() as unit:
            item = await unit.inbox.next(conversation_id)
            if item is None:
                return Progress.NONE
            conversation = await unit.conversations.get(conversation_id)
            if conversation is None:
                return Progress.NONE
            handoff = await unit.handoffs.open_of(conversation_id)
            place = await unit.handoffs.place(handoff.id) if handoff else None
            checkins = await unit.checkins.current(conversation_id)
            envelope = Envelope.of(self._vault, conversation)
            opened = envelope.open(conversation.state, "conversations.state")
            state = load_state(opened, self._settings.locales)
            body = envelope.open(item.body, "inbox.body", item.id)
            inbound = Inbound(body) if item.kind == UPDATE else None
            side = Side(unit, conversation, envelope, self._clock.now())
            around = await self._calls.pairings.look(side, _token(inbound, state))
            held = await unit.messages.has_held(conversation_id, state.lock.behind)
            on_duty, queue = 0, QueueView()
            if item.kind != TIMER:  # a check-in's timer looks at the check-in alone
                on_duty = await unit.presence.on_duty(self._clock.now() - self._settings.claim_ttl)
                queue = await self._queue.look(unit, conversation, handoff, self._clock.now())
        where = state.place or self._home
        ctx = Context(
            now=self._clock.now(),
            locales=self._settings.locales,
            message_ttl=conversation.message_ttl,
            since=_since(inbound, self._clock.now()),
            lock_after=self._settings.lock_after,
            salt=str(conversation_id),
            handoff=_phase(handoff),
            place=place,
            on_duty=on_duty > 0,
            queue=self._queue.at_hours(queue, state.locale, self._clock.now()),
            checkins=self._views(checkins, envelope),
            contact=around.contact,
            invitation=around.invitation,
            stands_by=around.stands_by,
            held=held,
            where=where,
            pages=self._catalogue.pages(where.country if where else "", state.locale),
            localised=self._catalogue.localised(state.locale),
        )
        if inbound is not None and inbound.kind is InboundKind.BLOCKED:
            outcome = Outcome(state, (CloseHandoff(CloseReason.LEFT),))
        else:
            outcome = await self._decide(item, body, inbound, state, ctx)
        async with self._database.writing() as unit:
            where = outcome.state.place or self._home
            country = where.country if where else ""
            work = Work(unit, conversation, envelope, outcome.state.locale, country, ctx.now)
            return await self._persist(work, item, inbound, handoff, outcome)

    def _views(self, found: Sequence[Checkin], envelope: Envelope) -> tuple[CheckinView, ...]:
        """What the dialogue may see. After the word for danger it sees what it would see after
        the safe word: nothing."""
        after = self._settings.checkin_escalate_after
        plans = (load_plan(envelope.open(c.plan, "checkins.plan", c.id)) for c in found)
        return tuple(
            CheckinView(c.id, CheckinPhase(c.phase), c.due_at, c.due_at + after, plan)
            for c, plan in zip(found, plans, strict=True)
            if c.phase.value in set(CheckinPhase) and not plan.duress
        )

    async def _decide(
        self,
        item: InboxItem,
        body: str,
        inbound: Inbound | None,
        state: DialogueState,
        ctx: Context,
    ) -> Outcome:
        """What to do. An unforeseen fault still answers: it must neither be silent nor block."""
        try:
            if inbound is not None:
                return route(state, await self._listener.listen(inbound, state, ctx), ctx)
            if item.kind == TIMER:
                return route(state, _timer_fired(body), ctx)
            if item.kind == CONTACT:
                return route(state, contact_event(body), ctx)
            return route(state, _HANDOFF_EVENTS[body], ctx)
        except Exception as error:
            # Its message may quote what the person wrote.
            _log.error("a turn could not be decided", error=error)
            shut = state.lock.is_shut(ctx.now, ctx.lock_after)
            said = cover.thanks(state.lock) if shut else Say(clarify.MENU)
            return Outcome(state, (said,) if inbound is not None else ())

    async def _persist(
        self,
        work: Work,
        item: InboxItem,
        inbound: Inbound | None,
        handoff: Handoff | None,
        outcome: Outcome,
    ) -> Progress:
        unit, conversation = work.unit, work.conversation
        if not await unit.inbox.remove(item.id):
            return Progress.MORE
        if inbound is not None:
            relays = any(isinstance(e, RelayToAdvocate) for e in outcome.effects)
            await self._record(work, item, inbound, handoff if relays else None, outcome)
            if inbound.kind is InboundKind.BLOCKED:
                await unit.conversations.set_unreachable(conversation.id)
                await self._calls.lost(unit, conversation, work.now)
                await unit.messages.fail_unsent(conversation.id)
            elif not self._is_shut(outcome.state, work.now):
                await unit.messages.release_held(conversation.id, outcome.state.lock.behind)
        await self._carrier.carry(work, outcome.effects)
        state = outcome.state
        if work.offered or inbound is not None:
            state = replace(state, offered=work.offered)
        sealed = work.envelope.seal(dump_state(state), "conversations.state")
        if not await unit.conversations.save(replace(work.conversation, state=sealed)):
            raise Overtaken
        await schedule_vanishing(unit, conversation.id, work.now)
        return Progress.MORE if await unit.inbox.next(conversation.id) else Progress.LAST

    def _is_shut(self, state: DialogueState, now: datetime) -> bool:
        return state.lock.is_shut(now, self._settings.lock_after)

    async def _record(
        self,
        work: Work,
        item: InboxItem,
        inbound: Inbound,
        handoff: Handoff | None,
        outcome: Outcome,
    ) -> None:
        """Note the person's own message: its ids, to delete it; its text only where it is needed.

        An advocate needs the text, and so does a phone that shows only what the server still has.
        """
        keeps = self._channels[work.conversation.channel].traits.keeps_messages
        if not inbound.message_ids and handoff is None and keeps:
            return
        # The platform counts from when it was written, which may be long before an outage ended.
        written_at = min(item.created_at, inbound.sent_at or item.created_at)
        message = MessageId(item.id)
        unsaid = any(isinstance(e, Unsay) for e in outcome.effects)
        needed = (handoff is not None or not keeps) and not unsaid
        ttl = timedelta(0) if unsaid else work.conversation.message_ttl
        body = None
        if needed and inbound.kind is InboundKind.TEXT:
            text = dump_rendered(Rendered(inbound.content))
            body = work.envelope.seal(text, "messages.body", message)
        await work.unit.messages.add(
            Message(
                id=message,
                conversation_id=work.conversation.id,
                author=Author.PERSON,
                delivery=Delivery.RECEIVED,
                body=body,
                created_at=written_at,
                delete_at=min(item.created_at + ttl, written_at + LONGEST_TTL),
                cover=self._is_shut(outcome.state, work.now),
                handoff_id=handoff.id if handoff else None,
                platform_ids=work.envelope.seal_ids(inbound.message_ids, message),
            )
        )
        if handoff is not None:
            await work.unit.events.publish("message", handoff.id, work.now)
            if await work.unit.handoffs.unanswered(handoff.id, work.now):
                silent_at = work.now + self._settings.silence_after
                await work.unit.timers.schedule(timers.SILENCE, handoff.id, silent_at)


async def schedule_vanishing(
    unit: UnitOfWork, conversation_id: ConversationId, now: datetime
) -> None:
    """Set the conversation's timer to its earliest deadline; without any, to now, to tidy up.

    A sooner one stays: it may stand for a deadline that a transaction beside this one has set.
    """
    deadline = await unit.messages.next_deadline(conversation_id)
    await unit.timers.schedule_by(timers.VANISH, conversation_id, deadline or now)


def happened(
    envelope: Envelope, conversation_id: ConversationId, kind: str, body: str, now: datetime
) -> InboxItem:
    """An inbox item for something that no platform delivered: a timer, an advocate's act."""
    item = uuid4()
    return InboxItem(item, conversation_id, kind, envelope.seal(body, "inbox.body", item), now)


def timer_body(kind: str, checkin_id: CheckinId) -> str:
    """The inbox body of a check-in's timer."""
    return json.dumps([kind.split(":")[0], str(checkin_id)])


def _timer_fired(body: str) -> TimerFired:
    kind, checkin = json.loads(body)
    return TimerFired(TimerKind(kind), CheckinId(UUID(checkin)))


def _token(inbound: Inbound | None, state: DialogueState) -> str:
    """The invitation that is opened now, or was and is being answered."""
    token = invitation_token(inbound.content) if inbound is not None else ""
    return token or (state.active.slots.get("token", "") if state.active else "")


def _since(inbound: Inbound | None, now: datetime) -> datetime | None:
    return min(inbound.sent_at, now) if inbound and inbound.sent_at else None


def _phase(handoff: Handoff | None) -> HandoffPhase:
    if handoff is None:
        return HandoffPhase.NONE
    if handoff.state is HandoffState.CLAIMED:
        return HandoffPhase.WITH_ADVOCATE
    return HandoffPhase.WAITING
