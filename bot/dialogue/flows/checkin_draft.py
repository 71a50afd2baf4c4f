"""A check-in that is being agreed on: what is awaited, and the plan as far as it was said."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.dialogue.effects import Moment, Param, Reviewed, Say
from bot.dialogue.flow import Step
from bot.dialogue.flows.checkin_due import COVERS
from bot.dialogue.flows.checkin_list import repeats, theme
from bot.dialogue.plan import CheckinPlan, Miss, Repeats
from bot.dialogue.state import Context, Frame

NAME = "safety_checkin"


class State(StrEnum):
    """What is awaited while a check-in is set up."""

    AWAITING_TIME = "awaiting_time"
    AWAITING_TIME_CHOICE = "awaiting_time_choice"
    AWAITING_ZONE = "awaiting_zone"
    AWAITING_ZONE_CHOICE = "awaiting_zone_choice"
    AWAITING_COVER = "awaiting_cover"
    AWAITING_OWN_COVER = "awaiting_own_cover"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    AWAITING_MISS = "awaiting_miss"
    AWAITING_NOTE = "awaiting_note"
    AWAITING_SAFE_WORD = "awaiting_safe_word"
    AWAITING_DURESS_WORD = "awaiting_duress_word"
    AWAITING_REPEAT = "awaiting_repeat"


OWN_WORDS = frozenset(
    {
        State.AWAITING_OWN_COVER,
        State.AWAITING_NOTE,
        State.AWAITING_SAFE_WORD,
        State.AWAITING_DURESS_WORD,
    }
)
"""Here the person's very words are wanted: no model reads them."""


def awaits_words(frame: Frame | None) -> bool:
    """Whether the next words are wanted as they are."""
    return frame is not None and frame.flow == NAME and frame.state in OWN_WORDS


TIMED = frozenset({State.AWAITING_TIME, State.AWAITING_TIME_CHOICE})
"""Here a time is wanted."""

MISS = {miss: f"safety_checkin.miss.{miss}" for miss in Miss}
ANSWER_BUTTON = "safety_checkin.answer.button"
ANSWER_WORD = "safety_checkin.answer.word"
SHORTEST = timedelta(minutes=1)
"""A time that has gone by while the person was choosing is moved to this from now."""


TEXTS = frozenset({*(f"{NAME}.{s}" for s in State), *MISS.values(), ANSWER_BUTTON, ANSWER_WORD})


def prompt(frame: Frame, ctx: Context) -> Say:
    """The question of the state; the confirmation repeats everything back."""
    key = f"{NAME}.{frame.state}"
    match frame.state:
        case State.AWAITING_CONFIRMATION:
            plan, due_at = draft(frame), due_at_of(frame, ctx)
            params: dict[str, Param] = {
                "when": moment(due_at, ctx),
                "theme": theme(plan),
                "repeats": repeats(plan),
                "answer": Reviewed(ANSWER_WORD if plan.has_words else ANSWER_BUTTON),
                "miss": Reviewed(MISS[plan.miss]),
            }
            return Say(key, params=params)
        case State.AWAITING_TIME_CHOICE:
            slots = ((b, v) for b, v in frame.slots.items() if b.startswith("time:"))
            return Say(
                key, choices=tuple((b, moment(datetime.fromisoformat(v), ctx)) for b, v in slots)
            )
        case State.AWAITING_ZONE_CHOICE:
            slots = ((b, v) for b, v in frame.slots.items() if b.startswith("zone:"))
            return Say(key, choices=tuple((b, v.split("\t")[0]) for b, v in slots))
    return Say(key)


def draft(frame: Frame) -> CheckinPlan:
    """The plan as far as it was said."""
    slots = frame.slots
    return CheckinPlan(
        cover=slots.get("cover") or COVERS[0],
        own_cover=slots.get("own_cover", ""),
        miss=Miss(slots.get("miss", Miss.ADVOCATE)),
        note=slots.get("note", ""),
        safe_word=slots.get("safe_word", ""),
        duress_word=slots.get("duress_word", ""),
        repeats=Repeats(slots.get("repeats", Repeats.ONCE)),
        days=slots.get("days", ""),
        until=slots.get("until", ""),
    )


def confirm(frame: Frame, ctx: Context, **slots: str) -> Step:
    """Back to the confirmation, with `slots`."""
    return wait(frame.at(State.AWAITING_CONFIRMATION, **slots), ctx)


def wait(frame: Frame, ctx: Context) -> Step:
    """Ask what the frame awaits."""
    return Step(frame, (prompt(frame, ctx),))


def moment(at: datetime, ctx: Context) -> Moment:
    """`at`, by the person's clock."""
    return Moment(at, ctx.zone, at - ctx.now)


def due_at_of(frame: Frame, ctx: Context) -> datetime:
    """When it is to come; not before SHORTEST from now."""
    return max(datetime.fromisoformat(frame.slots["due_at"]), ctx.now + SHORTEST)
