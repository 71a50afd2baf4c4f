"""The cover: a small, real service that the bot is while it is locked.

What it shows changes with the day and with every “more”; it remembers nothing else, and answers
whatever is written.
"""

from dataclasses import replace

from bot.dialogue.effects import Say
from bot.dialogue.events import ButtonPressed, Event, IntentRecognised, MessageReceived
from bot.dialogue.hearing import read
from bot.dialogue.intents import Intent
from bot.dialogue.lock import Door, Lock
from bot.dialogue.state import Context

THEMES = ("recipe", "plant", "study")
ENTRIES = 4
"""Of each theme; a day begins with the one that is its own."""

MENU = "cover.menu"
"""What the innocent version shows besides: the other themes."""
_WORDS = ("hello", "help", "thanks", "unclear")
TEXTS = frozenset(
    {
        MENU,
        *(f"cover_{theme}.{word}" for theme in THEMES for word in _WORDS),
        *(f"cover_{theme}.day_{n}" for theme in THEMES for n in range(1, ENTRIES + 1)),
    }
)

MORE = "cover:more"
BUTTONS = frozenset({MORE, *(f"cover:{theme}" for theme in THEMES)})

_GREETING = frozenset({Intent.GREET})
_HELP = frozenset(
    {Intent.HELP_MENU, Intent.ASK_WHO_ARE_YOU, Intent.ASK_CONFIDENTIALITY, Intent.CHANGE_LANGUAGE}
)
_POLITE = frozenset({Intent.THANKS, Intent.GOODBYE})


def entry(lock: Lock, ctx: Context) -> Say:
    """The one of the day, or what follows it."""
    number = (ctx.now.toordinal() + lock.shown) % ENTRIES + 1
    return Say(f"cover_{lock.theme}.day_{number}")


def thanks(lock: Lock) -> Say:
    """A polite word, which fits after anything."""
    return Say(f"cover_{lock.theme}.thanks")


def answer(lock: Lock, event: Event, ctx: Context) -> tuple[Lock, Say]:
    """What a service of this kind says to `event`, and the lock with what was shown."""
    match event:
        case ButtonPressed(button) if button in BUTTONS - {MORE}:
            lock = replace(lock, theme=button.removeprefix("cover:"))
            return lock, entry(lock, ctx)
        case ButtonPressed():
            lock = replace(lock, shown=(lock.shown + 1) % ENTRIES)
            return lock, entry(lock, ctx)
        case MessageReceived(text):
            return lock, _to_words(text, lock, read(event))
    return lock, Say(f"cover_{lock.theme}.unclear")


def _to_words(text: str, lock: Lock, heard: object) -> Say:
    intent = heard.intent if isinstance(heard, IntentRecognised) else None
    greeted = intent in _GREETING
    if greeted and lock.door is Door.INNOCENT:
        return Say(MENU)
    if greeted:
        return Say(f"cover_{lock.theme}.hello")
    if intent in _HELP or text.lstrip().startswith("/"):
        return Say(MENU if lock.door is Door.INNOCENT else f"cover_{lock.theme}.help")
    if intent in _POLITE:
        return thanks(lock)
    return Say(f"cover_{lock.theme}.unclear")
