"""A database with advocates who are signed in, and people in the queue."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import insert

from bot.channels.webchat.channel import WEBCHAT
from bot.clock import SystemClock
from bot.conversation import timers as kinds
from bot.conversation.accepting import address_index
from bot.conversation.codec import dump_state
from bot.conversation.sealing import Envelope
from bot.dialogue.intents import Intent
from bot.dialogue.state import DialogueState
from bot.handoff.models import NORMAL, URGENT, HandoffState, rank
from bot.handoff.pseudonyms import pseudonyms
from bot.ids import Address, ConversationId, Locale
from bot.settings import Settings, load_settings
from bot.staff.service import StaffService
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.storage.tables import conversations, handoffs, timers
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who waits, at an address of the web chat."""

    handoff: UUID
    address: str


async def fill(url: str, folder: Path, people: int, staff: int) -> tuple[list[Person], list[str]]:
    """Those who wait, the first to come last; and a session for each advocate."""
    settings = load_settings(data_dir=folder, database_url=url, locales=("en", "es"), demo=True)
    vault, database = Vault(KeyRing.load(settings.keyring)), SqlDatabase(url)
    await schema.upgrade(database)
    accounts = StaffService(database, vault, SystemClock(), settings)
    names = [f"Advocate {number}" for number in range(staff)]
    tokens = [str(await accounts.demo_session(name, settings.locales)) for name in names]
    waiting, rows = _people(vault, settings, people)
    async with database.writing() as unit:
        for table, values in zip((conversations, handoffs, timers), rows, strict=True):
            await unit.connection.execute(insert(table), values)
    await database.close()
    return waiting, tokens


def _people(
    vault: Vault, settings: Settings, count: int
) -> tuple[list[Person], tuple[list[dict[str, object]], ...]]:
    """One in ten in danger, one in three of another language; all shared their topic."""
    now, waiting = datetime.now(UTC), list[Person]()
    persons, queue, armed = [], [], []
    for number in range(count):
        person, handoff, token = ConversationId(uuid4()), uuid4(), secrets.token_urlsafe(32)
        envelope, key = Envelope.new(vault, person)
        state = DialogueState(Locale("en" if number % 3 else "es"), welcomed=True)
        priority, since = URGENT if number % 10 == 0 else NORMAL, now - timedelta(seconds=number)
        persons.append(
            {
                "id": person,
                "channel": WEBCHAT,
                "address_index": address_index(vault, WEBCHAT, Address(token)),
                "address": envelope.seal(token, "conversations.address"),
                "state": envelope.seal(dump_state(state), "conversations.state"),
                "key_epoch": key.epoch,
                "key_wrapped": key.wrapped,
                "created_at": now,
                "message_ttl": 3600,
                "last_inbound_at": now,
                "version": 0,
                "nudged": False,
                "unreachable": False,
            }
        )
        queue.append(
            {
                "id": handoff,
                "conversation_id": person,
                "state": HandoffState.WAITING,
                "priority": priority,
                "topic": envelope.seal(Intent.ASK_MONEY, "handoffs.topic", handoff),
                "pseudonym": next(pseudonyms()),
                "queued_at": since,
                "rank_at": rank(priority, since, settings.urgent_ahead),
                "ready_at": since,
            }
        )
        at = now + settings.place_every * ((number + 1) / count)
        armed.append({"id": uuid4(), "kind": kinds.PLACE, "ref": handoff, "due_at": at})
        waiting.append(Person(handoff, token))
    return waiting, (persons, queue, armed)
