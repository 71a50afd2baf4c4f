"""Telegram's documented limits, as the stub enforces them when asked to."""

import math
import time
from collections.abc import Callable

LIMITED = frozenset({"sendMessage", "deleteMessages", "deleteMessage"})

A_SECOND = 30
"""Over all chats: "no more than 30 messages per second" (core.telegram.org/bots/faq)."""

BURST_IN_A_CHAT = 20
"""In a chat one a second, "short bursts that go over this limit" let pass; how short is not
written: as many as a group may get in a minute."""


class _Bucket:
    def __init__(self, size: float, a_second: float, at: float) -> None:
        self.size, self.a_second = size, a_second
        self.level, self.at = size, at
        self.held_until = 0.0

    def take(self, now: float) -> bool:
        self.level = min(self.size, self.level + (now - self.at) * self.a_second)
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


class Limits:
    """Counts what it refused, and the calls that came before the asked silence was over."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._all = _Bucket(A_SECOND, A_SECOND, now())
        self._chats: dict[object, _Bucket] = {}
        self.refused = 0
        self.unheeded = 0

    def retry_after(self, method: str, chat_id: object) -> int | None:
        """Seconds to wait, when the call is one too many."""
        if method not in LIMITED:
            return None
        now = self._now()
        chat = self._chats.setdefault(chat_id, _Bucket(BURST_IN_A_CHAT, 1, now))
        held = max(self._all.held_until, chat.held_until)
        if now < held:
            self.unheeded += 1
            return math.ceil(held - now)
        for bucket in (chat, self._all):
            if not bucket.take(now):
                self.refused += 1
                bucket.held_until = now + 1
                return 1
        return None
