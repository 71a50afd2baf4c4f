"""Everything that is neither a need nor a danger, and what cannot be helped with here."""

from bot.dialogue.effects import Say
from bot.dialogue.events import FlowEvent, IntentRecognised
from bot.dialogue.flow import Step, end
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, Frame

NAME = "small_talk"

MEDIA = "small_talk.media"
ANSWERS = {
    Intent.GOODBYE: "small_talk.goodbye",
    Intent.THANKS: "small_talk.thanks",
    Intent.AFFIRM: "small_talk.what_next",
    Intent.DENY: "small_talk.what_next",
    Intent.CHECKIN_OK: "small_talk.what_next",
    Intent.ASK_WHO_ARE_YOU: "small_talk.ask_who_are_you",
    Intent.OUT_OF_SCOPE: "small_talk.out_of_scope",
}
TEXTS = frozenset({MEDIA, *ANSWERS.values()})


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Answer politely and lead back to what can be done here."""
    match event:
        case IntentRecognised(intent) if intent in ANSWERS:
            return end(Say(ANSWERS[intent]))
    return None
