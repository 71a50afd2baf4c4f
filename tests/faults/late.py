"""Which step of a deletion was late: due, claimed, sent, answered, or recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.conversation.sealing import Envelope
from bot.conversation.storage import UnitOfWork
from bot.conversation.timers import VANISH
from bot.ids import ConversationId
from bot.storage.database import SqlDatabase
from bot.storage.tables import conversations, inbox, messages, timers
from bot.storage.timers import CLAIMED
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault
from tests.stub_telegram.control import RemoteStub


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one conversation's deletion, `at` the clock of the processes.

    `called_at` and `status` are of the latest deleteMessages in its chat.
    """

    at: datetime
    deadline: datetime
    due_at: datetime | None
    claimed_until: datetime | None
    called_at: datetime | None = None
    status: int | None = None


def late_step(facts: Facts) -> str:
    """The first step that has not come about, of those that should have."""
    if facts.deadline > facts.at:
        return "not due yet"
    if facts.due_at is None:
        return "due: no timer is set"
    if facts.claimed_until is None:
        if facts.due_at > facts.at:
            return f"due: put off for {(facts.due_at - facts.at).total_seconds():.0f} s more"
        return f"claimed: by nobody for {(facts.at - facts.due_at).total_seconds():.0f} s"
    if facts.claimed_until <= facts.at:
        return "claimed: by one that is dead, and by nobody since"
    if facts.called_at is None or facts.called_at < facts.due_at:
        return "sent: claimed, and Telegram was not called since"
    if facts.status != 200:
        return f"answered: Telegram said {facts.status}"
    return "recorded: Telegram deleted it, and the rows are there"


async def autopsy(database: SqlDatabase, stub: RemoteStub, now: datetime, keyring: Path) -> str:
    """What became of each conversation that is left, without ids or words. `now` is by the clock
    of the processes."""
    calls = await stub.call("GET", "/calls/deleteMessages")
    vault = Vault(KeyRing.load(keyring))
    async with database.reading() as unit:
        m, t = messages.c, timers.c
        rows = await unit.connection.execute(
            select(
                conversations.c.id,
                func.min(m.delete_at, type_=m.delete_at.type).label("deadline"),
                func.count(m.id.distinct()).label("left"),
                func.max(m.delivery).label("delivery"),
                t.due_at,
                t.state,
                t.lease_until,
                t.attempts,
            )
            .select_from(conversations)
            .outerjoin(messages, m.conversation_id == conversations.c.id)
            .outerjoin(timers, (t.ref == conversations.c.id) & (t.kind == VANISH))
            .group_by(conversations.c.id, t.due_at, t.state, t.lease_until, t.attempts)
        )
        found = rows.all()
        chats = [await _chat(unit, vault, ConversationId(row.id)) for row in found]
        waiting = (
            await unit.connection.execute(select(func.count()).select_from(inbox))
        ).scalar_one()
    told = [
        _line(row, [call for call in calls if str(call["chat"]) == chat], now)
        for row, chat in zip(found, chats, strict=True)
    ]
    return "; ".join([f"{waiting} unhandled", *told])


async def _chat(unit: UnitOfWork, vault: Vault, conversation_id: ConversationId) -> str:
    conversation = await unit.conversations.get(conversation_id)
    if conversation is None:
        return ""
    return str(Envelope.of(vault, conversation).address(conversation))


def _line(row: Any, calls: Sequence[Mapping[str, Any]], now: datetime) -> str:
    if row.deadline is None:
        return "a conversation without messages"
    held = row.lease_until if row.state == CLAIMED else None
    last = max(calls, key=lambda call: float(call["at"]), default=None)
    called_at = None
    if last is not None:
        ago = datetime.now(UTC).timestamp() - float(last["at"])
        called_at = now - timedelta(seconds=ago)
    facts = Facts(
        now, row.deadline, row.due_at, held, called_at, None if last is None else last["status"]
    )
    late = (now - row.deadline).total_seconds()
    return (
        f"{row.left} messages {late:.0f} s late, {late_step(facts)}"
        f" (delivery up to {row.delivery}, {row.attempts} claims)"
    )
