"""A check-in that is asked: ping, remind, escalate; and all that a person may answer to it.

```mermaid
stateDiagram-v2
    [*] --> pinged: due / PingCheckin, cover text
    pinged --> pinged: remind / cover text
    pinged --> [*]: ok, or the safe word / ConfirmCheckin
    pinged --> [*]: not ok / EscalateCheckin
    pinged --> [*]: the word for danger / EscalateCheckin, and the same answer
    pinged --> [*]: overdue / EscalateCheckin, or LapseCheckin where only a note was wanted
    pinged --> contacted: overdue / TellContact, where a contact is to be told
    contacted --> [*]: the contact has seen it
    contacted --> [*]: no answer from there / EscalateCheckin
    pinged --> scheduled: 30 minutes more / ReviseCheckin
```
Whoever answers may not be the person. With a safe word agreed, a typed “ok” ends nothing, and what
the bot says tells nobody that there is a word.
"""

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.effects import (
    ConfirmCheckin,
    Effect,
    EscalateCheckin,
    EscalationReason,
    LapseCheckin,
    Moment,
    PingCheckin,
    RearmCheckin,
    ReviseCheckin,
    Say,
    TellContact,
)
from bot.dialogue.events import (
    ButtonPressed,
    FlowEvent,
    IntentRecognised,
    NotUnderstood,
    TimerFired,
    TimerKind,
)
from bot.dialogue.flow import Step, stay
from bot.dialogue.intents import Intent
from bot.dialogue.plan import Miss, is_said
from bot.dialogue.state import TOLD, CheckinPhase, CheckinView, Context, Frame

COVERS = ("parcel", "recipe", "study", "plants", "weather", "gym")
"""The themes of cover text; `cover.<theme>.ping` and `.reminder` are all that a check-in sends."""

NONE = "safety_checkin.none"
SAFE = "safety_checkin.safe"
ESCALATED = "safety_checkin.escalated"
ALL_CLEAR = "safety_checkin.all_clear"
ALL_CLEAR_CONTACT = "safety_checkin.all_clear.contact"
UNMATCHED = "safety_checkin.unmatched"
EXTENDED = "safety_checkin.extended"
NOT_EXTENDED = "safety_checkin.not_extended"
OWN_PING = "cover.own.ping"
OWN_REMINDER = "cover.own.reminder"
TEXTS = frozenset(
    {
        *(f"cover.{theme}.{word}" for theme in COVERS for word in ("ping", "reminder")),
        *(NONE, SAFE, ESCALATED, ALL_CLEAR, ALL_CLEAR_CONTACT, UNMATCHED, EXTENDED, NOT_EXTENDED),
        *(OWN_PING, OWN_REMINDER),
    }
)

SLACK = timedelta(minutes=1)
"""Clocks may differ; a timer that is earlier than this belongs to a time that was changed since."""

HOME_EARLY = timedelta(hours=12)
"""Being well ends a check-in before it was asked only this shortly ahead of it."""

