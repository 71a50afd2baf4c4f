"""Calling staff, within the transaction in which they are needed: it is a row, or did not happen.

A summons sounds in the staff's chat, where there is one, and comes again, louder, until somebody
has taken it on (`bot.conversation.louder`).
"""

from datetime import datetime
from uuid import UUID

from bot.conversation import timers
from bot.conversation.storage import UnitOfWork
from bot.handoff.models import URGENT
from bot.ids import AlertId, HandoffId
from bot.settings import Settings

THE_ROOM = UUID(int=1)
"""What the chat's own timer refers to: there is one chat."""


async def call(unit: UnitOfWork, settings: Settings, now: datetime) -> None:
    """Let the staff's chat hear that there is something new."""
    if not settings.staff_chat_id:
        return
    room = await unit.room.get()
    # The timer before the room, as everywhere: in another order two could wait for each other.
    await unit.timers.schedule(timers.ROOM, THE_ROOM, room.free_at(now))
    await unit.room.call()


async def for_person(
    unit: UnitOfWork, settings: Settings, handoff_id: HandoffId, priority: int, now: datetime
) -> None:
    """Somebody waits in the queue."""
    if priority == URGENT:
        await unit.timers.schedule(timers.OVERDUE, handoff_id, now + settings.alert_after)
    await call(unit, settings, now)


async def for_alert(unit: UnitOfWork, settings: Settings, alert_id: AlertId, now: datetime) -> None:
    """A check-in needs somebody."""
    await unit.timers.schedule(timers.UNHEEDED, alert_id, now + settings.alert_after)
    await call(unit, settings, now)
