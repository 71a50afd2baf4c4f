"""How fast somebody may write: so much at once, and so much a second in the long run."""

from collections.abc import Callable


class Bucket:
    """A token bucket: `burst` at once, `rate` a second in the long run."""

    def __init__(self, burst: float, rate: float, now: Callable[[], float]) -> None:
        self._burst = burst
        self._rate = rate
        self._now = now
        self._level = burst
        self._at = now()

    def wait(self) -> float:
        """The seconds until one can be taken; 0.0 where it is there."""
        now = self._now()
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        return 0.0 if self._level >= 1 else (1 - self._level) / self._rate

    @property
    def is_full(self) -> bool:
        """Whether nothing was taken for long."""
        self.wait()
        return self._level >= self._burst

    def take(self) -> float:
        """Take one; 0.0 when it was there, else the seconds until there is one again."""
        if wait := self.wait():
            return wait
        self._level -= 1
        return 0.0
