"""Messages on their way to the platforms, many at a time, noted together when they have arrived."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.content.catalogue import Rendered
from bot.conversation import timers
from bot.conversation.delivery import DeliveryService, Handed, kept_until
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.interfaces import Channel
from bot.conversation.models import Conversation
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database, UnitOfWork
from bot.history.models import Message

MOST = 256
"""Sent at once."""

PATIENCE = 1.0
"""Seconds to wait for those that are under way. What is more then waits in its conversation for
its turn: a platform that is slow holds up no timer for longer."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that is stored as SENDING, and what it says."""

    channel: Channel
    envelope: Envelope
    conversation: Conversation
    message: Message
    shown: Rendered


class Outbound:
    """Sends side by side. Only for channels that keep messages: the text is dropped afterwards."""

    def __init__(
        self, database: Database, clock: Clock, delivery: DeliveryService, dispatcher: Dispatcher
    ) -> None:
        self._database = database
        self._clock = clock
        self._delivery = delivery
        self._dispatcher = dispatcher
        self._under_way = 0
        self._arrived: list[tuple[Parcel, Handed]] = []
        self._noting = asyncio.Lock()
        self._fewer = asyncio.Event()

    async def room_for(self, wanted: int) -> int:
        """How many of `wanted` can be sent now, or in a moment."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self._under_way and self._under_way + wanted > MOST:
                    self._fewer.clear()
                    await self._fewer.wait()
        return MOST - self._under_way

    def send(self, parcel: Parcel) -> None:
        """Have it sent; what fails is tried again like any message."""
        self._under_way += 1
        self._dispatcher.beside(self._send(parcel))

    async def _send(self, parcel: Parcel) -> None:
        try:
            handed = await self._delivery.hand_over(
                parcel.channel,
                parcel.envelope.address(parcel.conversation),
                parcel.conversation,
                parcel.message,
                parcel.shown,
            )
            if handed is None:
                return
            self._arrived.append((parcel, handed))
            async with self._noting:
                # Whoever comes first notes all that arrived while another was at it.
                arrived, self._arrived = self._arrived, []
                if arrived:
                    await self._note(arrived)
        finally:
            self._under_way -= 1
            self._fewer.set()

    async def _note(self, arrived: Sequence[tuple[Parcel, Handed]]) -> None:
        now = self._clock.now()
        async with self._database.writing() as unit:
            # A purge may have come while a message was on its way: its deadline stands.
            current = await unit.messages.some({parcel.message.id for parcel, _ in arrived})
            await unit.messages.mark_all_sent(
                [
                    (
                        parcel.message.id,
                        parcel.envelope.seal_ids(handed.ids, parcel.message.id),
                        kept_until(
                            parcel.message,
                            current.get(parcel.message.id),
                            parcel.conversation.message_ttl,
                            handed.shown_at,
                            now,
                        ),
                    )
                    for parcel, handed in arrived
                ]
            )
            for channel in {parcel.channel.name: parcel.channel for parcel, _ in arrived}.values():
                if mark := channel.mark():
                    await unit.messages.remember_mark(channel.name, mark)
            await _let_vanish(unit, [parcel.conversation for parcel, _ in arrived], now)


async def _let_vanish(
    unit: UnitOfWork, conversations: Sequence[Conversation], now: datetime
) -> None:
    """Set each timer to the earliest deadline; without any, to now, to tidy up."""
    ids = sorted({each.id for each in conversations})
    deadlines = await unit.messages.deadlines(ids)
    wanted = [(timers.VANISH, id_, deadlines.get(id_, now)) for id_ in ids]
    await unit.timers.schedule_all_by(wanted)
