"""Stops asking a model that does not answer, so that nobody waits for it."""

import time
from collections.abc import Callable
from datetime import timedelta


class CircuitBreaker:
    """Opens after some failures in a row, and lets one call through after a rest.

    `now` tells seconds on a clock that never goes back.
    """

    def __init__(
        self,
        failures: int = 3,
        rest: timedelta = timedelta(seconds=1),
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allowed = failures
        self._rest = rest.total_seconds()
        self._now = now
        self._failures = 0
        self._resting_until = 0.0

    def allows(self) -> bool:
        """Whether to ask. After the rest, the first to ask is let through and the others wait."""
        if self._failures < self._allowed:
            return True
        if self._now() < self._resting_until:
            return False
        self._resting_until = self._now() + self._rest
        return True

    def succeeded(self) -> None:
        """The call was answered."""
        self._failures = 0

    def failed(self) -> None:
        """The call was not answered in time, or not well."""
        self._failures += 1
        if self._failures >= self._allowed:
            self._resting_until = self._now() + self._rest
