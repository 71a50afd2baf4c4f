"""An advocate's desk: on duty or not, what they can do, and how many they take on at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.dialogue.intents import Intent
from bot.handoff.models import Handoff, HandoffState
from bot.ids import AdvocateId, Locale


class Duty(StrEnum):
    """Whether an advocate whose page is open takes people on. FINISHING: keeps those they have."""

    ON = "on"
    BREAK = "break"
    FINISHING = "finishing"


class Skill(StrEnum):
    """What an advocate may be trained in."""

    SEXUAL_VIOLENCE = "sexual_violence"
    MIGRATION = "migration"
    CHILDREN = "children"
    LGBTQ = "lgbtq"
    DISABILITY = "disability"
    MEN = "men"
    LEGAL = "legal"
    HOUSING = "housing"


_WANTED = {
    Intent.SEXUAL_VIOLENCE: Skill.SEXUAL_VIOLENCE,
    Intent.ASK_IMMIGRATION: Skill.MIGRATION,
    Intent.CHILD_IN_DANGER: Skill.CHILDREN,
    Intent.ASK_CHILD_CUSTODY: Skill.CHILDREN,
    Intent.ASK_LGBTQ_SUPPORT: Skill.LGBTQ,
    Intent.ASK_DISABILITY_SUPPORT: Skill.DISABILITY,
    Intent.ASK_MALE_SURVIVOR: Skill.MEN,
    Intent.ASK_LEGAL_HELP: Skill.LEGAL,
    Intent.ASK_PROTECTION_ORDER: Skill.LEGAL,
    Intent.ASK_HOUSING: Skill.HOUSING,
    Intent.ASK_SHELTER: Skill.HOUSING,
}


def wanted_skill(topic: str) -> str:
    """The skill that a shared topic asks for; empty for none, and where nothing was shared."""
    return next((skill.value for intent, skill in _WANTED.items() if intent == topic), "")


@dataclass(frozen=True, slots=True)
class Desk:
    """Of somebody who never set anything up: on duty, no special skills, the usual capacity.

    `set_by`: the supervisor who set `duty`, or None where it is one's own choice.
    """

    advocate_id: AdvocateId
    duty: Duty = Duty.ON
    skills: frozenset[Skill] = frozenset()
    capacity: int | None = None
    set_by: AdvocateId | None = None


def suits(
    handoff: Handoff,
    languages: Collection[Locale],
    skills: Collection[str],
    now: datetime,
    fallback_after: timedelta,
) -> bool:
    """Whether a waiting person is offered to an advocate.

    By language and skill; after `fallback_after` to anybody, as waiting longer helps nobody. Never
    before the time that the person named as safe.
    """
    if handoff.state is not HandoffState.WAITING or now < (handoff.ready_at or handoff.queued_at):
        return False
    fits = handoff.locale in languages and (not handoff.skill or handoff.skill in skills)
    return fits or now - handoff.queued_at >= fallback_after
