"""Danger now: short, specific, no police by default, and a person as soon as there is one.

```mermaid
stateDiagram-v2
    [*] --> AWAITING_REPLY: a danger / its text
    AWAITING_REPLY --> AWAITING_REPLY: not safe / not_safe
    AWAITING_REPLY --> [*]: safe / safer
```
"""

from dataclasses import replace
from enum import StrEnum

from bot.dialogue.effects import Say
from bot.dialogue.events import ButtonPressed, FlowEvent, IntentRecognised
from bot.dialogue.flow import Step, end, stay
from bot.dialogue.intents import DANGER, Intent
from bot.dialogue.state import Context, Frame

NAME = "danger"


class State(StrEnum):
    """What is awaited: whether the person can write safely."""

    AWAITING_REPLY = "awaiting_reply"


ADVICE = {intent: f"danger.{intent}" for intent in sorted(DANGER)}
NOT_SAFE = "danger.not_safe"
SAFER = "danger.safer"
TEXTS = frozenset({*ADVICE.values(), NOT_SAFE, SAFER, *(f"danger.{s}" for s in State)})


def prompt(frame: Frame, ctx: Context) -> Say:
    """Whether the person can write safely."""
    return Say(f"{NAME}.{frame.state}")


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Answer a danger at once, then ask whether the person can write safely."""
    match event:
        case IntentRecognised(intent) if intent in ADVICE:
            waiting = Frame(NAME, State.AWAITING_REPLY)
            return Step(waiting, (Say(ADVICE[intent]), prompt(waiting, ctx)))
        case ButtonPressed("danger:safe"):
            return end(_safer(ctx))
        case ButtonPressed(button) if button.removeprefix("back:") in ADVICE:
            return end(_safer(replace(ctx, topic=button.removeprefix("back:"))))
        case ButtonPressed("danger:not_safe"):
            return stay(frame, Say(NOT_SAFE))
    if frame is None:
        return None
    match event:
        case IntentRecognised(Intent.AFFIRM | Intent.CHECKIN_OK):
            return end(_safer(ctx))
        case IntentRecognised(Intent.DENY | Intent.CHECKIN_NOT_OK):
            return stay(frame, Say(NOT_SAFE))
    return None


def _safer(ctx: Context) -> Say:
    """What can be done now, with what there is to read about the danger that was told."""
    pages = (page for page in ctx.pages if page.startswith(f"{ctx.topic}."))
    about = tuple(f"page:{page}" for page in pages) if ctx.topic in ADVICE else ()
    return Say(SAFER, also=(*about, f"intent:{Intent.QUICK_EXIT}"))
