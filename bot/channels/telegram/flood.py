"""Who writes faster than anybody can read: told so once, and then passed over until they slow down.

Telegram hands all updates over in one line, so that one chat that is written to without end would
keep everybody else waiting. What is passed over is not read, but its ids are kept, so that it
vanishes from the phone with the rest. What was written calmly and comes at once, as nobody took it
in for a while, is no flood.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.channels.buckets import Bucket
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.dialogue.events import MediaKind
from bot.ids import Address

BURST: Final = 20
RATE: Final = 1.0
"""Messages a second. Nobody types faster for long; a held key or a script does."""

KNOWN: Final = 10_000
"""Chats remembered; of more, those that wrote longest ago are forgotten, and begin anew."""


class _Pace:
    """How fast one chat writes, by our clock and by the platform's."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._arrived = Bucket(BURST, RATE, now)
        self._latest = 0.0
        self._written: Bucket | None = None

    @property
    def is_calm(self) -> bool:
        return self._arrived.is_full

    def is_over(self, sent_at: datetime | None) -> bool:
        """Too fast by both clocks, where a message has its date; presses have none."""
        if not self._arrived.wait():
            return False
        return sent_at is None or self._by_date(sent_at).wait() > 0

    def wrote(self, sent_at: datetime | None) -> None:
        self._arrived.take()
        if sent_at is not None:
            self._by_date(sent_at).take()

    def _by_date(self, sent_at: datetime) -> Bucket:
        self._latest = max(self._latest, sent_at.timestamp())
        if self._written is None:
            self._written = Bucket(BURST, RATE, lambda: self._latest)
        return self._written


class Flood:
    """How fast each chat writes, as far as this process took it in."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._paces: OrderedDict[Address, _Pace] = OrderedDict()
        self._told: set[Address] = set()

    def is_over(self, update: InboundUpdate) -> bool:
        """Whether `update` is one too many. That somebody left is always heard."""
        pace = self._paces.get(update.address)
        if update.kind is InboundKind.BLOCKED or pace is None:
            return False
        return pace.is_over(update.sent_at)

    def wrote(self, update: InboundUpdate) -> None:
        """It was new, and stored."""
        address = update.address
        if (pace := self._paces.get(address)) is None:
            pace = self._paces[address] = _Pace(self._now)
        self._paces.move_to_end(address)
        if pace.is_calm:
            self._told.discard(address)
        pace.wrote(update.sent_at)
        if len(self._paces) > KNOWN:
            oldest, _ = self._paces.popitem(last=False)
            self._told.discard(oldest)

    def passed_over(self, updates: Sequence[InboundUpdate]) -> InboundUpdate:
        """One update that stands for several of one chat: answered the first time, and then not
        again until the chat was calm."""
        first = updates[0]
        kind = MediaKind.MORE if first.address in self._told else MediaKind.TOO_MANY
        return replace(
            first,
            kind=InboundKind.MEDIA,
            content=str(kind),
            message_ids=tuple(dict.fromkeys(i for u in updates for i in u.message_ids)),
            caption="",
            album="",
            edits=False,
        )

    def stored(self, update: InboundUpdate) -> None:
        """What was passed over is on record now, and told."""
        self._told.add(update.address)
