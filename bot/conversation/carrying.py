"""Carrying out a turn's effects, as rows of one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from bot.checkins.models import LIVE, Alert, Checkin, Phase
from bot.content.catalogue import Catalogue, Rendered
from bot.conversation import timers
from bot.conversation.codec import dump_rendered
from bot.conversation.models import Conversation
from bot.conversation.opening import topic_of
from bot.conversation.sealing import Envelope
from bot.conversation.showing import Showcase
from bot.conversation.storage import UnitOfWork
from bot.conversation.texts import PARTING, is_cover, render
from bot.dialogue.effects import (
    CancelCheckin,
    CloseHandoff,
    ConfirmCheckin,
    Effect,
    EscalateCheckin,
    EscalationReason,
    PingCheckin,
    Priority,
    Purge,
    RelayToAdvocate,
    RequestHandoff,
    Say,
    ScheduleCheckin,
    SetMessageTtl,
    ShowServices,
)
from bot.dialogue.intents import Intent
from bot.handoff.models import NORMAL, URGENT, Handoff, HandoffState
from bot.handoff.pseudonyms import pseudonym
from bot.history.models import Author, Delivery, Message
from bot.ids import AlertId, CheckinId, HandoffId, Locale, MessageId
from bot.settings import LONGEST_TTL, Settings

LATE = timedelta(minutes=2)
"""A check-in asked this long after its time was held up by us, and the alert says so."""


@dataclass(slots=True)
class Work:
    """What a turn is carried out on. `offered` collects the buttons shown; `country` (two capitals,
    or empty) says for where texts are meant."""

    unit: UnitOfWork
    conversation: Conversation
    envelope: Envelope
    locale: Locale
    country: str
    now: datetime
    offered: tuple[str, ...] = ()


class EffectCarrier:
    """Writes effects. Nothing leaves the machine here: sending is done from the rows."""

    def __init__(self, settings: Settings, catalogue: Catalogue, showcase: Showcase) -> None:
        self._settings = settings
        self._showcase = showcase
        self._catalogue = catalogue

    async def carry(self, work: Work, effects: tuple[Effect, ...]) -> None:
        """Write all `effects`, in order."""
        for effect in effects:
            await self._one(work, effect)

    async def _one(self, work: Work, effect: Effect) -> None:
        match effect:
            case Say():
                await self._say(work, effect)
            case ShowServices():
                shown = self._showcase.render(effect, work.locale, work.now)
                await self._send(work, shown)
            case ScheduleCheckin(due_at, cover):
                await self._schedule(work, due_at, cover)
            case PingCheckin(checkin_id):
                await self._ping(work, checkin_id)
            case ConfirmCheckin(checkin_id):
                await self._confirm(work, checkin_id)
            case CancelCheckin(checkin_id):
                if await work.unit.checkins.move(checkin_id, LIVE, Phase.CANCELLED):
                    await self._stop_timers(work, checkin_id)
            case EscalateCheckin(checkin_id, reason):
                await self._escalate(work, checkin_id, reason)
            case RequestHandoff(priority, topic, share):
                await self._request(work, priority, topic if share else "")
            case CloseHandoff():
                await self._close_handoff(work)
            case RelayToAdvocate():
                pass  # the turn stores the person's own message with its text
            case Purge():
                await self._purge(work)
            case SetMessageTtl(ttl):
                ttl = min(ttl, LONGEST_TTL)
                work.conversation = replace(work.conversation, message_ttl=ttl)
                await work.unit.messages.shorten(work.conversation.id, work.now + ttl)
                handoff = await work.unit.handoffs.open_of(work.conversation.id)
                if handoff is not None:
                    # The console shows deadlines, and keeps to them by itself.
                    await work.unit.events.publish("message", handoff.id, work.now)

    async def _say(self, work: Work, say: Say) -> None:
        place = None
        if "place" in say.params:
            handoff = await work.unit.handoffs.open_of(work.conversation.id)
            place = await work.unit.handoffs.place(handoff.id) if handoff else None
        rendered = render(self._catalogue, say, work.locale, place, work.country)
        await self._send(work, rendered, say.key)

    async def _send(self, work: Work, rendered: Rendered, key: str = "") -> None:
        work.offered += tuple(button.id for row in rendered.buttons for button in row)
        ttl = work.conversation.message_ttl
        if key in PARTING:
            ttl = min(ttl, self._settings.cover_ttl)
        message = MessageId(uuid4())
        await work.unit.messages.add(
            Message(
                id=message,
                conversation_id=work.conversation.id,
                author=Author.BOT,
                delivery=Delivery.PENDING,
                body=work.envelope.seal(dump_rendered(rendered), "messages.body", message),
                created_at=work.now,
                delete_at=work.now + ttl,
                cover=is_cover(key),
            )
        )

    async def _schedule(self, work: Work, due_at: datetime, cover: str) -> None:
        checkin = CheckinId(uuid4())
        await work.unit.checkins.add(
            Checkin(
                id=checkin,
                conversation_id=work.conversation.id,
                phase=Phase.SCHEDULED,
                due_at=due_at,
                plan=work.envelope.seal(cover, "checkins.plan", checkin),
                created_at=work.now,
            )
        )
        await work.unit.timers.schedule(timers.DUE, checkin, due_at)
        await work.unit.timers.schedule(
            timers.ESCALATE, checkin, due_at + self._settings.checkin_escalate_after
        )

    async def _ping(self, work: Work, checkin_id: CheckinId) -> None:
        if not await work.unit.checkins.asked(checkin_id, work.now):
            return
        for index, after in enumerate(self._settings.checkin_remind_after):
            if after < self._settings.checkin_escalate_after:
                await work.unit.timers.schedule(
                    timers.reminder(index), checkin_id, work.now + after
                )

    async def _confirm(self, work: Work, checkin_id: CheckinId) -> None:
        moved = await work.unit.checkins.move(checkin_id, [*LIVE, Phase.ESCALATED], Phase.CONFIRMED)
        if not moved:
            return
        await self._stop_timers(work, checkin_id)
        alert = await work.unit.alerts.all_clear(checkin_id, work.now)
        if alert is None:
            return
        await work.unit.events.publish("alert.all_clear", alert, work.now)
        handoff = await work.unit.handoffs.open_of(work.conversation.id)
        if (
            handoff is not None
            and handoff.state is HandoffState.WAITING
            and topic_of(work.envelope, handoff) == Intent.CHECKIN_NOT_OK
        ):
            await self._close_handoff(work)

    async def _escalate(self, work: Work, checkin_id: CheckinId, reason: EscalationReason) -> None:
        checkin = await work.unit.checkins.get(checkin_id)
        if checkin is None or not await work.unit.checkins.move(checkin_id, LIVE, Phase.ESCALATED):
            return
        await self._stop_timers(work, checkin_id)
        if reason is EscalationReason.MISSED:
            asked_at = checkin.asked_at or work.now
            if work.conversation.unreachable:
                reason = EscalationReason.UNDELIVERED
            elif asked_at - checkin.due_at > LATE:
                reason = EscalationReason.LATE
        alert = AlertId(uuid4())
        await work.unit.alerts.add(
            Alert(alert, checkin_id, work.conversation.id, reason, work.locale, work.now)
        )
        await work.unit.events.publish("alert.raised", alert, work.now)
        await self._request(work, Priority.URGENT, Intent.CHECKIN_NOT_OK)

    async def _stop_timers(self, work: Work, checkin_id: CheckinId) -> None:
        kinds = [timers.DUE, timers.ESCALATE]
        kinds += [timers.reminder(i) for i in range(len(self._settings.checkin_remind_after))]
        for kind in kinds:
            await work.unit.timers.cancel(kind, checkin_id)

    async def _request(self, work: Work, priority: Priority, topic: str) -> None:
        handoff = HandoffId(uuid4())
        sealed = work.envelope.seal(topic, "handoffs.topic", handoff)
        added = await work.unit.handoffs.add(
            Handoff(
                id=handoff,
                conversation_id=work.conversation.id,
                state=HandoffState.WAITING,
                priority=URGENT if priority is Priority.URGENT else NORMAL,
                locale=work.locale,
                topic=topic,
                pseudonym=pseudonym(),
                queued_at=work.now,
                sealed_topic=sealed,
            )
        )
        if added:
            await work.unit.events.publish("handoff.waiting", handoff, work.now)

    async def _close_handoff(self, work: Work) -> None:
        handoff = await work.unit.handoffs.open_of(work.conversation.id)
        if handoff is not None and await work.unit.handoffs.close(handoff.id, work.now):
            await work.unit.timers.cancel(timers.CLAIM_EXPIRY, handoff.id)
            await work.unit.events.publish("handoff.closed", handoff.id, work.now)

    async def _purge(self, work: Work) -> None:
        """Texts go in this very transaction; the platform's copies are deleted right after it."""
        await self._close_handoff(work)
        await work.unit.messages.expire_all(work.conversation.id, work.now)
