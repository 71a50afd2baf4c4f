"""Making messages vanish: from the phone, then from the server, then the key.

The platform's copies go first, while their ids can still be read; a text on the server has gone
before that, where nobody needed it any more.
"""

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.conversation.errors import DatabaseUnavailable
from bot.conversation.interfaces import (
    AddressUnreachable,
    Channel,
    ChannelUnavailable,
    MessageRefused,
)
from bot.conversation.models import Conversation
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database, UnitOfWork
from bot.conversation.turns import schedule_vanishing
from bot.history.models import Delivery, Message
from bot.ids import ChannelName, ConversationId
from bot.scheduling.models import Timer
from bot.vault.vault import Vault

_log = logging.getLogger(__name__)

BATCH = 100
"""Messages deleted in one go (Bot API: deleteMessages takes at most 100 ids)."""

RETRY = timedelta(seconds=5)


class VanishService:
    """Runs the `vanish` timers."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        channels: dict[ChannelName, Channel],
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._channels = channels

    async def run(self, timer: Timer) -> None:
        """Delete what is due in the timer's conversation, and the conversation once it is empty."""
        conversation_id = ConversationId(timer.ref)
        now = self._clock.now()
        async with self._database.reading() as unit:
            conversation = await unit.conversations.get(conversation_id)
            due = await unit.messages.due(conversation_id, now, BATCH)
        if conversation is None:
            async with self._database.writing() as unit:
                await unit.timers.settle(timer)
            return
        # A message in flight is settled by its sending, which sets this timer again.
        due = [m for m in due if m.delivery is not Delivery.SENDING]
        channel = self._channels.get(conversation.channel)
        try:
            if channel is not None and channel.traits.keeps_messages:
                await self._delete_on_the_phone(channel, conversation, due, now)
        except ChannelUnavailable as error:
            async with self._database.writing() as unit:
                await unit.timers.postpone(timer, now + max(RETRY, error.retry_after or RETRY))
            return
        over = await self._delete_here(timer, conversation_id, due, now)
        if due or over:
            await self._shred()
        if due and channel is not None and not channel.traits.keeps_messages:
            await self._let_it_look(channel, conversation, due)

    async def _shred(self) -> None:
        try:
            await self._database.shred()
        except DatabaseUnavailable:
            _log.warning("deleted bytes are still in the log; housekeeping cuts it soon")

    async def _let_it_look(
        self, channel: Channel, conversation: Conversation, due: list[Message]
    ) -> None:
        """A phone that shows what the server holds drops what is no longer here."""
        address = Envelope.of(self._vault, conversation).address(conversation)
        with suppress(ChannelUnavailable, AddressUnreachable, MessageRefused):
            await channel.delete(address, [str(message.id) for message in due])

    async def _delete_on_the_phone(
        self, channel: Channel, conversation: Conversation, due: list[Message], now: datetime
    ) -> None:
        if conversation.unreachable:
            return
        envelope = Envelope.of(self._vault, conversation)
        limit = channel.traits.deletable_for
        ids = [
            i
            for message in due
            if limit is None or now - message.created_at < limit
            for i in envelope.open_ids(message.platform_ids, message.id)
        ]
        if not ids:
            return
        try:
            await channel.delete(envelope.address(conversation), ids)
        except AddressUnreachable:
            _log.info("a person left the channel: what was on the phone is beyond reach")
        except MessageRefused:
            _log.warning("a channel refused to delete some messages: they are beyond reach")

    async def _delete_here(
        self, timer: Timer, conversation_id: ConversationId, due: list[Message], now: datetime
    ) -> bool:
        """Remove the rows, then the conversation and its key if nothing is owed any more."""
        async with self._database.writing() as unit:
            if not await unit.timers.settle(timer):
                return False
            await unit.messages.delete([message.id for message in due])
            if await self._is_over(unit, conversation_id):
                await unit.alerts.delete_of(conversation_id)
                await unit.checkins.delete_of(conversation_id)
                await unit.handoffs.delete_of(conversation_id)
                await unit.conversations.delete(conversation_id)
                return True
            if await unit.messages.next_deadline(conversation_id) is not None:
                await schedule_vanishing(unit, conversation_id, now)
            return False

    @staticmethod
    async def _is_over(unit: UnitOfWork, conversation_id: ConversationId) -> bool:
        """No message, nothing unhandled, no check-in to come, no alert or handoff open."""
        return (
            await unit.messages.next_deadline(conversation_id) is None
            and await unit.inbox.next(conversation_id) is None
            and not await unit.checkins.has_live(conversation_id)
            and not await unit.alerts.unacknowledged_of(conversation_id)
            and await unit.handoffs.open_of(conversation_id) is None
        )
