"""Telegram's limits, shared by all that goes out: replies at once, deletions in what is left.

Telegram advises at most 30 messages a second over all chats and one a second in a chat, lets
short bursts pass, and answers 429 to the rest (core.telegram.org/bots/faq). A reply is never held
back by a guess of ours: it takes its share, and waits only where Telegram says so. Deletions wait,
and where several processes serve one database, they ask the bucket that all of these share.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, Protocol

from bot.errors import TransientError

A_SECOND: Final = 28.0
"""Calls over all chats: a little less than Telegram's."""

BURST: Final = 15.0
"""Calls at once, half of what Telegram lets pass: one that was counted now may get there half a
second later, together with those of the time between."""

RESERVE: Final = 10.0
"""Kept back from deletions that are not urgent, for replies that come meanwhile."""

URGENT_RESERVE: Final = 5.0
"""Kept back from urgent deletions: a reply is not refused because of them."""

DEBT: Final = 30.0
"""Replies beyond the limit are paid for by deletions, but not for longer than a second."""

IN_A_CHAT: Final = 1.0
"""Seconds between two deletions in one chat."""

LONGEST_HOLD: Final = 2.0
"""Seconds that a deletion waits in place; for longer, its timer is put off."""

CHATS_OF_A_FLOOD: Final = 3
"""Telegram refuses a chat that writes too fast, too. When so many are refused at a time it means
all of us, and replies wait as well: fewer must not be able to keep others from theirs."""

REPORT_AFTER: Final = 0.1
"""Seconds until other processes know what replies have spent."""

_REMEMBERED: Final = 10_000


class HeldOff(Exception):
    """Telegram asked for silence, for `seconds` more."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Telegram asked to wait")
        self.seconds = seconds


class SharedBucket(Protocol):
    """The bucket of all processes on one database."""

    async def draw(
        self, spent: float, needed: float, hold: float, chat: int | None = None
    ) -> tuple[bool, float, float, float]:
        """Book `spent` calls and `hold` seconds of silence; then take one call, in `chat`.

        It is granted when at least `needed` are there, no silence stands, and nobody had one in the
        chat within `IN_A_CHAT`; with `needed` of 0 nothing is asked for. Returns whether it was,
        what is left, the seconds of silence, and those until the chat is free.
        Raises TransientError, and then nothing is booked.
        """
        ...


class Pace:
    """A bucket of `BURST` calls that fills with `A_SECOND`. Urgent deletions may nearly empty it.

    Without `shared` it is all there is; with it, this one is an estimate of when asking is worth
    it.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        shared: SharedBucket | None = None,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._shared = shared
        self._level = BURST
        self._filled_at = now()
        self._held_until = 0.0
        self._refused: dict[int, float] = {}
        self._next_in: dict[int, float] = {}
        self._urgent = 0
        self._unbooked = 0.0
        self._hold_unbooked = 0.0
        self._booking: asyncio.Task[None] | None = None
        self._forgetting: asyncio.Task[None] | None = None
        self._free_at = now()

    def spend(self) -> None:
        """A reply goes out now. Raises HeldOff when Telegram refuses all of us."""
        now = self._now()
        refused = [until for until in self._refused.values() if until > now]
        if len(refused) >= CHATS_OF_A_FLOOD:
            raise HeldOff(min(refused) - now)
        self._fill()
        self._level = max(self._level - 1, -DEBT)
        self._unbooked += 1
        self._book_soon()

    def hold_off(self, chat_id: int, seconds: float) -> None:
        """Telegram answered 429: no deletion for so long, and no reply if it is a flood."""
        until = self._now() + seconds
        self._held_until = max(self._held_until, until)
        self._refused = {c: at for c, at in self._refused.items() if at > self._now()}
        self._refused[chat_id] = until
        self._hold_unbooked = max(self._hold_unbooked, seconds)
        self._book_soon()

    async def turn(self, chat_id: int, *, urgent: bool) -> None:
        """Wait until a deletion may go out in the chat, and count it.

        Raises HeldOff when Telegram asked for a silence that is longer than a moment, or when
        nobody knows what the other processes spent.
        """
        self._urgent += urgent
        try:
            while True:
                if self._held_until - self._now() > LONGEST_HOLD:
                    raise HeldOff(self._held_until - self._now())
                if (wait := self._wait(chat_id, urgent=urgent)) > 0:
                    await self._sleep(wait)
                elif await self._taken(self._needed(urgent=urgent), chat_id):
                    break
        finally:
            self._urgent -= urgent
        if len(self._next_in) >= _REMEMBERED:
            now = self._now()
            self._next_in = {chat: at for chat, at in self._next_in.items() if at > now}
        self._next_in[chat_id] = self._free_at = self._now() + IN_A_CHAT
        self._forget_soon()

    async def _taken(self, needed: float, chat_id: int) -> bool:
        self._level -= 1
        if self._shared is None:
            return True
        try:
            return await self._draw(self._shared, needed, chat_id)
        except TransientError:
            raise HeldOff(LONGEST_HOLD) from None

    async def _draw(self, shared: SharedBucket, needed: float, chat: int | None = None) -> bool:
        spent, hold = self._unbooked, self._hold_unbooked
        self._unbooked = self._hold_unbooked = 0.0
        try:
            granted, level, held_for, chat_for = await shared.draw(spent, needed, hold, chat)
        except TransientError:
            self._unbooked += spent
            self._hold_unbooked = max(self._hold_unbooked, hold)
            raise
        self._level, self._filled_at = level, self._now()
        self._held_until = max(self._held_until, self._filled_at + held_for)
        if chat is not None and not granted:
            self._next_in[chat] = self._filled_at + chat_for
        return granted

    def _book_soon(self) -> None:
        if self._shared is not None and self._booking is None:
            self._booking = asyncio.create_task(self._book(self._shared))

    async def _book(self, shared: SharedBucket) -> None:
        await asyncio.sleep(REPORT_AFTER)
        self._booking = None
        # When the database is away the sum is kept for the next time.
        with suppress(TransientError):
            await self._draw(shared, 0)

    def _forget_soon(self) -> None:
        if self._shared is not None and self._forgetting is None:
            self._forgetting = asyncio.create_task(self._forget(self._shared))

    async def _forget(self, shared: SharedBucket) -> None:
        """Once the last chat is free again, no row is to tell which it was."""
        while (wait := self._free_at - self._now()) > 0:  # noqa: ASYNC110 - it moves meanwhile
            await asyncio.sleep(wait + REPORT_AFTER)
        self._forgetting = None
        with suppress(TransientError):
            await self._draw(shared, 0)

    def _needed(self, *, urgent: bool) -> float:
        return 1.0 + (URGENT_RESERVE if urgent else RESERVE + self._urgent)

    def _wait(self, chat_id: int, *, urgent: bool) -> float:
        """Seconds until it is worth looking again; 0 when the call may go."""
        self._fill()
        until_filled = (self._needed(urgent=urgent) - self._level) / A_SECOND
        now = self._now()
        return max(0.0, until_filled, self._next_in.get(chat_id, 0.0) - now, self._held_until - now)

    def _fill(self) -> None:
        now = self._now()
        self._level = min(BURST, self._level + (now - self._filled_at) * A_SECOND)
        self._filled_at = now
