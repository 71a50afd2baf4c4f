"""A house with a console and one channel: real services on a real SQLite file."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

import httpx
import pyotp
import uvicorn
from argon2 import PasswordHasher

from bot.console import console_app
from bot.content.responses import ResponseCatalogue
from bot.conversation.accepting import IntakeService
from bot.conversation.advocacy import AdvocacyService
from bot.conversation.alarms import Alarms
from bot.conversation.at_hand import AtHand
from bot.conversation.carrying import EffectCarrier
from bot.conversation.codec import Inbound
from bot.conversation.delivery import DeliveryService
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.house import House as Living
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.conversation.invitations import Links, page_link
from bot.conversation.inviting import Inviter
from bot.conversation.minutes import QueueMinutes
from bot.conversation.pairing import Pairings
from bot.conversation.roster import Roster
from bot.conversation.showing import Showcase
from bot.conversation.turns import TurnService
from bot.conversation.vanishing import VanishService
from bot.conversation.working import ConversationWorker
from bot.dialogue.events import ButtonPressed, Event, MessageReceived
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, DialogueState
from bot.dialogue.understanding import Guess, Parse, Understanding
from bot.directory.models import Service
from bot.directory.service import DirectoryService
from bot.handoff.models import HandoffState
from bot.ids import HandoffId, Locale
from bot.scheduling.worker import Handler
from bot.settings import Settings, load_settings
from bot.signals import Signals
from bot.staff.ledger import Ledger
from bot.staff.passwords import Passwords
from bot.staff.permissions import Role
from bot.staff.service import StaffService
from bot.storage.database import SqlDatabase
from bot.storage.tables import metadata
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault
from tests.fakes.channel import FakeChannel, FakePhone


class MovableClock:
    """The machine's clock, and whatever a test moved it by."""

    def __init__(self) -> None:
        self._moved = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._moved

    def move(self, by: timedelta) -> None:
        self._moved += by


@cache
def catalogue(locales: tuple[Locale, ...]) -> ResponseCatalogue:
    """The texts of `responses/`, read once for all tests."""
    return ResponseCatalogue.load(load_settings().responses_dir, locales)


def english() -> ResponseCatalogue:
    """The source alone."""
    return catalogue((Locale("en"),))


class FakeListener:
    """Understands the exact words that a test taught it, and nothing else."""

    def __init__(self) -> None:
        self.meanings: dict[str, Intent] = {}

    async def listen(self, inbound: Inbound, state: DialogueState, ctx: Context) -> Event:
        if inbound.kind is InboundKind.BUTTON:
            return ButtonPressed(inbound.content)
        intent = self.meanings.get(inbound.content, Intent.OUT_OF_SCOPE)
        parse = Parse((Guess(intent, 0.9),))
        return MessageReceived(inbound.content, Understanding(parse=parse))


