"""Carrying out a turn's effects, as rows of one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from bot.content.catalogue import Catalogue, Rendered
from bot.conversation import summoning, timers
from bot.conversation.codec import dump_rendered
from bot.conversation.inviting import Inviter
from bot.conversation.minding import CheckinMinder
from bot.conversation.models import Conversation
from bot.conversation.opening import topic_of
from bot.conversation.pairing import Side
from bot.conversation.sealing import Envelope
from bot.conversation.showing import Showcase
from bot.conversation.storage import UnitOfWork
from bot.conversation.texts import PARTING, is_cover, render, spell
from bot.dialogue.effects import (
    AcceptInvitation,
    AnswerAsContact,
    CallBack,
    CancelCheckin,
    ClearScreen,
    CloseHandoff,
    ConfirmCheckin,
    DeclineInvitation,
    Effect,
    EscalateCheckin,
    EscalationReason,
    ForgetCheckin,
    InviteContact,
    LapseCheckin,
    MissCode,
    PauseCheckin,
    PingCheckin,
    Priority,
    Purge,
    RaiseDuress,
    RearmCheckin,
    RelayToAdvocate,
    RemoveContact,
    RequestHandoff,
    ReviseCheckin,
    Say,
    ScheduleCheckin,
    SetMessageTtl,
    ShowServices,
    Tally,
    TellContact,
    Unsay,
    WithdrawAsContact,
)
from bot.dialogue.intents import Intent
from bot.dialogue.plan import CheckinPlan
from bot.handoff.models import NORMAL, URGENT, CloseKind, Handoff, HandoffState, rank
from bot.handoff.pseudonyms import pseudonyms
from bot.history.models import Author, Delivery, Message
from bot.ids import CheckinId, HandoffId, Locale, MessageId
from bot.settings import LONGEST_TTL, Settings


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


_ENDING = (CancelCheckin, ConfirmCheckin, ForgetCheckin, ReviseCheckin)
"""With the last plan that was to tell a contact, the contact goes."""


def _side(work: Work) -> Side:
    return Side(work.unit, work.conversation, work.envelope, work.now)


class EffectCarrier:
    """Writes effects. Nothing leaves the machine here: sending is done from the rows."""

    def __init__(
        self, settings: Settings, catalogue: Catalogue, showcase: Showcase, inviter: Inviter
    ) -> None:
        self._settings = settings
        self._showcase = showcase
        self._catalogue = catalogue
        self._inviter = inviter

    async def carry(self, work: Work, effects: tuple[Effect, ...]) -> None:
        """Write all `effects`, in order."""
        for effect in effects:
            await self._one(work, effect)
        if any(isinstance(effect, _ENDING) for effect in effects):
            await self._inviter.pairings.drop_idle(_side(work))

    async def _one(self, work: Work, effect: Effect) -> None:
        match effect:
            case Say():
                await self._say(work, effect)
            case ShowServices():
                shown = self._showcase.render(effect, work.locale, work.now)
                await self._send(work, shown)
            case RequestHandoff(priority, topic, share):
                await self._request(work, priority, topic if share else "")
            case CloseHandoff():
                await self._close_handoff(work)
            case CallBack(after):
                await self._call_back(work, after)
            case Tally(name):
                await work.unit.tallies.count(name, work.now)
            case RelayToAdvocate():
                pass  # the turn stores the person's own message with its text
            case Purge():
                await self._purge(work)
            case ClearScreen():
                await work.unit.messages.expire_shown(work.conversation.id, work.now)
            case Unsay():
                pass  # the turn gives the person's own message its deadline
            case SetMessageTtl(ttl, also_here):
                ttl = min(ttl, LONGEST_TTL)
                work.conversation = replace(work.conversation, message_ttl=ttl)
                await work.unit.messages.shorten(work.conversation.id, work.now + ttl)
                if also_here:
                    await work.unit.messages.lengthen(work.conversation.id, ttl, work.now)
                handoff = await work.unit.handoffs.open_of(work.conversation.id)
                if handoff is not None:
                    # The console shows deadlines, and keeps to them by itself.
                    await work.unit.events.publish("message", handoff.id, work.now)
            case InviteContact(name, words):
                spelled = spell(self._catalogue, words, work.locale)
                await self._say(work, await self._inviter.invite(_side(work), name, spelled))
            case AcceptInvitation() | DeclineInvitation() | MissCode():
                await self._inviter.answer(_side(work), effect)
            case WithdrawAsContact():
                await self._inviter.calls.left(_side(work))
            case AnswerAsContact():
                await self._inviter.calls.answered(_side(work))
            case _:
                await self._checkin(work, effect)

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

    async def _checkin(self, work: Work, effect: Effect) -> None:
        """What concerns a check-in, and the person's place in the queue with it."""
        minder = CheckinMinder(
            self._settings, work.unit, work.conversation, work.envelope, work.locale, work.now
        )
        match effect:
            case ScheduleCheckin(due_at, plan):
                await minder.schedule(due_at, plan)
            case ReviseCheckin(checkin_id, due_at, plan):
                await minder.revise(checkin_id, due_at, plan)
            case RearmCheckin(checkin_id):
                await minder.rearm(checkin_id)
            case PingCheckin(checkin_id):
                await minder.ping(checkin_id)
            case PauseCheckin(checkin_id):
                await minder.pause(checkin_id)
            case CancelCheckin(checkin_id) | ForgetCheckin(checkin_id):
                await minder.cancel(checkin_id)
            case LapseCheckin(checkin_id):
                await minder.lapse(checkin_id)
            case ConfirmCheckin(checkin_id):
                told = await minder.confirm(checkin_id)
                if told.advocates:
                    await self._stand_down(work)
                if told.contact:
                    await self._inviter.calls.clear(_side(work), checkin_id)
            case TellContact(checkin_id):
                await self._tell_contact(work, minder, checkin_id)
            case RemoveContact():
                await self._inviter.pairings.drop(_side(work))
                await minder.without_contact()
            case RaiseDuress():
                # An alert hangs on a check-in: one that begins and ends now.
                raised = await minder.schedule(work.now, CheckinPlan(duress=True))
                await minder.escalate(raised, EscalationReason.DURESS)
            case EscalateCheckin(checkin_id, EscalationReason.DURESS):
                # No handoff: nothing that follows may show on a phone that somebody else holds.
                await minder.escalate(checkin_id, EscalationReason.DURESS)
            case EscalateCheckin(checkin_id, reason):
                if reason is EscalationReason.CONTACT_SILENT and not (
                    await self._inviter.calls.can_be_told(_side(work))
                ):
                    reason = EscalationReason.CONTACT_LOST
                if await minder.escalate(checkin_id, reason):
                    await self._request(work, Priority.URGENT, Intent.CHECKIN_NOT_OK)

    async def _tell_contact(self, work: Work, minder: CheckinMinder, checkin_id: CheckinId) -> None:
        """Who can't be told is no end of it; nor is it for sure that a question arrived at all."""
        reason = None
        if not await self._inviter.calls.can_be_told(_side(work)):
            reason = EscalationReason.CONTACT_LOST
        elif await minder.contacted(checkin_id):
            await self._inviter.calls.call(_side(work), checkin_id)
            if work.conversation.unreachable:
                reason = EscalationReason.UNDELIVERED
        if reason is not None and await minder.escalate(checkin_id, reason):
            await self._request(work, Priority.URGENT, Intent.CHECKIN_NOT_OK)

    async def _stand_down(self, work: Work) -> None:
        """The person is well: who waits for them need not."""
        handoff = await work.unit.handoffs.open_of(work.conversation.id)
        if (
            handoff is not None
            and handoff.state is HandoffState.WAITING
            and topic_of(work.envelope, handoff) == Intent.CHECKIN_NOT_OK
        ):
            await self._close_handoff(work)

    async def _request(self, work: Work, priority: Priority, topic: str) -> None:
        handoff = HandoffId(uuid4())
        sealed = work.envelope.seal(topic, "handoffs.topic", handoff)
        level = URGENT if priority is Priority.URGENT else NORMAL
        ahead = self._settings.urgent_ahead
        added = await work.unit.handoffs.add(
            Handoff(
                id=handoff,
                conversation_id=work.conversation.id,
                state=HandoffState.WAITING,
                priority=level,
                locale=work.locale,
                topic=topic,
                pseudonym=await self._pseudonym(work),
                queued_at=work.now,
                sealed_topic=sealed,
                rank_at=rank(level, work.now, ahead),
            )
        )
        if added:
            first_look = work.now + self._settings.place_every
            await work.unit.timers.schedule(timers.PLACE, handoff, first_look)
            await work.unit.events.publish("handoff.waiting", handoff, work.now)
            await summoning.for_person(work.unit, self._settings, handoff, level, work.now)
        elif level == URGENT:
            await self._hurry(work)

    @staticmethod
    async def _pseudonym(work: Work) -> str:
        for name in pseudonyms():
            if not await work.unit.handoffs.is_borne(name):
                return name
        raise AssertionError("there is always another name")

    async def _hurry(self, work: Work) -> None:
        """Somebody who waits is in danger now: they go ahead by as much as if asking now."""
        handoff = await work.unit.handoffs.open_of(work.conversation.id)
        if handoff is None:
            return
        rank_at = rank(URGENT, handoff.queued_at, self._settings.urgent_ahead)
        if hurried := await work.unit.handoffs.hurry(work.conversation.id, rank_at):
            await work.unit.timers.cancel(timers.CALL_BACK, hurried)
            await work.unit.events.publish("handoff.waiting", hurried, work.now)
            await summoning.for_person(work.unit, self._settings, hurried, URGENT, work.now)

    async def _call_back(self, work: Work, after: timedelta) -> None:
        handoff = await work.unit.handoffs.open_of(work.conversation.id)
        ready_at = work.now + after
        if handoff is not None and await work.unit.handoffs.call_back(handoff.id, ready_at):
            await work.unit.timers.schedule(timers.CALL_BACK, handoff.id, ready_at)
            await work.unit.events.publish("handoff.changed", handoff.id, work.now)

    async def _close_handoff(self, work: Work) -> None:
        handoff = await work.unit.handoffs.open_of(work.conversation.id)
        if handoff is not None and await work.unit.handoffs.close(
            handoff.id, work.now, CloseKind.LEFT
        ):
            await work.unit.tallies.count(f"closed.{CloseKind.LEFT}", work.now)
            await timers.let_go(work.unit.timers, handoff.id)
            await work.unit.events.publish("handoff.closed", handoff.id, work.now)

    async def _purge(self, work: Work) -> None:
        """Texts go in this very transaction; the platform's copies are deleted right after it."""
        await self._close_handoff(work)
        await work.unit.messages.expire_all(work.conversation.id, work.now)
