"""Making messages vanish: from the phone, then from the server, then the key.

The platform's copies go first, while their ids can still be read; a text on the server has gone
before that, where nobody needed it any more.
"""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid5

from bot.clock import Clock
from bot.content.catalogue import Catalogue
from bot.conversation.codec import dump_rendered, has_word, load_state
from bot.conversation.errors import DatabaseUnavailable
from bot.conversation.interfaces import (
    AddressUnreachable,
    Channel,
    ChannelUnavailable,
    MessageRefused,
)
from bot.conversation.models import Conversation
from bot.conversation.outages import LONGEST_RETRY, RETRY, Outages
from bot.conversation.pairing import Pairings
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database, UnitOfWork
from bot.conversation.texts import render
from bot.conversation.timers import VANISH
from bot.dialogue.effects import Say
from bot.history.models import Author, Delivery, Message
from bot.ids import ChannelName, ConversationId, MessageId
from bot.logs import logger
from bot.scheduling.models import Timer
from bot.settings import Settings
from bot.vault.vault import Vault

_log = logger(__name__)

BATCH = 100
"""Messages deleted in one go (Bot API: deleteMessages takes at most 100 ids)."""

PATIENCE = 10.0
"""Seconds for one go: other timers wait for it."""

LATE = timedelta(hours=36)
"""From this age on a message is deleted before others: it can't be for much longer."""

LEFT_BEHIND = "privacy.left_behind"
TOLD_WITHIN = timedelta(days=7)
"""So long it is kept, sealed, that something could not be deleted, to be told when the person is
there again. It needs no message on the phone, and then the conversation goes as any does."""

LOOK_AGAIN = timedelta(days=1)
"""Until then, a conversation is kept without another look for somebody who is stood by for."""

WORD_KEPT_FOR = timedelta(days=30)
"""After the last sign of life a chosen word is forgotten, and with it that anybody wrote."""


