"""Wake-ups inside one process. They carry no content, and nothing depends on their delivery."""

import asyncio
from collections import defaultdict
from collections.abc import Hashable


class Signals:
    """Lets a waiter sleep until its topic is touched, or a time has passed.

    A waiter takes the topic's `generation` before it looks at the database, and then waits for a
    later one: a touch between look and wait is not missed.
    """

    def __init__(self) -> None:
        self._generations: defaultdict[Hashable, int] = defaultdict(int)
        self._waiters: defaultdict[Hashable, set[asyncio.Event]] = defaultdict(set)

    def generation(self, topic: Hashable) -> int:
        """The count of touches so far."""
        return self._generations.get(topic, 0)

    def touch(self, topic: Hashable) -> None:
        """Wake whoever waits for `topic`."""
        # Counted without a waiter, too: somebody may be between look and wait.
        self._generations[topic] += 1
        for event in self._waiters.get(topic, ()):
            event.set()

    async def wait(self, topic: Hashable, after: int, within: float) -> bool:
        """Sleep until `topic` has been touched more than `after` times, or `within` seconds.

        Returns whether it was touched.
        """
        if self.generation(topic) > after:
            return True
        event = asyncio.Event()
        self._waiters[topic].add(event)
        try:
            async with asyncio.timeout(within):
                await event.wait()
        except TimeoutError:
            return False
        finally:
            self._waiters[topic].discard(event)
            if not self._waiters[topic]:
                del self._waiters[topic]
        return True
