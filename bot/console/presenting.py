"""From the core's models to the API's bodies. Pure. A person's ids end here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from bot.checkins.models import Alert
from bot.console.schemas import (
    AdvocateView,
    AlertView,
    Choice,
    ColleagueView,
    DeskView,
    HandoffView,
    MessageView,
)
from bot.console.words import Words, topic_label
from bot.content.catalogue import Catalogue
from bot.conversation.advocacy import Line, QueuedHandoff
from bot.handoff.desks import Desk, Duty, Skill
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
    skills: Collection[str] = ()

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
            ready_at=handoff.ready_at,
            skill=handoff.skill,
            skill_label=skill_label(self.words.table(self.locale), handoff.skill),
            passing=handoff.passing,
            passing_to=self._advocate(handoff.passing_to),
            asked=handoff.asks(self.me, self.skills),
            support=self._advocate(handoff.support_id),
            supporting=handoff.support_id == self.me,
            unanswered_since=handoff.unanswered_since,
            louder=handoff.louder,
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
            louder=alert.louder,
        )

    def _advocate(self, advocate_id: AdvocateId | None) -> AdvocateView | None:
        return None if advocate_id is None else named(advocate_id, self.names)


def named(advocate_id: AdvocateId, names: Mapping[AdvocateId, str]) -> AdvocateView:
    """A member of the staff, of whose name nothing may be left."""
    return AdvocateView(id=advocate_id, name=names.get(advocate_id, "—"))


def message_view(line: Line, colleague: AdvocateView | None) -> MessageView:
    """A message, with its text while there is one, and who wrote it where a colleague did."""
    return MessageView(
        id=line.id,
        seq=line.seq,
        author=line.author,
        text=line.text,
        delivery=line.delivery,
        created_at=line.created_at,
        delete_at=line.delete_at,
        by=colleague,
    )


def colleague_view(colleague: Colleague, desk: Desk, room: int) -> ColleagueView:
    """Somebody to hand a person to."""
    advocate = colleague.advocate
    return ColleagueView(
        id=advocate.id,
        name=advocate.name,
        languages=list(advocate.languages),
        here=colleague.here,
        duty=desk.duty,
        skills=sorted(desk.skills),
        room=room,
    )


def desk_view(
    desk: Desk, usual: int, holds: int, words: Mapping[str, str], set_by: AdvocateView | None
) -> DeskView:
    """One's own desk, with the skills that there are."""
    return DeskView(
        duty=desk.duty,
        set_by=set_by,
        capacity=desk.capacity,
        usual=usual,
        holds=holds,
        room=room(desk, usual, holds),
        skills=sorted(desk.skills),
        choices=[Choice(id=skill, label=skill_label(words, skill)) for skill in Skill],
    )


def room(desk: Desk, usual: int, holds: int) -> int:
    """How many more people somebody is offered."""
    if desk.duty is not Duty.ON:
        return 0
    return max(0, (usual if desk.capacity is None else desk.capacity) - holds)


def skill_label(words: Mapping[str, str], skill: str) -> str:
    """The words for a skill; empty for none."""
    return words.get(f"skill.{skill}", "")
