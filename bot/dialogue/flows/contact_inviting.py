"""Whoever invites: what to be called, which words, and then a link and a number to pass on.

```mermaid
stateDiagram-v2
    [*] --> AWAITING_NAME: invite, or a check-in that is to tell a contact
    AWAITING_NAME --> AWAITING_WORDS: a name
    AWAITING_WORDS --> AWAITING_APPROVAL: words that are ready
    AWAITING_WORDS --> AWAITING_OWN_WORDS: own words
    AWAITING_OWN_WORDS --> AWAITING_APPROVAL: words that tell nothing
    AWAITING_OWN_WORDS --> AWAITING_WORDS: other words
    AWAITING_APPROVAL --> AWAITING_WORDS: other words
    AWAITING_APPROVAL --> [*]: yes / InviteContact
    AWAITING_NAME --> [*]: without / RemoveContact
    AWAITING_WORDS --> [*]: without / RemoveContact
    AWAITING_APPROVAL --> [*]: without / RemoveContact
    [*] --> [*]: remove / RemoveContact
    [*] --> [*]: accepted, left / told
```
"""

from enum import StrEnum

from bot.dialogue.contact import Standing
from bot.dialogue.effects import InviteContact, Param, RemoveContact, Reviewed, Say
from bot.dialogue.events import (
    ButtonPressed,
    ContactChange,
    ContactChanged,
    FlowEvent,
    IntentRecognised,
    WordsGiven,
)
from bot.dialogue.flow import Step, end, stay
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, Frame

NAME = "contact"


class State(StrEnum):
    """What is awaited of somebody who invites."""

    AWAITING_NAME = "awaiting_name"
    AWAITING_WORDS = "awaiting_words"
    AWAITING_OWN_WORDS = "awaiting_own_words"
    AWAITING_APPROVAL = "awaiting_approval"


OWN_WORDS = frozenset({State.AWAITING_NAME, State.AWAITING_OWN_WORDS})

READY_WORDS = ("call", "come", "agreed")
"""Words that are ready to be chosen: `contact.words.<word>`."""
WORDS = {f"contact:words_{word}": f"contact.words.{word}" for word in READY_WORDS}

NAME_LENGTH = "contact.name_length"
WORDS_LENGTH = "contact.words_length"
TELLS = "contact.tells"
INVITED = "contact.invited"
INVITED_WEB = "contact.invited.web"
"""Where there is no app to reach a contact in, but the web page alone."""
OVERVIEW = {standing: f"contact.overview.{standing}" for standing in Standing}
NONE = "contact.none"
CHANGED = {change: f"contact.changed.{change}" for change in ContactChange}
REMOVED = "contact.removed"
TEXTS = frozenset(
    {
        *(f"contact.{s}" for s in State),
        *WORDS.values(),
        *OVERVIEW.values(),
        *CHANGED.values(),
        *(NAME_LENGTH, WORDS_LENGTH, TELLS, INVITED, INVITED_WEB, NONE, REMOVED),
    }
)

NAME_LETTERS = range(1, 31)
WORDS_LETTERS = range(3, 101)


def begin() -> Frame:
    """Where an invitation begins."""
    return Frame(NAME, State.AWAITING_NAME)


def prompt(frame: Frame, ctx: Context) -> Say:
    """The question of the state; what the contact will read is repeated for approval."""
    key = f"{NAME}.{frame.state}"
    if frame.state != State.AWAITING_APPROVAL:
        return Say(key)
    return Say(key, params={"name": frame.slots["name"], "words": _words(frame)})


def overview(ctx: Context) -> tuple[Say, ...]:
    """The person's contact, and what they would read; nothing for who has none."""
    if (contact := ctx.contact) is None:
        return ()
    params: dict[str, Param] = {"name": contact.name, "words": contact.words}
    return (Say(OVERVIEW[contact.standing], params=params),)


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Invite, hear what became of it, and remove."""
    match event:
        case ContactChanged(what):
            return stay(frame, Say(CHANGED[what]))
        case ButtonPressed("contact:invite"):
            return _wait(begin(), ctx)
        case ButtonPressed("contact:remove"):
            return end(RemoveContact(), Say(REMOVED))
    if frame is None or frame.state not in set(State):
        return None
    match State(frame.state), event:
        case _, ButtonPressed("contact:without") | IntentRecognised(Intent.DENY):
            return end(RemoveContact(), Say(REMOVED))
        case State.AWAITING_WORDS, ButtonPressed("contact:words_own"):
            return _wait(frame.at(State.AWAITING_OWN_WORDS), ctx)
        case State.AWAITING_WORDS, ButtonPressed(button) if button in WORDS:
            chosen = frame.at(State.AWAITING_APPROVAL, ready=WORDS[button], words="")
            return _wait(chosen, ctx)
        case (
            (State.AWAITING_OWN_WORDS | State.AWAITING_APPROVAL),
            ButtonPressed("contact:reword"),
        ):
            return _wait(frame.at(State.AWAITING_WORDS), ctx)
        case State.AWAITING_APPROVAL, (
            ButtonPressed("contact:approve") | IntentRecognised(Intent.AFFIRM)
        ):
            return end(InviteContact(frame.slots["name"], _words(frame)))
        case _, WordsGiven(text, heard):
            return _worded(frame, " ".join(text.split()), heard.tells, ctx)
    return None


def _worded(frame: Frame, text: str, tells: tuple[str, ...], ctx: Context) -> Step | None:
    naming = frame.state == State.AWAITING_NAME
    if len(text) not in (NAME_LETTERS if naming else WORDS_LETTERS):
        return stay(frame, Say(NAME_LENGTH if naming else WORDS_LENGTH))
    if tells:
        return stay(frame, Say(TELLS, params={"words": ", ".join(tells)}))
    if naming:
        return _wait(frame.at(State.AWAITING_WORDS, name=text), ctx)
    return _wait(frame.at(State.AWAITING_APPROVAL, words=text, ready=""), ctx)


def _words(frame: Frame) -> Param:
    """What the contact would read: chosen, or the person's own."""
    ready = frame.slots.get("ready", "")
    return Reviewed(ready) if ready else frame.slots["words"]


def _wait(frame: Frame, ctx: Context) -> Step:
    return Step(frame, (prompt(frame, ctx),))