MORE = timedelta(minutes=30)
MOST_MORE = timedelta(hours=1)
MOST_EXTENSIONS = 3


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Ask, remind, escalate; hear the answer."""
    match event:
        case TimerFired():
            return Step(frame, _due(event, ctx))
        case ButtonPressed("checkin:ok"):
            return _pressed_well(frame, ctx)
        case ButtonPressed("checkin:not_ok"):
            return _not_well(frame, ctx)
        case IntentRecognised(_, heard) | NotUnderstood(_, heard) if (
            heard.timing.longer is not None and (view := _nearest(ctx))
        ):
            return stay(frame, *extended(view, heard.timing.longer, ctx))
    if not ctx.checkins_in(CheckinPhase.SCHEDULED, CheckinPhase.AWAITING_REPLY, *TOLD):
        return None
    asked = ctx.checkins_in(CheckinPhase.AWAITING_REPLY)
    match event:
        case IntentRecognised(Intent.CHECKIN_OK):
            return _typed_well(frame, ctx)
        case IntentRecognised(Intent.AFFIRM) if asked:
            return _typed_well(frame, ctx)
        case IntentRecognised(Intent.CHECKIN_NOT_OK):
            return _not_well(frame, ctx)
        case IntentRecognised(Intent.DENY) if asked:
            return _not_well(frame, ctx)
        case NotUnderstood() if any(c.plan.has_words for c in asked):
            return stay(frame, Say(UNMATCHED))
    return None


def spoken(text: str, ctx: Context) -> tuple[Effect, ...]:
    """What a safe word or a word for danger leads to; nothing where `text` is neither.

    Both are answered alike. One that was said before its time counts, too.
    """
    asked = [c for c in ctx.checkins if c.is_live or c.phase in TOLD]
    danger = [c for c in asked if is_said(text, c.plan.duress_word)]
    safe = [c for c in asked if is_said(text, c.plan.safe_word, slips=True)]
    if danger:
        ends: tuple[Effect, ...] = tuple(
            EscalateCheckin(c.id, EscalationReason.DURESS) for c in danger
        )
        return (*ends, thanks(danger))
    if safe:
        return (*(ConfirmCheckin(c.id) for c in safe), thanks(safe))
    return ()


def guarded(ctx: Context) -> bool:
    """Whether a check-in is asked that only the button or the safe word confirms."""
    return any(c.plan.has_words for c in ctx.checkins_in(CheckinPhase.AWAITING_REPLY))


def extended(view: CheckinView, by: timedelta, ctx: Context) -> tuple[Effect, ...]:
    """Ask later, a few times and not by much."""
    if view.plan.extended >= MOST_EXTENSIONS or not timedelta(0) < by <= MOST_MORE:
        return (Say(NOT_EXTENDED),)
    due_at = max(view.due_at, ctx.now) + by
    plan = replace(view.plan, extended=view.plan.extended + 1)
    when = Moment(due_at, plan.zone, due_at - ctx.now)
    return (ReviseCheckin(view.id, due_at, plan), Say(EXTENDED, params={"when": when}))


def _nearest(ctx: Context) -> CheckinView | None:
    """The one that is asked, or the next to be."""
    phases = (CheckinPhase.AWAITING_REPLY, CheckinPhase.SCHEDULED)
    found = (view for phase in phases for view in ctx.checkins_in(phase))
    return next(found, None)


def _due(event: TimerFired, ctx: Context) -> tuple[Effect, ...]:
    """A stale timer must never light up the phone: each kind fits one phase only."""
    view = next((c for c in ctx.checkins if c.id == event.checkin_id), None)
    if view is None:
        return ()
    match event.kind, view.phase:
        case TimerKind.CHECKIN_DUE, CheckinPhase.SCHEDULED if ctx.now < view.due_at - SLACK:
            return (RearmCheckin(view.id),)
        case TimerKind.CHECKIN_DUE, CheckinPhase.SCHEDULED:
            return (PingCheckin(view.id), _cover(view, "ping"))
        case TimerKind.CHECKIN_REMIND, CheckinPhase.AWAITING_REPLY:
            return (_cover(view, "reminder"),)
        case TimerKind.CHECKIN_ESCALATE, _ if not view.is_live:
            return ()
        case TimerKind.CHECKIN_ESCALATE, _ if ctx.now < view.escalate_at - SLACK:
            return (RearmCheckin(view.id),)
        case TimerKind.CHECKIN_ESCALATE, _ if view.plan.miss is Miss.NOTE:
            return (LapseCheckin(view.id),)
        case TimerKind.CHECKIN_ESCALATE, CheckinPhase.SCHEDULED:
            return (EscalateCheckin(view.id, EscalationReason.LATE),)
        case TimerKind.CHECKIN_ESCALATE, _ if view.plan.miss is Miss.CONTACT:
            return (TellContact(view.id),)
        case TimerKind.CHECKIN_ESCALATE, _:
            return (EscalateCheckin(view.id, EscalationReason.MISSED),)
        case TimerKind.CHECKIN_CONTACT, CheckinPhase.CONTACTED:
            return (EscalateCheckin(view.id, EscalationReason.CONTACT_SILENT),)
    return ()


def _cover(view: CheckinView, word: str) -> Say:
    if view.plan.own_cover:
        key = OWN_PING if word == "ping" else OWN_REMINDER
        return Say(key, params={"words": view.plan.own_cover})
    theme = view.plan.cover if view.plan.cover in COVERS else COVERS[0]
    return Say(f"cover.{theme}.{word}")


def _pressed_well(frame: Frame | None, ctx: Context) -> Step:
    """The button stands under a ping: pressed twice, it must not end the next check-in."""
    asked = ctx.checkins_in(CheckinPhase.AWAITING_REPLY, *TOLD)
    if not asked:
        return stay(frame, Say(SAFE if ctx.checkins else NONE))
    return stay(frame, *(ConfirmCheckin(c.id) for c in asked), thanks(asked))


def _typed_well(frame: Frame | None, ctx: Context) -> Step | None:
    asked = ctx.checkins_in(CheckinPhase.AWAITING_REPLY, *TOLD)
    if not asked:
        soon = ctx.checkins_in(CheckinPhase.SCHEDULED)[:1]
        asked = tuple(c for c in soon if c.due_at - ctx.now <= HOME_EARLY)
    counted = tuple(c for c in asked if not c.plan.has_words)
    if not asked:
        return None
    if len(counted) < len(asked):
        return stay(frame, *(ConfirmCheckin(c.id) for c in counted), Say(UNMATCHED))
    return stay(frame, *(ConfirmCheckin(c.id) for c in counted), thanks(counted))


def thanks(views: tuple[CheckinView, ...] | list[CheckinView]) -> Say:
    """What is said to who is well, and to who said the word for danger: the same."""
    if any(view.plan.contact_told for view in views):
        return Say(ALL_CLEAR_CONTACT)
    return Say(ALL_CLEAR if any(view.phase in TOLD for view in views) else SAFE)


def _not_well(frame: Frame | None, ctx: Context) -> Step:
    asked = ctx.checkins_in(CheckinPhase.AWAITING_REPLY)
    told = ctx.checkins_in(*TOLD)
    live = asked or (() if told else ctx.checkins_in(CheckinPhase.SCHEDULED)[:1])
    if not live and not told:
        return stay(frame, Say(NONE))
    # Where only a contact was told, the advocates are, too.
    more = tuple(c for c in told if c.plan.contact_told)
    ends = tuple(EscalateCheckin(c.id, EscalationReason.NOT_OK) for c in (*live, *more))
    return stay(frame, *ends, Say(ESCALATED))
