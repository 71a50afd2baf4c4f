"""Making sense of what a person did, before the dialogue decides."""

import logging
from datetime import datetime

from bot.checkins.times import Found, parse_when
from bot.content.catalogue import Catalogue
from bot.conversation.codec import Inbound
from bot.conversation.intake import InboundKind
from bot.conversation.interfaces import NluClient, NluUnavailable
from bot.dialogue.events import ButtonPressed, Event, MediaReceived, MessageReceived
from bot.dialogue.flows import safety_checkin
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, DialogueState, HandoffPhase
from bot.dialogue.understanding import Parse, SafetyFinding, Understanding
from bot.ids import Locale
from bot.safety.language import LanguageDetector
from bot.safety.net import SafetyNet

_log = logging.getLogger(__name__)

LONGEST_PARSED = 1000
"""Characters handed to the model; the safety net reads all of a message."""

ALWAYS = (f"intent:{Intent.DELETE_HISTORY}", f"intent:{Intent.QUICK_EXIT}")
"""Their labels are heard in every state, also while words go to an advocate."""


class Listener:
    """Asks the safety net, the language detector, the clock's grammar and the model."""

    def __init__(
        self, net: SafetyNet, detector: LanguageDetector, nlu: NluClient, catalogue: Catalogue
    ) -> None:
        self._net = net
        self._detector = detector
        self._nlu = nlu
        self._catalogue = catalogue

    async def listen(self, inbound: Inbound, state: DialogueState, ctx: Context) -> Event:
        """The event that `inbound` is. Never fails: without the model, net and buttons remain."""
        match inbound.kind:
            case InboundKind.BUTTON:
                return ButtonPressed(inbound.content)
            case InboundKind.TEXT if inbound.content.strip():
                if (button := self._typed_label(inbound.content, state)) is not None:
                    return ButtonPressed(button)
                return MessageReceived(
                    inbound.content, await self._understand(inbound.content, state, ctx)
                )
        return MediaReceived()

    def _typed_label(self, text: str, state: DialogueState) -> str | None:
        """A button that was just offered, or works at any time, typed instead of pressed."""
        typed = text.strip().casefold()
        for button in (*state.offered, *ALWAYS):
            if self._catalogue.label(button, state.locale).casefold() == typed:
                return button
        return None

    async def _understand(self, text: str, state: DialogueState, ctx: Context) -> Understanding:
        safety = self._net.hear(text, state.locale)
        language = self._detector.detect(text)
        parse = None
        if self._needs_model(text, safety, ctx):
            parse = await self._ask(text, language or state.locale)
        return Understanding(
            parse=parse,
            safety=safety,
            language=language,
            sentence=self._detector.is_sentence(text),
            foreign=None if language else self._detector.detect_unsupported(text),
            when=self._when(text, parse, state, ctx.now),
        )

    @staticmethod
    def _needs_model(text: str, safety: SafetyFinding, ctx: Context) -> bool:
        """Not for commands, for who must leave at once, nor for words meant for an advocate."""
        return not (
            text.lstrip().startswith("/")
            or safety.danger is Intent.QUICK_EXIT
            or ctx.handoff is HandoffPhase.WITH_ADVOCATE
            or not any(character.isalpha() for character in text)
        )

    async def _ask(self, text: str, locale: Locale) -> Parse | None:
        try:
            return await self._nlu.parse(text[:LONGEST_PARSED], locale)
        except NluUnavailable:
            _log.warning("the model did not answer: net and buttons decide")
            return None

    @staticmethod
    def _when(
        text: str, parse: Parse | None, state: DialogueState, now: datetime
    ) -> datetime | None:
        awaited = (
            state.active is not None
            and state.active.flow == safety_checkin.NAME
            and state.active.state == safety_checkin.State.AWAITING_TIME
        )
        asked = parse is not None and parse.guesses[0].intent is Intent.START_CHECKIN
        if not (awaited or asked):
            return None
        found = parse_when(text, state.locale, now, None)
        return found.due_at if isinstance(found, Found) else None
