"""The composition root: the one place that builds the parts and wires them."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.channels.telegram import profile
from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.channel import TELEGRAM, TelegramChannel
from bot.channels.telegram.links import deep_link
from bot.channels.telegram.pace import A_SECOND, BURST, DEBT, IN_A_CHAT, Pace
from bot.channels.telegram.receiver import TelegramReceiver
from bot.channels.telegram.staff_chat import TelegramStaffChat
from bot.channels.webchat import words as webchat_words
from bot.channels.webchat.channel import WebchatChannel
from bot.clock import Clock, SystemClock
from bot.console import phrases
from bot.console import words as console_words
from bot.content import layers
from bot.content.responses import ResponseCatalogue
from bot.content.reviews import refuse_drafts
from bot.conversation import room_words, showing, timers
from bot.conversation.accepting import IntakeService
from bot.conversation.advocacy import AdvocacyService
from bot.conversation.alarms import Alarms
from bot.conversation.at_hand import AtHand
from bot.conversation.carrying import EffectCarrier
from bot.conversation.delivery import DeliveryService
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.house import House
from bot.conversation.intake import Intake
from bot.conversation.interfaces import Channel, NluClient
from bot.conversation.invitations import Links, page_link
from bot.conversation.inviting import Inviter
from bot.conversation.keeping import Keeper
from bot.conversation.louder import Louder
from bot.conversation.minutes import QueueMinutes
from bot.conversation.outbound import Outbound
from bot.conversation.ownwords import OwnWords, read_common
from bot.conversation.pairing import Pairings
from bot.conversation.places import Places
from bot.conversation.roster import Roster
from bot.conversation.rounds import Rounds
from bot.conversation.showing import Showcase
from bot.conversation.staff_room import StaffRoom
from bot.conversation.texts import NUDGE
from bot.conversation.transcript import Transcript
from bot.conversation.turns import TurnService
from bot.conversation.understanding import Listener
from bot.conversation.vanishing import LEFT_BEHIND, VanishService
from bot.conversation.working import ConversationWorker
from bot.dialogue import cover
from bot.dialogue.applying import RESUME, SHOW, TEXTS
from bot.dialogue.flows import handoff, resources, safety_checkin
from bot.dialogue.intents import Intent
from bot.dialogue.locking import PHRASE
from bot.directory.places import PlaceFinder
from bot.directory.reading import read_directory
from bot.directory.service import DirectoryService
from bot.finding import refuse
from bot.ids import ChannelName
from bot.metrics.measured import (
    MeasuredChannel,
    MeasuredIntake,
    MeasuredNlu,
    measured_rounds,
    measured_timers,
    measured_work,
)
from bot.metrics.registry import Metrics
from bot.safety.cover import GiveAways
from bot.safety.language import LanguageDetector
from bot.safety.net import SafetyNet
from bot.scheduling.leases import Lease
from bot.scheduling.worker import TimerWorker
from bot.settings import Settings
from bot.signals import Signals
from bot.staff.ledger import Ledger
from bot.staff.service import StaffService
from bot.storage.clock import DatabaseClock
from bot.storage.database import SqlDatabase
from bot.storage.pace import SqlBucket
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault

REQUIRED_TEXTS = (
    TEXTS
    | webchat_words.TEXTS
    | profile.TEXTS
    | console_words.TEXTS
    | phrases.TEXTS
    | showing.TEXTS
    | layers.TEXTS
    | room_words.TEXTS
    | {NUDGE, LEFT_BEHIND}
)
"""Every key that the bot can say: the catalogue must have them all, in every enabled language."""


def required_buttons(settings: Settings) -> frozenset[str]:
    """Every button that the bot can show besides those that the texts name themselves."""
    return frozenset(
        {
            *(f"intent:{intent}" for intent in Intent),
            *(f"language:{locale}" for locale in settings.locales),
            RESUME,
            SHOW,
            handoff.AT_OPENING,
            resources.CHANGE,
            *resources.KINDS,
            *safety_checkin.KINDS,
            PHRASE,
            *cover.BUTTONS,
        }
    )


@dataclass(frozen=True, slots=True)
class Telegram:
    """What serves Telegram, when a token is set."""

    api: TelegramApi
    channel: TelegramChannel
    receiver: TelegramReceiver
    staff_chat: TelegramStaffChat | None


@dataclass(frozen=True, slots=True)
class Sidelight:
    """All parts of a running bot, wired."""

    settings: Settings
    clock: Clock
    shared_clock: DatabaseClock | None
    vault: Vault
    database: SqlDatabase
    catalogue: ResponseCatalogue
    signals: Signals
    dispatcher: Dispatcher
    metrics: Metrics
    intake: Intake
    transcript: Transcript
    advocacy: AdvocacyService
    timer_worker: TimerWorker
    polling: Lease
    keeper: Keeper
    staff: StaffService
    room: StaffRoom
    hand: AtHand
    ledger: Ledger
    showcase: Showcase
    house: House
    roster: Roster
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
    database = SqlDatabase(settings.database_url, clock)
    # One process on its own machine has no other clock to agree with.
    shared = None if clock or database.is_sqlite else DatabaseClock(database)
    clock = clock or shared or SystemClock()
    vault = Vault(KeyRing.load(settings.keyring))
    catalogue = load_catalogue(settings)
    if not settings.demo:
        refuse_drafts(catalogue.drafts)
    signals = Signals()
    dispatcher = Dispatcher()
    metrics = Metrics()
    intake = MeasuredIntake(IntakeService(database, vault, clock, settings, dispatcher), metrics)
    staff = StaffService(database, vault, clock, settings)
    room = StaffRoom(database, vault, clock, settings, catalogue, staff, dispatcher)
    telegram = _telegram(settings, intake, room, database, vault)
    webchat = WebchatChannel(signals)
    own: tuple[Channel, ...] = (webchat,)
    if telegram is not None:
        own += (telegram.channel,)
        own += () if telegram.staff_chat is None else (telegram.staff_chat,)
    channels: dict[ChannelName, Channel] = {
        channel.name: MeasuredChannel(channel, metrics) for channel in (*own, *extra_channels)
    }
    detector = detector or LanguageDetector.load(settings.nlu_dir / "languages", settings.locales)
    places = Places(PlaceFinder(settings.places_dir))
    giveaways = GiveAways.load(settings.nlu_dir / "safety", settings.locales)
    listener = Listener(
        net or SafetyNet.load(settings.nlu_dir / "safety", settings.locales),
        detector,
        MeasuredNlu(nlu, metrics),
        catalogue,
        places,
        giveaways.find,
        OwnWords(vault, giveaways, read_common(settings.nlu_dir / "words" / "common.yml")),
    )
    showcase = Showcase(load_directory(settings), catalogue, hide_expired=settings.hide_expired)
    pairings = Pairings(vault)
    inviter = Inviter(pairings, partial(_links, settings, telegram))
    carrier = EffectCarrier(settings, catalogue, showcase, inviter)
    core = (database, vault, clock, settings)
    turns = TurnService(*core, listener, carrier, channels, catalogue, inviter.calls)
    delivery = DeliveryService(*core, catalogue, channels, inviter.calls)
    worker = ConversationWorker(turns, delivery, dispatcher, signals, clock)
    dispatcher.set_work(measured_work(worker.work, metrics))
    handlers = Alarms(database, vault, clock, settings, dispatcher).handlers()
    handlers |= Louder(database, clock, settings).handlers() | room.handlers()
    handlers |= QueueMinutes(database, vault, clock, settings, dispatcher).handlers()
    handlers[timers.VANISH] = VanishService(*core, catalogue, channels, pairings).run
    handlers = measured_timers(handlers, clock, metrics)
    outbound = Outbound(database, clock, delivery, dispatcher)
    rounds = Rounds(*core, catalogue, channels, outbound, dispatcher).handlers()
    rounds = measured_rounds(rounds, clock, metrics)
    owner = f"{os.getpid()}-{secrets.token_hex(8)}"
    staff, house = StaffService(database, vault, clock, settings), House(database, settings)
    return Sidelight(
        settings=settings,
        clock=clock,
        shared_clock=shared,
        vault=vault,
        database=database,
        catalogue=catalogue,
        signals=signals,
        dispatcher=dispatcher,
        metrics=metrics,
        intake=intake,
        transcript=Transcript(database, vault, clock, settings),
        advocacy=AdvocacyService(database, vault, clock, settings, dispatcher, signals),
        timer_worker=TimerWorker(database.writing, clock, owner, handlers, rounds),
        polling=Lease(database.writing, "polling", owner),
        keeper=Keeper(*core, dispatcher, pairings),
        staff=staff,
        room=room,
        hand=AtHand(database, vault, clock),
        ledger=Ledger(database, vault, clock),
        showcase=showcase,
        house=house,
        roster=Roster(database, clock, settings, staff, house),
        detector=detector,
        places=places,
        webchat=webchat,
        telegram=telegram,
    )


def _links(settings: Settings, telegram: Telegram | None, token: str) -> Links:
    """Where an invitation can be opened."""
    username = telegram.api.username if telegram is not None else ""
    app = deep_link(username, token) if username else ""
    return Links(app, page_link(settings.public_url, token))


def _telegram(
    settings: Settings, intake: Intake, room: StaffRoom, database: SqlDatabase, vault: Vault
) -> Telegram | None:
    token = settings.telegram_token.get_secret_value()
    if not token:
        return None
    api = TelegramApi(token, settings.telegram_api_url)
    # On SQLite there is one process.
    bucket = SqlBucket(
        database,
        TELEGRAM,
        size=BURST,
        a_second=A_SECOND,
        debt=DEBT,
        in_a_chat=IN_A_CHAT,
        index=lambda chat: vault.blind_index("pace", str(chat)),
    )
    pace = Pace(shared=None if database.is_sqlite else bucket)
    channel = TelegramChannel(api, pace=pace)
    chat = settings.staff_chat_id
    staff_chat = TelegramStaffChat(api, int(chat), pace, room) if chat else None
    receiver = TelegramReceiver(api, channel.marks, intake, staff_chat=staff_chat)
    return Telegram(api, channel, receiver, staff_chat)
