"""Slowing down those who guess, without locking out those whose name they guess. Pure."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FORGET_AFTER: Final = timedelta(minutes=15)
LONGEST_WAIT: Final = timedelta(minutes=2)
LONGEST_PAUSE: Final = timedelta(seconds=3)
PAIR_FREE: Final = 4
ADDRESS_FREE: Final = 20
NAME_FREE: Final = 8
"""Failures without consequence: for one name from one address, for one address, for one name."""

KEYS_KEPT: Final = 20_000


@dataclass(slots=True)
class _Failures:
    count: int
    last_at: datetime


class Throttle:
    """Counts failed tries, in this process.

    A name from one address, and one address with any names, must wait, twice as long each time.
    A name from everywhere is only answered a little later: whoever guesses at it from many
    addresses can't keep its owner out.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[tuple[str, ...], _Failures] = OrderedDict()

    def wait(self, name_key: str, address: str, now: datetime) -> timedelta:
        """How long this try must wait before it is looked at; zero if it needn't."""
        return max(
            self._left(("pair", name_key, address), PAIR_FREE, now),
            self._left(("address", address), ADDRESS_FREE, now),
        )

    def pause(self, name_key: str, now: datetime) -> timedelta:
        """How much later the answer is given, as this name fails a lot."""
        over = self._count(("name", name_key), now) - NAME_FREE
        if over <= 0:
            return timedelta()
        return min(timedelta(milliseconds=100) * (1 << min(over, 10)), LONGEST_PAUSE)

    def failed(self, name_key: str, address: str, now: datetime) -> None:
        """Note a try that failed, or may yet fail: `succeeded` takes it back."""
        for key in self._keys(name_key, address):
            count = self._count(key, now)
            self._failures[key] = _Failures(count + 1, now)
            self._failures.move_to_end(key)
        while len(self._failures) > KEYS_KEPT:
            self._failures.popitem(last=False)

    def succeeded(self, name_key: str, address: str) -> None:
        """Take back the try, and forget the failures of a name where it is at home."""
        self._failures.pop(("pair", name_key, address), None)
        for key in self._keys(name_key, address):
            failures = self._failures.get(key)
            if failures is not None:
                failures.count = max(failures.count - 1, 0)

    @staticmethod
    def _keys(name_key: str, address: str) -> tuple[tuple[str, ...], ...]:
        return ("pair", name_key, address), ("address", address), ("name", name_key)

    def _count(self, key: tuple[str, ...], now: datetime) -> int:
        failures = self._failures.get(key)
        if failures is None or now - failures.last_at > FORGET_AFTER:
            return 0
        return failures.count

    def _left(self, key: tuple[str, ...], free: int, now: datetime) -> timedelta:
        over = self._count(key, now) - free
        if over < 0:
            return timedelta()
        wait = min(timedelta(seconds=1) * (1 << min(over, 10)), LONGEST_WAIT)
        return max(wait - (now - self._failures[key].last_at), timedelta())
