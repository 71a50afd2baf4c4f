"""One contract for what is being sent, over SQLite and PostgreSQL: one process at a time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from bot.conversation.models import Conversation
from bot.history.models import Author, Delivery, Message
from bot.ids import ChannelName, ConversationId, MessageId
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.vault.vault import WrappedKey

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=20)
PROCESSES = 6


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[SqlDatabase]:
    """An up-to-date, empty database."""
    database = SqlDatabase(database_url)
    await schema.upgrade(database)
    yield database
    await database.close()


async def a_message(database: SqlDatabase) -> MessageId:
    """One that waits to be sent."""
    conversation, message = ConversationId(uuid4()), MessageId(uuid4())
    async with database.writing() as unit:
        await unit.conversations.add(
            Conversation(
                id=conversation,
                channel=ChannelName("telegram"),
                address_index=conversation.bytes * 2,
                address=b"",
                state=b"",
                key=WrappedKey(1, b""),
                created_at=NOW,
                message_ttl=timedelta(hours=1),
            )
        )
        await unit.messages.add(
            Message(
                id=message,
                conversation_id=conversation,
                author=Author.BOT,
                delivery=Delivery.PENDING,
                body=b"",
                created_at=NOW,
                delete_at=NOW + timedelta(hours=1),
            )
        )
    return message


async def start(database: SqlDatabase, message: MessageId) -> bool:
    """A process would send it."""
    async with database.writing() as unit:
        return await unit.messages.start_sending(message, b"mark", SOON)


async def take(database: SqlDatabase, message: MessageId, at: datetime) -> bool:
    """A process takes it for abandoned."""
    async with database.writing() as unit:
        return await unit.messages.take_abandoned(message, at, at + timedelta(seconds=20))


async def test_of_many_processes_one_sends(database: SqlDatabase) -> None:
    """All have seen it waiting; nobody sees it twice on the phone."""
    message = await a_message(database)
    began = await asyncio.gather(*(start(database, message) for _ in range(PROCESSES)))
    assert sum(began) == 1
    assert not await start(database, message)


async def test_of_many_processes_one_undoes(database: SqlDatabase) -> None:
    """A second one would take away what the first has sent anew."""
    message = await a_message(database)
    assert await start(database, message)
    assert not await take(database, message, SOON - timedelta(seconds=1))
    took = await asyncio.gather(*(take(database, message, SOON) for _ in range(PROCESSES)))
    assert sum(took) == 1


async def test_who_still_sends_is_left_alone(database: SqlDatabase) -> None:
    """A call that takes long is renewed, and one that is done is nobody's any more."""
    message = await a_message(database)
    assert await start(database, message)
    async with database.writing() as unit:
        await unit.messages.keep_sending(message, SOON + timedelta(seconds=20))
    assert not await take(database, message, SOON)
    async with database.writing() as unit:
        await unit.messages.mark_sent(message, b"ids", keep_body=False, delete_at=SOON)
    assert not await take(database, message, SOON + timedelta(hours=1))
