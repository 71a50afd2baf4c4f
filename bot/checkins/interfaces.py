"""Where check-ins and alerts are kept. Every call is part of the surrounding transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bot.checkins.models import Alert, Checkin, Contact, Phase
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

    async def some(self, checkin_ids: Collection[CheckinId]) -> Mapping[CheckinId, Checkin]:
        """Those of the check-ins that exist."""
        ...

    async def move(self, checkin_id: CheckinId, come_from: Collection[Phase], to: Phase) -> bool:
        """Change the phase, only from one of `come_from`; False if it stood elsewhere."""
        ...

    async def asked(self, checkin_id: CheckinId, at: datetime) -> bool:
        """SCHEDULED → AWAITING_REPLY, asked at `at`; False if it stood elsewhere."""
        ...

    async def all_asked(self, checkin_ids: Collection[CheckinId], at: datetime) -> int:
        """`asked` for each; how many stood where they were to stand."""
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

    async def forget(self, ended_before: datetime, limit: int) -> Collection[ConversationId]:
        """Empty the plans of at most `limit` check-ins that ended, with a deadline before
        `ended_before`, and of which no alert waits, or was acknowledged since; whose they were."""
        ...

    async def give_up(self, due_before: datetime, limit: int) -> Collection[ConversationId]:
        """Cancel at most `limit` check-ins that were paused, or missed and not told, since
        `due_before`; whose they were."""
        ...

    async def delete_of(self, conversation_id: ConversationId) -> None:
        """Remove all check-ins of a conversation."""
        ...


class ContactRepository(Protocol):
    """The `contacts` table."""

    async def add(self, contact: Contact) -> None:
        """Store a new invitation; its maker must have none."""
        ...

    async def around(
        self, owner_index: bytes, guest_index: bytes, token_index: bytes | None
    ) -> Sequence[Contact]:
        """Those with any of these indexes."""
        ...

    async def of_owner(self, owner_index: bytes) -> Contact | None:
        """The one that somebody invited, or None."""
        ...

    async def of_guest(self, guest_index: bytes) -> Sequence[Contact]:
        """Those for whom somebody stands by."""
        ...

    async def of_token(self, token_index: bytes) -> Contact | None:
        """The open invitation, or None."""
        ...

    async def accept(
        self, contact_id: UUID, guest_index: bytes, for_owner: bytes, for_guest: bytes
    ) -> bool:
        """An open invitation is accepted, and its token void; False if it was not open any more."""
        ...

    async def miss(self, contact_id: UUID) -> int:
        """Count a wrong code; how many there were."""
        ...

    async def delete(self, contact_id: UUID) -> None:
        """Remove the row."""
        ...

    async def delete_expired(self, now: datetime) -> None:
        """Remove invitations that nobody accepted in time."""
        ...


class AlertRepository(Protocol):
    """The `alerts` table."""

    async def add(self, alert: Alert) -> None:
        """Store a new alert."""
        ...

    async def open_alerts(self) -> Sequence[Alert]:
        """All alerts that still concern someone: unacknowledged first, the oldest first."""
        ...

    async def raised_for(self, checkin_id: CheckinId) -> bool:
        """Whether there is one of this check-in."""
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

    async def louder(self, alert_id: AlertId) -> None:
        """It was told once more that nobody has acknowledged it."""
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
