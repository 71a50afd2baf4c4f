"""What a process does with a woken conversation: a turn, what it says, the next turn."""

import asyncio

from bot.clock import Clock
from bot.conversation.advocacy import CONSOLE
from bot.conversation.delivery import DeliveryService
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.errors import Overtaken
from bot.conversation.turns import Progress, TurnService
from bot.ids import ConversationId
from bot.signals import Signals


class ConversationWorker:
    """The dispatcher's work."""

    def __init__(
        self,
        turns: TurnService,
        delivery: DeliveryService,
        dispatcher: Dispatcher,
        signals: Signals,
        clock: Clock,
    ) -> None:
        self._turns = turns
        self._delivery = delivery
        self._dispatcher = dispatcher
        self._signals = signals
        self._clock = clock

    async def work(self, conversation_id: ConversationId) -> None:
        """Take one turn and send its answer. Whatever else waits here waits in line again."""
        while True:
            try:
                handled = await self._turns.run_next(conversation_id)
                break
            except Overtaken:
                continue
        come_back_at = await self._delivery.deliver(conversation_id)
        self._signals.touch(CONSOLE)
        if handled is Progress.MORE:
            self._dispatcher.wake(conversation_id)
        if come_back_at is not None:
            wait = max(0.0, (come_back_at - self._clock.now()).total_seconds())
            asyncio.get_running_loop().call_later(wait, self._dispatcher.wake, conversation_id)
