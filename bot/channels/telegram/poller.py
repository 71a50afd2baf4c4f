"""Long polling: an update is acknowledged only after it was stored."""

import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.receiver import TelegramReceiver
from bot.channels.telegram.updates import Reading, read, update_id
from bot.conversation.intake import InboundUpdate
from bot.conversation.interfaces import ChannelUnavailable
from bot.errors import BotError
from bot.ids import Address
from bot.logs import logger

_log = logger(__name__)

_LONGEST_PAUSE: Final = 30.0
_LONGEST_PAUSE_OF_STORAGE: Final = 2.0
_FAILURES_OF_STORAGE: Final = 3
"""Chats of one batch that fail before storage itself is taken to be down."""
_TRIES: Final = 10
_AT_ONCE: Final = 16
"""Chats of one batch that are stored side by side."""


@dataclass(slots=True)
class _Outcome:
    """What became of a batch: the updates that failed, and those behind them."""

    places: asyncio.Semaphore
    failed: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    news: bool = False


class TelegramPoller:
    """Fetches updates until it is cancelled.

    `wait` is how long Telegram holds an empty answer back; `pause` the first of the growing
    pauses after a failure. An update that can't be stored holds back its own chat only: the others
    of its batch are stored, and their repetition does no harm, as the intake knows them. After 10
    tries during which other new updates could be stored, it is let go with an error in the log: a
    hundred updates held back are all that Telegram would ever send again.
    """

    def __init__(
        self,
        api: TelegramApi,
        receiver: TelegramReceiver,
        *,
        wait: timedelta = timedelta(seconds=30),
        pause: timedelta = timedelta(seconds=0.5),
    ) -> None:
        self._api = api
        self._receiver = receiver
        self._wait = wait
        self._pause = pause.total_seconds()
        self._offset: int | None = None
        self._tries: dict[int, int] = {}

    async def run(self) -> None:
        """Take a webhook away, then poll for ever. Ends by cancellation only."""
        unreached = unstored = 0
        webhook_gone = False
        while True:
            asked = timedelta(0)
            try:
                if not webhook_gone:
                    await self._api.use_polling()
                    webhook_gone = True
                batch = await self._api.updates(self._offset, self._wait)
            except BotError as error:
                # A webhook that someone set may be in the way (409).
                webhook_gone = False
                unreached += 1
                if isinstance(error, ChannelUnavailable) and error.retry_after is not None:
                    asked = error.retry_after
                _log.warning("polling failed", error=error, count=unreached)
                pause = max(self._after(unreached, _LONGEST_PAUSE), asked.total_seconds())
                await asyncio.sleep(pause)
                continue
            unreached = 0
            unstored = 0 if await self._store(batch) else unstored + 1
            if unstored:
                await asyncio.sleep(self._after(unstored, _LONGEST_PAUSE_OF_STORAGE))

    def _after(self, failures: int, longest: float) -> float:
        """Seconds to wait: doubling with each failure, and spread out."""
        pause: float = min(self._pause * 2 ** min(failures - 1, 16), longest)
        return pause * random.uniform(0.5, 1.0)  # noqa: S311

    async def _store(self, batch: Sequence[object]) -> bool:
        """Store a batch and move the offset past what is stored. False if some of it is not."""
        chats: dict[Address | None, list[tuple[int, Reading]]] = {}
        # Telegram sends them in order. Where something between us does not, their numbers tell.
        for raw in sorted(batch, key=lambda raw: update_id(raw) or 0):
            number, reading = update_id(raw), read(raw)
            if number is None:
                _log.warning("dropped an update without a number")
                continue
            chat = reading.inbound.address if reading.inbound is not None else None
            chats.setdefault(chat, []).append((number, reading))
        # Side by side, so that what is stored at the same time goes to the disk together.
        outcome = _Outcome(asyncio.Semaphore(_AT_ONCE))
        await asyncio.gather(*(self._store_chat(*each, outcome) for each in chats.items()))
        waiting = outcome.waiting
        waiting += self._still_held(outcome.failed, others_pass=outcome.news)
        numbers = [number for chat in chats.values() for number, _ in chat]
        if waiting:
            self._offset = min(waiting)
        elif numbers:
            self._offset = max(numbers) + 1
        return not waiting and len(numbers) == len(batch)

    async def _store_chat(
        self, chat: Address | None, updates: Sequence[tuple[int, Reading]], outcome: "_Outcome"
    ) -> None:
        """Store what came of one chat, in order, up to what can't be stored."""
        async with outcome.places:
            held = len(outcome.failed) >= _FAILURES_OF_STORAGE
            over: list[tuple[int, InboundUpdate]] = []
            for number, reading in updates:
                if held:
                    outcome.waiting.append(number)
                    continue
                if reading.inbound is not None and self._receiver.is_flooded(reading):
                    over.append((number, reading.inbound))
                    continue
                try:
                    outcome.news |= await self._receiver.receive(reading)
                except Exception as error:
                    _log.error("an update could not be stored", error=error)
                    if chat is not None:
                        outcome.failed.append(number)
                        held = True
            if over:
                await self._pass_over(over, outcome)

    async def _pass_over(
        self, over: Sequence[tuple[int, InboundUpdate]], outcome: "_Outcome"
    ) -> None:
        """Keep the ids of what one chat wrote too fast, all at once."""
        try:
            await self._receiver.pass_over([update for _, update in over])
        except Exception as error:
            _log.error("updates could not be stored", error=error, count=len(over))
            outcome.failed.append(over[0][0])

    def _still_held(self, numbers: Iterable[int], *, others_pass: bool) -> list[int]:
        """Those of the failed updates that are to be tried again."""
        self._tries = {n: self._tries.get(n, 0) + others_pass for n in numbers}
        for tries in self._tries.values():
            if tries >= _TRIES:
                _log.error("let an update go that could not be stored", count=tries)
        return [number for number, tries in self._tries.items() if tries < _TRIES]
