"""Sending what was written, in order, and nothing that tells to a phone that is quiet.

A message is marked SENDING, with the platform's mark, before the call. A process that dies in
between leaves the mark behind: whoever comes next withdraws what may have got through, and sends
again. So a message is seen once, whatever happens.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from bot.clock import Clock
from bot.content.catalogue import Catalogue, Rendered
from bot.conversation.accepting import UPDATE
from bot.conversation.calling import Calls
from bot.conversation.codec import Inbound, dump_rendered, load_rendered, load_state
from bot.conversation.interfaces import (
    AddressUnreachable,
    Channel,
    ChannelUnavailable,
    MessageRefused,
    OutgoingMessage,
)
from bot.conversation.models import Conversation
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database, UnitOfWork
from bot.conversation.texts import NUDGE, render
from bot.conversation.turns import schedule_vanishing
from bot.dialogue.effects import Say
from bot.dialogue.state import DialogueState
from bot.errors import TransientError
from bot.history.models import Author, Delivery, Message
from bot.ids import Address, ChannelName, ConversationId, MessageId
from bot.logs import logger
from bot.settings import LONGEST_TTL, Settings
from bot.vault.vault import Vault

_log = logger(__name__)

SENDING_LEASE = timedelta(seconds=20)
"""After it a SENDING message counts as abandoned. Whoever sends renews it, three times in it."""

BACKOFF = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds until the next try, by attempts so far; the last one repeats."""
LONGEST_BACKOFF = timedelta(seconds=BACKOFF[-1])


def is_quiet(conversation: Conversation, now: datetime, quiet_after: timedelta) -> bool:
    """Whether the person is not here now, as far as is known (promise 1).

    `quiet_after` is what the person chose, else the setting.
    """
    last = conversation.last_inbound_at
    return last is None or now - last > quiet_after


class Handed(NamedTuple):
    """The ids that the platform gave, and since when the person may have seen it, at the latest."""

    ids: tuple[str, ...]
    shown_at: datetime


def kept_until(
    message: Message, current: Message | None, ttl: timedelta, shown_at: datetime, now: datetime
) -> datetime:
    """When a message must be gone: its time counts from when it was shown, unless that was cut
    short meanwhile in `current`, the same message as it is stored."""
    deadline = message.delete_at if current is None else current.delete_at
    if deadline <= now:
        return deadline
    return shown_at + min(message.delete_at - message.created_at, ttl, LONGEST_TTL)


