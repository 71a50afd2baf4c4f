"""The web chat as the channel contract sees it: the adapter, its routes, and a page without eyes.

The page shows what the server still holds, so the harness plays the server's part: what was sent
is held, what was deleted is not. What is on the screen is read from the page's own stream.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette

from bot.channels.webchat import WebchatChannel, webchat_routes
from bot.channels.webchat.limits import Limits
from bot.content.catalogue import Rendered
from bot.conversation.interfaces import ChannelTraits, OutgoingMessage
from bot.ids import Address, ChannelName
from bot.settings import load_settings
from bot.signals import Signals
from tests.fakes.webchat import FakeCatalogue, InMemoryChats
from tests.fakes.webchat_client import HOST, PageClient


class _HoldingChannel:
    """The adapter, with the rows that the core writes and removes around its calls."""

    def __init__(self, channel: WebchatChannel, chats: InMemoryChats) -> None:
        self._channel = channel
        self._chats = chats

    @property
    def name(self) -> ChannelName:
        return self._channel.name

    @property
    def traits(self) -> ChannelTraits:
        return self._channel.traits

    def mark(self) -> str:
        return self._channel.mark()

    async def send(self, address: Address, message: OutgoingMessage) -> tuple[str, ...]:
        ids = await self._channel.send(address, message)
        chat = self._chats.chats[address]
        entry = self._chats.say(chat, message.text, ids=ids)
        self._chats.change(chat, entry, message=Rendered(message.text, message.buttons))
        return ids

    async def withdraw(self, address: Address, mark: str, spare: Collection[str] = ()) -> None:
        await self._channel.withdraw(address, mark, spare)

    async def delete(
        self, address: Address, message_ids: Sequence[str], *, urgent: bool = False
    ) -> None:
        await self._channel.delete(address, message_ids)
        chat = self._chats.chats[address]
        gone = [e for e in chat.entries if set(e.platform_ids) & set(message_ids)]
        if gone:
            self._chats.drop(chat, *gone)


class _Visitor:
    def __init__(self, page: PageClient) -> None:
        self._page = page

    @property
    def address(self) -> Address:
        return self._page.address

    async def write(self, text: str) -> str:
        message_id = str(uuid4())
        answer = await self._page.post(text, message_id=message_id)
        assert answer.status_code == 204
        return message_id

    async def texts(self) -> list[str]:
        return [entry["text"] for entry in await self._screen()]

    async def labels(self) -> list[list[str]]:
        return [[b["label"] for b in row] for row in (await self._screen())[-1]["buttons"]]

    async def go_away(self) -> None:
        address = self._page.address
        assert (await self._page.http.post("/chat/exit")).status_code == 204
        self._page.http.cookies.set("chat", address, domain=HOST)

    async def _screen(self) -> list[dict[str, Any]]:
        async with self._page.events() as stream:
            event = await stream.next()
        assert event is not None
        return list(event.get("add", []))


class _Hours:
    """A time in which an hour passes between any two looks: nobody is ever too fast."""

    def __init__(self) -> None:
        self._at = 0.0

    def __call__(self) -> float:
        self._at += 3600
        return self._at


class WebchatHarness:
    """The real adapter and the real routes. There is no network between it and the server."""

    def __init__(self) -> None:
        signals = Signals()
        self._chats = InMemoryChats()
        adapter = WebchatChannel(signals)
        self.channel = _HoldingChannel(adapter, self._chats)
        settings = load_settings(_env_file=None, public_url=f"http://{HOST}")
        self._app = Starlette(
            routes=webchat_routes(
                adapter,
                self._chats,
                self._chats,
                signals,
                FakeCatalogue(),
                settings,
                limits=Limits(_Hours()),
            )
        )

    async def person(self, name: str) -> _Visitor:
        visitor = _Visitor(PageClient(self._app))
        await visitor.write("hello")
        return visitor

    async def nobody(self) -> Address:
        return Address("nobody")

    async def lose_next_answer(self) -> None:
        raise NotImplementedError("no call of this channel leaves the process")

    async def break_next_send(self) -> None:
        raise NotImplementedError("no call of this channel leaves the process")

    async def limit_next_send(self, seconds: int) -> None:
        raise NotImplementedError("no call of this channel leaves the process")

    def secrets(self) -> list[str]:
        return []


@asynccontextmanager
async def webchat() -> AsyncIterator[WebchatHarness]:
    """The web chat."""
    yield WebchatHarness()
