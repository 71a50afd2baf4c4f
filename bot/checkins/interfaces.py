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

    async def current(self, conversation_id: ConversationId) -> Sequence[Checkin]:
        """Those of the conversation whose plan is still kept, the soonest first."""
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

    async def revise(self, checkin_id: CheckinId, due_at: datetime, plan: bytes) -> bool:
        """Live or paused → SCHEDULED at `due_at` with `plan`; False if it stood elsewhere."""
        ...

    async def seal_plan(self, checkin_id: CheckinId, plan: bytes) -> None:
        """Put another plan in the place of the old one; an empty one forgets it."""
        ...

    async def has_kept(self, conversation_id: ConversationId) -> bool:
        """Whether a check-in of this conversation is still to be kept."""
        ...

    async def forget(self, ended_before: datetime) -> Collection[ConversationId]:
        """Empty the plans of check-ins that ended, with a deadline before `ended_before`, and of
        which no alert waits, or was acknowledged since; whose they were."""
        ...

    async def give_up(self, due_before: datetime) -> Collection[ConversationId]:
        """Cancel what was paused, or missed and not told, since `due_before`; whose they were."""
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

    async def raise_again(self, checkin_id: CheckinId, reason: str) -> AlertId | None:
        """Have the check-in's alert acknowledged anew, for `reason`; None if there is none."""
        ...

    async def unsettled_of(self, conversation_id: ConversationId) -> bool:
        """Whether an alert of this conversation is not all clear, and either waits for an advocate
        or was raised by the word for danger and its plan is still needed."""
        ...

    async def delete_of(self, conversation_id: ConversationId) -> None:
        """Remove all alerts of a conversation."""
        ...
