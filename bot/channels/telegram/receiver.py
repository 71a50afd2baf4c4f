"""From a raw update to the intake, the same for polling and webhook."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Final

from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.flood import Flood
from bot.channels.telegram.leaving import Leaver
from bot.channels.telegram.marks import MessageMarks
from bot.channels.telegram.staff_chat import TelegramStaffChat
from bot.channels.telegram.updates import Reading
from bot.conversation.intake import InboundUpdate, Intake
from bot.errors import BotError
from bot.logs import logger

_log = logger(__name__)

_MAX_COURTESIES: Final = 256
"""Calls under way that nothing depends on; more are left out rather than queued."""


class TelegramReceiver:
    """Hands updates to the intake, answers taps, and leaves groups without a word.

    Only the staff's own chat is not left.
    """

    def __init__(
        self,
        api: TelegramApi,
        marks: MessageMarks,
        intake: Intake,
        leaver: Leaver | None = None,
        *,
        staff_chat: TelegramStaffChat | None = None,
        flood: Flood | None = None,
    ) -> None:
        self._api = api
        self._leaver = leaver or Leaver(api)
        self._marks = marks
        self._intake = intake
        self._staff_chat = staff_chat
        self._flood = flood or Flood()
        self._courtesies: set[asyncio.Task[None]] = set()

    async def receive(self, reading: Reading) -> bool:
        """Store what an update brings; True if that was news. Telegram may forget it then.

        An update that brings nothing for us is dropped with a log line that doesn't tell what
        it was. Raises what `Intake.accept` raises: then Telegram must deliver it again.
        """
        news = False
        if reading.message_id is not None:
            self._marks.account_for([reading.message_id])
        if reading.inbound is not None:
            news = await self._intake.accept(reading.inbound)
            if news:
                self._flood.wrote(reading.inbound)
        elif reading.leave is not None:
            await self._in_a_group(reading, reading.leave)
        elif reading.message_id is None:
            _log.info("dropped an update that says nothing to us")
        if reading.query_id is not None:
            self._do_in_passing(self._api.answer_button(reading.query_id))
        return news

    def is_flooded(self, reading: Reading) -> bool:
        """Whether this comes from a chat that writes faster than anybody can read."""
        return reading.inbound is not None and self._flood.is_over(reading.inbound)

    async def pass_over(self, updates: Sequence[InboundUpdate]) -> None:
        """Keep the ids of what one chat wrote too fast, and no more; raises as `receive` does."""
        update = self._flood.passed_over(updates)
        self._marks.account_for(int(i) for i in update.message_ids)
        await self._intake.accept(update)
        self._flood.stored(update)

    async def _in_a_group(self, reading: Reading, chat_id: int) -> None:
        """Hear the staff, in their chat; leave any other."""
        if self._staff_chat is None or not self._staff_chat.is_here(chat_id):
            self._leaver.leave(chat_id)
        elif reading.said is not None:
            await self._staff_chat.hear(reading.said)

    async def close(self) -> None:
        """Give up the calls that are still under way."""
        await self._leaver.close()
        for task in self._courtesies:
            task.cancel()
        await asyncio.gather(*self._courtesies, return_exceptions=True)

    def _do_in_passing(self, call: Coroutine[object, object, None]) -> None:
        if len(self._courtesies) >= _MAX_COURTESIES:
            call.close()
            return
        task = asyncio.create_task(_quietly(call))
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)


async def _quietly(call: Coroutine[object, object, None]) -> None:
    try:
        await call
    except BotError as error:
        _log.info("a call in passing failed", error=error)
