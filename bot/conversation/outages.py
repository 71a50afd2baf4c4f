"""Whether a platform is away: then one call at a time looks whether it is back."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.conversation.interfaces import AddressUnreachable, ChannelUnavailable, MessageRefused
from bot.ids import ChannelName

RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=1)
"""So long after an outage its deletions go on, at the latest."""

TOLERATED = 3
"""Calls in a row that fail before a platform counts as away: one slip must not hold up others."""

LOOKING = timedelta(seconds=15)
"""While somebody looks, nobody else does. Longer than a call may take."""


class Outage:
    """What a process knows of one platform.

    Thousands of deletions may wait for it. Were each to try by itself, those that hang until a
    timeout would hold up all other timers; so, once it is away, one of them tries for all.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._pause: timedelta | None = None
        self._look_at: datetime | None = None
        self._looking = False

    def wait_until(self, now: datetime) -> datetime | None:
        """When to try again; None to try now, and then tell how it went."""
        if self._look_at is None:
            return None
        if now < self._look_at:
            return self._look_at
        self._look_at, self._looking = now + LOOKING, True
        return None

    def failed(self, now: datetime) -> None:
        """A call failed, and the platform did not say for how long."""
        self._failures += 1
        if self._failures < TOLERATED or (self._pause is not None and not self._looking):
            return
        self._pause = RETRY if self._pause is None else min(2 * self._pause, LONGEST_RETRY)
        self._look_at, self._looking = now + self._pause, False

    def worked(self) -> None:
        """It is there: a call was answered."""
        self._failures, self._pause, self._look_at, self._looking = 0, None, None, False


class Outages:
    """What this process knows of all platforms."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._of: defaultdict[ChannelName, Outage] = defaultdict(Outage)

    @asynccontextmanager
    async def asking(self, name: ChannelName) -> AsyncIterator[None]:
        """Around a call that the channel is asked for.

        Raises ChannelUnavailable for its TimeoutError, and instead of the call while the platform
        is away and another one looks.
        """
        outage, now = self._of[name], self._clock.now()
        if (later := outage.wait_until(now)) is not None:
            raise ChannelUnavailable(later - now)
        try:
            yield
        except TimeoutError:
            outage.failed(self._clock.now())
            raise ChannelUnavailable(uncertain=True) from None
        except ChannelUnavailable as error:
            if error.retry_after is None:
                outage.failed(self._clock.now())
            raise
        except (AddressUnreachable, MessageRefused):
            outage.worked()
            raise
        outage.worked()
