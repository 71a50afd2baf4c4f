"""Agreeing on a check-in: when, in which look, and what follows if nobody answers.

```mermaid
stateDiagram-v2
    [*] --> AWAITING_TIME: start_checkin
    [*] --> AWAITING_COVER: start_checkin with a time
    AWAITING_TIME --> AWAITING_TIME_CHOICE: may mean two
    AWAITING_TIME --> AWAITING_ZONE: a clock time, and the zone is not known
    AWAITING_ZONE --> AWAITING_ZONE_CHOICE: may be morning or evening
    AWAITING_ZONE --> AWAITING_COVER: what time it is
    AWAITING_TIME --> AWAITING_COVER: a time
    AWAITING_COVER --> AWAITING_OWN_COVER: own words
    AWAITING_OWN_COVER --> AWAITING_CONFIRMATION: words that tell nothing
    AWAITING_COVER --> AWAITING_CONFIRMATION: a theme
    AWAITING_CONFIRMATION --> AWAITING_MISS: if I do not answer
    AWAITING_MISS --> AWAITING_NOTE: an advocate is told
    AWAITING_MISS --> AWAITING_CONFIRMATION: a trusted contact is told
    AWAITING_NOTE --> AWAITING_CONFIRMATION: a note, or none
    AWAITING_CONFIRMATION --> AWAITING_SAFE_WORD: safe word
    AWAITING_SAFE_WORD --> AWAITING_DURESS_WORD: a word
    AWAITING_DURESS_WORD --> AWAITING_CONFIRMATION: another word, or none
    AWAITING_CONFIRMATION --> AWAITING_REPEAT: repeat
    AWAITING_REPEAT --> AWAITING_CONFIRMATION: once, daily, weekly
    AWAITING_CONFIRMATION --> [*]: yes / ScheduleCheckin, and the first invitation
    AWAITING_CONFIRMATION --> [*]: no / dropped
```
Everything but time and look may be left as it is: advocates are told, once, without any word.
"""

from dataclasses import replace
from datetime import datetime

from bot.dialogue.effects import Say, ScheduleCheckin
from bot.dialogue.events import (
    ButtonPressed,
    FlowEvent,
    IntentRecognised,
    NotUnderstood,
    WordsGiven,
)
from bot.dialogue.flow import Step, end, stay
from bot.dialogue.flows import (
    checkin_draft,
    checkin_list,
    checkin_time,
    contact_inviting,
)
from bot.dialogue.flows.checkin_draft import (
    NAME,
    State,
    confirm,
    draft,
    due_at_of,
    moment,
    wait,
)
from bot.dialogue.flows.checkin_due import COVERS
from bot.dialogue.flows.checkin_list import changed, picked
from bot.dialogue.flows.checkin_staffing import STAFFING, staffing
from bot.dialogue.flows.checkin_time import DELAYS, heard_time, is_nothing_else, timed, zoned
from bot.dialogue.intents import Intent
from bot.dialogue.plan import Miss, Repeats, are_alike, fold
from bot.dialogue.state import Context, Frame
from bot.dialogue.understanding import Understanding

COVER_TELLS = "safety_checkin.cover_tells"
COVER_LENGTH = "safety_checkin.cover_length"
WORD_LENGTH = "safety_checkin.word_length"
WORDS_ALIKE = "safety_checkin.words_alike"
SCHEDULED = "safety_checkin.scheduled"
TOO_MANY = "safety_checkin.too_many"
DROPPED = "safety_checkin.dropped"
TEXTS = frozenset(
    {
        *checkin_draft.TEXTS,
        *checkin_time.TEXTS,
        *(COVER_TELLS, COVER_LENGTH, WORD_LENGTH, WORDS_ALIKE),
        *(SCHEDULED + told for told in STAFFING),
        *(TOO_MANY, DROPPED),
    }
)

MOST = 5
"""Check-ins of one person at a time."""

