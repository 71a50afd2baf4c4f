"""What a message or a button means to the dialogue, before anybody answers."""

from bot.dialogue.effects import Effect, RelayToAdvocate
from bot.dialogue.events import (
    ButtonPressed,
    FlowEvent,
    IntentRecognised,
    MessageReceived,
    NotUnderstood,
)
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, HandoffPhase
from bot.dialogue.understanding import Unclear, decide

COMMANDS = {
    "/start": Intent.GREET,
    "/menu": Intent.HELP_MENU,
    "/help": Intent.HELP_MENU,
    "/clear": Intent.DELETE_HISTORY,
    "/exit": Intent.QUICK_EXIT,
    "/stop": Intent.QUICK_EXIT,
    "/language": Intent.CHANGE_LANGUAGE,
    "/privacy": Intent.ASK_CONFIDENTIALITY,
    "/person": Intent.TALK_TO_HUMAN,
    "/checkin": Intent.START_CHECKIN,
}
"""Typed commands; whatever follows the first word is ignored."""

BUTTONS = {"/lock": "lock:overview", "/contact": "contact:overview"}
"""Commands that stand for a button."""


def read(event: MessageReceived) -> FlowEvent:
    """The intent of a typed command, or what net and model make of the words."""
    typed = event.text.strip().split(" ")[0].split("@")[0].lower()
    if typed in COMMANDS:
        return IntentRecognised(COMMANDS[typed], event.understanding)
    if typed in BUTTONS:
        return ButtonPressed(BUTTONS[typed])
    match decide(event.understanding):
        case Unclear(likely):
            return NotUnderstood(likely, event.understanding)
        case intent:
            return IntentRecognised(intent, event.understanding)


def pressed(button: str) -> FlowEvent:
    """The intent that a button stands for, or the button itself."""
    prefix, _, name = button.partition(":")
    if prefix == "intent" and name in set(Intent):
        return IntentRecognised(Intent(name))
    return ButtonPressed(button)


def relayed_words(event: MessageReceived, ctx: Context) -> tuple[Effect, ...]:
    """With an advocate there, words go to them; only leaving is still heard by the bot.

    The model's guess is not enough to leave on: a command or the safety net's finding is.
    """
    if ctx.handoff is not HandoffPhase.WITH_ADVOCATE:
        return ()
    by_command = event.text.lstrip().startswith("/") and not isinstance(read(event), NotUnderstood)
    if by_command or event.understanding.safety.danger is Intent.QUICK_EXIT:
        return ()
    return (RelayToAdvocate(event.text),)
