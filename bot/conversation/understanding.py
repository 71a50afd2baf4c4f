"""Making sense of what a person did, before the dialogue decides."""

from collections.abc import Callable

from bot.content.catalogue import Catalogue
from bot.conversation.codec import Inbound
from bot.conversation.intake import InboundKind
from bot.conversation.interfaces import NluClient, NluUnavailable
from bot.conversation.invitations import invitation_token
from bot.conversation.ownwords import OwnWords, fold
from bot.conversation.places import Places
from bot.conversation.timing import awaited, timing
from bot.conversation.withdrawing import wants_out
from bot.dialogue.events import (
    ButtonPressed,
    Event,
    MediaKind,
    MediaReceived,
    MessageReceived,
)
from bot.dialogue.flows import checkin_draft, contact, contact_invited, lock, resources
from bot.dialogue.intents import Intent
from bot.dialogue.locking import PHRASE
from bot.dialogue.state import Context, DialogueState, HandoffPhase
from bot.dialogue.understanding import FoundPlace, Parse, SafetyFinding, Understanding
from bot.ids import Locale
from bot.logs import logger
from bot.safety.language import LanguageDetector
from bot.safety.net import SafetyNet

_log = logger(__name__)

LONGEST_PARSED = 1000
"""Characters handed to the model; the safety net reads all of a message."""

ALWAYS = (f"intent:{Intent.DELETE_HISTORY}", f"intent:{Intent.QUICK_EXIT}")
"""Their labels are heard in every state, also while words go to an advocate."""
UNLOCKED = ("cover:", "checkin:", "contact:", "flow:")
"""Whose labels are heard while the conversation is locked, too."""


class Listener:
    """Asks the safety net, the language detector, the clock's grammar and the model."""

    def __init__(
        self,
        net: SafetyNet,
        detector: LanguageDetector,
        nlu: NluClient,
        catalogue: Catalogue,
        places: Places,
        tells: Callable[[str, Locale], tuple[str, ...]],
        own_words: OwnWords,
    ) -> None:
        self._net = net
        self._detector = detector
        self._nlu = nlu
        self._catalogue = catalogue
        self._places = places
        self._tells = tells
        self._own_words = own_words

    async def listen(self, inbound: Inbound, state: DialogueState, ctx: Context) -> Event:
        """The event that `inbound` is. Never fails: without the model, net and buttons remain."""
        match inbound.kind:
            case InboundKind.TEXT | InboundKind.BUTTON if invitation_token(inbound.content):
                return ButtonPressed(contact_invited.OPEN)
            case InboundKind.BUTTON:
                return ButtonPressed(inbound.content)
            case InboundKind.TEXT if inbound.content.strip():
                if (button := self._typed_label(inbound.content, state, ctx)) is not None:
                    return ButtonPressed(button)
                return await self._words(inbound.content, state, ctx)
            case InboundKind.MEDIA:
                caption = None
                if inbound.caption.strip():
                    caption = await self._words(inbound.caption, state, ctx)
                return MediaReceived(_kind(inbound.content), caption)
        return MediaReceived()

    async def _words(self, text: str, state: DialogueState, ctx: Context) -> MessageReceived:
        return MessageReceived(text, await self._understand(text, state, ctx))

    def _typed_label(self, text: str, state: DialogueState, ctx: Context) -> str | None:
        """A button that was just offered, or works at any time, typed instead of pressed."""
        if self._is_secret(text, state, ctx):
            return None
        if fold(text) in {fold(self._catalogue.label(PHRASE, tag)) for tag in ctx.locales}:
            return PHRASE
        typed = text.strip().casefold()
        shut = state.lock.is_shut(ctx.now, ctx.lock_after)
        offered = (b for b in state.offered if not shut or b.startswith(UNLOCKED))
        standing: tuple[str, ...] = (contact_invited.WITHDRAW,) if ctx.stands_by else ()
        for button in (*offered, *standing, *ALWAYS):
            label = self._label(button, state, ctx)
            if label.casefold() == typed:
                return button
        if ctx.stands_by and wants_out(text):
            return contact_invited.WITHDRAW
        return None

    def _is_secret(self, text: str, state: DialogueState, ctx: Context) -> bool:
        """Whether `text` is a word that was chosen, or is about to be: nobody else reads it."""
        own = self._own_words.look(text, ctx.salt, state.locale)
        chosen = {state.lock.word, state.lock.duress} - {""}
        return own is not None and (lock.awaits_word(state.active) or own.digest in chosen)

    def _label(self, button: str, state: DialogueState, ctx: Context) -> str:
        """Names of places are labels that no text has: the state that awaits them does."""
        if state.active is not None and button in state.active.slots:
            return state.active.slots[button].partition("\t")[0]
        return self._catalogue.label(button, state.locale, ctx.where.country if ctx.where else "")

    async def _understand(self, text: str, state: DialogueState, ctx: Context) -> Understanding:
        safety = self._net.hear(text, state.locale)
        language = self._detector.detect(text)
        places = await self._awaited_place(text, safety, state, ctx)
        parse = None
        own_words = checkin_draft.awaits_words(state.active) or contact.awaits_words(state.active)
        own_words = own_words or self._is_secret(text, state, ctx)
        if not places and not own_words and self._needs_model(text, safety, ctx):
            parse = await self._ask(text, language or state.locale)
            if parse is not None and parse.guesses[0].intent is Intent.ASK_LOCATION_RESOURCES:
                places = await self._places.spot(text, state.locale, _country(ctx))
        asks = parse is not None and parse.guesses[0].intent is Intent.START_CHECKIN
        when, times = timing(text, state, ctx, _country(ctx), asked=asks)
        return Understanding(
            parse=parse,
            safety=safety,
            language=language,
            sentence=self._detector.is_sentence(text),
            foreign=None if language else self._detector.detect_unsupported(text),
            when=when,
            places=places,
            own=self._own_words.look(text, ctx.salt, state.locale),
            timing=times,
            tells=self._telling(text, state, ctx),
        )

    async def _awaited_place(
        self, text: str, safety: SafetyFinding, state: DialogueState, ctx: Context
    ) -> tuple[FoundPlace, ...]:
        """What a text names that answers “where?”: it then goes to nobody else."""
        asked = state.active is not None and state.active.flow == resources.NAME
        if not asked or safety.danger is not None:
            return ()
        return await self._places.find(text, state.locale, _country(ctx))

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

    def _telling(self, text: str, state: DialogueState, ctx: Context) -> tuple[str, ...]:
        """The words in a cover text that would give it away, in any language that is spoken."""
        own_cover = awaited(state) == checkin_draft.State.AWAITING_OWN_COVER
        if not own_cover and not contact.awaits_telling(state.active):
            return ()
        found = (word for locale in ctx.locales for word in self._tells(text, locale))
        return tuple(dict.fromkeys(found))


def _kind(content: str) -> MediaKind:
    return MediaKind(content) if content in set(MediaKind) else MediaKind.OTHER


def _country(ctx: Context) -> str:
    return ctx.where.country if ctx.where else ""
