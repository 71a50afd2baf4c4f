"""Check-ins as rows: setting, asking and ending them, each in the turn's own transaction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from bot.checkins.models import LIVE, Alert, Checkin, Phase
from bot.checkins.plan import dump_plan, load_plan
from bot.conversation import summoning, timers
from bot.conversation.models import Conversation
from bot.conversation.sealing import Envelope
from bot.conversation.storage import UnitOfWork
from bot.dialogue.effects import EscalationReason
from bot.dialogue.plan import CheckinPlan, Miss
from bot.ids import AlertId, CheckinId, Locale
from bot.settings import Settings

LATE = timedelta(minutes=2)
"""A check-in asked this long after its time was held up by us, and the alert says so."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who had been told that somebody did not answer."""

    advocates: bool = False
    contact: bool = False


class CheckinMinder:
    """The check-ins of one conversation, within one transaction."""

    def __init__(
        self,
        settings: Settings,
        unit: UnitOfWork,
        conversation: Conversation,
        envelope: Envelope,
        locale: Locale,
        now: datetime,
    ) -> None:
        self._settings = settings
        self._unit = unit
        self._conversation = conversation
        self._envelope = envelope
        self._locale = locale
        self._now = now

    async def schedule(self, due_at: datetime, plan: CheckinPlan) -> CheckinId:
        """Set a check-in, with its timers."""
        checkin = CheckinId(uuid4())
        await self._unit.checkins.add(
            Checkin(
                id=checkin,
                conversation_id=self._conversation.id,
                phase=Phase.SCHEDULED,
                due_at=due_at,
                plan=self._sealed(plan, checkin),
                created_at=self._now,
            )
        )
        await self._arm(checkin, due_at)
        return checkin

    async def revise(self, checkin_id: CheckinId, due_at: datetime, plan: CheckinPlan) -> None:
        """Set another time or plan, and ask anew then."""
        sealed = self._sealed(plan, checkin_id)
        if await self._unit.checkins.revise(checkin_id, due_at, sealed):
            await self._disarm(checkin_id)
            await self._arm(checkin_id, due_at)

    async def rearm(self, checkin_id: CheckinId) -> None:
        """Set the timers as the check-in needs them."""
        checkin = await self._unit.checkins.get(checkin_id)
        if checkin is not None and checkin.phase in LIVE:
            await self._arm(checkin_id, checkin.due_at)

    async def ping(self, checkin_id: CheckinId) -> None:
        """It is asked now; reminders follow."""
        if not await self._unit.checkins.asked(checkin_id, self._now):
            return
        for index, after in enumerate(self._settings.checkin_remind_after):
            if after < self._settings.checkin_escalate_after:
                at = self._now + after
                await self._unit.timers.schedule(timers.reminder(index), checkin_id, at)

    async def pause(self, checkin_id: CheckinId) -> None:
        """It rests."""
        if await self._unit.checkins.move(checkin_id, [Phase.SCHEDULED], Phase.PAUSED):
            await self._disarm(checkin_id)

    async def cancel(self, checkin_id: CheckinId) -> None:
        """It is not wanted any more, nor are its repetitions."""
        come_from = [*LIVE, Phase.PAUSED, Phase.MISSED]
        if await self._unit.checkins.move(checkin_id, come_from, Phase.CANCELLED):
            await self._disarm(checkin_id)
            await self._unit.checkins.seal_plan(checkin_id, b"")

    async def confirm(self, checkin_id: CheckinId) -> Told:
        """The person is well; who had been told otherwise."""
        checkin = await self._unit.checkins.get(checkin_id)
        come_from = [*LIVE, Phase.CONTACTED, Phase.ESCALATED]
        if checkin is None or not await self._unit.checkins.move(
            checkin_id, come_from, Phase.CONFIRMED
        ):
            return Told()
        contact = bool(checkin.plan) and self._opened(checkin).contact_told
        await self._ended(checkin)
        await self._unit.checkins.seal_plan(checkin_id, b"")
        alert = await self._unit.alerts.all_clear(checkin_id, self._now)
        if alert is not None:
            await self._unit.timers.cancel(timers.UNHEEDED, alert)
            await self._unit.events.publish("alert.all_clear", alert, self._now)
        return Told(advocates=alert is not None, contact=contact)

    async def contacted(self, checkin_id: CheckinId) -> bool:
        """The trusted contact is told now; True when they were not told before."""
        checkin = await self._unit.checkins.get(checkin_id)
        if checkin is None or not await self._unit.checkins.move(checkin_id, LIVE, Phase.CONTACTED):
            return False
        await self._ended(checkin)
        plan = replace(self._opened(checkin), contact_told=True)
        await self._unit.checkins.seal_plan(checkin_id, self._sealed(plan, checkin_id))
        answer_by = self._now + self._settings.contact_answer_after
        await self._unit.timers.schedule(timers.CONTACT, checkin_id, answer_by)
        return True

    async def without_contact(self) -> None:
        """The advocates are told of all that a contact was to be told of."""
        for checkin in await self._unit.checkins.current(self._conversation.id):
            plan = self._opened(checkin)
            if plan.miss is Miss.CONTACT:
                plan = replace(plan, miss=Miss.ADVOCATE)
                await self._unit.checkins.seal_plan(checkin.id, self._sealed(plan, checkin.id))

    async def lapse(self, checkin_id: CheckinId) -> None:
        """It was missed, and a note is all that follows."""
        checkin = await self._unit.checkins.get(checkin_id)
        if checkin and await self._unit.checkins.move(checkin_id, LIVE, Phase.MISSED):
            await self._ended(checkin)

    async def escalate(self, checkin_id: CheckinId, reason: EscalationReason) -> bool:
        """Tell the advocates; True when they were not told before."""
        checkin = await self._unit.checkins.get(checkin_id)
        if checkin is None:
            return False
        if reason is EscalationReason.DURESS:
            await self._hide(checkin)
        come_from = {*LIVE, Phase.CONTACTED}
        if await self._unit.checkins.move(checkin_id, come_from, Phase.ESCALATED):
            await self._ended(checkin)
        elif checkin.phase is not Phase.ESCALATED or await self._unit.alerts.raised_for(checkin_id):
            if reason is EscalationReason.DURESS:
                again = await self._unit.alerts.raise_again(checkin_id, reason)
                if again is not None:
                    await self._unit.events.publish("alert.raised", again, self._now)
                    await summoning.for_alert(self._unit, self._settings, again, self._now)
            return False
        # Else only a contact had been told, who has seen it.
        alert = AlertId(uuid4())
        await self._unit.alerts.add(
            Alert(
                id=alert,
                checkin_id=checkin_id,
                conversation_id=self._conversation.id,
                reason=await self._reason(checkin, reason),
                locale=self._locale,
                raised_at=self._now,
            )
        )
        await self._unit.events.publish("alert.raised", alert, self._now)
        await summoning.for_alert(self._unit, self._settings, alert, self._now)
        return True

    async def _hide(self, checkin: Checkin) -> None:
        """From now on the dialogue sees as much of it as after the safe word: nothing."""
        if checkin.plan and checkin.phase in {*LIVE, Phase.CONTACTED, Phase.ESCALATED}:
            plan = replace(self._opened(checkin), duress=True)
            await self._unit.checkins.seal_plan(checkin.id, self._sealed(plan, checkin.id))

    async def _reason(self, checkin: Checkin, reason: EscalationReason) -> EscalationReason:
        """A silence is told apart from a question that never arrived, or arrived late."""
        if reason is not EscalationReason.MISSED:
            return reason
        asked_at = checkin.asked_at or self._now
        if self._conversation.unreachable or await self._unit.messages.undelivered(
            self._conversation.id, asked_at
        ):
            return EscalationReason.UNDELIVERED
        return EscalationReason.LATE if asked_at - checkin.due_at > LATE else reason

    async def _ended(self, checkin: Checkin) -> None:
        """No timer is left of it; where it repeats, the next one is set in its place."""
        await self._disarm(checkin.id)
        if checkin.phase not in LIVE or not checkin.plan or self._conversation.unreachable:
            return
        plan = self._opened(checkin).afresh()
        next_at = plan.next_after(checkin.due_at, self._now)
        if next_at is not None:
            await self.schedule(next_at, plan)

    async def _arm(self, checkin_id: CheckinId, due_at: datetime) -> None:
        escalate_at = due_at + self._settings.checkin_escalate_after
        await self._unit.timers.schedule(timers.DUE, checkin_id, due_at)
        await self._unit.timers.schedule(timers.ESCALATE, checkin_id, escalate_at)

    async def _disarm(self, checkin_id: CheckinId) -> None:
        kinds = [timers.DUE, timers.ESCALATE, timers.CONTACT]
        kinds += [timers.reminder(i) for i in range(len(self._settings.checkin_remind_after))]
        for kind in kinds:
            await self._unit.timers.cancel(kind, checkin_id)

    def _sealed(self, plan: CheckinPlan, checkin_id: CheckinId) -> bytes:
        return self._envelope.seal(dump_plan(plan), "checkins.plan", checkin_id)

    def _opened(self, checkin: Checkin) -> CheckinPlan:
        return load_plan(self._envelope.open(checkin.plan, "checkins.plan", checkin.id))
