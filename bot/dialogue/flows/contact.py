"""A trusted contact: somebody whom a missed check-in tells words that the person approved.

Two sides that know of each other no more than they must: whoever invites (`contact_inviting`),
and whoever stands by (`contact_invited`); each has its chart. One contact a person, for all of
their check-ins that are to tell one. Who tells whom is kept by `bot.conversation.pairing`.
"""

from bot.dialogue.contact import CODE_DIGITS
from bot.dialogue.effects import Say
from bot.dialogue.events import ButtonPressed, FlowEvent, IntentRecognised
from bot.dialogue.flow import Step, end
from bot.dialogue.flows import contact_invited, contact_inviting
from bot.dialogue.intents import Intent
from bot.dialogue.state import TOLD, CheckinPhase, Context, Frame

NAME = "contact"
TEXTS = contact_inviting.TEXTS | contact_invited.TEXTS

_OWN = (CheckinPhase.SCHEDULED, CheckinPhase.AWAITING_REPLY, CheckinPhase.PAUSED, *TOLD)


def prompt(frame: Frame, ctx: Context) -> Say:
    """What is awaited, once more."""
    if frame.state in set(contact_invited.State):
        return contact_invited.prompt(frame, ctx)
    return contact_inviting.prompt(frame, ctx)


def awaits_words(frame: Frame | None) -> bool:
    """Whether the next words are wanted as they are, and no model reads them."""
    words = contact_inviting.OWN_WORDS | contact_invited.OWN_WORDS
    return frame is not None and frame.flow == NAME and frame.state in words


def is_code(frame: Frame | None, text: str) -> bool:
    """Whether `text` can only be the number that is awaited: it is heard as nothing else."""
    if frame is None or (frame.flow, frame.state) != (NAME, contact_invited.State.AWAITING_CODE):
        return False
    given = contact_invited.digits(text)
    return len(given) == CODE_DIGITS and not any(c.isalpha() for c in text)


def awaits_telling(frame: Frame | None) -> bool:
    """Whether the next words will be seen by somebody else, and must not give away."""
    shown = contact_inviting.OWN_WORDS
    return frame is not None and frame.flow == NAME and frame.state in shown


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Show where things stand on either side (`/contact` leads there, too), and go on with it."""
    match event:
        case ButtonPressed("contact:overview"):
            said = contact_invited.overview(ctx) + contact_inviting.overview(ctx)
            return end(*(said or (Say(contact_inviting.NONE),)))
        case IntentRecognised(Intent.CANCEL_CHECKIN) if ctx.stands_by and frame is None:
            # With nothing of their own to cancel, it is this that they no longer want.
            return None if ctx.checkins_in(*_OWN) else end(*contact_invited.overview(ctx))
    return contact_invited.step(frame, event, ctx) or contact_inviting.step(frame, event, ctx)
