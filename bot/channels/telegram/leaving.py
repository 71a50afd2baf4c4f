"""Leaving groups and channels: at once, without a word, and until it is done."""

import asyncio
from datetime import timedelta
from typing import Final

from bot.channels.telegram.api import TelegramApi
from bot.conversation.interfaces import ChannelUnavailable
from bot.errors import BotError
from bot.logs import logger

_log = logger(__name__)

_MOST_AT_ONCE: Final = 256
"""Chats being left; who adds the bot to more waits until the next sign from there."""
_LONGEST_PAUSE: Final = timedelta(minutes=5)


class Leaver:
    """Leaves chats in the background, trying again while Telegram can't be reached.

    What is under way does not survive the process: the next update of such a chat begins anew.
    `pause` is the first of the growing pauses between tries.
    """

    def __init__(self, api: TelegramApi, pause: timedelta = timedelta(seconds=1)) -> None:
        self._api = api
        self._pause = pause
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def leave(self, chat_id: int) -> None:
        """See to it that the bot is no longer in this chat."""
        if chat_id in self._tasks or len(self._tasks) >= _MOST_AT_ONCE:
            return
        task = asyncio.create_task(self._until_left(chat_id))
        self._tasks[chat_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(chat_id, None))

    async def close(self) -> None:
        """Give up what is under way."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _until_left(self, chat_id: int) -> None:
        pause = self._pause
        while True:
            try:
                await self._api.leave(chat_id)
                return
            except ChannelUnavailable as error:
                _log.warning("a group could not be left yet")
                await asyncio.sleep(max(error.retry_after or pause, pause).total_seconds())
                pause = min(2 * pause, _LONGEST_PAUSE)
            except BotError as error:
                # Refused: the bot is not there any more, or the group is not.
                _log.info("a group was gone before it was left", error=error)
                return