class DeliveryService:
    """Sends the messages of one conversation at a time."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        settings: Settings,
        catalogue: Catalogue,
        channels: dict[ChannelName, Channel],
        calls: Calls,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._catalogue = catalogue
        self._channels = channels
        self._calls = calls

    async def deliver(self, conversation_id: ConversationId) -> datetime | None:
        """Send all that is due; when there is something to send later, the instant to come back."""
        found = await self._look(conversation_id)
        while found is not None:
            conversation, message = found
            now = self._clock.now()
            if message.not_before is not None and message.not_before > now:
                return message.not_before
            channel = self._channels.get(conversation.channel)
            if channel is None:
                return None
            envelope = Envelope.of(self._vault, conversation)
            if message.delivery is Delivery.SENDING:
                await self._take_back(channel, envelope, conversation, message)
                found = await self._look(conversation_id)
            elif not message.cover and self._must_wait(conversation, envelope, message, now):
                await self._hold(conversation, envelope, now)
                found = await self._look(conversation_id)
            else:
                found = await self._send(channel, envelope, conversation, message)
        return None

    async def _look(self, conversation_id: ConversationId) -> "_Found | None":
        async with self._database.reading() as unit:
            return await _next(unit, conversation_id)

    def _must_wait(
        self, conversation: Conversation, envelope: Envelope, message: Message, now: datetime
    ) -> bool:
        """For a phone that is quiet, a conversation that is locked, or what stays behind."""
        state = self._state(conversation, envelope)
        lock = state.lock
        return (
            is_quiet(conversation, now, state.quiet_after or self._settings.quiet_after)
            or lock.is_shut(now, self._settings.lock_after)
            or (lock.behind is not None and message.created_at < lock.behind)
        )

    def _state(self, conversation: Conversation, envelope: Envelope) -> DialogueState:
        opened = envelope.open(conversation.state, "conversations.state")
        return load_state(opened, self._settings.locales)

    async def _hold(self, conversation: Conversation, envelope: Envelope, now: datetime) -> None:
        """Put everything that tells behind one neutral nudge."""
        state = self._state(conversation, envelope)
        all_of_it = state.lock.behind is None or (
            is_quiet(conversation, now, state.quiet_after or self._settings.quiet_after)
            or state.lock.is_shut(now, self._settings.lock_after)
        )
        before = None if all_of_it else state.lock.behind
        async with self._database.writing() as unit:
            held = await unit.messages.hold_unsent(conversation.id, before)
            if not held:
                return
            handoff = await unit.handoffs.open_of(conversation.id)
            if handoff is not None:
                await unit.events.publish("message", handoff.id, now)
            if conversation.nudged:
                return
            await unit.conversations.set_nudged(conversation.id)
            nudge = render(self._catalogue, Say(NUDGE), state.locale, None)
            nudge_id = MessageId(uuid4())
            await unit.messages.add(
                Message(
                    id=nudge_id,
                    conversation_id=conversation.id,
                    author=Author.BOT,
                    delivery=Delivery.PENDING,
                    body=envelope.seal(dump_rendered(nudge), "messages.body", nudge_id),
                    created_at=now,
                    delete_at=now + conversation.message_ttl,
                    cover=True,
                )
            )
            await schedule_vanishing(unit, conversation.id, now)

    async def _take_back(
        self, channel: Channel, envelope: Envelope, conversation: Conversation, message: Message
    ) -> None:
        """Undo a sending that was cut short; unless its deadline has passed, it is sent anew."""
        now = self._clock.now()
        async with self._database.writing() as unit:
            if not await unit.messages.take_abandoned(message.id, now, now + SENDING_LEASE):
                return
        try:
            if message.mark is not None:
                mark = envelope.open(message.mark, "messages.mark", message.id)
                spare = await self._on_record(envelope, conversation)
                await channel.withdraw(envelope.address(conversation), mark, spare)
        except ChannelUnavailable as error:
            await self._try_later(message, error, uncertain=True)
            return
        except AddressUnreachable:
            await self._unreachable(conversation, message)
            return
        if message.delete_at <= now:
            await self._give_up(message)
            return
        async with self._database.writing() as unit:
            await unit.messages.retry_later(message.id, now, uncertain=False)

    async def _on_record(self, envelope: Envelope, conversation: Conversation) -> frozenset[str]:
        """The platform ids of every message of the chat that we know, handled or not."""
        async with self._database.reading() as unit:
            messages = await unit.messages.on_the_phone(conversation.id)
            items = await unit.inbox.all(conversation.id)
        known = {i for m in messages for i in envelope.open_ids(m.platform_ids, m.id)}
        for item in items:
            if item.kind == UPDATE:
                known.update(Inbound(envelope.open(item.body, "inbox.body", item.id)).message_ids)
        return frozenset(known)

    async def _send(
        self, channel: Channel, envelope: Envelope, conversation: Conversation, message: Message
    ) -> "_Found | None":
        """Send it; what is to be sent next."""
        if message.body is None:
            await self._give_up(message)
            return await self._look(conversation.id)
        mark = channel.mark()
        sealed = envelope.seal(mark, "messages.mark", message.id)
        async with self._database.writing() as unit:
            until = self._clock.now() + SENDING_LEASE
            if not await unit.messages.start_sending(message.id, sealed, until):
                return await _next(unit, conversation.id)
            if mark:
                await unit.messages.remember_mark(channel.name, mark)
        body = load_rendered(envelope.open(message.body, "messages.body", message.id))
        address = envelope.address(conversation)
        handed = await self.hand_over(channel, address, conversation, message, body)
        if handed is None:
            return await self._look(conversation.id)
        return await self._sent(channel, envelope, conversation, message, handed)

    async def hand_over(
        self,
        channel: Channel,
        address: Address,
        conversation: Conversation,
        message: Message,
        body: Rendered,
    ) -> Handed | None:
        """Send what is noted as SENDING: what is to be noted as well; None where it failed, which
        is noted here."""
        outgoing = OutgoingMessage(
            str(message.id), body.text, body.buttons, body.copyable, body.sounds
        )
        # This process may be held up for hours between the call and the note of it.
        before = self._clock.now()
        try:
            async with self._under_way(message.id):
                ids = await channel.send(address, outgoing)
            return Handed(ids, min(before, self._clock.now()))
        except ChannelUnavailable as error:
            await self._try_later(message, error, uncertain=error.uncertain)
        except AddressUnreachable:
            await self._unreachable(conversation, message)
        except MessageRefused:
            _log.error("a channel refused a message for good: check its adapter")
            await self._give_up(message)
        return None

    @asynccontextmanager
    async def _under_way(self, message_id: MessageId) -> AsyncIterator[None]:
        """Let no other process take a call that takes long for one that was cut short."""
        renewing = asyncio.create_task(self._renew(message_id))
        try:
            yield
        finally:
            renewing.cancel()

    async def _renew(self, message_id: MessageId) -> None:
        while True:
            await asyncio.sleep(SENDING_LEASE.total_seconds() / 3)
            try:
                async with self._database.writing() as unit:
                    until = self._clock.now() + SENDING_LEASE
                    await unit.messages.keep_sending(message_id, until)
            except TransientError as error:
                _log.warning("a message under way is not noted", error=error)

    async def _sent(
        self,
        channel: Channel,
        envelope: Envelope,
        conversation: Conversation,
        message: Message,
        handed: Handed,
    ) -> "_Found | None":
        """Note it, and look in the same transaction for what is to be sent next."""
        keep = message.handoff_id is not None or not channel.traits.keeps_messages
        now = self._clock.now()
        async with self._database.writing() as unit:
            # A purge may have come while the message was on its way: its deadline stands.
            current = await unit.messages.get(message.id)
            ttl = conversation.message_ttl
            deadline = kept_until(message, current, ttl, handed.shown_at, now)
            await unit.messages.mark_sent(
                message.id,
                envelope.seal_ids(handed.ids, message.id),
                keep_body=keep and deadline > now,
                delete_at=deadline,
            )
            await self._announce(unit, message)
            await schedule_vanishing(unit, conversation.id, now)
            found = await _next(unit, conversation.id)
            if mark := channel.mark():
                # Last: whoever sends at the same time waits for this row until it is committed.
                await unit.messages.remember_mark(channel.name, mark)
            return found

    async def _unreachable(self, conversation: Conversation, message: Message) -> None:
        async with self._database.writing() as unit:
            await unit.conversations.set_unreachable(conversation.id)
            await self._calls.lost(unit, conversation, self._clock.now())
            await unit.messages.fail_unsent(conversation.id)
            await self._announce(unit, message)

    async def _try_later(
        self, message: Message, error: ChannelUnavailable, *, uncertain: bool
    ) -> None:
        wait = timedelta(seconds=BACKOFF[min(message.attempts, len(BACKOFF) - 1)])
        not_before = self._clock.now() + max(wait, error.retry_after or wait)
        async with self._database.writing() as unit:
            await unit.messages.retry_later(message.id, not_before, uncertain=uncertain)

    async def _give_up(self, message: Message) -> None:
        async with self._database.writing() as unit:
            await unit.messages.mark_failed(message.id)
            await self._announce(unit, message)
            await schedule_vanishing(unit, message.conversation_id, self._clock.now())

    async def _announce(self, unit: UnitOfWork, message: Message) -> None:
        """Let the console see how far an advocate's message got."""
        if message.handoff_id is not None:
            await unit.events.publish("message", message.handoff_id, self._clock.now())


_Found = tuple[Conversation, Message]


async def _next(unit: UnitOfWork, conversation_id: ConversationId) -> _Found | None:
    """What is to be sent next, if anything is."""
    message = await unit.messages.next_unsent(conversation_id)
    conversation = await unit.conversations.get(conversation_id) if message else None
    return None if message is None or conversation is None else (conversation, message)
