"""The console's events as streams: one look at the database for all that are open here."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from typing import Final

from bot.conversation.advocacy import CONSOLE, AdvocacyService
from bot.errors import TransientError
from bot.handoff.models import ConsoleEvent
from bot.logs import logger
from bot.signals import Signals

_log = logger(__name__)

LOOK_EVERY: Final = 1.0
"""Seconds between looks for events of other processes; our own wake us at once."""

A_STREAM: Final = 0.0005
"""Seconds that a look keeps from the one before it, for each open stream: writing to one takes
about a fifth of that. So in a rush, many streams get several events at a time."""

LATE: Final = 50
"""On PostgreSQL a number may be seen before a lower one whose transaction takes longer: that many
numbers below the newest are looked at again."""

BACKLOG: Final = 1000
"""Looks that a stream may lag behind before it is cut; its page then comes back and replays."""


def written(events: Iterable[ConsoleEvent], highest: int) -> bytes:
    """Events as a stream carries them, each with the highest id so far: replay begins there."""
    lines = []
    for event in events:
        highest = max(highest, event.id)
        data = json.dumps({"subject": event.subject})
        lines.append(f"id: {highest}\r\nevent: {event.kind}\r\ndata: {data}\r\n\r\n")
    return "".join(lines).encode()


class Batch:
    """What one look found, written out once for all streams that had everything up to `before`."""

    def __init__(self, events: Collection[ConsoleEvent], before: int) -> None:
        self.events = events
        self.before = before
        self.written = written(events, before)


class Feed:
    """Lets any number of streams follow the `events` table. It looks only while somebody does."""

    def __init__(self, advocacy: AdvocacyService, signals: Signals) -> None:
        self._advocacy = advocacy
        self._signals = signals
        self._followers: set[Follower] = set()
        self._looking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def follow(self, after: int | None) -> AsyncIterator["Follower"]:
        """Events with an id above `after`; None: from now on."""
        newest = await self._advocacy.last_event()
        # An id from the future is another database's: there is nothing to replay.
        start = newest if after is None else min(max(after, 0), newest)
        follower = Follower(start)
        self._followers.add(follower)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(newest))
        try:
            follower.missed(await self._replay(start))
            yield follower
        finally:
            self._followers.discard(follower)
            if not self._followers and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    async def _replay(self, start: int) -> list[ConsoleEvent]:
        missed: list[ConsoleEvent] = []
        while found := await self._advocacy.events(missed[-1].id if missed else start):
            missed.extend(found)
        return missed

    async def _look(self, newest: int) -> None:
        floor, seen, clock = newest, set[int](), asyncio.get_running_loop().time
        while True:
            generation, began = self._signals.generation(CONSOLE), clock()
            try:
                found = await self._advocacy.events(max(floor, newest - LATE))
            except TransientError as error:
                _log.warning("events could not be read", error=error)
                found = ()
            if fresh := [event for event in found if event.id not in seen]:
                self._hand_out(Batch(fresh, newest))
                newest = max(newest, *(event.id for event in fresh))
                seen |= {event.id for event in fresh}
            seen = {number for number in seen if number > newest - LATE}
            await self._signals.wait(CONSOLE, generation, LOOK_EVERY)
            await asyncio.sleep(began + A_STREAM * len(self._followers) - clock())

    def _hand_out(self, batch: Batch) -> None:
        for follower in [each for each in self._followers if not each.take(batch)]:
            self._followers.discard(follower)


class Follower:
    """One stream's view: what it missed, then what comes, each event once."""

    def __init__(self, start: int) -> None:
        self.start = start
        self._highest = start
        self._missed: list[ConsoleEvent] = []
        self._replayed = set[int]()
        self._queue: asyncio.Queue[Batch] = asyncio.Queue(BACKLOG)
        self._is_cut = False

    def missed(self, events: list[ConsoleEvent]) -> None:
        """What came before it followed."""
        self._missed = events
        self._replayed = {event.id for event in events}

    def take(self, batch: Batch) -> bool:
        """Have it come next; False when the stream lags too far behind, and ends."""
        self._is_cut = self._queue.full()
        if not self._is_cut:
            self._queue.put_nowait(batch)
        return not self._is_cut

    async def next(self, within: float) -> bytes:
        """The next events, written out; empty when none come within `within` seconds.

        Raises EOFError once the stream lags too far behind: all after this would be missing.
        """
        if self._missed:
            missed, self._missed = self._missed, []
            return self._write(missed)
        try:
            async with asyncio.timeout(within):
                while True:
                    if self._is_cut and self._queue.empty():
                        raise EOFError
                    batch = await self._queue.get()
                    fresh = [event for event in batch.events if event.id not in self._replayed]
                    if len(fresh) == len(batch.events) and batch.before >= self._highest:
                        self._highest = max(batch.before, *(event.id for event in fresh))
                        return batch.written
                    if fresh:
                        return self._write(fresh)
        except TimeoutError:
            return b""

    def _write(self, events: list[ConsoleEvent]) -> bytes:
        text = written(events, self._highest)
        self._highest = max(self._highest, *(event.id for event in events))
        return text
