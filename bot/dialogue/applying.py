"""Which flows there are, and what their steps do to where a conversation stands."""

from dataclasses import replace
from typing import cast

from bot.dialogue import cover
from bot.dialogue.effects import Effect, Say, with_button
from bot.dialogue.events import FlowEvent
from bot.dialogue.flow import Flow, Step, WaitingFlow
from bot.dialogue.flows import (
    clarify,
    contact,
    danger,
    handoff,
    language,
    lock,
    options,
    privacy,
    quick_exit,
    resources,
    safety_checkin,
    small_talk,
    welcome,
)
from bot.dialogue.intents import Intent
from bot.dialogue.locking import Outcome
from bot.dialogue.state import Context, DialogueState

FLOWS: tuple[Flow, ...] = (
    quick_exit,
    lock,
    privacy,
    contact,
    safety_checkin,
    danger,
    handoff,
    language,
    resources,
    options,
    welcome,
    small_talk,
)
"""In the order in which they are asked about what no active flow wanted."""

_AWAITING = (contact, danger, handoff, language, lock, resources, safety_checkin)
WAITING: dict[str, WaitingFlow] = {f.NAME: f for f in cast(tuple[WaitingFlow, ...], _AWAITING)}

RESUME = "flow:resume"
SHOW = "flow:show"
"""The button of a nudge: tapping it says that it is safe to show what waits."""

TEXTS: frozenset[str] = (clarify.TEXTS | cover.TEXTS).union(*(f.TEXTS for f in FLOWS))
"""Every key that the dialogue can say."""


def step_of(flow: Flow, state: DialogueState, event: FlowEvent, ctx: Context) -> Step | None:
    """What `flow` decides on `event`, where it waits or not; None when it is not its business."""
    frame = next((f for f in state.frames if f.flow == flow.NAME), None)
    return flow.step(frame, event, ctx)


def leave(state: DialogueState, event: FlowEvent, ctx: Context) -> Outcome:
    """Purged conversations start afresh, but keep the language, and how they hide."""
    fresh = DialogueState(
        locale=state.locale,
        locale_chosen=state.locale_chosen,
        written=state.written,
        welcomed=True,
        lock=state.lock,
        quiet_after=state.quiet_after,
    )
    step = quick_exit.step(None, event, ctx) or privacy.step(None, event, ctx)
    return Outcome(fresh, step.effects if step else ())


def unprompted(state: DialogueState, step: Step | None) -> Outcome:
    """What the person did not ask for just now never changes where they stand."""
    return Outcome(state, step.effects if step else ())


def resume(state: DialogueState, ctx: Context) -> Outcome:
    if (active := state.active) is None:
        return Outcome(state, (Say(options.MENU),))
    return Outcome(state, (WAITING[active.flow].prompt(active, ctx),))


def apply(state: DialogueState, flow: Flow, step: Step | None, ctx: Context) -> Outcome:
    """Write the step into the state; when another flow still waits, offer the way back."""
    if step is None:
        return Outcome(state, ())
    if step.locale is not None:
        state = replace(state, locale=step.locale, locale_chosen=True, written="")
        state = state.dropping(flow.NAME)
        return Outcome(state, (*step.effects, *_again(state, ctx)))
    if step.place is not None:
        state = replace(state, place=step.place)
    if step.lock is not None:
        state = replace(state, lock=step.lock)
    if step.quiet_after is not None:
        state = replace(state, quiet_after=step.quiet_after)
    if step.zone:
        state = replace(state, zone=step.zone)
    if step.frame is not None:
        return Outcome(state.dropping(flow.NAME).entering(step.frame), step.effects)
    return aside(state.dropping(flow.NAME), step.effects)


def _again(state: DialogueState, ctx: Context) -> tuple[Effect, ...]:
    """What is still awaited, once more, in a language that was just chosen."""
    if (active := state.active) is None:
        return ()
    prompt = WAITING[active.flow].prompt(active, ctx)
    advice = danger.ADVICE.get(Intent(state.topic)) if state.topic else None
    return (Say(advice), prompt) if active.flow == danger.NAME and advice else (prompt,)


def aside(state: DialogueState, effects: tuple[Effect, ...]) -> Outcome:
    """Offer the way back to what still waits, with the last thing said."""
    return Outcome(state, effects if state.active is None else with_button(effects, RESUME))
