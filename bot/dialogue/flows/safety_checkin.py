"""A safety check-in: agree on a time and on words, ask then, and tell the advocates of a silence.

```mermaid
stateDiagram-v2
    [*] --> AWAITING_TIME: start_checkin
    [*] --> AWAITING_COVER: start_checkin with a time
    AWAITING_TIME --> AWAITING_COVER: a time
    AWAITING_COVER --> AWAITING_CONFIRMATION: a theme
    AWAITING_CONFIRMATION --> [*]: yes / ScheduleCheckin
    AWAITING_CONFIRMATION --> [*]: no / dropped
    state "at the time" as due {
        [*] --> pinged: due / PingCheckin, cover text
        pinged --> pinged: remind / cover text
        pinged --> [*]: ok / ConfirmCheckin
        pinged --> [*]: not ok / EscalateCheckin
        pinged --> [*]: overdue / EscalateCheckin
    }
```
Setting up waits in frames; the check-in itself lives in `bot.checkins` and is seen through the
context, so that it outlives every purge. Reminding first and never calling the police follow
what Kitestring and imalive.co learned.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.dialogue.effects import (
    CancelCheckin,
    ConfirmCheckin,
    Effect,
    EscalateCheckin,
    EscalationReason,
    Label,
    PingCheckin,
    Say,
    ScheduleCheckin,
)
from bot.dialogue.events import (
    ButtonPressed,
    FlowEvent,
    IntentRecognised,
    NotUnderstood,
    TimerFired,
    TimerKind,
)
from bot.dialogue.flow import Step, end, stay
from bot.dialogue.intents import Intent
from bot.dialogue.state import CheckinPhase, CheckinView, Context, Frame

NAME = "safety_checkin"

COVERS = ("parcel", "recipe", "study")
"""The themes of cover text; `cover.<theme>.ping` and `.reminder` are all that a check-in sends."""


class State(StrEnum):
    """What is awaited while a check-in is set up."""

    AWAITING_TIME = "awaiting_time"
    AWAITING_COVER = "awaiting_cover"
    AWAITING_CONFIRMATION = "awaiting_confirmation"


TIME_UNCLEAR = "safety_checkin.time_unclear"
SCHEDULED = "safety_checkin.scheduled"
SCHEDULED_UNSTAFFED = "safety_checkin.scheduled.unstaffed"
ALREADY = "safety_checkin.already"
DROPPED = "safety_checkin.dropped"
CANCELLED = "safety_checkin.cancelled"
NONE = "safety_checkin.none"
SAFE = "safety_checkin.safe"
ESCALATED = "safety_checkin.escalated"
ALL_CLEAR = "safety_checkin.all_clear"
TEXTS = frozenset(
    {
        *(f"safety_checkin.{s}" for s in State),
        *(f"cover.{theme}.{word}" for theme in COVERS for word in ("ping", "reminder")),
        TIME_UNCLEAR,
        SCHEDULED,
        SCHEDULED_UNSTAFFED,
        ALREADY,
        DROPPED,
        CANCELLED,
        NONE,
        SAFE,
        ESCALATED,
        ALL_CLEAR,
    }
)

DELAYS = {
    "checkin:30m": timedelta(minutes=30),
    "checkin:1h": timedelta(hours=1),
    "checkin:2h": timedelta(hours=2),
    "checkin:4h": timedelta(hours=4),
}
"""From now, by button."""

SHORTEST = timedelta(minutes=1)
"""A time that has gone by while the person was choosing is moved to this from now."""


def prompt(frame: Frame, ctx: Context) -> Say:
    """The question of the state; the last one repeats everything back."""
    if frame.state != State.AWAITING_CONFIRMATION:
        return Say(f"{NAME}.{frame.state}")
    return Say(
        f"{NAME}.{frame.state}",
        params={
            "after": _due_at(frame, ctx) - ctx.now,
            "theme": Label(f"checkin:cover_{frame.slots['cover']}"),
        },
    )


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Set up, ask, remind, escalate; see the chart above."""
    match event:
        case TimerFired(kind):
            return Step(frame, _due(kind, ctx.checkin))
        case ButtonPressed("checkin:ok"):
            return _well(frame, ctx)
        case ButtonPressed("checkin:not_ok"):
            return _not_well(frame, ctx)
        case ButtonPressed("checkin:cancel"):
            return _cancel(ctx)
        case IntentRecognised(Intent.CANCEL_CHECKIN) if frame is None:
            return _cancel(ctx)
    if answer := _answer(frame, event, ctx):
        return answer
    match event:
        case IntentRecognised(Intent.START_CHECKIN) if _live(ctx):
            return end(Say(ALREADY))
        case IntentRecognised(Intent.START_CHECKIN, understanding) if understanding.when:
            return _timed(Frame(NAME, State.AWAITING_TIME), understanding.when, ctx)
        case IntentRecognised(Intent.START_CHECKIN):
            return _wait(Frame(NAME, State.AWAITING_TIME), ctx)
    return _set_up(frame, event, ctx) if frame else None


