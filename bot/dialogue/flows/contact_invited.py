"""Whoever stands by: opens a link, gives the number that came with it, and accepts or does not.

```mermaid
stateDiagram-v2
    [*] --> AWAITING_WILLING: the link / a question that tells nothing
    [*] --> [*]: a link that is void, used or one's own / unusable
    AWAITING_WILLING --> AWAITING_CODE: willing
    AWAITING_CODE --> AWAITING_CODE: another number / MissCode
    AWAITING_CODE --> AWAITING_ACCEPTANCE: the number / what it means
    AWAITING_ACCEPTANCE --> [*]: accept / AcceptInvitation
    AWAITING_WILLING --> [*]: no / DeclineInvitation
    AWAITING_CODE --> [*]: no / DeclineInvitation
    AWAITING_ACCEPTANCE --> [*]: no / DeclineInvitation
    [*] --> [*]: called / the agreed words
    [*] --> [*]: seen / AnswerAsContact
    [*] --> [*]: no longer / WithdrawAsContact
```
Whoever merely finds the link, such as a partner, is told nothing: the number goes another way.
"""

import unicodedata
from enum import StrEnum

from bot.dialogue.effects import (
    AcceptInvitation,
    AnswerAsContact,
    DeclineInvitation,
    Effect,
    MissCode,
    Say,
    WithdrawAsContact,
)
from bot.dialogue.events import (
    ButtonPressed,
    ContactCalled,
    ContactCleared,
    FlowEvent,
    IntentRecognised,
    NotUnderstood,
    WordsGiven,
)
from bot.dialogue.flow import Step, end, stay
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, Frame

NAME = "contact"


class State(StrEnum):
    """What is awaited of somebody who was invited."""

    AWAITING_WILLING = "awaiting_willing"
    AWAITING_CODE = "awaiting_code"
    AWAITING_ACCEPTANCE = "awaiting_acceptance"


OWN_WORDS = frozenset({State.AWAITING_CODE})

UNUSABLE = "contact.unusable"
CODE_WRONG = "contact.code_wrong"
ACCEPTED = "contact.accepted"
DECLINED = "contact.declined"
STANDING_BY = "contact.standing_by"
WITHDRAWN = "contact.withdrawn"
THANKS = "contact.thanks"
CALL = "cover_contact.call"
CLEAR = "cover_contact.clear"
QUIETLY = frozenset(
    {
        *(f"contact.{s}" for s in State),
        *(UNUSABLE, CODE_WRONG, ACCEPTED, DECLINED, WITHDRAWN, THANKS),
    }
)
"""Whoever hears these did not come for help, and is not greeted as if they had."""
TEXTS = QUIETLY | {STANDING_BY, CALL, CLEAR}

OPEN = "contact:open"
"""Never shown as a button: what opening a link comes to."""
SEEN = "contact:seen"
WITHDRAW = "contact:withdraw"
"""Its label, typed, is heard at any time."""

_UNCLEAR = frozenset({Intent.GREET, Intent.OUT_OF_SCOPE, Intent.ASK_WHO_ARE_YOU})


def prompt(frame: Frame, ctx: Context) -> Say:
    """The question of the state."""
    key = f"{NAME}.{frame.state}"
    if ctx.invitation is None:
        return Say(UNUSABLE)
    if frame.state == State.AWAITING_ACCEPTANCE:
        return Say(key, params={"name": ctx.invitation.name, "ttl": ctx.message_ttl})
    return Say(key)


def overview(ctx: Context) -> tuple[Say, ...]:
    """That they stand by for somebody, and how to end it; nothing for who does not."""
    return (Say(STANDING_BY),) if ctx.stands_by else ()


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Open a link, answer it, be called, and withdraw."""
    match event:
        case ContactCalled(name, words):
            return stay(frame, Say(CALL, params={"name": name, "words": words}))
        case ContactCleared(name):
            return stay(frame, Say(CLEAR, params={"name": name}))
        case ButtonPressed("contact:seen"):
            return stay(frame, AnswerAsContact(), Say(THANKS))
        case ButtonPressed("contact:withdraw"):
            return end(WithdrawAsContact(), Say(WITHDRAWN))
        case ButtonPressed("contact:open") if ctx.invitation is None:
            return end(Say(UNUSABLE))
        case ButtonPressed("contact:open") if ctx.invitation is not None:
            token = ctx.invitation.token
            return _wait(Frame(NAME, State.AWAITING_WILLING, {"token": token}), ctx)
    if frame is None or frame.state not in set(State):
        return None
    return _answered(frame, event, ctx)


def _answered(frame: Frame, event: FlowEvent, ctx: Context) -> Step | None:
    if (invitation := ctx.invitation) is None:
        ours = isinstance(event, ButtonPressed | WordsGiven)
        return end(Say(UNUSABLE)) if ours else None
    match frame.state, event:
        case _, ButtonPressed("contact:decline") | IntentRecognised(Intent.DENY):
            return end(DeclineInvitation(invitation.token), Say(DECLINED))
        case State.AWAITING_WILLING, (
            ButtonPressed("contact:willing") | IntentRecognised(Intent.AFFIRM)
        ):
            return _wait(frame.at(State.AWAITING_CODE), ctx)
        case State.AWAITING_CODE, WordsGiven(text):
            if digits(text) == invitation.code:
                return _wait(frame.at(State.AWAITING_ACCEPTANCE), ctx)
            return stay(frame, MissCode(invitation.token), Say(CODE_WRONG))
        case State.AWAITING_ACCEPTANCE, (
            ButtonPressed("contact:accept") | IntentRecognised(Intent.AFFIRM)
        ):
            accepted: tuple[Effect, ...] = (AcceptInvitation(invitation.token), Say(ACCEPTED))
            return end(*accepted)
        case _, NotUnderstood():
            return _wait(frame, ctx)
        case _, IntentRecognised(intent) if intent in _UNCLEAR:
            return _wait(frame, ctx)
    return None


def digits(text: str) -> str:
    """The digits of any script in `text`, as ASCII ones."""
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def _wait(frame: Frame, ctx: Context) -> Step:
    return Step(frame, (prompt(frame, ctx),))
