"""A safety check-in: agree on a time and on words, ask then, and tell the advocates of a silence.

Three parts: agreeing on it (`checkin_setup`), being asked (`checkin_due`), and looking at what is
set (`checkin_list`); each has its chart. Setting up waits in frames; the check-in itself lives in
`bot.checkins` and is seen through the context, so that it outlives every purge. Reminding first
and never calling the police follow what Kitestring and imalive.co learned.
"""

from bot.dialogue.effects import Effect, ForgetCheckin, Moment, Say
from bot.dialogue.events import ButtonPressed, FlowEvent, IntentRecognised, TimerFired
from bot.dialogue.flow import Step, end
from bot.dialogue.flows import (
    checkin_draft,
    checkin_due,
    checkin_list,
    checkin_setup,
    checkin_time,
)
from bot.dialogue.intents import Intent
from bot.dialogue.state import CheckinPhase, Context, Frame
from bot.dialogue.understanding import Understanding

NAME = "safety_checkin"
State = checkin_draft.State
COVERS = checkin_due.COVERS
DELAYS = checkin_time.DELAYS
MISSED = "safety_checkin.missed"
TEXTS = checkin_setup.TEXTS | checkin_due.TEXTS | checkin_list.TEXTS | {MISSED}

KINDS = ("pick", "time", "zone", "checkin:paused")
"""What stands in place of a time: labels of buttons whose own is a time that is not at hand."""


def prompt(frame: Frame, ctx: Context) -> Say:
    """What is awaited, once more."""
    if frame.state == checkin_list.AWAITING_ACTION:
        return checkin_list.prompt(frame, ctx)
    return checkin_draft.prompt(frame, ctx)


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Hear an answer to a check-in first, then what changes one, then what sets one up."""
    if (answer := checkin_due.step(frame, event, ctx)) is not None:
        return answer
    if isinstance(event, TimerFired):
        return None
    if (listed := checkin_list.step(frame, event, ctx)) is not None:
        return listed
    # Words that ask for a check-in may name the time that is awaited.
    timed = frame is not None and frame.state in checkin_draft.TIMED
    if frame and timed and (step_ := checkin_setup.step(frame, event, ctx)) is not None:
        return step_
    match event:
        case ButtonPressed("checkin:new"):
            return checkin_setup.begin(Understanding(), ctx)
        case IntentRecognised(Intent.START_CHECKIN, heard):
            names_none = heard.when is None and heard.timing == Understanding().timing
            if names_none and ctx.checkins_in(*checkin_list.SHOWN):
                return end(checkin_list.prompt(Frame(NAME, checkin_list.AWAITING_ACTION), ctx))
            return checkin_setup.begin(heard, ctx)
    if frame is None:
        return None
    if frame.state == checkin_list.AWAITING_ACTION:
        match event:
            case ButtonPressed("checkin:change_time"):
                return checkin_setup.revising(frame, State.AWAITING_TIME, ctx)
            case ButtonPressed("checkin:change_cover"):
                return checkin_setup.revising(frame, State.AWAITING_COVER, ctx)
        return None
    return checkin_setup.step(frame, event, ctx)


def notes(ctx: Context) -> tuple[Effect, ...]:
    """What is told on returning about check-ins whose miss was to be noted and no more."""
    effects: list[Effect] = []
    for view in ctx.checkins_in(CheckinPhase.MISSED):
        when = Moment(view.due_at, view.plan.zone, view.due_at - ctx.now)
        effects += [Say(MISSED, params={"when": when}), ForgetCheckin(view.id)]
    return tuple(effects)