class VanishService:
    """Runs the `vanish` timers."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        settings: Settings,
        catalogue: Catalogue,
        channels: dict[ChannelName, Channel],
        pairings: Pairings,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._catalogue = catalogue
        self._channels = channels
        self._pairings = pairings
        self._outages = Outages(clock)

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
        # A message in flight is settled by its sending, which sets this timer again. Till then it
        # is looked at now and then: a platform may be away for hours.
        in_flight = [m for m in due if m.delivery is Delivery.SENDING]
        due = [m for m in due if m.delivery is not Delivery.SENDING]
        again = now + RETRY if in_flight else now
        channel = self._channels.get(conversation.channel)
        left = False
        try:
            if channel is not None and channel.traits.keeps_messages:
                left = await self._delete_on_the_phone(channel, conversation, due, now)
        except ChannelUnavailable as error:
            wait = _wait(due, now)
            async with self._database.writing() as unit:
                until = self._clock.now() + (error.retry_after or wait)
                await unit.timers.postpone(timer, until)
            return
        note = self._note(conversation, now) if left else None
        over = await self._delete_here(timer, conversation_id, due, now, again, note)
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
    ) -> bool:
        """True when something stays on the phone of a person who can still be told so."""
        if conversation.unreachable:
            return False
        envelope = Envelope.of(self._vault, conversation)
        limit = channel.traits.deletable_for
        ids: list[str] = []
        left = urgent = False
        for message in due:
            there = envelope.open_ids(message.platform_ids, message.id)
            age = now - message.created_at
            if limit is None or age < limit:
                ids += there
                urgent |= _is_urgent(message, conversation, age)
            else:
                left |= bool(there)
        if not ids:
            return left
        try:
            async with self._outages.asking(channel.name), asyncio.timeout(PATIENCE):
                await channel.delete(envelope.address(conversation), ids, urgent=urgent)
        except AddressUnreachable:
            _log.info("a person left the channel: what was on the phone is beyond reach")
            return False
        except MessageRefused:
            _log.warning("a channel refused to delete some messages: they are beyond reach")
            return True
        return left

    def _note(self, conversation: Conversation, now: datetime) -> Message:
        """What tells the person, when they are there again, and no sooner, how to do it by hand.

        One for any number of messages: its id is always the same.
        """
        envelope = Envelope.of(self._vault, conversation)
        opened = envelope.open(conversation.state, "conversations.state")
        locale = load_state(opened, self._settings.locales).locale
        id_ = MessageId(uuid5(conversation.id, LEFT_BEHIND))
        rendered = render(self._catalogue, Say(LEFT_BEHIND), locale, None)
        return Message(
            id=id_,
            conversation_id=conversation.id,
            author=Author.BOT,
            delivery=Delivery.HELD,
            body=envelope.seal(dump_rendered(rendered), "messages.body", id_),
            created_at=now,
            delete_at=now + TOLD_WITHIN,
        )

    async def _delete_here(
        self,
        timer: Timer,
        conversation_id: ConversationId,
        due: list[Message],
        now: datetime,
        again: datetime,
        note: Message | None,
    ) -> bool:
        """Remove the rows, then the conversation and its key if nothing is owed any more."""
        async with self._database.writing() as unit:
            if not await unit.timers.settle(timer):
                return False
            await unit.messages.delete(due)
            if note is not None:
                await unit.messages.add(note)
            if await self._is_over(unit, conversation_id):
                if (kept := await self._kept_until(unit, conversation_id)) and kept > now:
                    await unit.timers.schedule(VANISH, conversation_id, kept)
                    return False
                await self._unpair(unit, conversation_id, now)
                await unit.alerts.delete_of(conversation_id)
                await unit.checkins.delete_of(conversation_id)
                await unit.handoffs.delete_of(conversation_id)
                await unit.conversations.delete(conversation_id)
                return True
            if (deadline := await unit.messages.next_deadline(conversation_id)) is not None:
                await unit.timers.schedule(VANISH, conversation_id, max(deadline, again))
            return False

    async def _kept_until(
        self, unit: UnitOfWork, conversation_id: ConversationId
    ) -> datetime | None:
        """How long the row stays for a lock with a word, or for somebody who is stood by for;
        None where there is neither."""
        conversation = await unit.conversations.get(conversation_id)
        if conversation is None or conversation.unreachable:
            return None
        side = self._pairings.side(unit, conversation, self._clock.now())
        if await self._pairings.stands_by_for(side):
            return side.now + LOOK_AGAIN
        envelope = side.envelope
        opened = envelope.open(conversation.state, "conversations.state")
        if not has_word(opened):
            return None
        return (conversation.last_inbound_at or conversation.created_at) + WORD_KEPT_FOR

    async def _unpair(
        self, unit: UnitOfWork, conversation_id: ConversationId, now: datetime
    ) -> None:
        """Whom they had invited stands by no longer."""
        conversation = await unit.conversations.get(conversation_id)
        if conversation is not None:
            await self._pairings.drop(self._pairings.side(unit, conversation, now))

    @staticmethod
    async def _is_over(unit: UnitOfWork, conversation_id: ConversationId) -> bool:
        """No message, nothing unhandled, no check-in to come, no alert or handoff open."""
        return (
            await unit.messages.next_deadline(conversation_id) is None
            and await unit.inbox.next(conversation_id) is None
            and not await unit.checkins.has_kept(conversation_id)
            and not await unit.alerts.unsettled_of(conversation_id)
            and await unit.handoffs.open_of(conversation_id) is None
        )


def _wait(due: list[Message], now: datetime) -> timedelta:
    """Until the next try: an outage makes a deletion half as late again as it lasted, at most.

    The times that it was taken up don't count: a killed worker is no sign that Telegram is away.
    """
    late = now - min((message.delete_at for message in due), default=now)
    return min(max(RETRY, late / 2), LONGEST_RETRY)


def _is_urgent(message: Message, conversation: Conversation, age: timedelta) -> bool:
    """Whether somebody asked for it, sooner than agreed before, or time is running out."""
    return age >= LATE or message.delete_at - message.created_at < conversation.message_ttl
