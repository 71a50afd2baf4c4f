"""In which language to talk.

```mermaid
stateDiagram-v2
    [*] --> AWAITING_CHOICE: change_language
    AWAITING_CHOICE --> [*]: a language / changed
```

What people write counts, too; `follow` says when.
"""

from dataclasses import replace
from enum import StrEnum

from bot.dialogue.effects import Say
from bot.dialogue.events import ButtonPressed, FlowEvent, IntentRecognised
from bot.dialogue.flow import Step
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, DialogueState, Frame
from bot.dialogue.understanding import Understanding
from bot.ids import Locale

NAME = "language"


class State(StrEnum):
    """What is awaited: one of the languages offered."""

    AWAITING_CHOICE = "awaiting_choice"


CHANGED = "language.changed"
UNSUPPORTED = "language.unsupported"
TEXTS = frozenset({CHANGED, UNSUPPORTED, *(f"language.{s}" for s in State)})


def prompt(frame: Frame, ctx: Context) -> Say:
    """The enabled languages, as buttons."""
    return Say(f"{NAME}.{frame.state}", buttons=_buttons(ctx))


def follow(state: DialogueState, written: Understanding, ctx: Context) -> DialogueState:
    """`state` with the language in which to answer what was `written`.

    - Nobody has chosen: a sentence in another enabled language is followed at once. Before the
      first sentence, a word is: the language until then is the phone's, or a guess.
    - The person chose: their choice stands, as it is sure that they can read it, and the language
      of a sentence might be mistaken or be quoted. It is only offered, see `offered`. Whoever then
      writes a second sentence in it is followed, and free to change back in the same way.
    - A word in passing, a mixed text, or one in a language that is not enabled moves nothing.

    So whatever is said in danger is in a language that the person has chosen or has just written
    (the phone's, when nothing that they wrote could be told).
    """
    heard = written.language
    if heard is None or heard not in ctx.locales:
        return replace(state, written=written.foreign or state.written)
    if not written.sentence:
        moves = not state.locale_chosen and state.written not in ctx.locales
        return replace(state, locale=heard) if moves else state
    if state.locale_chosen and heard not in (state.locale, state.written):
        return replace(state, written=heard)
    chosen = state.locale_chosen and heard == state.locale
    return replace(state, locale=heard, locale_chosen=chosen, written=heard)


def offered(
    before: DialogueState, state: DialogueState, written: Understanding, ctx: Context
) -> str | None:
    """The button for another language than that of `state`, to be shown with the answer.

    It is the one that was `written`; and in danger, where the answer has just changed from that of
    `before`, the one before, as the change may be a mistake of the detector.
    """
    heard, danger = written.language, written.safety.danger is not None
    if (written.sentence or danger) and heard in ctx.locales and heard != state.locale:
        return f"language:{heard}"
    if danger and before.locale != state.locale:
        return f"language:{before.locale}"
    return None


def unsupported(tag: str, ctx: Context) -> Say:
    """That we don't speak the language `tag`: in its own words, and in the conversation's.

    With the languages that we do speak, an advocate, who may speak more, and the way out.
    """
    ways = (f"intent:{Intent.TALK_TO_HUMAN}", f"intent:{Intent.QUICK_EXIT}")
    return Say(UNSUPPORTED, buttons=(*_buttons(ctx), *ways), own_words=tag)


def _buttons(ctx: Context) -> tuple[str, ...]:
    return tuple(f"language:{locale}" for locale in ctx.locales)


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
