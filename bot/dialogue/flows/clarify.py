"""Not sure what was meant: offer the likeliest, and after twice the menu and an advocate."""

from bot.dialogue.effects import Say
from bot.dialogue.intents import Intent

NAME = "clarify"

OFFER = "clarify.offer"
REPHRASE = "clarify.rephrase"
MENU = "clarify.menu"
OLD_BUTTON = "clarify.old_button"
TEXTS = frozenset({OFFER, REPHRASE, MENU, OLD_BUTTON})


def answer(likely: tuple[Intent, ...], unsure: int) -> Say:
    """What to say to a message that was not understood, the `unsure`-th in a row (from 1)."""
    if unsure > 1:
        return Say(MENU)
    if likely:
        return Say(OFFER, buttons=(*(f"intent:{i}" for i in likely), "intent:help_menu"))
    return Say(REPHRASE)
