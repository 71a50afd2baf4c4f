"""Who is worked on when: one conversation at a time, many conversations side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from bot.conversation.line import Line
from bot.errors import TransientError
from bot.ids import ConversationId
from bot.logs import logger

_log = logger(__name__)

WORKERS = 16
"""Conversations worked on at once by a process."""


class Dispatcher:
    """Calls `work` for each woken conversation, never twice at once for the same one.

    A wake during its work makes it run once more afterwards. Wakes are only hints: a periodic
    scan of the database wakes whatever a crash left behind, so none needs to be remembered.
    """

    def __init__(self, work: Callable[[ConversationId], Awaitable[None]] | None = None) -> None:
        self._work = work
        self._waiting = Line()
        self._running: dict[ConversationId, bool] = {}
        self._ready = asyncio.Event()
        self._hand_over: Callable[[ConversationId], None] | None = None
        self._beside: set[asyncio.Task[None]] = set()

    def beside(self, doing: Coroutine[None, None, None]) -> None:
        """Have something done that waits for no conversation's turn; `settled` waits for it."""
        task = asyncio.create_task(_logged(doing))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    def hand_over(self, tell: Callable[[ConversationId], None]) -> None:
        """Work on nothing here: have `tell` wake a process that does."""
        self._hand_over = tell

    def set_work(self, work: Callable[[ConversationId], Awaitable[None]]) -> None:
        """Name what is to be done, once its own makers exist."""
        self._work = work

    def wake(self, conversation_id: ConversationId, *, wrote: bool = False) -> None:
        """Have the conversation worked on soon; `wrote`, because of another message from there."""
        if self._hand_over is not None:
            self._hand_over(conversation_id)
            return
        if wrote:
            self._waiting.wrote(conversation_id)
        if conversation_id in self._running:
            self._running[conversation_id] = True
            return
        self._waiting.join(conversation_id)
        self._ready.set()

    async def run(self) -> None:
        """Work until cancelled; what is under way then is finished by whoever starts next."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(WORKERS):
                    group.create_task(self._worker())
        finally:
            for task in self._beside:
                task.cancel()

    async def settled(self) -> None:
        """Return once nothing waits or runs here (for tests and for draining)."""
        while self._waiting or self._running or self._beside:  # noqa: ASYNC110 - they change on the way
            await asyncio.sleep(0.005)

    async def _worker(self) -> None:
        while True:
            while not self._waiting:
                self._ready.clear()
                await self._ready.wait()
            conversation_id = self._waiting.next()
            self._running[conversation_id] = False
            try:
                assert self._work is not None, "set_work was not called"
                await self._work(conversation_id)
            except TransientError as error:
                _log.warning("a conversation must wait", error=error)
            except Exception as error:
                # The message of an unforeseen error may quote what a person wrote.
                _log.error("a conversation could not be worked on", error=error)
            finally:
                if self._running.pop(conversation_id):
                    self.wake(conversation_id)


async def _logged(doing: Coroutine[None, None, None]) -> None:
    try:
        await doing
    except TransientError as error:
        _log.warning("a message on its way must wait", error=error)
    except Exception as error:
        # The message of an unforeseen error may quote what a person is told.
        _log.error("a message could not be sent on its way", error=error)
