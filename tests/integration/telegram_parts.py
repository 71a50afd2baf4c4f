"""What the tests of the Telegram adapter share."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.telegram import TelegramApi, TelegramChannel, TelegramPoller, TelegramReceiver
from bot.channels.telegram.leaving import Leaver
from bot.conversation.intake import InboundUpdate
from bot.ids import Address
from tests.stub_telegram import Person, StubTelegram, until


class FakeIntake:
    """Accepts updates once each.

    `fails` decides which ones can't be stored. `returns`, when cleared, keeps `accept` from coming
    back from storing.
    """

    def __init__(self) -> None:
        self.accepted: list[InboundUpdate] = []
        self.tries = 0
        self.fails: Callable[[InboundUpdate], bool] = lambda _: False
        self.returns = asyncio.Event()
        self.returns.set()
        self._known: set[str] = set()

    async def accept(self, update: InboundUpdate) -> bool:
        self.tries += 1
        if self.fails(update):
            raise OSError("no space left for canary-of-storage")
        if update.update_id in self._known:
            return False
        self._known.add(update.update_id)
        self.accepted.append(update)
        await self.returns.wait()
        return True

    def contents(self) -> list[str]:
        return [update.content for update in self.accepted]

    async def has(self, count: int, within: float = 5.0) -> list[str]:
        """Wait for so many updates; their contents."""
        await until(lambda: len(self.accepted) >= count, within)
        return self.contents()


@dataclass
class Line:
    """A stub and an adapter that talk to each other."""

    stub: StubTelegram
    api: TelegramApi
    channel: TelegramChannel
    receiver: TelegramReceiver
    intake: FakeIntake

    def poller(self, pause: float = 0.01, wait: float = 5.0) -> TelegramPoller:
        return TelegramPoller(
            self.api,
            self.receiver,
            wait=timedelta(seconds=wait),
            pause=timedelta(seconds=pause),
        )


@asynccontextmanager
async def line(answer_within: float | None = None) -> AsyncIterator[Line]:
    """A stub whose violations fail the test, and an adapter on it."""
    within = None if answer_within is None else timedelta(seconds=answer_within)
    async with StubTelegram() as stub:
        api = TelegramApi(stub.token, stub.url, answer_within=within)
        await api.start()
        channel, intake = TelegramChannel(api), FakeIntake()
        leaver = Leaver(api, timedelta(seconds=0.01))
        receiver = TelegramReceiver(api, channel.marks, intake, leaver)
        try:
            yield Line(stub, api, channel, receiver, intake)
        finally:
            await receiver.close()
            await api.close()
        assert stub.violations == []


@asynccontextmanager
async def polling(poller: TelegramPoller) -> AsyncIterator[None]:
    """A poller at work."""
    task = asyncio.create_task(poller.run())
    try:
        yield
        assert not task.done(), "a poller runs until it is cancelled"
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def address(person: Person) -> Address:
    return Address(str(person.id))
