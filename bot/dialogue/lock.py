"""The door before a conversation: whether it is shut, and what opens it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

TRIES = 8
"""Messages that open nothing, in a row, until the own word is not listened for, for a while."""
FIRST_PAUSE = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=1)
"""Each pause is twice as long as the one before, up to this: a person may be locked out by
somebody else's guesses, and must not be for long."""


class Door(StrEnum):
    """How the conversation shows itself."""

    OPEN = "open"
    SHUT = "shut"
    """It is its cover, and nothing else."""
    INNOCENT = "innocent"
    """Opened by the word for duress: the cover, with a menu."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What is remembered of a conversation's lock. All of it is sealed with the state.

    `word` and `duress` are keyed digests of the person's own words, or empty. `alerts` says that
    the word for duress tells the advocates. `after` is the silence that locks (None: as set for
    all, zero: never). `heard_at` is when the person was last there. `behind` is set when a danger
    opened a new conversation: whatever is older stays behind the door.
    """

    door: Door = Door.OPEN
    theme: str = "recipe"
    word: str = ""
    duress: str = ""
    alerts: bool = False
    after: timedelta | None = None
    heard_at: datetime | None = None
    behind: datetime | None = None
    misses: int = 0
    pauses: int = 0
    deaf_until: datetime | None = None
    shown: int = 0
    """How often more was asked for: which entry of the cover comes next."""
    unoffered: bool = True
    """A word of one's own has not been offered yet; it is once, after the first exit."""

    def is_shut(self, now: datetime, usual: timedelta) -> bool:
        """Whether only cover may leave. `usual` is the silence that locks where none was chosen."""
        if self.door is not Door.OPEN:
            return True
        after = usual if self.after is None else self.after
        return bool(after) and self.heard_at is not None and now - self.heard_at > after

    def shut(self, door: Door = Door.SHUT) -> "Lock":
        """Locked. What was behind the door stays there."""
        return replace(self, door=door, misses=0, shown=0)

    def opened(self, now: datetime) -> "Lock":
        """Open, with everything that was behind."""
        return replace(
            self,
            door=Door.OPEN,
            heard_at=now,
            behind=None,
            misses=0,
            pauses=0,
            deaf_until=None,
        )

    def missed(self, now: datetime) -> "Lock":
        """After words that opened nothing: too many, and the own word is not heard for a while."""
        if self.misses + 1 < TRIES:
            return replace(self, misses=self.misses + 1)
        pause = min(FIRST_PAUSE * 2**self.pauses, LONGEST_PAUSE)
        pauses = min(self.pauses + 1, 8)
        return replace(self, misses=0, pauses=pauses, deaf_until=now + pause)

    def listens(self, now: datetime) -> bool:
        """Whether the own word is listened for."""
        return self.deaf_until is None or now >= self.deaf_until
