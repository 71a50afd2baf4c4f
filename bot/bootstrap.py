"""The composition root: the one place that builds the parts and wires them."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.receiver import TelegramReceiver
from bot.channels.webchat import words as webchat_words
from bot.channels.webchat.channel import WebchatChannel
from bot.clock import Clock, SystemClock
from bot.content import layers
from bot.content.responses import ResponseCatalogue
from bot.content.reviews import refuse_drafts
from bot.conversation import showing, timers
from bot.conversation.accepting import IntakeService
from bot.conversation.advocacy import AdvocacyService
from bot.conversation.alarms import Alarms
from bot.conversation.carrying import EffectCarrier
from bot.conversation.delivery import DeliveryService
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.interfaces import Channel, NluClient
from bot.conversation.keeping import Keeper
from bot.conversation.places import Places
from bot.conversation.showing import Showcase
from bot.conversation.texts import NUDGE
from bot.conversation.transcript import Transcript
from bot.conversation.turns import TurnService
from bot.conversation.understanding import Listener
from bot.conversation.vanishing import VanishService
from bot.conversation.working import ConversationWorker
from bot.dialogue.flows import resources
from bot.dialogue.intents import Intent
from bot.dialogue.router import RESUME, SHOW, TEXTS
from bot.directory.places import PlaceFinder
from bot.directory.reading import read_directory
from bot.directory.service import DirectoryService
from bot.finding import refuse
from bot.safety.language import LanguageDetector
from bot.safety.net import SafetyNet
from bot.scheduling.worker import TimerWorker
from bot.settings import Settings
from bot.signals import Signals
from bot.staff.service import StaffService
from bot.storage.database import SqlDatabase
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault

REQUIRED_TEXTS = TEXTS | webchat_words.TEXTS | showing.TEXTS | layers.TEXTS | {NUDGE}
"""Every key that the bot can say: the catalogue must have them all, in every enabled language."""


def required_buttons(settings: Settings) -> frozenset[str]:
    """Every button that the bot can show besides those that the texts name themselves."""
    return frozenset(
        {
            *(f"intent:{intent}" for intent in Intent),
            *(f"language:{locale}" for locale in settings.locales),
            RESUME,
            SHOW,
            resources.CHANGE,
            *resources.KINDS,
        }
    )


@dataclass(frozen=True, slots=True)
class Telegram:
    """What serves Telegram, when a token is set."""

    api: TelegramApi
    channel: TelegramChannel
    receiver: TelegramReceiver


@dataclass(frozen=True, slots=True)
class Sidelight:
    """All parts of a running bot, wired."""

    settings: Settings
    clock: Clock
    vault: Vault
    database: SqlDatabase
    catalogue: ResponseCatalogue
    signals: Signals
    dispatcher: Dispatcher
    intake: IntakeService
    transcript: Transcript
    advocacy: AdvocacyService
    timer_worker: TimerWorker
    keeper: Keeper
    staff: StaffService
    detector: LanguageDetector
    places: Places
    webchat: WebchatChannel
    telegram: Telegram | None

    async def close(self) -> None:
        """Let go of connections."""
        if self.telegram is not None:
            await self.telegram.receiver.close()
            await self.telegram.api.close()
        await self.database.close()


def load_catalogue(settings: Settings) -> ResponseCatalogue:
    """All texts, checked. Raises ConfigurationError naming file, line, key and mend."""
    return ResponseCatalogue.load(
        settings.responses_dir,
        settings.locales,
        settings.responses_overlay,
        required_keys=REQUIRED_TEXTS,
        required_buttons=required_buttons(settings),
        organization=settings.organization,
    )


def load_directory(settings: Settings) -> DirectoryService:
    """The local services. Raises ConfigurationError naming file, line, id and mend."""
    overlay = settings.responses_overlay
    found, findings = read_directory(
        settings.responses_dir / "directory",
        overlay / "directory" if overlay else None,
        cache=settings.data_dir / "directory.json",
    )
    refuse(findings)
    return DirectoryService(found.services.values())


def build(
    settings: Settings,
    nlu: NluClient,
    *,
    clock: Clock | None = None,
    extra_channels: Sequence[Channel] = (),
    net: SafetyNet | None = None,
    detector: LanguageDetector | None = None,
) -> Sidelight:
    """Wire everything. Opens no connection yet. Parts that are given are not built anew.

    Raises ConfigurationError for a missing or damaged key ring, text, lexicon or setting, and for
    a language whose safety-critical texts no reviewer has signed: only the demonstration shows it.
    """
    clock = clock or SystemClock()
    vault = Vault(KeyRing.load(settings.keyring))
    catalogue = load_catalogue(settings)
    if not settings.demo:
        refuse_drafts(catalogue.drafts)
    database = SqlDatabase(settings.database_url)
    signals = Signals()
    dispatcher = Dispatcher()
    intake = IntakeService(database, vault, clock, settings, dispatcher)
    telegram = _telegram(settings, intake)
    webchat = WebchatChannel(signals)
    own: tuple[Channel, ...] = (webchat,)
    if telegram is not None:
        own += (telegram.channel,)
    channels = {channel.name: channel for channel in (*own, *extra_channels)}
    detector = detector or LanguageDetector.load(settings.nlu_dir / "languages", settings.locales)
    places = Places(PlaceFinder(settings.places_dir))
    listener = Listener(
        net or SafetyNet.load(settings.nlu_dir / "safety", settings.locales),
        detector,
        nlu,
        catalogue,
        places,
    )
    showcase = Showcase(load_directory(settings), catalogue, hide_expired=settings.hide_expired)
    carrier = EffectCarrier(settings, catalogue, showcase)
    turns = TurnService(database, vault, clock, settings, listener, carrier, channels, catalogue)
    delivery = DeliveryService(database, vault, clock, settings, catalogue, channels)
    worker = ConversationWorker(turns, delivery, dispatcher, signals, clock)
    dispatcher.set_work(worker.work)
    handlers = Alarms(database, vault, clock, dispatcher).handlers()
    handlers[timers.VANISH] = VanishService(database, vault, clock, channels).run
    owner = f"{os.getpid()}-{secrets.token_hex(8)}"
    return Sidelight(
        settings=settings,
        clock=clock,
        vault=vault,
        database=database,
        catalogue=catalogue,
        signals=signals,
        dispatcher=dispatcher,
        intake=intake,
        transcript=Transcript(database, vault, clock, settings),
        advocacy=AdvocacyService(database, vault, clock, settings, dispatcher, signals),
        timer_worker=TimerWorker(database.writing, clock, owner, handlers),
        keeper=Keeper(database, vault, clock, settings, dispatcher),
        staff=StaffService(database, vault, clock, settings),
        detector=detector,
        places=places,
        webchat=webchat,
        telegram=telegram,
    )


def _telegram(settings: Settings, intake: IntakeService) -> Telegram | None:
    token = settings.telegram_token.get_secret_value()
    if not token:
        return None
    api = TelegramApi(token, settings.telegram_api_url)
    channel = TelegramChannel(api)
    return Telegram(api, channel, TelegramReceiver(api, channel.marks, intake))
