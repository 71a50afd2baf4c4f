"""In which language to talk.

```mermaid
stateDiagram-v2
    [*] --> AWAITING_CHOICE: change_language
    AWAITING_CHOICE --> [*]: a language / changed
```
"""

from enum import StrEnum

from bot.dialogue.effects import Say
from bot.dialogue.events import ButtonPressed, FlowEvent, IntentRecognised
from bot.dialogue.flow import Step
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, Frame
from bot.ids import Locale

NAME = "language"


class State(StrEnum):
    """What is awaited: one of the languages offered."""

    AWAITING_CHOICE = "awaiting_choice"


CHANGED = "language.changed"
TEXTS = frozenset({CHANGED, *(f"language.{s}" for s in State)})


def prompt(frame: Frame, ctx: Context) -> Say:
    """The enabled languages, as buttons."""
    buttons = tuple(f"language:{locale}" for locale in ctx.locales)
    return Say(f"{NAME}.{frame.state}", buttons=buttons)


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Offer the enabled languages by their own names, and change to the one chosen."""
    match event:
        case IntentRecognised(Intent.CHANGE_LANGUAGE, understanding):
            named = {
                e.value for e in (understanding.parse.entities if understanding.parse else ())
            } & set(ctx.locales)
            if len(named) == 1:
                return Step(None, (Say(CHANGED),), locale=Locale(named.pop()))
            waiting = Frame(NAME, State.AWAITING_CHOICE)
            return Step(waiting, (prompt(waiting, ctx),))
        case ButtonPressed(button):
            tag = button.removeprefix("language:")
            if tag in ctx.locales:
                return Step(None, (Say(CHANGED),), locale=Locale(tag))
    return None
