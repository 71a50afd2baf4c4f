"""Nobody waits unnoticed: what nobody takes on is told again, step by step, until somebody does.

Each step is one line in the console's events and one call of the staff's chat, in the transaction
that sets the timer of the next: it happens once, whichever worker runs it, and however often one
dies.
"""

from uuid import UUID

from bot.clock import Clock
from bot.conversation import summoning, timers
from bot.conversation.storage import Database
from bot.handoff.models import URGENT, HandoffState
from bot.ids import AlertId, HandoffId
from bot.scheduling.models import Timer
from bot.scheduling.worker import Handler
from bot.settings import Settings


class Louder:
    """The handlers of what waits for somebody of the staff."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings

    def handlers(self) -> dict[str, Handler]:
        """By kind of timer."""
        return {timers.UNHEEDED: self.unheeded, timers.OVERDUE: self.overdue}

    async def unheeded(self, timer: Timer) -> None:
        """A check-in's alert that nobody has acknowledged."""
        now = self._clock.now()
        async with self._database.writing() as unit:
            alert = await unit.alerts.get(AlertId(UUID(str(timer.ref))))
            if alert is None or alert.acknowledged_at or alert.all_clear_at:
                await unit.timers.settle(timer)
                return
            if await unit.timers.postpone(timer, now + self._settings.alert_after):
                await unit.alerts.louder(alert.id)
                await unit.events.publish("alert.unheeded", alert.id, now)
                await summoning.call(unit, self._settings, now)

    async def overdue(self, timer: Timer) -> None:
        """Somebody in danger whom nobody has taken on."""
        now = self._clock.now()
        async with self._database.writing() as unit:
            handoff = await unit.handoffs.get(HandoffId(UUID(str(timer.ref))))
            waits = handoff is not None and handoff.state is HandoffState.WAITING
            if handoff is None or not waits or handoff.priority != URGENT:
                await unit.timers.settle(timer)
                return
            # Who asked to be called back later does not wait yet.
            if handoff.ready_at is not None and now < handoff.ready_at:
                await unit.timers.postpone(timer, handoff.ready_at + self._settings.alert_after)
                return
            if await unit.timers.postpone(timer, now + self._settings.alert_after):
                await unit.handoffs.louder(handoff.id)
                await unit.events.publish("handoff.overdue", handoff.id, now)
                await summoning.call(unit, self._settings, now)
