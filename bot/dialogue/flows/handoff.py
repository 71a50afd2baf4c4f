"""To an advocate: say what they would see, ask, queue, talk, end.

```mermaid
stateDiagram-v2
    [*] --> AWAITING_CONSENT: talk_to_human
    AWAITING_CONSENT --> [*]: share or share nothing / RequestHandoff, waiting
    AWAITING_CONSENT --> [*]: no / declined
    [*] --> AWAITING_TIME: call me back
    AWAITING_TIME --> [*]: a time / CallBack, call_back_set
    [*] --> [*]: claimed / joined
    [*] --> [*]: returned / returned
    [*] --> [*]: changed / what changed
    [*] --> [*]: stay longer, or not / SetMessageTtl
    [*] --> [*]: closed / closed, and a question
    [*] --> [*]: yes, no, skip / Tally, thanked
```
While an advocate is there the router relays every word.
"""

from datetime import timedelta
from enum import StrEnum

from bot.dialogue.effects import (
    CallBack,
    CloseHandoff,
    Effect,
    Figure,
    Label,
    Param,
    Priority,
    RequestHandoff,
    Say,
    SetMessageTtl,
    Tally,
)
from bot.dialogue.events import (
    ButtonPressed,
    CloseReason,
    FlowEvent,
    HandoffChange,
    HandoffChanged,
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
    """What is awaited: whether, and with what, to be handed over; when to be called back."""

    AWAITING_CONSENT = "awaiting_consent"
    AWAITING_TIME = "awaiting_time"


NO_TOPIC = "handoff.awaiting_consent.no_topic"
WAITING = "handoff.waiting"
EXPECTED = "handoff.waiting.expected"
NOBODY_ON_DUTY = "handoff.nobody_on_duty"
CLOSED_HOURS = "handoff.closed_hours"
CALL_BACK_SET = "handoff.call_back_set"
DECLINED = "handoff.declined"
BARRED = "handoff.barred"
LEFT = "handoff.left"
JOINED = "handoff.joined"
RETURNED = "handoff.returned"
CLOSED = "handoff.closed"
THANKED = "handoff.thanked"
KEPT_LONGER = "handoff.kept_longer"
KEPT_AS_IS = "handoff.kept_as_is"
TEXTS = frozenset(
    {
        *(f"handoff.{s}" for s in State),
        *(f"handoff.{c}" for c in HandoffChange),
        NO_TOPIC,
        WAITING,
        EXPECTED,
        NOBODY_ON_DUTY,
        CLOSED_HOURS,
        CALL_BACK_SET,
        DECLINED,
        BARRED,
        LEFT,
        JOINED,
        RETURNED,
        CLOSED,
        THANKED,
        KEPT_LONGER,
        KEPT_AS_IS,
    }
)

CALL_BACK = "handoff:call_back"
AT_OPENING = "handoff:call_opening"
TIMES = {
    "handoff:call_2h": timedelta(hours=2),
    "handoff:call_4h": timedelta(hours=4),
    "handoff:call_12h": timedelta(hours=12),
    "handoff:call_24h": timedelta(hours=24),
}
KEEP = {"handoff:keep_1h": timedelta(hours=1), "handoff:keep_24h": timedelta(hours=24)}
"""For how long messages may stay, if the person agrees: the next that is longer is offered."""
KEEP_NO = "handoff:keep_no"
ANSWERS = frozenset({"handoff:helped_yes", "handoff:helped_no", "handoff:helped_skip"})


def hurry(ctx: Context) -> tuple[Effect, ...]:
    """Somebody who waits told of danger: they go ahead. Nothing more of it is shared."""
    if ctx.handoff is not HandoffPhase.WAITING:
        return ()
    return (RequestHandoff(Priority.URGENT, "", share_topic=False),)


def _place(ctx: Context) -> Say:
    """The place, and how long it takes where that was measured."""
    if ctx.queue.wait is None or not ctx.on_duty:
        return Say(WAITING, params={"place": Figure.QUEUE_PLACE})
    shortest, longest = ctx.queue.wait
    shortest = max(shortest, timedelta(minutes=1))
    longest = max(longest, timedelta(minutes=2))
    params: dict[str, Param] = {
        "place": Figure.QUEUE_PLACE,
        "shortest": shortest,
        "longest": longest,
    }
    return Say(EXPECTED, params=params)


def _absent(ctx: Context) -> tuple[Say, ...]:
    """That nobody is there, and when somebody is, where that is known."""
    if ctx.on_duty:
        return ()
    if ctx.queue.opens_after is None:
        return (Say(NOBODY_ON_DUTY),)
    return (Say(CLOSED_HOURS, params={"after": ctx.queue.opens_after}),)


def prompt(frame: Frame, ctx: Context) -> Say:
    """What an advocate would see, the topic named where there is one, and the question."""
    if frame.state == State.AWAITING_TIME:
        return Say("handoff.awaiting_time", also=(AT_OPENING,) if ctx.queue.opens_after else ())
    if topic := frame.slots.get("topic", ""):
        return Say("handoff.awaiting_consent", params={"topic": Label(f"intent:{topic}")})
    return Say(NO_TOPIC)


def _request(frame: Frame | None, ctx: Context, *, share: bool) -> Step:
    if ctx.handoff is not HandoffPhase.NONE:
        return end(_place(ctx))
    if ctx.queue.barred:
        return end(Say(BARRED))
    topic = frame.slots.get("topic", "") if frame else ""
    urgent = topic in set(DANGER)
    effects: list[Effect] = [
        RequestHandoff(Priority.URGENT if urgent else Priority.NORMAL, topic, share),
        _place(ctx),
        *_absent(ctx),
    ]
    return end(*effects)


def _call_back(after: timedelta, ctx: Context) -> Step:
    if ctx.handoff is not HandoffPhase.WAITING:
        return end(Say(DECLINED if ctx.handoff is HandoffPhase.NONE else JOINED))
    return end(CallBack(after), Say(CALL_BACK_SET, params={"after": after}))


def _consent(ctx: Context) -> Step:
    asking = Frame(NAME, State.AWAITING_CONSENT, {"topic": ctx.topic})
    return Step(asking, (prompt(asking, ctx),))


def longer(ttl: timedelta) -> str:
    """The button of the next longer time that messages may stay; empty for none."""
    return next((button for button, length in KEEP.items() if length > ttl), "")


def _keep_longer(ctx: Context) -> tuple[Effect, ...]:
    if not (button := longer(ctx.message_ttl)):
        return ()
    params: dict[str, Param] = {"ttl": ctx.message_ttl, "longer": KEEP[button]}
    asked = f"handoff.{HandoffChange.KEEP_LONGER}"
    return (Say(asked, params=params, buttons=(button, KEEP_NO)),)


def _told(what: HandoffChange, ctx: Context) -> tuple[Effect, ...]:
    key = f"handoff.{what}"
    match what:
        case HandoffChange.MOVED | HandoffChange.PASSED:
            return (Say(key, params={"place": Figure.QUEUE_PLACE}),)
        case HandoffChange.CALL_BACK:
            return (Say(key), *_absent(ctx))
        case HandoffChange.KEEP_LONGER:
            return _keep_longer(ctx)
    return (Say(key),)


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Ask for consent, request the handoff, and tell the person what becomes of it."""
    match event:
        case IntentRecognised(Intent.TALK_TO_HUMAN) if ctx.handoff is HandoffPhase.WAITING:
            return end(_place(ctx))
        case IntentRecognised(Intent.TALK_TO_HUMAN):
            return _consent(ctx)
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
        case ButtonPressed(button) if button == CALL_BACK and ctx.handoff is HandoffPhase.WAITING:
            asking = Frame(NAME, State.AWAITING_TIME)
            return Step(asking, (prompt(asking, ctx),))
        case ButtonPressed(button) if button == CALL_BACK:
            return _consent(ctx)
        case ButtonPressed(button) if button in TIMES:
            return _call_back(TIMES[button], ctx)
        case ButtonPressed(button) if button == AT_OPENING:
            return _call_back(ctx.queue.opens_after or timedelta(0), ctx)
        case ButtonPressed(button) if button in ANSWERS:
            return end(Tally(button.replace(":", ".")), Say(THANKED))
        case ButtonPressed(button) if button in KEEP or button == KEEP_NO:
            return Step(frame, _kept(KEEP.get(button), ctx))
        case HandoffClaimed():
            return Step(frame, (Say(JOINED),))
        case HandoffReturned():
            return Step(frame, (Say(RETURNED, params={"place": Figure.QUEUE_PLACE}),))
        case HandoffChanged(what):
            return Step(frame, _told(what, ctx))
        case HandoffClosed():
            return Step(frame, (Say(CLOSED, params={"ttl": ctx.message_ttl}),))
    if frame is None:
        return None
    match event:
        case IntentRecognised(Intent.AFFIRM) if frame.state == State.AWAITING_CONSENT:
            return _request(frame, ctx, share=True)
        case IntentRecognised(Intent.DENY) if frame.state == State.AWAITING_TIME:
            return end(_place(ctx))
        case IntentRecognised(Intent.DENY):
            return end(Say(DECLINED))
        case IntentRecognised() if frame.state == State.AWAITING_TIME and (
            after := _time_said(event, ctx)
        ):
            return _call_back(after, ctx)
    return None


def _kept(ttl: timedelta | None, ctx: Context) -> tuple[Effect, ...]:
    """Longer if the person said so while an advocate is there, and never shorter by this."""
    if ttl is None or ttl <= ctx.message_ttl or ctx.handoff is not HandoffPhase.WITH_ADVOCATE:
        return (Say(KEPT_AS_IS, params={"ttl": ctx.message_ttl}),)
    return (SetMessageTtl(ttl, also_here=True), Say(KEPT_LONGER, params={"ttl": ttl}))


def _time_said(event: IntentRecognised, ctx: Context) -> timedelta | None:
    when = event.understanding.when
    return when - ctx.now if when is not None and when > ctx.now else None
