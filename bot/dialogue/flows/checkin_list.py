"""What is set: all check-ins, and each of them changed, put off, paused or cancelled.

```mermaid
stateDiagram-v2
    [*] --> [*]: list / one button each
    [*] --> AWAITING_ACTION: one of them
    AWAITING_ACTION --> [*]: more time, skip, pause, go on, cancel
    AWAITING_ACTION --> AWAITING_TIME: another time
    AWAITING_ACTION --> AWAITING_COVER: another look
```
"""

from datetime import datetime

from bot.dialogue.effects import (
    CancelCheckin,
    ConfirmCheckin,
    Effect,
    Label,
    Moment,
    Param,
    PauseCheckin,
    Reviewed,
    ReviseCheckin,
    Say,
)
from bot.dialogue.events import ButtonPressed, FlowEvent, IntentRecognised
from bot.dialogue.flow import Step, end, stay
from bot.dialogue.flows import checkin_due
from bot.dialogue.flows.checkin_staffing import STAFFING, staffing
from bot.dialogue.intents import Intent
from bot.dialogue.plan import CheckinPlan, Miss, Repeats
from bot.dialogue.state import TOLD, CheckinPhase, CheckinView, Context, Frame

NAME = "safety_checkin"
AWAITING_ACTION = "awaiting_action"

LIST = "safety_checkin.list"
CANCELLED = "safety_checkin.cancelled"
PAUSED = "safety_checkin.paused"
CHANGED = "safety_checkin.changed"
ACTION = f"{NAME}.{AWAITING_ACTION}"
ACTION_PAUSED = f"{NAME}.{AWAITING_ACTION}.paused"
REPEATS = {repeats: f"safety_checkin.repeats.{repeats}" for repeats in Repeats}
TEXTS = frozenset(
    {
        *(CHANGED + told for told in STAFFING),
        *(LIST, CANCELLED, PAUSED, ACTION, ACTION_PAUSED, *REPEATS.values()),
    }
)

PICK = "pick:"
"""The beginning of a button that stands for one check-in."""
MENU = "intent:help_menu"
SHOWN = (CheckinPhase.AWAITING_REPLY, CheckinPhase.SCHEDULED, CheckinPhase.PAUSED)


