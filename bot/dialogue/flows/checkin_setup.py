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
    AWAITING_NOTE --> AWAITING_CONFIRMATION: a note, or none
    AWAITING_CONFIRMATION --> AWAITING_SAFE_WORD: safe word
    AWAITING_SAFE_WORD --> AWAITING_DURESS_WORD: a word
    AWAITING_DURESS_WORD --> AWAITING_CONFIRMATION: another word, or none
    AWAITING_CONFIRMATION --> AWAITING_REPEAT: repeat
    AWAITING_REPEAT --> AWAITING_CONFIRMATION: once, daily, weekly
    AWAITING_CONFIRMATION --> [*]: yes / ScheduleCheckin
    AWAITING_CONFIRMATION --> [*]: no / dropped
```
Everything but time and look may be left as it is: advocates are told, once, without any word.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.dialogue.effects import Moment, Param, Reviewed, Say, ScheduleCheckin
from bot.dialogue.events import (
    ButtonPressed,
    FlowEvent,
    IntentRecognised,
    NotUnderstood,
    WordsGiven,
)
from bot.dialogue.flow import Step, end, stay
from bot.dialogue.flows import checkin_list
from bot.dialogue.flows.checkin_due import COVERS
from bot.dialogue.flows.checkin_list import REPEATS, changed, picked, theme
from bot.dialogue.intents import Intent
from bot.dialogue.plan import CheckinPlan, Miss, Repeats, are_alike, fold
from bot.dialogue.state import Context, Frame
from bot.dialogue.understanding import Understanding, Untimed

NAME = "safety_checkin"


class State(StrEnum):
    """What is awaited while a check-in is set up."""

    AWAITING_TIME = "awaiting_time"
    AWAITING_TIME_CHOICE = "awaiting_time_choice"
    AWAITING_ZONE = "awaiting_zone"
    AWAITING_ZONE_CHOICE = "awaiting_zone_choice"
    AWAITING_COVER = "awaiting_cover"
    AWAITING_OWN_COVER = "awaiting_own_cover"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    AWAITING_MISS = "awaiting_miss"
    AWAITING_NOTE = "awaiting_note"
    AWAITING_SAFE_WORD = "awaiting_safe_word"
    AWAITING_DURESS_WORD = "awaiting_duress_word"
    AWAITING_REPEAT = "awaiting_repeat"


OWN_WORDS = frozenset(
    {
        State.AWAITING_OWN_COVER,
        State.AWAITING_NOTE,
        State.AWAITING_SAFE_WORD,
        State.AWAITING_DURESS_WORD,
    }
)
"""Here the person's very words are wanted: no model reads them."""

TIMED = frozenset({State.AWAITING_TIME, State.AWAITING_TIME_CHOICE})
"""Here a time is wanted."""

TIME_UNCLEAR = "safety_checkin.time_unclear"
TIME_PAST = "safety_checkin.time_past"
TIME_FAR = "safety_checkin.time_far"
ZONE_UNCLEAR = "safety_checkin.zone_unclear"
COVER_TELLS = "safety_checkin.cover_tells"
COVER_LENGTH = "safety_checkin.cover_length"
WORD_LENGTH = "safety_checkin.word_length"
WORDS_ALIKE = "safety_checkin.words_alike"
SCHEDULED = "safety_checkin.scheduled"
SCHEDULED_UNSTAFFED = "safety_checkin.scheduled.unstaffed"
TOO_MANY = "safety_checkin.too_many"
DROPPED = "safety_checkin.dropped"
MISS = {miss: f"safety_checkin.miss.{miss}" for miss in Miss}
ANSWER_BUTTON = "safety_checkin.answer.button"
ANSWER_WORD = "safety_checkin.answer.word"
TEXTS = frozenset(
    {
        *(f"{NAME}.{s}" for s in State),
        *(TIME_UNCLEAR, TIME_PAST, TIME_FAR, ZONE_UNCLEAR, COVER_TELLS, COVER_LENGTH),
        *(WORD_LENGTH, WORDS_ALIKE, SCHEDULED, SCHEDULED_UNSTAFFED, TOO_MANY, DROPPED),
        *(*MISS.values(), ANSWER_BUTTON, ANSWER_WORD),
    }
)

DELAYS = {
    "checkin:30m": timedelta(minutes=30),
    "checkin:1h": timedelta(hours=1),
    "checkin:2h": timedelta(hours=2),
    "checkin:4h": timedelta(hours=4),
}
"""From now, by button."""

SHORTEST = timedelta(minutes=1)
"""A time that has gone by while the person was choosing is moved to this from now."""

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
_NAMES_A_TIME = ("time:", "zone:")


def prompt(frame: Frame, ctx: Context) -> Say:
    """The question of the state; the confirmation repeats everything back."""
    key = f"{NAME}.{frame.state}"
    match frame.state:
        case State.AWAITING_CONFIRMATION:
            plan, due_at = draft(frame), _due_at(frame, ctx)
            params: dict[str, Param] = {
                "when": _moment(due_at, ctx),
                "theme": theme(plan),
                "repeats": Reviewed(REPEATS[plan.repeats]),
                "answer": Reviewed(ANSWER_WORD if plan.has_words else ANSWER_BUTTON),
                "miss": Reviewed(MISS[plan.miss]),
            }
            return Say(key, params=params)
        case State.AWAITING_TIME_CHOICE:
            slots = ((b, v) for b, v in frame.slots.items() if b.startswith("time:"))
            return Say(
                key, choices=tuple((b, _moment(datetime.fromisoformat(v), ctx)) for b, v in slots)
            )
        case State.AWAITING_ZONE_CHOICE:
            slots = ((b, v) for b, v in frame.slots.items() if b.startswith("zone:"))
            return Say(key, choices=tuple((b, v.split("\t")[0]) for b, v in slots))
    return Say(key)


def draft(frame: Frame) -> CheckinPlan:
    """The plan as far as it was said."""
    slots = frame.slots
    return CheckinPlan(
        cover=slots.get("cover") or COVERS[0],
        own_cover=slots.get("own_cover", ""),
        miss=Miss(slots.get("miss", Miss.ADVOCATE)),
        note=slots.get("note", ""),
        safe_word=slots.get("safe_word", ""),
        duress_word=slots.get("duress_word", ""),
        repeats=Repeats(slots.get("repeats", Repeats.ONCE)),
        days=slots.get("days", ""),
        until=slots.get("until", ""),
    )


def begin(understanding: Understanding, ctx: Context) -> Step:
    """A check-in is wanted, and perhaps a time was named with it."""
    if len(ctx.checkins_in(*checkin_list.SHOWN)) >= MOST:
        return end(Say(TOO_MANY))
    frame = Frame(NAME, State.AWAITING_TIME)
    return _heard_time(frame, understanding, ctx) or _wait(frame, ctx)


def step(frame: Frame, event: FlowEvent, ctx: Context) -> Step | None:
    """One answer further."""
    match State(frame.state), event:
        case _, ButtonPressed("checkin:drop"):
            return end(Say(DROPPED))
        case _, IntentRecognised(Intent.DENY | Intent.CANCEL_CHECKIN):
            return end(Say(DROPPED))
        case _, ButtonPressed(button) if button in _CHANGES and "due_at" in frame.slots:
            return _wait(frame.at(_CHANGES[button]), ctx)
        case State.AWAITING_TIME | State.AWAITING_TIME_CHOICE, ButtonPressed(button):
            if button in DELAYS:
                return _timed(frame, ctx.now + DELAYS[button], ctx)
            if button.startswith("time:") and button in frame.slots:
                return _timed(frame, datetime.fromisoformat(frame.slots[button]), ctx)
        case State.AWAITING_TIME | State.AWAITING_TIME_CHOICE, (
            IntentRecognised(_, heard) | NotUnderstood(_, heard)
        ):
            if (timed := _heard_time(frame, heard, ctx)) is not None:
                return timed
            if _is_nothing_else(event):
                return stay(frame, Say(TIME_UNCLEAR))
        case State.AWAITING_ZONE | State.AWAITING_ZONE_CHOICE, _:
            return _zoned(frame, event, ctx)
        case State.AWAITING_COVER, ButtonPressed("checkin:cover_own"):
            return _wait(frame.at(State.AWAITING_OWN_COVER), ctx)
        case State.AWAITING_COVER, ButtonPressed(button):
            chosen = button.removeprefix("checkin:cover_")
            if chosen in COVERS:
                return _covered(frame.at(frame.state, cover=chosen, own_cover=""), ctx)
        case State.AWAITING_CONFIRMATION, ButtonPressed("checkin:yes"):
            return _agreed(frame, ctx)
        case State.AWAITING_CONFIRMATION, IntentRecognised(Intent.AFFIRM | Intent.CHECKIN_OK):
            return _agreed(frame, ctx)
        case State.AWAITING_MISS, ButtonPressed("checkin:miss_note"):
            return _confirm(frame, ctx, miss=Miss.NOTE, note="")
        case State.AWAITING_MISS, ButtonPressed("checkin:miss_advocate"):
            return _wait(frame.at(State.AWAITING_NOTE, miss=Miss.ADVOCATE), ctx)
        case State.AWAITING_REPEAT, ButtonPressed(button):
            return _repeated(frame, button.removeprefix("checkin:repeat_"), ctx)
        case _, WordsGiven(text, heard):
            return _worded(frame, " ".join(text.split()), heard, ctx)
        case State.AWAITING_NOTE, ButtonPressed("checkin:without"):
            return _confirm(frame, ctx, note="")
        case State.AWAITING_SAFE_WORD, ButtonPressed("checkin:without"):
            return _confirm(frame, ctx, safe_word="", duress_word="")
        case State.AWAITING_DURESS_WORD, ButtonPressed("checkin:without"):
            return _confirm(frame, ctx, duress_word="")
    return None


def revising(frame: Frame, state: State, ctx: Context) -> Step | None:
    """Another time or look for a check-in that is set already."""
    view = picked(frame, ctx)
    if view is None:
        return None
    return _wait(Frame(NAME, state, {"id": view.id.hex}), ctx)


def _heard_time(frame: Frame, heard: Understanding, ctx: Context) -> Step | None:
    """The next question after a time, or what is still unclear about it."""
    timing = heard.timing
    frame = _with_days(frame, heard)
    if heard.when is not None:
        return _timed(frame, heard.when, ctx)
    if timing.choices:
        times = {f"time:{i}": at.isoformat() for i, at in enumerate(timing.choices[:4])}
        return _wait(_plainly(frame).at(State.AWAITING_TIME_CHOICE, **times), ctx)
    match timing.untimed:
        case Untimed.NO_ZONE:
            return _wait(frame.at(State.AWAITING_ZONE, said=timing.said), ctx)
        case Untimed.PAST | Untimed.TOO_SOON:
            return stay(frame.at(State.AWAITING_TIME), Say(TIME_PAST))
        case Untimed.TOO_FAR:
            return stay(frame.at(State.AWAITING_TIME), Say(TIME_FAR))
    return None


def _with_days(frame: Frame, heard: Understanding) -> Frame:
    """With the days on which it comes again, where such were named."""
    if heard.timing.named is None:
        return frame
    days, until = heard.timing.named
    return frame.at(frame.state, repeats=Repeats.NAMED, days=days, until=until)


def _is_nothing_else(event: FlowEvent) -> bool:
    return isinstance(event, NotUnderstood | WordsGiven) or (
        isinstance(event, IntentRecognised) and event.intent is Intent.OUT_OF_SCOPE
    )


def _zoned(frame: Frame, event: FlowEvent, ctx: Context) -> Step | None:
    """What time it is with the person tells the zone, and the time that they named before."""
    match event:
        case ButtonPressed(button) if button.startswith("zone:") and button in frame.slots:
            _, zone, *whens = frame.slots[button].split("\t")
            return _in_zone(frame, zone, tuple(map(datetime.fromisoformat, whens)), ctx)
        case IntentRecognised(_, heard) | NotUnderstood(_, heard) if heard.timing.zones:
            guesses = heard.timing.zones
            frame = _with_days(frame, heard)
            if len(guesses) == 1:
                return _in_zone(frame, guesses[0].zone, guesses[0].whens, ctx)
            zones = {
                f"zone:{i}": "\t".join((g.label, g.zone, *(at.isoformat() for at in g.whens)))
                for i, g in enumerate(guesses[:4])
            }
            return _wait(_plainly(frame).at(State.AWAITING_ZONE_CHOICE, **zones), ctx)
    return stay(frame, Say(ZONE_UNCLEAR)) if _is_nothing_else(event) else None


def _in_zone(frame: Frame, zone: str, whens: tuple[datetime, ...], ctx: Context) -> Step:
    there = replace(ctx, zone=zone)
    frame = _plainly(frame)
    if len(whens) == 1:
        step_ = _timed(frame, whens[0], there)
    elif whens:
        times = {f"time:{i}": at.isoformat() for i, at in enumerate(whens)}
        step_ = _wait(frame.at(State.AWAITING_TIME_CHOICE, **times), there)
    elif "due_at" in frame.slots:
        step_ = _confirm(frame, there)
    else:
        step_ = stay(frame.at(State.AWAITING_TIME), Say(TIME_PAST))
    return replace(step_, zone=zone)


def _timed(frame: Frame, due_at: datetime, ctx: Context) -> Step:
    frame = _plainly(frame)
    if (view := picked(frame, ctx)) is not None:
        due_at = max(due_at, ctx.now + SHORTEST)
        plan = replace(view.plan, zone=ctx.zone or view.plan.zone).starting(due_at)
        if "days" in frame.slots:
            new = draft(frame)
            plan = replace(plan, repeats=new.repeats, days=new.days, until=new.until)
        return end(*changed(view, due_at, plan, ctx))
    chosen = "cover" in frame.slots or "own_cover" in frame.slots
    state = State.AWAITING_CONFIRMATION if chosen else State.AWAITING_COVER
    return _wait(frame.at(state, due_at=due_at.isoformat()), ctx)


def _covered(frame: Frame, ctx: Context) -> Step:
    if (view := picked(frame, ctx)) is not None:
        look = draft(frame)
        plan = replace(view.plan, cover=look.cover, own_cover=look.own_cover)
        return end(*changed(view, max(view.due_at, ctx.now), plan, ctx))
    return _wait(frame.at(State.AWAITING_CONFIRMATION), ctx)


def _repeated(frame: Frame, repeats: str, ctx: Context) -> Step | None:
    if repeats not in {Repeats.ONCE, Repeats.DAILY, Repeats.WEEKLY}:
        return None
    if repeats != Repeats.ONCE and not ctx.zone:
        return _wait(frame.at(State.AWAITING_ZONE, repeats=repeats, said=""), ctx)
    return _confirm(frame, ctx, repeats=repeats)


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
            return _confirm(frame, ctx, note=text[:LONGEST_NOTE])
        case State.AWAITING_SAFE_WORD | State.AWAITING_DURESS_WORD:
            if len(text) not in WORD_LETTERS or len(fold(text)) not in WORD_LETTERS:
                return stay(frame, Say(WORD_LENGTH))
            if frame.state == State.AWAITING_SAFE_WORD:
                asked = frame.at(State.AWAITING_DURESS_WORD, safe_word=text, duress_word="")
                return _wait(asked, ctx)
            if are_alike(frame.slots.get("safe_word", ""), text):
                return stay(frame, Say(WORDS_ALIKE))
            return _confirm(frame, ctx, duress_word=text)
    return None


def noted(frame: Frame, text: str) -> Frame:
    """The frame with a note that was given in words that must be answered otherwise first."""
    note = " ".join(text.split())[:LONGEST_NOTE]
    return frame.at(State.AWAITING_CONFIRMATION, note=note)


def _confirm(frame: Frame, ctx: Context, **slots: str) -> Step:
    return _wait(frame.at(State.AWAITING_CONFIRMATION, **slots), ctx)


def _agreed(frame: Frame, ctx: Context) -> Step:
    if len(ctx.checkins_in(*checkin_list.SHOWN)) >= MOST:
        return end(Say(TOO_MANY))
    due_at = _due_at(frame, ctx)
    plan = replace(draft(frame), zone=ctx.zone).starting(due_at)
    promised = SCHEDULED_UNSTAFFED if plan.miss is Miss.ADVOCATE and not ctx.on_duty else SCHEDULED
    return end(ScheduleCheckin(due_at, plan), Say(promised, params={"when": _moment(due_at, ctx)}))


def _plainly(frame: Frame) -> Frame:
    """Without what was only there to choose from."""
    kept = {k: v for k, v in frame.slots.items() if not k.startswith(_NAMES_A_TIME) and k != "said"}
    return replace(frame, slots=kept)


def _wait(frame: Frame, ctx: Context) -> Step:
    return Step(frame, (prompt(frame, ctx),))


def _moment(at: datetime, ctx: Context) -> Moment:
    return Moment(at, ctx.zone, at - ctx.now)


def _due_at(frame: Frame, ctx: Context) -> datetime:
    return max(datetime.fromisoformat(frame.slots["due_at"]), ctx.now + SHORTEST)