class House:
    """Everything behind the console, and the phones on the other side."""

    def __init__(
        self,
        folder: Path,
        clock: MovableClock,
        services: Sequence[Service] = (),
        **settings: object,
    ) -> None:
        self.settings: Settings = load_settings(data_dir=folder, **settings)
        self.clock = clock
        self.database = SqlDatabase(self.settings.database_url, clock)
        ring = self.settings.keyring
        self.vault = Vault(KeyRing.load(ring) if ring.exists() else KeyRing.create(ring))
        self.signals = Signals()
        self.dispatcher = Dispatcher()
        self.catalogue = catalogue(self.settings.locales)
        self.channel = FakeChannel()
        self.listener = FakeListener()
        channels = {self.channel.name: self.channel}
        core = (self.database, self.vault, clock)
        self.intake = IntakeService(*core, self.settings, self.dispatcher)
        showcase = Showcase(DirectoryService(services), self.catalogue, hide_expired=False)
        pairings = Pairings(self.vault)
        inviter = Inviter(pairings, lambda token: Links("", page_link("http://test", token)))
        carrier = EffectCarrier(self.settings, self.catalogue, showcase, inviter)
        wired = (channels, self.catalogue, inviter.calls)
        self.turns = TurnService(*core, self.settings, self.listener, carrier, *wired)
        self.delivery = DeliveryService(
            *core, self.settings, self.catalogue, channels, inviter.calls
        )
        worker = ConversationWorker(self.turns, self.delivery, self.dispatcher, self.signals, clock)
        self.dispatcher.set_work(worker.work)
        self.vanishing = VanishService(*core, self.settings, self.catalogue, channels, pairings)
        self.alarms = Alarms(*core, self.settings, self.dispatcher)
        self.minutes = QueueMinutes(*core, self.settings, self.dispatcher)
        self.advocacy = AdvocacyService(*core, self.settings, self.dispatcher, self.signals)
        self.hand = AtHand(*core)
        self.ledger = Ledger(*core)
        self.showcase = showcase
        self.pauses: list[float] = []
        cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.staff = StaffService(*core, self.settings, cheap, self._pause)
        self.house = Living(self.database, self.settings)
        self.roster = Roster(self.database, clock, self.settings, self.staff, self.house)
        self.app = console_app(
            self.advocacy,
            self.staff,
            self.signals,
            self.catalogue,
            self.settings,
            clock,
            self.hand,
            self.ledger,
            showcase,
            self.house,
            self.roster,
        )
        self._updates = count(1)

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def create_tables(self) -> None:
        async with self.database.writing() as unit:
            await unit.connection.run_sync(metadata.create_all)

    async def writes(self, phone: FakePhone, text: str) -> None:
        """The person sends a text, and everything that follows happens."""
        message = self.channel.write(phone.address, text)
        await self._accept(phone, InboundKind.TEXT, text, (message,))

    async def presses(self, phone: FakePhone, button: str) -> None:
        """The person presses a button, and everything that follows happens."""
        await self._accept(phone, InboundKind.BUTTON, button, ())

    async def _accept(
        self, phone: FakePhone, kind: InboundKind, content: str, ids: tuple[str, ...]
    ) -> None:
        update = InboundUpdate(
            self.channel.name, str(next(self._updates)), phone.address, kind, content, ids
        )
        await self.intake.accept(update)
        await self.dispatcher.settled()

    async def someone_waits(self, intent: Intent | None = None) -> tuple[FakePhone, HandoffId]:
        """A new person asks for an advocate, after `intent` (shared as the topic) if given."""
        phone = self.channel.phone()
        before = {q.handoff.id for q in await self.advocacy.handoffs(HandoffState.WAITING)}
        await self.presses(phone, f"intent:{intent or Intent.GREET}")
        await self.presses(phone, f"intent:{Intent.TALK_TO_HUMAN}")
        await self.presses(phone, "handoff:share")
        after = [q.handoff.id for q in await self.advocacy.handoffs(HandoffState.WAITING)]
        (new,) = (found for found in after if found not in before)
        return phone, new

    async def run_timers(self) -> None:
        """Run every timer that is due by the house's clock, once."""
        handlers: dict[str, Handler] = {
            **self.alarms.handlers(),
            **self.minutes.handlers(),
            "vanish": self.vanishing.run,
        }
        async with self.database.writing() as unit:
            due = await unit.timers.claim("test", timedelta(seconds=30), 100)
        for timer in due:
            await handlers[timer.kind.split(":")[0]](timer)
        await self.dispatcher.settled()


@asynccontextmanager
async def open_house(
    folder: Path,
    clock: MovableClock | None = None,
    services: Sequence[Service] = (),
    **settings: object,
) -> AsyncIterator[House]:
    """A house at work."""
    house = House(folder, clock or MovableClock(), services, **settings)
    await house.create_tables()
    worker = asyncio.create_task(house.dispatcher.run())
    try:
        yield house
    finally:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
        await house.database.close()


@asynccontextmanager
async def serving(house: House, port: int = 0) -> AsyncIterator[str]:
    """The console on a port of the loopback, 0 for a free one; its address."""
    config = uvicorn.Config(house.app, port=port, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        for connection in list(server.server_state.connections):
            connection.transport.abort()  # as when a process ends: streams, too
        await task


class Console:
    """An advocate at the API, signed in."""

    def __init__(self, house: House, name: str, password: str, secret: str) -> None:
        self.house = house
        self.name = name
        self.password = password
        self.secret = secret
        self.http = client(house)

    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.house.clock.now())

    async def sign_in(self, http: httpx.AsyncClient | None = None) -> httpx.Response:
        """Try to sign in with the right name, password and code."""
        body = {"name": self.name, "password": self.password, "totp": self.code()}
        return await (http or self.http).post("/api/v1/session", json=body)


def client(house: House, address: str = "203.0.113.1") -> httpx.AsyncClient:
    """A browser without a page, at `address`."""
    transport = httpx.ASGITransport(house.app, client=(address, 4000))
    return httpx.AsyncClient(transport=transport, base_url=house.settings.public_url)


async def an_advocate(
    house: House, name: str = "Robin", role: Role = Role.ADVOCATE, *, signed_in: bool = True
) -> Console:
    """A member of the staff."""
    console = Console(house, name, *await house.staff.add_with_secrets(name, role))
    if signed_in:
        assert (await console.sign_in()).status_code == 200
    return console
