"""How turns fare as conversations pile up in the database, each with all that belongs to one."""

import asyncio
import os
import statistics
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL, Table, create_engine, insert, make_url

from bot.checkins.models import Phase
from bot.conversation.timers import DUE, VANISH
from bot.history.models import Author, Delivery
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.storage.tables import checkins, conversations, messages, seen_updates, timers
from tests.bench.turns import BUTTON, STEADY, sidelight
from tests.stub_telegram.control import stub_process

QUICK = (10**3, 10**4)
USUAL = (10**3, 10**4, 10**5)
FULL = (10**3, 10**4, 10**5, 10**6)

BATCH = 10_000
MESSAGES_EACH = 2
TURNS = 500

IN_ONE_GO = (
    "journal_mode = OFF",
    "synchronous = OFF",
    "cache_size = -2000000",
)
"""Ids are random, so that each batch touches pages all over: none is written until all are full."""


async def rows(sizes: Sequence[int]) -> list[tuple[str, str]]:
    """Button turns at a steady rate, by how many conversations there were before."""
    found = []
    for size in sizes:

        async def prepare(folder: Path, size: int = size) -> None:
            await fill(f"sqlite+aiosqlite:///{folder / 'data' / 'sidelight.db'}", size)

        async with (
            stub_process("--no-validation") as stub,
            sidelight(prepare=prepare)(stub),
        ):
            load = {"people": 100, "text": "/start", "press": BUTTON, "rate": STEADY}
            await stub.call("POST", "/load", {**load, "messages": 100})
            measured = await stub.call("POST", "/load", {**load, "messages": TURNS})
        cuts = statistics.quantiles(measured["latencies"], n=100, method="inclusive")
        figure = f"p50 {cuts[49] * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms"
        found.append((f"{size:,} conversations, button turns at {STEADY:.0f}/s", figure))
    return found


async def fill(url: str, size: int) -> None:
    """Put `size` conversations of nobody there; what is sealed in them is noise.

    The database is a new one of SQLite, and lost if this is interrupted.
    """
    database = SqlDatabase(url)
    await schema.upgrade(database)
    await database.close()
    await asyncio.to_thread(_fill, make_url(url).set(drivername="sqlite"), size)


def _fill(url: URL, size: int) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        for setting in IN_ONE_GO:
            connection.exec_driver_sql(f"PRAGMA {setting}")
        for start in range(0, size, BATCH):
            some = [uuid4() for _ in range(min(BATCH, size - start))]
            for table, values in _rows(some):
                connection.execute(insert(table), values)
        connection.commit()
    engine.dispose()


def _rows(ids: Sequence[object]) -> Iterator[tuple[Table, list[Mapping[str, object]]]]:
    now = datetime.now(UTC)
    later = now + timedelta(hours=12)
    yield (
        conversations,
        [
            {
                "id": each,
                "channel": "telegram",
                "address_index": os.urandom(32),
                "address": os.urandom(64),
                "state": os.urandom(512),
                "key_epoch": 1,
                "key_wrapped": os.urandom(60),
                "created_at": now,
                "message_ttl": 3600,
                "last_inbound_at": now,
                "version": 0,
                "nudged": False,
                "unreachable": False,
            }
            for each in ids
        ],
    )
    yield (
        messages,
        [
            {
                "id": uuid4(),
                "conversation_id": each,
                "author": Author.BOT,
                "delivery": Delivery.SENT,
                "platform_ids": os.urandom(64),
                "cover": False,
                "attempts": 0,
                "created_at": now,
                "delete_at": later,
            }
            for each in ids
            for _ in range(MESSAGES_EACH)
        ],
    )
    agreed = [uuid4() for _ in ids]
    yield (
        checkins,
        [
            {
                "id": checkin,
                "conversation_id": each,
                "phase": Phase.SCHEDULED,
                "due_at": later,
                "plan": os.urandom(256),
                "created_at": now,
            }
            for each, checkin in zip(ids, agreed, strict=True)
        ],
    )
    yield (
        timers,
        [
            {
                "id": uuid4(),
                "kind": kind,
                "ref": ref,
                "due_at": later,
                "state": 0,
                "owner": "",
                "attempts": 0,
            }
            for kind, refs in ((VANISH, ids), (DUE, agreed))
            for ref in refs
        ],
    )
    yield (
        seen_updates,
        [{"channel": "telegram", "key": os.urandom(32), "seen_at": now} for _ in ids],
    )
