"""To an advocate: say what they would see, ask, queue, talk, end.

```mermaid
stateDiagram-v2
    [*] --> AWAITING_CONSENT: talk_to_human
    AWAITING_CONSENT --> [*]: share or share nothing / RequestHandoff, waiting
    AWAITING_CONSENT --> [*]: no / declined
    [*] --> [*]: claimed / joined
    [*] --> [*]: returned / returned
    [*] --> [*]: closed / closed
```
While an advocate is there the router relays every word.
"""

from enum import StrEnum

from bot.dialogue.effects import (
    CloseHandoff,
    Effect,
    Figure,
    Label,
    Priority,
    RequestHandoff,
    Say,
)
from bot.dialogue.events import (
    ButtonPressed,
    CloseReason,
    FlowEvent,
    HandoffClaimed,
    HandoffClosed,
    HandoffReturned,
    IntentRecognised,
)
from bot.dialogue.flow import Step, end
from bot.dialogue.intents import DANGER, Intent
from bot.dialogue.state import Context, Frame, HandoffPhase

NAME = "handoff"


class State(StrEnum):
    """What is awaited: whether, and with what, the person wants to be handed over."""

    AWAITING_CONSENT = "awaiting_consent"


NO_TOPIC = "handoff.awaiting_consent.no_topic"
WAITING = "handoff.waiting"
NOBODY_ON_DUTY = "handoff.nobody_on_duty"
DECLINED = "handoff.declined"
LEFT = "handoff.left"
JOINED = "handoff.joined"
RETURNED = "handoff.returned"
CLOSED = "handoff.closed"
TEXTS = frozenset(
    {
        *(f"handoff.{s}" for s in State),
        NO_TOPIC,
        WAITING,
        NOBODY_ON_DUTY,
        DECLINED,
        LEFT,
        JOINED,
        RETURNED,
        CLOSED,
    }
)


def _place() -> Say:
    return Say(WAITING, params={"place": Figure.QUEUE_PLACE})


def prompt(frame: Frame, ctx: Context) -> Say:
    """What an advocate would see, the topic named where there is one, and the question."""
    if topic := frame.slots.get("topic", ""):
        return Say("handoff.awaiting_consent", params={"topic": Label(f"intent:{topic}")})
    return Say(NO_TOPIC)


def _request(frame: Frame | None, ctx: Context, *, share: bool) -> Step:
    if ctx.handoff is not HandoffPhase.NONE:
        return end(_place())
    topic = frame.slots.get("topic", "") if frame else ""
    urgent = topic in set(DANGER)
    effects: list[Effect] = [
        RequestHandoff(Priority.URGENT if urgent else Priority.NORMAL, topic, share),
        _place(),
    ]
    if not ctx.on_duty:
        effects.append(Say(NOBODY_ON_DUTY))
    return end(*effects)


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Ask for consent, request the handoff, and tell the person what becomes of it."""
    match event:
        case IntentRecognised(Intent.TALK_TO_HUMAN) if ctx.handoff is HandoffPhase.WAITING:
            return end(_place())
        case IntentRecognised(Intent.TALK_TO_HUMAN):
            asking = Frame(NAME, State.AWAITING_CONSENT, {"topic": ctx.topic})
            return Step(asking, (prompt(asking, ctx),))
        case ButtonPressed("handoff:share"):
            return _request(frame, ctx, share=True)
        case ButtonPressed("handoff:share_nothing"):
            return _request(frame, ctx, share=False)
        case ButtonPressed("handoff:no"):
            return end(Say(DECLINED))
        case ButtonPressed("handoff:leave") if ctx.handoff is HandoffPhase.NONE:
            return end(Say(DECLINED))
        case ButtonPressed("handoff:leave"):
            return end(CloseHandoff(CloseReason.LEFT), Say(LEFT))
        case HandoffClaimed():
            return Step(frame, (Say(JOINED),))
        case HandoffReturned():
            return Step(frame, (Say(RETURNED, params={"place": Figure.QUEUE_PLACE}),))
        case HandoffClosed():
            return Step(frame, (Say(CLOSED),))
    if frame is None:
        return None
    match event:
        case IntentRecognised(Intent.AFFIRM):
            return _request(frame, ctx, share=True)
        case IntentRecognised(Intent.DENY):
            return end(Say(DECLINED))
    return None
