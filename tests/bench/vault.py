"""What discretion costs: the vault in a turn, a purge of 10,000 messages, the end of an epoch."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from bot.channels.telegram.api import MAX_DELETED_AT_ONCE, TelegramApi
from bot.channels.telegram.channel import TelegramChannel
from bot.conversation.interfaces import ChannelUnavailable, OutgoingMessage
from bot.conversation.keeping import GRACE, rotate
from bot.conversation.models import Conversation
from bot.ids import Address, ChannelName, ConversationId
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault
from tests.stub_telegram import StubTelegram

SEALED_IN_A_TURN = 8
"""State read and written, inbox written and read, two messages, their ids and marks."""

MESSAGES = 10_000
CHATS = 100
LIVE = 100_000
TRIED = 10_000
"""Conversations that are really rotated; the cost grows with their number."""

Row = tuple[str, str]


async def rows() -> list[Row]:
    """What was measured."""
    return [*_turn(), *await _purge(), *await _rotation()]


def _turn() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(KeyRing.create(Path(folder) / "ring.json"))
        conversation = ConversationId(uuid4())
        key, wrapped = vault.new_data_key(conversation)
        text, place = b"x" * 300, {"row": "r", "conversation_id": conversation, "direction": "d"}
        times = 2_000
        started = time.perf_counter()
        for _ in range(times):
            vault.unwrap(conversation, wrapped)
            vault.blind_index("address", "1")
            for _ in range(SEALED_IN_A_TURN // 2):
                vault.open(key, vault.seal(key, text, **place), **place)  # type: ignore[arg-type]
        each = (time.perf_counter() - started) / times
    return [("the vault in one turn", f"{each * 1e6:8.0f} µs")]


class _Limited:
    """The stub's API, answering 429 to more than Telegram's limits let through."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api
        self._spent: list[float] = []
        self._held_until = 0.0
        self.limited = self.unheeded = 0

    def _enter(self) -> None:
        now = time.monotonic()
        if now < self._held_until:
            self.unheeded += 1
        self._spent = [at for at in self._spent if now - at < 1]
        # A burst of a second's share, and what comes in the second after it.
        if len(self._spent) >= 2 * 30:
            self.limited += 1
            self._held_until = now + 1
            raise ChannelUnavailable(timedelta(seconds=1))
        self._spent.append(now)

    async def send_text(self, *arguments: object) -> int:
        self._enter()
        return await self._api.send_text(*arguments)  # type: ignore[arg-type]

    async def delete(self, *arguments: object) -> None:
        self._enter()
        await self._api.delete(*arguments)  # type: ignore[arg-type]


async def _purge() -> list[Row]:
    async with StubTelegram(strict=False) as stub:
        api = TelegramApi(stub.token, stub.url)
        await api.start()
        limited = _Limited(api)
        channel = TelegramChannel(limited)  # type: ignore[arg-type]
        people = [stub.person() for _ in range(CHATS)]
        ids = [[str(p.write("x")) for _ in range(MESSAGES // CHATS)] for p in people]
        waits: list[float] = []
        started = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            purges = [
                group.create_task(_until(_deleting(channel, str(p.id), theirs)))
                for p, theirs in zip(people, ids, strict=True)
            ]
            guest = stub.person()
            while not all(task.done() for task in purges):
                asked = time.perf_counter()
                message = OutgoingMessage("k", "an answer")
                await _until(_sending(channel, str(guest.id), message))
                waits.append(time.perf_counter() - asked)
                await asyncio.sleep(0.1)
        took = time.perf_counter() - started
        await api.close()
        assert sum(len(p.screen()) for p in people) == 0
    waits.sort()
    p99 = waits[min(len(waits) - 1, int(len(waits) * 0.99))]
    calls = MESSAGES // MAX_DELETED_AT_ONCE
    return [
        (f"purge of {MESSAGES:,} messages, {calls} calls", f"{took:8.1f} s"),
        (f"replies meanwhile ({len(waits)}), p99", f"{p99 * 1000:8.0f} ms"),
        ("429 in it, and of these not heeded", f"{limited.limited:5}, {limited.unheeded}"),
    ]


def _deleting(channel: TelegramChannel, chat: str, ids: list[str]) -> Callable[[], Awaitable[None]]:
    return lambda: channel.delete(Address(chat), ids, urgent=True)


def _sending(
    channel: TelegramChannel, chat: str, message: OutgoingMessage
) -> Callable[[], Awaitable[object]]:
    return lambda: channel.send(Address(chat), message)


async def _until(call: Callable[[], Awaitable[object]]) -> None:
    """As timers and outbox do: again, no sooner than asked."""
    while True:
        try:
            await call()
            return
        except ChannelUnavailable as error:
            await asyncio.sleep((error.retry_after or timedelta(seconds=1)).total_seconds())


async def _rotation() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(KeyRing.create(Path(folder) / "ring.json"))
        database = SqlDatabase(f"sqlite+aiosqlite:///{folder}/bench.db")
        await schema.upgrade(database)
        now = datetime.now(UTC)
        async with database.writing() as unit:
            for number in range(TRIED):
                id_ = ConversationId(uuid4())
                _, wrapped = vault.new_data_key(id_)
                index = vault.blind_index("address", str(number))
                await unit.conversations.add(
                    Conversation(
                        id_,
                        ChannelName("telegram"),
                        index,
                        bytes(93),
                        bytes(285),
                        wrapped,
                        now,
                        timedelta(hours=1),
                    )
                )
        started = time.perf_counter()
        await rotate(database, vault)
        took = time.perf_counter() - started - GRACE
        await database.close()
    scaled = took * LIVE / TRIED
    return [
        (f"end of an epoch, {TRIED:,} live conversations", f"{took:8.1f} s"),
        (f"the same × {LIVE // TRIED}, {LIVE:,} of them", f"{scaled:8.1f} s and {GRACE:.0f} s"),
    ]


async def main() -> None:
    """Print them alone: `python -m tests.bench.vault`."""
    for what, figure in await rows():
        print(f"{what:45} {figure}")


if __name__ == "__main__":
    asyncio.run(main())
