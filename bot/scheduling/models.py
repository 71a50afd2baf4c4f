"""A timer is a row: it survives every crash, and is run by whoever claims it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.ids import TimerId


@dataclass(frozen=True, slots=True)
class Timer:
    """`ref` is due at `due_at`. There is at most one timer of a kind and ref.

    `attempts` counts claims; with `owner` it is the fence: a worker whose lease ran out and whose
    timer was claimed again cannot settle it any more.
    """

    id: TimerId
    kind: str
    ref: UUID
    due_at: datetime
    owner: str = ""
    attempts: int = 0
