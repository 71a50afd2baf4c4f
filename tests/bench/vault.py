"""What discretion costs: the vault in a turn, a purge of 10,000 messages, the end of an epoch."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, insert, select

from bot.channels.telegram.api import MAX_DELETED_AT_ONCE, TelegramApi
from bot.channels.telegram.channel import TELEGRAM, TelegramChannel
from bot.channels.telegram.pace import A_SECOND, BURST, DEBT, IN_A_CHAT, Pace
from bot.conversation.interfaces import ChannelUnavailable, OutgoingMessage
from bot.conversation.keeping import GRACE, rotate
from bot.ids import Address, ConversationId
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.storage.pace import SqlBucket
from bot.storage.tables import conversations
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault
from tests.postgres import running_postgres
from tests.stub_telegram import StubTelegram
from tests.stub_telegram.limits import Limits

SEALED_IN_A_TURN = 8
"""State read and written, inbox written and read, two messages, their ids and marks."""

MESSAGES = 10_000
CHATS = 100
LIVE = 100_000
AT_A_TIME = 5_000

Row = tuple[str, str]


async def rows() -> list[Row]:
    """What was measured."""
    with running_postgres() as server:
        return [
            *_turn(),
            *await _purge(),
            await _rotation("sqlite+aiosqlite:///{folder}/bench.db", "SQLite"),
            await _rotation(server.url(server.create_database()), "PostgreSQL"),
        ]


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


async def _purge() -> list[Row]:
    """By two adapters that share nothing but a database, while many people are answered."""
    limits = Limits()
    with tempfile.TemporaryDirectory() as folder:
        database = SqlDatabase(f"sqlite+aiosqlite:///{folder}/bench.db")
        await schema.upgrade(database)
        async with StubTelegram(strict=False, limits=limits) as stub:
            apis = [TelegramApi(stub.token, stub.url) for _ in range(2)]
            bucket = SqlBucket(
                database,
                TELEGRAM,
                size=BURST,
                a_second=A_SECOND,
                debt=DEBT,
                in_a_chat=IN_A_CHAT,
                index=lambda chat: str(chat).encode(),
            )
            channels = [TelegramChannel(api, pace=Pace(shared=bucket)) for api in apis]
            for api in apis:
                await api.start()
            people = [stub.person() for _ in range(CHATS)]
            ids = [[str(p.write("x")) for _ in range(MESSAGES // CHATS)] for p in people]
            started = time.perf_counter()
            async with asyncio.TaskGroup() as group:
                purges = [
                    group.create_task(_until(_deleting(channels[n % 2], str(p.id), ids[n])))
                    for n, p in enumerate(people)
                ]
                waits = await _answers(stub, channels, purges)
            took = time.perf_counter() - started
            for api in apis:
                await api.close()
            assert sum(len(p.screen()) for p in people) == 0
        await database.close()
    p99 = waits[min(len(waits) - 1, int(len(waits) * 0.99))]
    calls = MESSAGES // MAX_DELETED_AT_ONCE
    return [
        (f"purge of {MESSAGES:,} messages, {calls} calls", f"{took:8.1f} s"),
        (f"replies meanwhile ({len(waits)}), p99", f"{p99 * 1000:8.0f} ms"),
        ("429 in it, and of these not heeded", f"{limits.refused:5}, {limits.unheeded}"),
    ]


async def _answers(
    stub: StubTelegram, channels: list[TelegramChannel], purges: list[asyncio.Task[None]]
) -> list[float]:
    """Ten replies a second to one person after the other, while purges go on; sorted waits."""
    waits: list[float] = []
    while not all(task.done() for task in purges):
        guest = str(stub.person().id)
        asked = time.perf_counter()
        message = OutgoingMessage("k", "an answer")
        await _until(_sending(channels[len(waits) % 2], guest, message))
        waits.append(time.perf_counter() - asked)
        await asyncio.sleep(0.1)
    return sorted(waits)


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


async def _rotation(url: str, engine: str) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(KeyRing.create(Path(folder) / "ring.json"))
        database = SqlDatabase(url.format(folder=folder))
        await schema.upgrade(database)
        for first in range(0, LIVE, AT_A_TIME):
            async with database.writing() as unit:
                lives = [_live(vault, number) for number in range(first, first + AT_A_TIME)]
                await unit.connection.execute(insert(conversations), lives)
        started, spent = time.perf_counter(), time.process_time()
        await rotate(database, vault)
        took, cpu = time.perf_counter() - started - GRACE, time.process_time() - spent
        async with database.reading() as unit:
            epoch = select(func.min(conversations.c.key_epoch), func.count())
            assert (await unit.connection.execute(epoch)).one() == (2, LIVE)
        await database.close()
    figure = f"{took:8.1f} s, {cpu:.1f} s of CPU here; then {GRACE:.0f} s"
    return f"end of an epoch, {LIVE:,} live, {engine}", figure


def _live(vault: Vault, number: int) -> dict[str, object]:
    """A row as large as a real one."""
    id_ = ConversationId(uuid4())
    _, wrapped = vault.new_data_key(id_)
    return {
        "id": id_,
        "channel": "telegram",
        "address_index": vault.blind_index("address", str(number)),
        "address": bytes(93),
        "state": bytes(285),
        "key_epoch": wrapped.epoch,
        "key_wrapped": wrapped.wrapped,
        "created_at": datetime.now(UTC),
        "message_ttl": 3600,
    }


async def main() -> None:
    """Print them alone: `python -m tests.bench.vault`."""
    for what, figure in await rows():
        print(f"{what:45} {figure}")


if __name__ == "__main__":
    asyncio.run(main())
