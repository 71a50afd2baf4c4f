"""Everything that is neither a need nor a danger, and what cannot be helped with here."""

from bot.dialogue.effects import Say
from bot.dialogue.events import FlowEvent, IntentRecognised, MediaKind
from bot.dialogue.flow import Step, end
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, Frame

NAME = "small_talk"

MEDIA = {
    MediaKind.PHOTO: "small_talk.media.photo",
    MediaKind.VOICE: "small_talk.media.voice",
    MediaKind.FILE: "small_talk.media.file",
    MediaKind.LOCATION: "small_talk.media.location",
    MediaKind.CONTACT: "small_talk.media.contact",
    MediaKind.STICKER: "small_talk.media.sticker",
    MediaKind.FORWARDED: "small_talk.media.forwarded",
    MediaKind.OTHER: "small_talk.media",
    MediaKind.TOO_MANY: "small_talk.media.too_many",
}
"""Why each is not kept here, and what can be done instead."""
ANSWERS = {
    Intent.GOODBYE: "small_talk.goodbye",
    Intent.THANKS: "small_talk.thanks",
    Intent.AFFIRM: "small_talk.what_next",
    Intent.DENY: "small_talk.what_next",
    Intent.CHECKIN_OK: "small_talk.what_next",
    Intent.ASK_WHO_ARE_YOU: "small_talk.ask_who_are_you",
    Intent.OUT_OF_SCOPE: "small_talk.out_of_scope",
}
TEXTS = frozenset({*MEDIA.values(), *ANSWERS.values()})


def unkept(kind: MediaKind) -> tuple[Say, ...]:
    """The answer to something that is not text; none to what belongs to something answered."""
    return (Say(MEDIA[kind]),) if kind in MEDIA else ()


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Answer politely and lead back to what can be done here."""
    match event:
        case IntentRecognised(intent) if intent in ANSWERS:
            return end(Say(ANSWERS[intent]))
    return None