def _set_up(frame: Frame, event: FlowEvent, ctx: Context) -> Step | None:
    match State(frame.state), event:
        case _, ButtonPressed("checkin:drop") | IntentRecognised(
            Intent.DENY | Intent.CANCEL_CHECKIN
        ):
            return end(Say(DROPPED))
        case State.AWAITING_TIME, ButtonPressed(button) if button in DELAYS:
            return _timed(frame, ctx.now + DELAYS[button], ctx)
        case State.AWAITING_TIME, IntentRecognised(_, heard) | NotUnderstood(_, heard) if (
            heard.when
        ):
            return _timed(frame, heard.when, ctx)
        case State.AWAITING_TIME, NotUnderstood() | IntentRecognised(Intent.OUT_OF_SCOPE):
            return stay(frame, Say(TIME_UNCLEAR))
        case State.AWAITING_COVER, ButtonPressed(button):
            theme = button.removeprefix("checkin:cover_")
            if theme in COVERS:
                return _wait(frame.at(State.AWAITING_CONFIRMATION, cover=theme), ctx)
        case State.AWAITING_CONFIRMATION, ButtonPressed("checkin:yes") | IntentRecognised(
            Intent.AFFIRM | Intent.CHECKIN_OK
        ):
            due_at = _due_at(frame, ctx)
            promised = SCHEDULED if ctx.on_duty else SCHEDULED_UNSTAFFED
            return end(
                ScheduleCheckin(due_at, frame.slots["cover"]),
                Say(promised, params={"after": due_at - ctx.now}),
            )
    return None


def _answer(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """What was said about a check-in that is under way, asked or escalated."""
    if ctx.checkin is None:
        return None
    asked = ctx.checkin.phase is CheckinPhase.AWAITING_REPLY
    match event:
        case IntentRecognised(Intent.CHECKIN_OK):
            return _well(frame, ctx)
        case IntentRecognised(Intent.CHECKIN_NOT_OK):
            return _not_well(frame, ctx)
        case IntentRecognised(Intent.AFFIRM) if asked:
            return _well(frame, ctx)
        case IntentRecognised(Intent.DENY) if asked:
            return _not_well(frame, ctx)
    return None


def _due(kind: TimerKind, checkin: CheckinView | None) -> tuple[Effect, ...]:
    """A stale timer must never light up the phone: each kind fits one phase only."""
    if checkin is None:
        return ()
    match kind, checkin.phase:
        case TimerKind.CHECKIN_DUE, CheckinPhase.SCHEDULED:
            return (PingCheckin(checkin.id), Say(f"cover.{checkin.cover}.ping"))
        case TimerKind.CHECKIN_REMIND, CheckinPhase.AWAITING_REPLY:
            return (Say(f"cover.{checkin.cover}.reminder"),)
        case TimerKind.CHECKIN_ESCALATE, CheckinPhase.SCHEDULED:
            return (EscalateCheckin(checkin.id, EscalationReason.LATE),)
        case TimerKind.CHECKIN_ESCALATE, CheckinPhase.AWAITING_REPLY:
            return (EscalateCheckin(checkin.id, EscalationReason.MISSED),)
    return ()


def _well(frame: Frame | None, ctx: Context) -> Step:
    if ctx.checkin is None:
        return stay(frame, Say(NONE))
    all_clear = ctx.checkin.phase is CheckinPhase.ESCALATED
    return stay(frame, ConfirmCheckin(ctx.checkin.id), Say(ALL_CLEAR if all_clear else SAFE))


def _not_well(frame: Frame | None, ctx: Context) -> Step:
    if ctx.checkin is None:
        return stay(frame, Say(NONE))
    if ctx.checkin.phase is CheckinPhase.ESCALATED:
        return stay(frame, Say(ESCALATED))
    return stay(frame, EscalateCheckin(ctx.checkin.id, EscalationReason.NOT_OK), Say(ESCALATED))


def _cancel(ctx: Context) -> Step:
    if ctx.checkin is None:
        return end(Say(NONE))
    if ctx.checkin.phase is CheckinPhase.ESCALATED:
        return end(ConfirmCheckin(ctx.checkin.id), Say(ALL_CLEAR))
    return end(CancelCheckin(ctx.checkin.id), Say(CANCELLED))


def _live(ctx: Context) -> bool:
    return ctx.checkin is not None and ctx.checkin.phase is not CheckinPhase.ESCALATED


def _wait(frame: Frame, ctx: Context) -> Step:
    return Step(frame, (prompt(frame, ctx),))


def _timed(frame: Frame, due_at: datetime, ctx: Context) -> Step:
    return _wait(frame.at(State.AWAITING_COVER, due_at=due_at.isoformat()), ctx)


def _due_at(frame: Frame, ctx: Context) -> datetime:
    return max(datetime.fromisoformat(frame.slots["due_at"]), ctx.now + SHORTEST)
