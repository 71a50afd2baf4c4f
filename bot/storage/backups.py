"""What an organisation needs of its database after a loss: its staff, and check-ins to come.

No message, no open conversation, no handoff: those end anyway. Values are opened here, to be sealed
by the backup's own key, and sealed anew under the ring of the installation that restores them.
"""

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, func, insert, select

from bot.conversation import timers as kinds
from bot.conversation.accepting import address_index
from bot.conversation.sealing import Envelope
from bot.conversation.striking import DOMAIN
from bot.ids import Address, ChannelName, ConversationId
from bot.storage.conversations import AWAITED, _conversation
from bot.storage.database import SqlDatabase, SqlUnitOfWork
from bot.storage.passkeys import passkeys, recovery_codes
from bot.storage.staff import advocates
from bot.storage.tables import alerts, checkins, conversations
from bot.vault.vault import Vault

STATE_KEPT = ("locale", "locale_chosen", "written", "welcomed", "zone", "lock")
"""Of a dialogue's state: whom to speak to how. Not what was talked about."""

Payload = dict[str, Any]


def ledger_key(vault: Vault, checkin_id: str) -> bytes:
    """What the ledger notes of a check-in."""
    return vault.blind_index(DOMAIN, checkin_id)


async def collect(database: SqlDatabase, vault: Vault) -> Payload:
    """All that goes into a backup, opened."""
    async with database.reading() as unit:
        staff = (await unit.connection.execute(select(advocates))).all()
        keys = (await unit.connection.execute(select(passkeys))).all()
        codes = (await unit.connection.execute(select(recovery_codes))).all()
        awaited = checkins.c.id.in_(AWAITED)
        due = (await unit.connection.execute(select(checkins).where(awaited))).all()
        theirs = select(checkins.c.conversation_id).where(awaited)
        people = (
            await unit.connection.execute(
                select(conversations).where(conversations.c.id.in_(theirs))
            )
        ).all()
        raised = (
            await unit.connection.execute(select(alerts).where(alerts.c.checkin_id.in_(AWAITED)))
        ).all()
    envelopes: dict[UUID, Envelope] = {}
    told = []
    for row in people:
        conversation = _conversation(row)
        assert conversation is not None
        envelope = envelopes[row.id] = Envelope.of(vault, conversation)
        state = json.loads(envelope.open(row.state, "conversations.state"))
        told.append(
            {
                **_plain(row, "id", "channel", "message_ttl", "created_at", "last_inbound_at"),
                "address": envelope.address(conversation),
                "state": {key: state[key] for key in STATE_KEPT if key in state},
            }
        )
    return {
        "ring": vault.fingerprint,
        "staff": [_advocate(vault, row) for row in staff],
        "passkeys": [_plain(row, *passkeys.c.keys()) for row in keys],
        "recovery_codes": [
            {**_plain(row, "advocate_id"), "code_hash": base64.b64encode(row.code_hash).decode()}
            for row in codes
        ],
        "people": told,
        "checkins": [
            {
                **_plain(row, "id", "conversation_id", "phase", "due_at", "created_at", "asked_at"),
                "plan": envelopes[row.conversation_id].open(row.plan, "checkins.plan", row.id)
                if row.plan
                else "",
            }
            for row in due
        ],
        "alerts": [
            _plain(row, "id", "checkin_id", "conversation_id", "reason", "raised_at")
            for row in raised
        ],
    }


async def is_empty(database: SqlDatabase) -> bool:
    """Whether nobody is known here, neither staff nor people."""
    async with database.reading() as unit:
        counts = [
            await unit.connection.scalar(select(func.count()).select_from(table))
            for table in (advocates, conversations)
        ]
    return not any(counts)


async def put(
    database: SqlDatabase,
    vault: Vault,
    payload: Payload,
    wanted: Collection[bytes] | None,
    escalate_after: timedelta,
) -> tuple[int, int]:
    """Add what is not there: how many accounts, and how many check-ins.

    Only check-ins in `wanted` come back; None: all of them.
    """
    due = [
        each
        for each in payload["checkins"]
        if wanted is None or ledger_key(vault, each["id"]) in wanted
    ]
    async with database.writing() as unit:
        staff = await _missing(unit, advocates, payload["staff"])
        known = {row.name_key for row in await unit.connection.execute(select(advocates))}
        staff = [each for each in staff if each["name_key"] not in known]
        for each in staff:
            await unit.connection.execute(insert(advocates).values(_sealed_advocate(vault, each)))
        await _put_factors(unit, payload, {each["id"] for each in staff})
        due = await _missing(unit, checkins, due)
        people = {each["id"]: each for each in payload["people"]}
        if payload["ring"] != vault.fingerprint:
            for each in people.values():
                each["state"].pop("lock", None)  # its words are hashed with the other ring's key
        envelopes: dict[str, Envelope] = {}
        restored = []
        for each in due:
            owner = each["conversation_id"]
            if owner not in envelopes:
                envelope = await _put_person(unit, vault, people[owner])
                if envelope is None:
                    continue  # who wrote anew since has a new conversation, and decides there
                envelopes[owner] = envelope
            await _put_checkin(unit, envelopes[owner], each, escalate_after)
            restored.append(each["id"])
        for each in payload["alerts"]:
            if each["checkin_id"] in restored:
                values = _instants(each, "raised_at") | _ids(
                    each, "id", "checkin_id", "conversation_id"
                )
                await unit.connection.execute(insert(alerts).values({**each, **values}))
    return len(staff), len(restored)


