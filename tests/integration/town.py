"""A whole Sidelight on a real database, with people on a fake channel and a clock in our hands."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from uuid import uuid4

from bot.bootstrap import Sidelight, build
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.dialogue.intents import Intent
from bot.dialogue.understanding import Guess
from bot.handoff.models import HandoffState
from bot.ids import Address, AdvocateId, HandoffId, Locale
from bot.safety.language import LanguageDetector
from bot.safety.net import SafetyNet
from bot.settings import Settings, load_settings
from bot.storage import schema
from bot.vault.keyring import KeyRing
from tests.fakes.channel import FakeChannel, FakePhone
from tests.fakes.clock import FakeClock
from tests.fakes.nlu import FakeNluClient
from tests.signing import signed_overlay

LOCALES = (Locale("en"), Locale("es"))
MEANINGS = {
    "hello": Intent.GREET,
    "yes": Intent.AFFIRM,
    "no": Intent.DENY,
    "where can i sleep": Intent.ASK_SHELTER,
    "what is kept": Intent.ASK_CONFIDENTIALITY,
    "a person please": Intent.TALK_TO_HUMAN,
    "check on me in two hours": Intent.START_CHECKIN,
    "i am home": Intent.CHECKIN_OK,
    "cancel the check in": Intent.CANCEL_CHECKIN,
    "delete it all": Intent.DELETE_HISTORY,
}


class Town:
    """Sidelight, its fakes, and short words for what happens in tests."""

    def __init__(
        self, sidelight: Sidelight, clock: FakeClock, channel: FakeChannel, nlu: FakeNluClient
    ) -> None:
        self.sidelight = sidelight
        self.clock = clock
        self.channel = channel
        self.nlu = nlu
        self._updates = count(1)

    async def settle(self) -> None:
        """Let everything that is due now happen."""
        sidelight = self.sidelight
        while True:
            await sidelight.keeper.scan()
            await sidelight.dispatcher.settled()
            if not await sidelight.timer_worker.run_due():
                break
        await sidelight.dispatcher.settled()

    async def advance(self, **by: float) -> None:
        """Let time pass, in steps of at most a minute, and what is due in it happen."""
        left = timedelta(**by)
        while left > timedelta(0):
            step = min(left, timedelta(minutes=1))
            self.clock.advance(step)
            left -= step
            await self.settle()

    async def update(
        self,
        phone: FakePhone,
        kind: InboundKind,
        content: str = "",
        message_ids: tuple[str, ...] = (),
        sent_at: datetime | None = None,
    ) -> None:
        """An update of `phone` arrives, and is handled."""
        await self.arrive(phone, kind, content, message_ids, sent_at)
        await self.settle()

    async def arrive(
        self,
        phone: FakePhone,
        kind: InboundKind,
        content: str = "",
        message_ids: tuple[str, ...] = (),
        sent_at: datetime | None = None,
    ) -> None:
        """An update of `phone` arrives, and is handled with what comes next."""
        await self.sidelight.intake.accept(
            InboundUpdate(
                channel=self.channel.name,
                update_id=str(next(self._updates)),
                address=Address(phone.address),
                kind=kind,
                content=content,
                message_ids=message_ids,
                sent_at=sent_at,
            )
        )

    async def write(self, phone: FakePhone, text: str, sent_at: datetime | None = None) -> None:
        """The person writes."""
        message = self.channel.write(phone.address, text)
        await self.update(phone, InboundKind.TEXT, text, (message,), sent_at)

    async def press(self, phone: FakePhone, label_or_id: str) -> None:
        """The person presses a button that is on the screen."""
        await self.update(phone, InboundKind.BUTTON, phone.button(label_or_id).id)

    async def request_advocate(self, phone: FakePhone) -> HandoffId:
        """The person asks for an advocate and consents; the handoff's id."""
        self.clock.advance(timedelta(milliseconds=1))
        await self.write(phone, "a person please")
        await self.press(phone, "handoff:share")
        waiting = await self.sidelight.advocacy.handoffs(HandoffState.WAITING)
        return waiting[-1].handoff.id

    @staticmethod
    def advocate() -> AdvocateId:
        """Somebody's id."""
        return AdvocateId(uuid4())

    async def say(self, handoff: HandoffId, advocate: AdvocateId, text: str) -> None:
        """The advocate writes."""
        await self.sidelight.advocacy.say(handoff, advocate, text, uuid4())
        await self.settle()


def settings_for(folder: Path, database_url: str, **more: object) -> Settings:
    """Settings with everything in `folder`, English and Spanish, and a key ring made."""
    usual = {"locales": LOCALES, "responses_overlay": signed_overlay(folder)}
    settings = load_settings(
        data_dir=folder,
        database_url=database_url,
        telegram_token="",
        nlu_url="",
        **{**usual, **more},
    )
    if not settings.keyring.exists():
        KeyRing.create(settings.keyring)
    return settings


def scripted_nlu() -> FakeNluClient:
    """A model that understands MEANINGS."""
    nlu = FakeNluClient()
    for text, intent in MEANINGS.items():
        nlu.understand(text, Guess(intent, 0.95))
    return nlu


@cache
def ears() -> tuple[SafetyNet, LanguageDetector]:
    """Net and detector, loaded once: they remember nothing between texts."""
    settings = load_settings()
    net = SafetyNet.load(settings.nlu_dir / "safety", LOCALES)
    return net, LanguageDetector.load(settings.nlu_dir / "languages", LOCALES)


@asynccontextmanager
async def town(
    folder: Path,
    database_url: str,
    channel: FakeChannel | None = None,
    also: tuple[FakeChannel, ...] = (),
    **more: object,
) -> AsyncIterator[Town]:
    """A town that lives as long as the block."""
    clock, channel, nlu = FakeClock(), channel or FakeChannel(), scripted_nlu()
    net, detector = ears()
    sidelight = build(
        settings_for(folder, database_url, **more),
        nlu,
        clock=clock,
        extra_channels=(channel, *also),
        net=net,
        detector=detector,
    )
    await schema.upgrade(sidelight.database)
    running = asyncio.create_task(sidelight.dispatcher.run())
    try:
        yield Town(sidelight, clock, channel, nlu)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await sidelight.close()
