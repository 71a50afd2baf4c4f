"""From the core's models to the API's bodies. Pure. A person's ids end here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from bot.checkins.models import Alert
from bot.console.schemas import (
    AdvocateView,
    AlertView,
    ColleagueView,
    HandoffView,
    MessageView,
)
from bot.console.words import Words, topic_label
from bot.content.catalogue import Catalogue
from bot.conversation.advocacy import Line, QueuedHandoff
from bot.handoff.models import URGENT, Handoff
from bot.ids import AdvocateId, Locale
from bot.staff.audit import Act
from bot.staff.models import Colleague


@dataclass(frozen=True, slots=True)
class Presenter:
    """Presents to one advocate, in their language."""

    me: AdvocateId
    names: Mapping[AdvocateId, str]
    catalogue: Catalogue
    words: Words
    locale: Locale
    outcomes: Mapping[UUID, Act] = field(default_factory=dict)

    def queued(self, queued: QueuedHandoff) -> HandoffView:
        """A handoff as the lists show it."""
        return self.handoff(queued.handoff, queued.place)

    def handoff(self, handoff: Handoff, place: int | None = None) -> HandoffView:
        """One handoff."""
        return HandoffView(
            id=handoff.id,
            state=handoff.state.value,
            pseudonym=handoff.pseudonym,
            priority="urgent" if handoff.priority == URGENT else "normal",
            locale=handoff.locale,
            topic=handoff.topic,
            topic_label=topic_label(self.catalogue, handoff.topic, self.locale),
            place=place,
            queued_at=handoff.queued_at,
            claimed_at=handoff.claimed_at,
            closed_at=handoff.closed_at,
            mine=handoff.advocate_id == self.me,
            advocate=self._advocate(handoff.advocate_id),
        )

    def alert(self, alert: Alert, open_handoffs: Iterable[Handoff]) -> AlertView:
        """An alert, with the open handoff of the same person."""
        handoff = next(
            (h for h in open_handoffs if h.conversation_id == alert.conversation_id), None
        )
        table = self.words.table(self.locale)
        return AlertView(
            id=alert.id,
            reason=alert.reason,
            reason_label=table.get(f"alert.reason.{alert.reason}", table["alert.reason.other"]),
            locale=alert.locale,
            raised_at=alert.raised_at,
            acknowledged_at=alert.acknowledged_at,
            acknowledged_by=self._advocate(alert.acknowledged_by),
            all_clear_at=alert.all_clear_at,
            mine=alert.acknowledged_by == self.me,
            handoff_id=handoff.id if handoff else None,
            pseudonym=handoff.pseudonym if handoff else None,
            note=alert.note or None,
            outcome=self.outcomes.get(alert.id, ""),
        )

    def _advocate(self, advocate_id: AdvocateId | None) -> AdvocateView | None:
        if advocate_id is None:
            return None
        return AdvocateView(id=advocate_id, name=self.names.get(advocate_id, "—"))


def message_view(line: Line) -> MessageView:
    """A message, with its text while there is one."""
    return MessageView(
        id=line.id,
        seq=line.seq,
        author=line.author,
        text=line.text,
        delivery=line.delivery,
        created_at=line.created_at,
        delete_at=line.delete_at,
    )


def colleague_view(colleague: Colleague) -> ColleagueView:
    """Somebody to hand a person to."""
    advocate = colleague.advocate
    return ColleagueView(
        id=advocate.id,
        name=advocate.name,
        languages=list(advocate.languages),
        here=colleague.here,
    )
