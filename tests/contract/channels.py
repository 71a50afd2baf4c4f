"""The channels that are held to the contract, each with the levers that the tests pull.

To add a channel: write a `ChannelHarness` for it and an entry in `HARNESSES`.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Protocol

from bot.channels.telegram import TelegramApi, TelegramChannel, TelegramReceiver
from bot.channels.telegram.updates import read
from bot.conversation.intake import InboundUpdate
from bot.conversation.interfaces import Channel, ChannelUnavailable
from bot.ids import Address
from tests.contract.channels_webchat import webchat
from tests.fakes.channel import FakeChannel, FakePhone
from tests.stub_telegram import Person, StubTelegram, cut_after, cut_before, refused


class HarnessPerson(Protocol):
    """Somebody to write to."""

    @property
    def address(self) -> Address:
        """Where the channel reaches them."""
        ...

    async def write(self, text: str) -> str:
        """They write, and the channel takes it in; returns the message's id."""
        ...

    async def texts(self) -> list[str]:
        """What is on their screen, from both sides, oldest first."""
        ...

    async def labels(self) -> list[list[str]]:
        """The rows of buttons below the last message on their screen."""
        ...

    async def go_away(self) -> None:
        """They can't be reached any more."""
        ...


class ChannelHarness(Protocol):
    """A channel, and the hand of fate."""

    @property
    def channel(self) -> Channel:
        """The channel under test."""
        ...

    async def person(self, name: str) -> HarnessPerson:
        """Somebody new who has written before, called `name` where the platform has names."""
        ...

    async def nobody(self) -> Address:
        """An address that has nobody behind it."""
        ...

    async def lose_next_answer(self) -> None:
        """Let the next send be carried out, and fail all the same."""
        ...

    async def break_next_send(self) -> None:
        """Let the next send fail without being carried out."""
        ...

    async def limit_next_send(self, seconds: int) -> None:
        """Let the next send be refused for coming too fast."""
        ...

    def secrets(self) -> list[str]:
        """What no error may contain, besides texts, names and addresses."""
        ...


class _FakePerson:
    def __init__(self, channel: FakeChannel, phone: FakePhone) -> None:
        self._channel = channel
        self._phone = phone

    @property
    def address(self) -> Address:
        return self._phone.address

    async def write(self, text: str) -> str:
        return self._channel.write(self.address, text)

    async def texts(self) -> list[str]:
        return self._phone.texts()

    async def labels(self) -> list[list[str]]:
        return [[b.label for b in row] for row in self._phone.screen()[-1].buttons]

    async def go_away(self) -> None:
        self._phone.reachable = False


class FakeHarness:
    """The fake itself: what tests rely on must hold for it too."""

    def __init__(self) -> None:
        self.channel = FakeChannel()

    async def person(self, name: str) -> _FakePerson:
        return _FakePerson(self.channel, self.channel.phone(name))

    async def nobody(self) -> Address:
        return Address("nobody")

    async def lose_next_answer(self) -> None:
        self.channel.interrupt()

    async def break_next_send(self) -> None:
        self.channel.fail(ChannelUnavailable(uncertain=True))

    async def limit_next_send(self, seconds: int) -> None:
        self.channel.fail(ChannelUnavailable(timedelta(seconds=seconds)))

    def secrets(self) -> list[str]:
        return []


class _AcceptAll:
    async def accept(self, update: InboundUpdate) -> bool:
        return True


class _TelegramPerson:
    def __init__(self, stub: StubTelegram, receiver: TelegramReceiver, person: Person) -> None:
        self._stub = stub
        self._receiver = receiver
        self._person = person

    @property
    def address(self) -> Address:
        return Address(str(self._person.id))

    async def write(self, text: str) -> str:
        message_id = self._person.write(text)
        await self._receiver.receive(read(self._stub.updates.pop()))
        return str(message_id)

    async def texts(self) -> list[str]:
        return self._person.texts()

    async def labels(self) -> list[list[str]]:
        return self._person.screen()[-1].labels

    async def go_away(self) -> None:
        self._person.block()


class TelegramHarness:
    """The real adapter, speaking HTTP to the stub Bot API server."""

    def __init__(self, stub: StubTelegram, api: TelegramApi) -> None:
        self._stub = stub
        self.channel = TelegramChannel(api)
        self._receiver = TelegramReceiver(api, self.channel.marks, _AcceptAll())

    async def person(self, name: str) -> _TelegramPerson:
        person = _TelegramPerson(self._stub, self._receiver, self._stub.person(name))
        await person.write("/start")
        return person

    async def nobody(self) -> Address:
        return Address("4242")

    async def lose_next_answer(self) -> None:
        self._stub.script("sendMessage", cut_after())

    async def break_next_send(self) -> None:
        self._stub.script("sendMessage", cut_before())

    async def limit_next_send(self, seconds: int) -> None:
        self._stub.script("sendMessage", refused(429, retry_after=seconds))

    def secrets(self) -> list[str]:
        return [self._stub.token, self._stub.token.partition(":")[2], "127.0.0.1"]


@asynccontextmanager
async def fake() -> AsyncIterator[ChannelHarness]:
    """The fake channel."""
    yield FakeHarness()


@asynccontextmanager
async def telegram() -> AsyncIterator[ChannelHarness]:
    """Telegram over the stub; what aiogram's models object to fails the test."""
    async with StubTelegram() as stub:
        api = TelegramApi(stub.token, stub.url)
        await api.start()
        try:
            yield TelegramHarness(stub, api)
        finally:
            await api.close()
        assert stub.violations == []


Open = Callable[[], AbstractAsyncContextManager[ChannelHarness]]

HARNESSES: dict[str, Open] = {"fake": fake, "telegram": telegram, "webchat": webchat}

LOSSY = ("fake", "telegram")
"""Those that speak to a platform over a network, which can limit, break and lose calls."""