COVER_LETTERS = range(3, 101)
WORD_LETTERS = range(3, 41)
LONGEST_NOTE = 1000

_CHANGES = {
    "checkin:change_time": State.AWAITING_TIME,
    "checkin:change_cover": State.AWAITING_COVER,
    "checkin:change_miss": State.AWAITING_MISS,
    "checkin:change_words": State.AWAITING_SAFE_WORD,
    "checkin:change_repeat": State.AWAITING_REPEAT,
}


def begin(understanding: Understanding, ctx: Context) -> Step:
    """A check-in is wanted, and perhaps a time was named with it."""
    if len(ctx.checkins_in(*checkin_list.SHOWN)) >= MOST:
        return end(Say(TOO_MANY))
    frame = Frame(NAME, State.AWAITING_TIME)
    return heard_time(frame, understanding, ctx) or wait(frame, ctx)


def step(frame: Frame, event: FlowEvent, ctx: Context) -> Step | None:
    """One answer further."""
    match State(frame.state), event:
        case _, ButtonPressed("checkin:drop"):
            return end(Say(DROPPED))
        case _, IntentRecognised(Intent.DENY | Intent.CANCEL_CHECKIN):
            return end(Say(DROPPED))
        case _, ButtonPressed(button) if button in _CHANGES and "due_at" in frame.slots:
            return wait(frame.at(_CHANGES[button]), ctx)
        case State.AWAITING_TIME | State.AWAITING_TIME_CHOICE, ButtonPressed(button):
            if button in DELAYS:
                return timed(frame, ctx.now + DELAYS[button], ctx)
            if button.startswith("time:") and button in frame.slots:
                return timed(frame, datetime.fromisoformat(frame.slots[button]), ctx)
        case State.AWAITING_TIME | State.AWAITING_TIME_CHOICE, (
            IntentRecognised(_, heard) | NotUnderstood(_, heard)
        ):
            if (found := heard_time(frame, heard, ctx)) is not None:
                return found
            if is_nothing_else(event):
                return stay(frame, Say(checkin_time.TIME_UNCLEAR))
        case State.AWAITING_ZONE | State.AWAITING_ZONE_CHOICE, _:
            return zoned(frame, event, ctx)
        case State.AWAITING_COVER, ButtonPressed("checkin:cover_own"):
            return wait(frame.at(State.AWAITING_OWN_COVER), ctx)
        case State.AWAITING_COVER, ButtonPressed(button):
            chosen = button.removeprefix("checkin:cover_")
            if chosen in COVERS:
                return _covered(frame.at(frame.state, cover=chosen, own_cover=""), ctx)
        case State.AWAITING_CONFIRMATION, ButtonPressed("checkin:yes"):
            return _agreed(frame, ctx)
        case State.AWAITING_CONFIRMATION, IntentRecognised(Intent.AFFIRM | Intent.CHECKIN_OK):
            return _agreed(frame, ctx)
        case State.AWAITING_MISS, ButtonPressed("checkin:miss_note"):
            return confirm(frame, ctx, miss=Miss.NOTE, note="")
        case State.AWAITING_MISS, ButtonPressed("checkin:miss_advocate"):
            return wait(frame.at(State.AWAITING_NOTE, miss=Miss.ADVOCATE), ctx)
        case State.AWAITING_MISS, ButtonPressed("checkin:miss_contact"):
            return confirm(frame, ctx, miss=Miss.CONTACT, note="")
        case State.AWAITING_REPEAT, ButtonPressed(button):
            return _repeated(frame, button.removeprefix("checkin:repeat_"), ctx)
        case _, WordsGiven(text, heard):
            return _worded(frame, " ".join(text.split()), heard, ctx)
        case State.AWAITING_NOTE, ButtonPressed("checkin:without"):
            return confirm(frame, ctx, note="")
        case State.AWAITING_SAFE_WORD, ButtonPressed("checkin:without"):
            return confirm(frame, ctx, safe_word="", duress_word="")
        case State.AWAITING_DURESS_WORD, ButtonPressed("checkin:without"):
            return confirm(frame, ctx, duress_word="")
    return None


