"""A lock of one's own: a word that hides and opens, one for duress, and after which silence.

```mermaid
stateDiagram-v2
    [*] --> [*]: /lock / overview
    [*] --> AWAITING_WORD: choose
    [*] --> AWAITING_DURESS: choose a second one
    AWAITING_WORD --> AWAITING_WORD: too short
    AWAITING_WORD --> AWAITING_AGAIN: a word
    AWAITING_DURESS --> AWAITING_AGAIN: a word
    AWAITING_AGAIN --> AWAITING_AGAIN: another word
    AWAITING_AGAIN --> [*]: the same / set
    AWAITING_AGAIN --> AWAITING_ALERT: the same, for duress
    AWAITING_ALERT --> [*]: yes or no
```
Only a keyed digest of a word is ever kept, also while it is being chosen; the message that held
it is deleted at once. The lock itself is `bot.dialogue.locking`.
"""

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from bot.dialogue.cover import THEMES
from bot.dialogue.effects import Effect, Label, Say, Unsay
from bot.dialogue.events import ButtonPressed, FlowEvent, IntentRecognised, NotUnderstood
from bot.dialogue.flow import Step, end
from bot.dialogue.intents import Intent
from bot.dialogue.lock import Lock
from bot.dialogue.state import Context, Frame
from bot.dialogue.understanding import OwnWord, WordFault

NAME = "lock"


class State(StrEnum):
    """What is awaited: a word, the same once more, one for duress, whether that alerts."""

    AWAITING_WORD = "awaiting_word"
    AWAITING_AGAIN = "awaiting_again"
    AWAITING_DURESS = "awaiting_duress"
    AWAITING_ALERT = "awaiting_alert"


_WORDS = frozenset({State.AWAITING_WORD, State.AWAITING_AGAIN, State.AWAITING_DURESS})

OVERVIEW = "lock.overview"
TOO_SHORT = "lock.too_short"
TAKEN = "lock.taken"
COMMON = "lock.awaiting_again.common"
TELLING = "lock.awaiting_again.telling"
DIFFERENT = "lock.awaiting_again.different"
SET = "lock.set"
DURESS_SET = "lock.duress_set"
AFTER_SET = "lock.after_set"
NEVER_SET = "lock.never_set"
CHOOSING_THEME = "lock.choosing_theme"
THEME_SET = "lock.theme_set"
LEFT = "lock.left"
OPENED = "lock.opened"
OFFER = "lock.offer"
TEXTS = frozenset(
    {
        *(f"lock.{s}" for s in State),
        *(OVERVIEW, TOO_SHORT, TAKEN, COMMON, TELLING, DIFFERENT, SET, DURESS_SET),
        *(AFTER_SET, NEVER_SET, CHOOSING_THEME, THEME_SET, LEFT, OPENED, OFFER),
    }
)

OVERVIEW_BUTTON = "lock:overview"
NOW = "lock:now"
AFTER = {
    "lock:after_5m": timedelta(minutes=5),
    "lock:after_15m": timedelta(minutes=15),
    "lock:after_60m": timedelta(hours=1),
    "lock:never": timedelta(0),
}


def awaits_word(frame: Frame | None) -> bool:
    """Whether the next words are a secret: not for the model, and for no advocate."""
    return frame is not None and frame.flow == NAME and frame.state in _WORDS


def opened(frame: Frame | None) -> Say:
    """The first words after the door was opened; what was awaited can be gone back to."""
    return Say(OPENED, also=() if frame is None else ("flow:resume",))


def prompt(frame: Frame, ctx: Context) -> Say:
    """What is asked where the flow waits."""
    return Say(f"{NAME}.{frame.state}")


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Explain, choose a word, hide after a silence; see the chart above."""
    match event:
        case IntentRecognised(Intent.DENY) | ButtonPressed("lock:leave") if frame is not None:
            return end(Say(LEFT))
        case IntentRecognised(_, heard) | NotUnderstood(_, heard) if (
            frame is not None and heard.own is not None and awaits_word(frame)
        ):
            return _word(frame, heard.own, ctx.lock)
        case ButtonPressed(button) if button.startswith(f"{NAME}:"):
            return _button(frame, button, ctx.lock)
        case IntentRecognised(Intent.AFFIRM) if frame and frame.state == State.AWAITING_ALERT:
            return _alert(ctx.lock, alerts=True)
    return None


def _button(frame: Frame | None, button: str, lock: Lock) -> Step | None:
    action = button.removeprefix(f"{NAME}:")
    theme = action.removeprefix("theme_")
    if button in AFTER:
        after = AFTER[button]
        said = Say(AFTER_SET, params={"after": after}) if after else Say(NEVER_SET)
        return Step(None, (said,), lock=replace(lock, after=after))
    if theme in THEMES:
        said = Say(THEME_SET, params={"theme": Label(f"cover:{theme}")})
        return Step(None, (said,), lock=replace(lock, theme=theme))
    match action:
        case "overview":
            return end(Say(OVERVIEW))
        case "leave":
            return end(Say(LEFT))
        case "theme":
            return end(Say(CHOOSING_THEME))
        case "choose":
            return _wait(State.AWAITING_WORD)
        case "duress" if lock.word:
            return _wait(State.AWAITING_DURESS)
        case "duress":
            return _wait(State.AWAITING_WORD)
        case "alert" | "no_alert" if lock.duress:
            return _alert(lock, alerts=action == "alert")
        case "alert" | "no_alert":
            return end(Say(OVERVIEW))
    return None


def _wait(state: State) -> Step:
    return Step(Frame(NAME, state), (Say(f"{NAME}.{state}"),))


def _alert(lock: Lock, *, alerts: bool) -> Step:
    return Step(None, (Say(DURESS_SET),), lock=replace(lock, alerts=alerts))


def _word(frame: Frame, own: OwnWord, lock: Lock) -> Step:
    """A word is taken when it was written twice; what speaks against it is said in between."""
    if own.fault is WordFault.SHORT:
        return _stay(frame, TOO_SHORT)
    chosen = frame.slots.get("word", "")
    duress = frame.state == State.AWAITING_DURESS or frame.slots.get("kind") == "duress"
    if own.digest == (lock.word if duress else lock.duress):
        return _stay(frame, TAKEN)
    if own.digest != chosen:
        comment = {WordFault.COMMON: COMMON, WordFault.TELLING: TELLING}.get(
            own.fault or WordFault.SHORT, DIFFERENT if chosen else f"{NAME}.{State.AWAITING_AGAIN}"
        )
        kind = "duress" if duress else "word"
        again = frame.at(State.AWAITING_AGAIN, word=own.digest, kind=kind)
        return _stay(again, comment)
    if duress:
        asking = Frame(NAME, State.AWAITING_ALERT)
        return Step(
            asking,
            (Unsay(), Say(f"{NAME}.{State.AWAITING_ALERT}")),
            lock=replace(lock, duress=own.digest),
        )
    said: tuple[Effect, ...] = (Unsay(), Say(SET))
    return Step(None, said, lock=replace(lock, word=own.digest, unoffered=False))


def _stay(frame: Frame, key: str) -> Step:
    return Step(frame, (Unsay(), Say(key)))
