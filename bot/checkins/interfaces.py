"""Where check-ins and alerts are kept. Every call is part of the surrounding transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.checkins.models import Alert, Checkin, Phase
from bot.ids import AdvocateId, AlertId, CheckinId, ConversationId


class CheckinRepository(Protocol):
    """The `checkins` table."""

    async def add(self, checkin: Checkin) -> None:
        """Store a new check-in."""
        ...

    async def latest(self, conversation_id: ConversationId) -> Checkin | None:
        """The conversation's live check-in, else its escalated one, else None."""
        ...

    async def get(self, checkin_id: CheckinId) -> Checkin | None:
        """The check-in, or None."""
        ...

    async def move(self, checkin_id: CheckinId, come_from: Collection[Phase], to: Phase) -> bool:
        """Change the phase, only from one of `come_from`; False if it stood elsewhere."""
        ...

    async def asked(self, checkin_id: CheckinId, at: datetime) -> bool:
        """SCHEDULED → AWAITING_REPLY, asked at `at`; False if it stood elsewhere."""
        ...

    async def has_live(self, conversation_id: ConversationId) -> bool:
        """Whether a check-in of this conversation can still end."""
        ...

    async def delete_of(self, conversation_id: ConversationId) -> None:
        """Remove all check-ins of a conversation."""
        ...


class AlertRepository(Protocol):
    """The `alerts` table."""

    async def add(self, alert: Alert) -> None:
        """Store a new alert."""
        ...

    async def open_alerts(self) -> Sequence[Alert]:
        """All alerts that still concern someone: unacknowledged first, the oldest first."""
        ...

    async def get(self, alert_id: AlertId) -> Alert | None:
        """The alert, or None."""
        ...

    async def acknowledge(self, alert_id: AlertId, advocate_id: AdvocateId, at: datetime) -> bool:
        """Take the alert on; False when somebody has, or it does not exist."""
        ...

    async def all_clear(self, checkin_id: CheckinId, at: datetime) -> AlertId | None:
        """Note that the person is well after all; the alert's id, or None if there is none."""
        ...

    async def unacknowledged_of(self, conversation_id: ConversationId) -> bool:
        """Whether an alert of this conversation waits for an advocate and is not all clear."""
        ...

    async def delete_of(self, conversation_id: ConversationId) -> None:
        """Remove all alerts of a conversation."""
        ...
