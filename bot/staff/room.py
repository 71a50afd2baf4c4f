"""The staff's own chat: what it was told, and when a new word there is due. Pure.

One notice stands in the chat at a time, however many people wait: it is renewed, not added to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from bot.ids import MessageId

PACE = timedelta(seconds=20)
"""Between two notices. Telegram lets a bot write 20 messages a minute in a group
(core.telegram.org/bots/faq); answers to commands need some of them."""


@dataclass(frozen=True, slots=True)
class Board:
    """What needs somebody of the staff: counts, by language, and nothing of anybody.

    `waiting` are people in the queue, `urgent` so many of them; `alerts` are check-ins that nobody
    has taken care of; `unanswered` people wait for a word of the advocate who has them. `since`
    is when the first of it came up.
    """

    waiting: Mapping[str, int]
    urgent: int
    alerts: Mapping[str, int]
    unanswered: int
    since: datetime | None

    @property
    def is_clear(self) -> bool:
        """Whether nothing needs anybody."""
        return not (self.waiting or self.alerts or self.unanswered)


@dataclass(frozen=True, slots=True)
class Room:
    """The chat as it stands. `calls` counts what the staff should hear of, `answered` how much of
    it sounded; `shown` is a hash of the board in `notice`, the message that stands there."""

    calls: int = 0
    answered: int = 0
    shown: bytes = b""
    shown_at: datetime | None = None
    notice: MessageId | None = None
    silent_until: datetime | None = None

    def silent_for(self, now: datetime) -> timedelta:
        """How much longer there is no sound; zero where there is."""
        return max((self.silent_until or now) - now, timedelta(0))

    def free_at(self, now: datetime) -> datetime:
        """When the next notice may go out."""
        return now if self.shown_at is None else max(now, self.shown_at + PACE)


@dataclass(frozen=True, slots=True)
class Renewal:
    """A new notice in the place of the old one."""

    sounds: bool


def renewal(room: Room, board: bytes, now: datetime) -> Renewal | None:
    """Whether the notice is renewed; None where what stands there still says it.

    What came up sounds once. In a silence it is shown without, and sounds when the silence ends.
    """
    called = room.calls > room.answered
    if called and not room.silent_for(now):
        return Renewal(sounds=True)
    return None if board == room.shown else Renewal(sounds=False)


class RoomRepository(Protocol):
    """The `staff_room` table: one row."""

    async def get(self) -> Room:
        """The chat as it stands."""
        ...

    async def call(self) -> None:
        """One more thing that the staff should hear of."""
        ...

    async def show(
        self, notice: UUID | None, board: bytes, at: datetime | None, answered: int
    ) -> None:
        """This notice stands there now (None: none), and so many calls sounded."""
        ...

    async def silence(self, until: datetime | None) -> None:
        """No sound until then; None: from now on there is."""
        ...
