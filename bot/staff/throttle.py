"""Slowing down those who guess, without locking out those whose name they guess. Pure.

Failures are counted for a name from one address, for an address, and for a name. A name from one
address, and one address with any names, must wait, twice as long each time. A name from everywhere
is only answered a little later: whoever guesses at it from many addresses can't keep its owner out.
"""

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


@dataclass(frozen=True, slots=True)
class Failures:
    """How often something failed, and when it last did."""

    count: int
    last_at: datetime

    def now(self, now: datetime) -> int:
        """How many of them still count."""
        return 0 if now - self.last_at > FORGET_AFTER else self.count

    def one_more(self, now: datetime) -> "Failures":
        """With a try that failed, or may yet fail."""
        return Failures(self.now(now) + 1, now)

    def one_less(self) -> "Failures":
        """Without a try that did not fail."""
        return Failures(max(self.count - 1, 0), self.last_at)

    def none(self) -> "Failures":
        """Forgotten."""
        return Failures(0, self.last_at)


@dataclass(frozen=True, slots=True)
class Record:
    """What failed before a try, by what it has in common with it."""

    pair: Failures
    address: Failures
    name: Failures

    def wait(self, now: datetime) -> timedelta:
        """How long the try must wait before it is looked at; zero if it needn't."""
        return max(_left(self.pair, PAIR_FREE, now), _left(self.address, ADDRESS_FREE, now))

    def pause(self, now: datetime) -> timedelta:
        """How much later the answer is given, as this name fails a lot."""
        over = self.name.now(now) - NAME_FREE
        if over <= 0:
            return timedelta()
        return min(timedelta(milliseconds=100) * (1 << min(over, 10)), LONGEST_PAUSE)

    def failed(self, now: datetime) -> "Record":
        """With a try that failed, or may yet fail: `succeeded` takes it back."""
        each = (self.pair, self.address, self.name)
        return Record(*(failures.one_more(now) for failures in each))

    def succeeded(self) -> "Record":
        """Without that try, and without the failures of a name where it is at home."""
        return Record(self.pair.none(), self.address.one_less(), self.name.one_less())


def _left(failures: Failures, free: int, now: datetime) -> timedelta:
    over = failures.now(now) - free
    if over < 0:
        return timedelta()
    wait = min(timedelta(seconds=1) * (1 << min(over, 10)), LONGEST_WAIT)
    return max(wait - (now - failures.last_at), timedelta())
