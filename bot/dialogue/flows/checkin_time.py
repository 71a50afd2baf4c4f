"""When to check on somebody: times that may mean two, zones that are not known yet."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.dialogue.effects import Say
from bot.dialogue.events import (
    ButtonPressed,
    FlowEvent,
    IntentRecognised,
    NotUnderstood,
    WordsGiven,
)
from bot.dialogue.flow import Step, end, stay
from bot.dialogue.flows.checkin_draft import SHORTEST, State, confirm, draft, wait
from bot.dialogue.flows.checkin_list import changed, picked
from bot.dialogue.intents import Intent
from bot.dialogue.plan import Repeats
from bot.dialogue.state import Context, Frame
from bot.dialogue.understanding import Understanding, Untimed, ZoneGuess

TIME_UNCLEAR = "safety_checkin.time_unclear"
TIME_PAST = "safety_checkin.time_past"
TIME_FAR = "safety_checkin.time_far"
ZONE_UNCLEAR = "safety_checkin.zone_unclear"
TEXTS = frozenset({TIME_UNCLEAR, TIME_PAST, TIME_FAR, ZONE_UNCLEAR})

DELAYS = {
    "checkin:30m": timedelta(minutes=30),
    "checkin:1h": timedelta(hours=1),
    "checkin:2h": timedelta(hours=2),
    "checkin:4h": timedelta(hours=4),
}
"""From now, by button."""

_NAMES_A_TIME = ("time:", "zone:")


def heard_time(frame: Frame, heard: Understanding, ctx: Context) -> Step | None:
    """The next question after a time, or what is still unclear about it."""
    timing = heard.timing
    frame = _with_days(frame, timing.named)
    if heard.when is not None:
        return timed(frame, heard.when, ctx)
    if timing.choices:
        times = {f"time:{i}": at.isoformat() for i, at in enumerate(timing.choices[:4])}
        return wait(plainly(frame).at(State.AWAITING_TIME_CHOICE, **times), ctx)
    match timing.untimed:
        case Untimed.NO_ZONE:
            return wait(frame.at(State.AWAITING_ZONE, said=timing.said), ctx)
        case Untimed.PAST | Untimed.TOO_SOON:
            return stay(frame.at(State.AWAITING_TIME), Say(TIME_PAST))
        case Untimed.TOO_FAR:
            return stay(frame.at(State.AWAITING_TIME), Say(TIME_FAR))
    return None


def _with_days(frame: Frame, named: tuple[str, str] | None) -> Frame:
    """With the days on which it comes again, where such were named."""
    if named is None:
        return frame
    days, until = named
    return frame.at(frame.state, repeats=Repeats.NAMED, days=days, until=until)


def is_nothing_else(event: FlowEvent) -> bool:
    """Whether the words asked for nothing else."""
    return isinstance(event, NotUnderstood | WordsGiven) or (
        isinstance(event, IntentRecognised) and event.intent is Intent.OUT_OF_SCOPE
    )


def zoned(frame: Frame, event: FlowEvent, ctx: Context) -> Step | None:
    """What time it is with the person tells the zone, and the time that they named before."""
    match event:
        case ButtonPressed(button) if button.startswith("zone:") and button in frame.slots:
            _, zone, days, until, *whens = frame.slots[button].split("\t")
            frame = _with_days(frame, (days, until) if days else None)
            return _in_zone(frame, zone, tuple(map(datetime.fromisoformat, whens)), ctx)
        case IntentRecognised(_, heard) | NotUnderstood(_, heard) if heard.timing.zones:
            guesses = heard.timing.zones
            if len(guesses) == 1:
                frame = _with_days(frame, guesses[0].named)
                return _in_zone(frame, guesses[0].zone, guesses[0].whens, ctx)
            zones = {f"zone:{i}": _slot(guess) for i, guess in enumerate(guesses[:4])}
            return wait(plainly(frame).at(State.AWAITING_ZONE_CHOICE, **zones), ctx)
    return stay(frame, Say(ZONE_UNCLEAR)) if is_nothing_else(event) else None


def _slot(guess: ZoneGuess) -> str:
    whens = (at.isoformat() for at in guess.whens)
    return "\t".join((guess.label, guess.zone, *(guess.named or ("", "")), *whens))


def _in_zone(frame: Frame, zone: str, whens: tuple[datetime, ...], ctx: Context) -> Step:
    there = replace(ctx, zone=zone)
    frame = plainly(frame)
    if len(whens) == 1:
        step_ = timed(frame, whens[0], there)
    elif whens:
        times = {f"time:{i}": at.isoformat() for i, at in enumerate(whens)}
        step_ = wait(frame.at(State.AWAITING_TIME_CHOICE, **times), there)
    elif "due_at" in frame.slots:
        step_ = confirm(frame, there)
    else:
        step_ = stay(frame.at(State.AWAITING_TIME), Say(TIME_PAST))
    return replace(step_, zone=zone)


def timed(frame: Frame, due_at: datetime, ctx: Context) -> Step:
    """The time is known: the next question, or the change that was wanted."""
    frame = plainly(frame)
    if (view := picked(frame, ctx)) is not None:
        due_at = max(due_at, ctx.now + SHORTEST)
        plan = replace(view.plan, zone=ctx.zone or view.plan.zone).starting(due_at)
        if "days" in frame.slots:
            new = draft(frame)
            plan = replace(plan, repeats=new.repeats, days=new.days, until=new.until)
        return end(*changed(view, due_at, plan, ctx))
    chosen = "cover" in frame.slots or "own_cover" in frame.slots
    state = State.AWAITING_CONFIRMATION if chosen else State.AWAITING_COVER
    return wait(frame.at(state, due_at=due_at.isoformat()), ctx)


def plainly(frame: Frame) -> Frame:
    """Without what was only there to choose from."""
    kept = {k: v for k, v in frame.slots.items() if not k.startswith(_NAMES_A_TIME) and k != "said"}
    return replace(frame, slots=kept)