async def _put_factors(unit: SqlUnitOfWork, payload: Payload, owners: Collection[str]) -> None:
    """With what the accounts that come back sign in; older backups hold none of it."""
    for each in payload.get("passkeys", []):
        if each["advocate_id"] in owners:
            values = {
                **each,
                **_ids(each, "advocate_id"),
                **_instants(each, "created_at", "used_at"),
            }
            await unit.connection.execute(insert(passkeys).values(values))
    for each in payload.get("recovery_codes", []):
        if each["advocate_id"] in owners:
            code_hash = base64.b64decode(each["code_hash"])
            values = {**_ids(each, "advocate_id"), "code_hash": code_hash}
            await unit.connection.execute(insert(recovery_codes).values(values))


async def _missing(unit: SqlUnitOfWork, table: Table, found: Sequence[Payload]) -> list[Payload]:
    known = {row.id for row in await unit.connection.execute(select(table.c.id))}
    return [each for each in found if UUID(each["id"]) not in known]


async def _put_person(unit: SqlUnitOfWork, vault: Vault, person: Payload) -> Envelope | None:
    id_ = ConversationId(UUID(person["id"]))
    channel, address = ChannelName(person["channel"]), Address(person["address"])
    index = address_index(vault, channel, address)
    if await unit.conversations.find(channel, index) is not None:
        return None
    envelope, wrapped = Envelope.new(vault, id_)
    await unit.connection.execute(
        insert(conversations).values(
            id=id_,
            channel=channel,
            address_index=index,
            address=envelope.seal(address, "conversations.address"),
            state=envelope.seal(json.dumps(person["state"]), "conversations.state"),
            key_epoch=wrapped.epoch,
            key_wrapped=wrapped.wrapped,
            message_ttl=person["message_ttl"],
            **_instants(person, "created_at", "last_inbound_at"),
        )
    )
    return envelope


async def _put_checkin(
    unit: SqlUnitOfWork, envelope: Envelope, each: Payload, escalate_after: timedelta
) -> None:
    id_ = UUID(each["id"])
    plan = each["plan"]
    times = _instants(each, "due_at", "created_at", "asked_at")
    await unit.connection.execute(
        insert(checkins).values(
            id=id_,
            conversation_id=UUID(each["conversation_id"]),
            phase=each["phase"],
            plan=envelope.seal(plan, "checkins.plan", id_) if plan else b"",
            **times,
        )
    )
    due_at = times["due_at"]
    assert due_at is not None
    if each["phase"] == "scheduled":
        await unit.timers.schedule(kinds.DUE, id_, due_at)
    if each["phase"] == "contacted":
        # Pairings are in no backup: the advocates are told.
        await unit.timers.schedule(kinds.CONTACT, id_, due_at + escalate_after)
    if each["phase"] in {"scheduled", "awaiting_reply"}:
        await unit.timers.schedule(kinds.ESCALATE, id_, due_at + escalate_after)


def _advocate(vault: Vault, row: Row[Any]) -> Payload:
    names = ("id", "name", "name_key", "role", "languages", "created_at", "password_hash")
    opened = vault.open_for_staff(row.totp, row=f"advocates.totp/{row.id}") if row.totp else None
    return {
        **_plain(row, *names, "totp_step", "disabled_at"),
        "totp": base64.b64encode(opened).decode() if opened is not None else None,
    }


def _sealed_advocate(vault: Vault, each: Payload) -> Payload:
    totp = each["totp"]
    return {
        **each,
        **_ids(each, "id"),
        **_instants(each, "created_at", "disabled_at"),
        "totp": vault.seal_for_staff(base64.b64decode(totp), row=f"advocates.totp/{each['id']}")
        if totp
        else None,
    }


def _plain(row: Row[Any], *names: str) -> Payload:
    values = ((name, getattr(row, name)) for name in names)
    return {name: _json(value) for name, value in values}


def _json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _instants(each: Mapping[str, Any], *names: str) -> dict[str, datetime | None]:
    return {name: datetime.fromisoformat(v) if (v := each[name]) else None for name in names}


def _ids(each: Mapping[str, Any], *names: str) -> dict[str, UUID]:
    return {name: UUID(each[name]) for name in names}
