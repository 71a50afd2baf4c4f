"""Wake-ups. They carry no content, and nothing depends on their delivery."""

import asyncio
from collections import defaultdict
from collections.abc import Callable


class Signals:
    """Lets a waiter sleep until its topic is touched, or a time has passed.

    A waiter takes the topic's `generation` before it looks at the database, and then waits for a
    later one: a touch between look and wait is not missed. Topics say nothing of anybody, as other
    processes are told of them.
    """

    def __init__(self) -> None:
        self._generations: defaultdict[str, int] = defaultdict(int)
        self._waiters: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._tell: Callable[[str], None] | None = None

    def spread(self, tell: Callable[[str], None]) -> None:
        """Have `tell` pass each touch on to the other processes, which call `heard`."""
        self._tell = tell

    def generation(self, topic: str) -> int:
        """The count of touches so far."""
        return self._generations.get(topic, 0)

    def touch(self, topic: str) -> None:
        """Wake whoever waits for `topic`, in every process."""
        self.heard(topic)
        if self._tell is not None:
            self._tell(topic)

    def heard(self, topic: str) -> None:
        """Wake whoever waits for `topic` here."""
        # Counted without a waiter, too: somebody may be between look and wait.
        self._generations[topic] += 1
        for event in self._waiters.get(topic, ()):
            event.set()

    async def wait(self, topic: str, after: int, within: float) -> bool:
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
