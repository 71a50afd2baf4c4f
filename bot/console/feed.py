"""The console's events as streams: one look at the database for all that are open here."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.conversation.advocacy import CONSOLE, AdvocacyService
from bot.errors import TransientError
from bot.handoff.models import ConsoleEvent
from bot.signals import Signals

_log = logging.getLogger(__name__)

LOOK_EVERY: Final = 1.0
"""Seconds between looks for events of other processes; our own wake us at once."""

LATE: Final = 50
"""On PostgreSQL a number may be seen before a lower one whose transaction takes longer: that many
numbers below the newest are looked at again."""

BACKLOG: Final = 1000
"""Events that a stream may lag behind before it is cut; its page then comes back and replays."""


class Feed:
    """Lets any number of streams follow the `events` table. It looks only while somebody does."""

    def __init__(self, advocacy: AdvocacyService, signals: Signals) -> None:
        self._advocacy = advocacy
        self._signals = signals
        self._followers: set[asyncio.Queue[ConsoleEvent]] = set()
        self._looking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def follow(self, after: int | None) -> AsyncIterator["Follower"]:
        """Events with an id above `after`; None: from now on."""
        queue: asyncio.Queue[ConsoleEvent] = asyncio.Queue(BACKLOG)
        newest = await self._advocacy.last_event()
        # An id from the future is another database's: there is nothing to replay.
        start = newest if after is None else min(max(after, 0), newest)
        self._followers.add(queue)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(newest))
        try:
            missed = await self._replay(start)
            yield Follower(start, missed, queue)
        finally:
            self._followers.discard(queue)
            if not self._followers and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    async def _replay(self, start: int) -> list[ConsoleEvent]:
        missed: list[ConsoleEvent] = []
        while found := await self._advocacy.events(missed[-1].id if missed else start):
            missed.extend(found)
        return missed

    async def _look(self, newest: int) -> None:
        floor, seen = newest, set[int]()
        while True:
            generation = self._signals.generation(CONSOLE)
            try:
                fresh = await self._advocacy.events(max(floor, newest - LATE))
            except TransientError as error:
                _log.warning("events could not be read: %s", type(error).__name__)
                fresh = ()
            for event in fresh:
                if event.id not in seen:
                    seen.add(event.id)
                    self._hand_out(event)
                newest = max(newest, event.id)
            seen = {number for number in seen if number > newest - LATE}
            await self._signals.wait(CONSOLE, generation, LOOK_EVERY)

    def _hand_out(self, event: ConsoleEvent) -> None:
        for queue in list(self._followers):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._followers.discard(queue)


class Follower:
    """One stream's view: what it missed, then what comes, each event once."""

    def __init__(
        self, start: int, missed: list[ConsoleEvent], queue: asyncio.Queue[ConsoleEvent]
    ) -> None:
        self.start = start
        self._missed = list(reversed(missed))
        self._replayed = {event.id for event in missed}
        self._queue = queue

    async def next(self, within: float) -> ConsoleEvent | None:
        """The next event, or None when none comes within `within` seconds."""
        if self._missed:
            return self._missed.pop()
        try:
            async with asyncio.timeout(within):
                while True:
                    event = await self._queue.get()
                    if event.id not in self._replayed:
                        return event
        except TimeoutError:
            return None