def revising(frame: Frame, state: State, ctx: Context) -> Step | None:
    """Another time or look for a check-in that is set already."""
    view = picked(frame, ctx)
    if view is None:
        return None
    return wait(Frame(NAME, state, {"id": view.id.hex}), ctx)


def _covered(frame: Frame, ctx: Context) -> Step:
    if (view := picked(frame, ctx)) is not None:
        look = draft(frame)
        plan = replace(view.plan, cover=look.cover, own_cover=look.own_cover)
        return end(*changed(view, max(view.due_at, ctx.now), plan, ctx))
    if "due_at" not in frame.slots:  # the one that was to be changed has ended meanwhile
        return end(checkin_list.prompt(Frame(NAME, checkin_list.AWAITING_ACTION), ctx))
    return wait(frame.at(State.AWAITING_CONFIRMATION), ctx)


def _repeated(frame: Frame, repeats: str, ctx: Context) -> Step | None:
    if repeats not in {Repeats.ONCE, Repeats.DAILY, Repeats.WEEKLY}:
        return None
    if repeats != Repeats.ONCE and not ctx.zone:
        return wait(frame.at(State.AWAITING_ZONE, repeats=repeats, said=""), ctx)
    return confirm(frame, ctx, repeats=repeats)


def _worded(frame: Frame, text: str, heard: Understanding, ctx: Context) -> Step | None:
    """The person's own words, where they were asked for."""
    match frame.state:
        case State.AWAITING_OWN_COVER:
            if len(text) not in COVER_LETTERS:
                return stay(frame, Say(COVER_LENGTH))
            if heard.tells:
                return stay(frame, Say(COVER_TELLS, params={"words": ", ".join(heard.tells)}))
            return _covered(frame.at(frame.state, own_cover=text), ctx)
        case State.AWAITING_NOTE:
            return confirm(frame, ctx, note=text[:LONGEST_NOTE])
        case State.AWAITING_SAFE_WORD | State.AWAITING_DURESS_WORD:
            if len(text) not in WORD_LETTERS or len(fold(text)) not in WORD_LETTERS:
                return stay(frame, Say(WORD_LENGTH))
            if frame.state == State.AWAITING_SAFE_WORD:
                asked = frame.at(State.AWAITING_DURESS_WORD, safe_word=text, duress_word="")
                return wait(asked, ctx)
            if are_alike(frame.slots.get("safe_word", ""), text):
                return stay(frame, Say(WORDS_ALIKE))
            return confirm(frame, ctx, duress_word=text)
    return None


def noted(frame: Frame, text: str) -> Frame:
    """The frame with a note that was given in words that must be answered otherwise first."""
    note = " ".join(text.split())[:LONGEST_NOTE]
    return frame.at(State.AWAITING_CONFIRMATION, note=note)


def _agreed(frame: Frame, ctx: Context) -> Step:
    if len(ctx.checkins_in(*checkin_list.SHOWN)) >= MOST:
        return end(Say(TOO_MANY))
    due_at = due_at_of(frame, ctx)
    plan = replace(draft(frame), zone=ctx.zone).starting(due_at)
    if plan.repeats is not Repeats.ONCE and not ctx.zone:  # the question was passed over
        return wait(frame.at(State.AWAITING_ZONE, said=""), ctx)
    promised = SCHEDULED + staffing(due_at, plan.miss, ctx)
    agreed = (ScheduleCheckin(due_at, plan), Say(promised, params={"when": moment(due_at, ctx)}))
    if plan.miss is Miss.CONTACT and ctx.contact is None:
        inviting = contact_inviting.begin()
        return Step(inviting, (*agreed, contact_inviting.prompt(inviting, ctx)))
    return end(*agreed)
