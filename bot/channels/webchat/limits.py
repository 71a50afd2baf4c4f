"""How fast one session, and all of them together, may write."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from bot.channels.buckets import Bucket
from bot.ids import Address

SESSION_BURST: Final = 20
SESSION_RATE: Final = 1.0
"""Messages a second. Nobody types faster for long; a held key or a script does."""

PROCESS_BURST: Final = 400
PROCESS_RATE: Final = 200.0
SESSIONS_KNOWN: Final = 10_000
STREAMS_A_SESSION: Final = 6
STREAMS_A_PROCESS: Final = 5_000


class Limits:
    """The buckets of all sessions of this process, and their open streams."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._all = Bucket(PROCESS_BURST, PROCESS_RATE, now)
        self._buckets: OrderedDict[Address, Bucket] = OrderedDict()
        self._streams: dict[Address, int] = {}

    def message(self, address: Address) -> float:
        """The seconds that `address` must wait before it may write; 0.0 if it may now."""
        bucket = self._buckets.get(address)
        if bucket is None:
            bucket = self._buckets[address] = Bucket(SESSION_BURST, SESSION_RATE, self._now)
            if len(self._buckets) > SESSIONS_KNOWN:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(address)
        return bucket.take() or self._all.take()

    def is_full(self, address: Address) -> bool:
        """Whether `address`, or all together, have as many streams open as they may."""
        mine = self._streams.get(address, 0)
        return mine >= STREAMS_A_SESSION or sum(self._streams.values()) >= STREAMS_A_PROCESS

    @contextmanager
    def stream(self, address: Address) -> Iterator[None]:
        """Count a stream for as long as it is open."""
        self._streams[address] = self._streams.get(address, 0) + 1
        try:
            yield
        finally:
            self._streams[address] -= 1
            if not self._streams[address]:
                del self._streams[address]
