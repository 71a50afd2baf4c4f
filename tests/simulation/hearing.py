"""Ears that understand a handful of words, at once."""

from datetime import datetime, timedelta

from bot.conversation.codec import Inbound
from bot.conversation.intake import InboundKind
from bot.conversation.invitations import invitation_token
from bot.dialogue.events import ButtonPressed, Event, MediaReceived, MessageReceived
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, DialogueState
from bot.dialogue.understanding import Guess, Parse, Timing, Understanding, ZoneGuess

AT = "check on me at "
MORE = "more time"
ZONE = "my clock is that of "
MEANINGS = {
    "hello": Intent.GREET,
    "i am home": Intent.CHECKIN_OK,
    "i am not ok": Intent.CHECKIN_NOT_OK,
    "cancel it": Intent.CANCEL_CHECKIN,
    "delete it all": Intent.DELETE_HISTORY,
}


class ScriptedListener:
    """Stands in for `bot.conversation.understanding.Listener`; all other words mean nothing."""

    async def listen(self, inbound: Inbound, _state: DialogueState, _ctx: Context) -> Event:
        """The event that `inbound` is."""
        match inbound.kind, inbound.content:
            case InboundKind.BUTTON, button:
                return ButtonPressed(button)
            case InboundKind.TEXT, text if invitation_token(text):
                return ButtonPressed("contact:open")
            case InboundKind.TEXT, text if text.startswith(AT):
                when = datetime.fromisoformat(text.removeprefix(AT))
                return _means(text, Intent.START_CHECKIN, when)
            case InboundKind.TEXT, text if text == MORE:
                longer = Timing(longer=timedelta(minutes=30))
                return MessageReceived(text, Understanding(timing=longer))
            case InboundKind.TEXT, text if text.startswith(ZONE):
                there = ZoneGuess("now", text.removeprefix(ZONE))
                return MessageReceived(text, Understanding(timing=Timing(zones=(there,))))
            case InboundKind.TEXT, text if text in MEANINGS:
                return _means(text, MEANINGS[text])
            case InboundKind.TEXT, text:
                return MessageReceived(text, Understanding())
        return MediaReceived()


def _means(text: str, intent: Intent, when: datetime | None = None) -> MessageReceived:
    parse = Parse((Guess(intent, 0.95),))
    return MessageReceived(text, Understanding(parse=parse, when=when))