def prompt(frame: Frame, ctx: Context) -> Say:
    """The check-in that was picked, and what can be done with it."""
    view = picked(frame, ctx)
    return _listed(ctx) if view is None else _one(view, ctx)


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Show, change and cancel what is set."""
    match event:
        case ButtonPressed("checkin:list"):
            return end(_listed(ctx))
        case ButtonPressed("checkin:cancel") | IntentRecognised(Intent.CANCEL_CHECKIN):
            return None if frame and isinstance(event, IntentRecognised) else _cancel(ctx)
        case ButtonPressed(button) if button.startswith(PICK):
            opened = Frame(NAME, AWAITING_ACTION, {"id": button.removeprefix(PICK)})
            view = picked(opened, ctx)
            return end(_listed(ctx)) if view is None else stay(opened, _one(view, ctx))
    if frame is None or frame.state != AWAITING_ACTION:
        return None
    view = picked(frame, ctx)
    match event:
        case IntentRecognised(Intent.CANCEL_CHECKIN):
            return _cancel(ctx) if view is None else end(*_cancelled(view))
        case ButtonPressed(button):
            return _act(button, view, ctx)
    return None


def picked(frame: Frame, ctx: Context) -> CheckinView | None:
    """The check-in that the frame is about, while there is one."""
    return next(
        (c for c in ctx.checkins_in(*SHOWN) if c.id.hex == frame.slots.get("id")),
        None,
    )


def theme(plan: CheckinPlan) -> Param:
    """What its cover looks like, in one label."""
    return Label(f"checkin:cover_{'own' if plan.own_cover else plan.cover}")


def repeats(plan: CheckinPlan) -> Param:
    """How often it comes, and the last day where there is one."""
    last = plan.last_on
    return Reviewed(REPEATS[plan.repeats], (("last", last),) if last else ())


def _act(button: str, view: CheckinView | None, ctx: Context) -> Step | None:
    acts = {"checkin:extend", "checkin:skip", "checkin:pause", "checkin:go_on", "checkin:stop"}
    if button not in acts:
        return None
    if view is None:
        return end(_listed(ctx))
    next_at = view.plan.next_after(view.due_at, ctx.now)
    match button:
        case "checkin:stop":
            return end(*_cancelled(view))
        case "checkin:extend" if view.is_live:
            return end(*checkin_due.extended(view, checkin_due.MORE, ctx))
        case "checkin:pause" if view.phase is CheckinPhase.SCHEDULED and next_at:
            return end(PauseCheckin(view.id), Say(PAUSED))
        case "checkin:skip" if view.phase is CheckinPhase.SCHEDULED and next_at:
            return end(*changed(view, next_at, view.plan, ctx))
        case "checkin:go_on" if view.phase is CheckinPhase.PAUSED and next_at:
            return end(*changed(view, next_at, view.plan, ctx))
    return end(_listed(ctx))


def changed(
    view: CheckinView, due_at: datetime, plan: CheckinPlan, ctx: Context
) -> tuple[Effect, ...]:
    """The check-in comes at another time, or in another look. For another time it is said again
    whether an advocate is there."""
    when = Moment(due_at, plan.zone, due_at - ctx.now)
    told = staffing(due_at, plan.miss, ctx) if due_at != view.due_at else ""
    return (
        ReviseCheckin(view.id, due_at, plan),
        Say(CHANGED + told, params={"when": when, "theme": theme(plan)}),
    )


def _cancel(ctx: Context) -> Step:
    live = ctx.checkins_in(*SHOWN)
    told = ctx.checkins_in(*TOLD)
    if len(live) > 1:
        return end(_listed(ctx))
    if live:
        return end(*_cancelled(live[0]))
    if not told:
        return end(Say(checkin_due.NONE))
    if any(view.plan.has_words for view in told):
        return end(Say(checkin_due.UNMATCHED))
    return end(*(ConfirmCheckin(view.id) for view in told), checkin_due.thanks(told))


def _cancelled(view: CheckinView) -> tuple[Effect, ...]:
    """Once it is asked, a check-in with a safe word is not cancelled by whoever has the phone."""
    if view.phase is CheckinPhase.AWAITING_REPLY and view.plan.has_words:
        return (Say(checkin_due.UNMATCHED),)
    return (CancelCheckin(view.id), Say(CANCELLED))


def _listed(ctx: Context) -> Say:
    shown = ctx.checkins_in(*SHOWN)
    if not shown:
        return Say(checkin_due.NONE)
    return Say(LIST, choices=tuple((f"{PICK}{view.id.hex}", _name(view, ctx)) for view in shown))


def _name(view: CheckinView, ctx: Context) -> Param:
    if view.phase is CheckinPhase.PAUSED:
        return Label("checkin:paused")
    return Moment(view.due_at, view.plan.zone, max(view.due_at - ctx.now, checkin_due.SLACK))


def _one(view: CheckinView, ctx: Context) -> Say:
    params: dict[str, Param] = {
        "theme": theme(view.plan),
        "repeats": repeats(view.plan),
    }
    if view.phase is CheckinPhase.PAUSED:
        ways: tuple[str, ...] = ("checkin:go_on", "checkin:stop", "checkin:list", MENU)
        return Say(ACTION_PAUSED, params=params, buttons=ways)
    more = ("checkin:extend",) if view.plan.extended < checkin_due.MOST_EXTENSIONS else ()
    change: tuple[str, ...] = ()
    if view.phase is CheckinPhase.SCHEDULED:
        again = ("checkin:skip", "checkin:pause") if view.plan.repeats is not Repeats.ONCE else ()
        change = ("checkin:change_time", "checkin:change_cover", *again)
    if view.plan.miss is Miss.CONTACT:
        change = (*change, "contact:overview")
    ways = (*more, *change, "checkin:stop", "checkin:list", MENU)
    return Say(ACTION, params={**params, "when": _name(view, ctx)}, buttons=ways)
