"""What a turn may know of the queue: waits as measured, hours as set, and who is kept out."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.conversation.house import HoursInForce
from bot.conversation.models import Conversation
from bot.conversation.storage import UnitOfWork
from bot.dialogue.state import QueueView
from bot.handoff.models import NORMAL, Handoff
from bot.handoff.waits import KNOWN_FOR, expected, prefix
from bot.ids import Locale
from bot.settings import Settings

HOUR = timedelta(hours=1)


class QueueWatch:
    """Looks at the queue for one conversation. Raises ConfigurationError for damaged hours."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._hours = HoursInForce(settings)

    async def look(
        self, unit: UnitOfWork, conversation: Conversation, handoff: Handoff | None, now: datetime
    ) -> QueueView:
        """All but the hours; those are only looked up."""
        await self._hours.look(unit)
        priority = NORMAL if handoff is None else handoff.priority
        counts = await unit.tallies.since(now - KNOWN_FOR, prefix(priority))
        barred = await unit.blocks.stands(conversation.channel, conversation.address_index, now)
        if not barred:
            asked = await unit.handoffs.asked_since(conversation.id, now - HOUR)
            barred = handoff is None and asked >= self._settings.requests_an_hour
        return QueueView(wait=expected(counts, priority), barred=barred)

    def at_hours(self, view: QueueView, locale: Locale, now: datetime) -> QueueView:
        """With the hours of `locale`."""
        hours = self._hours.now
        opens_at = hours.opens_at(locale, now)
        opens_after = None if opens_at is None else opens_at - now

        def staffed(due_at: datetime) -> bool | None:
            needed_at = due_at + self._settings.checkin_escalate_after
            return hours.is_open(locale, needed_at)

        return replace(view, opens_after=opens_after, staffed=staffed)
