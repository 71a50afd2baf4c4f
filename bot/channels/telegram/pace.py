"""Telegram's limits, shared by all that goes out: replies at once, deletions in what is left.

Telegram advises at most 30 messages a second over all chats and one a second in a chat, lets
short bursts pass, and answers 429 to the rest (core.telegram.org/bots/faq). A reply is never held
back by a guess of ours: it takes its share, and waits only where Telegram says so. Deletions wait.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

A_SECOND: Final = 30.0
"""Calls over all chats."""

RESERVE: Final = 10.0
"""Kept back from deletions that are not urgent, for replies that come meanwhile."""

DEBT: Final = 30.0
"""Replies beyond the limit are paid for by deletions, but not for longer than a second."""

IN_A_CHAT: Final = 1.0
"""Seconds between two deletions in one chat."""

LONGEST_HOLD: Final = 2.0
"""Seconds that a deletion waits in place; for longer, its timer is put off."""

_REMEMBERED: Final = 10_000


class HeldOff(Exception):
    """Telegram asked for silence, for `seconds` more."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Telegram asked to wait")
        self.seconds = seconds


class Pace:
    """A bucket of calls that fills with `a_second`. Urgent deletions may empty it, others not."""

    def __init__(
        self,
        a_second: float = A_SECOND,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rate = a_second
        self._now = now
        self._sleep = sleep
        self._level = a_second
        self._filled_at = now()
        self._held_until = 0.0
        self._next_in: dict[int, float] = {}
        self._urgent = 0

    def spend(self) -> None:
        """A reply goes out now."""
        self._fill()
        self._level = max(self._level - 1, -DEBT)

    def hold_off(self, seconds: float) -> None:
        """Telegram answered 429: no deletion for so long."""
        self._held_until = max(self._held_until, self._now() + seconds)

    async def turn(self, chat_id: int, *, urgent: bool) -> None:
        """Wait until a deletion may go out in the chat, and count it.

        Raises HeldOff when Telegram asked for a silence that is longer than a moment.
        """
        self._urgent += urgent
        try:
            while (wait := self._wait(chat_id, urgent=urgent)) > 0:
                if self._held_until - self._now() > LONGEST_HOLD:
                    raise HeldOff(self._held_until - self._now())
                await self._sleep(wait)
        finally:
            self._urgent -= urgent
        self._level -= 1
        if len(self._next_in) >= _REMEMBERED:
            now = self._now()
            self._next_in = {chat: at for chat, at in self._next_in.items() if at > now}
        self._next_in[chat_id] = self._now() + IN_A_CHAT

    def _wait(self, chat_id: int, *, urgent: bool) -> float:
        """Seconds until it is worth looking again; 0 when the call may go."""
        self._fill()
        needed = 1.0 if urgent else 1.0 + RESERVE + self._urgent
        until_filled = (needed - self._level) / self._rate
        now = self._now()
        return max(0.0, until_filled, self._next_in.get(chat_id, 0.0) - now, self._held_until - now)

    def _fill(self) -> None:
        now = self._now()
        self._level = min(self._rate, self._level + (now - self._filled_at) * self._rate)
        self._filled_at = now
