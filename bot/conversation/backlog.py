"""What waits, and for how long: counts and ages over everybody, so that they say nothing of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Backlog:
    """The state of the whole installation. Ages are seconds, 0 where nothing waits.

    `timers` and `timers_overdue` are by kind without suffix: how many are set, and how late the
    latest is. `waiting` counts people in the queue whose time has come, by priority.
    """

    timers: Mapping[str, int] = field(default_factory=dict)
    timers_overdue: Mapping[str, float] = field(default_factory=dict)
    checkin_overdue: float = 0.0
    deletion_overdue: float = 0.0
    inbox: int = 0
    inbox_age: float = 0.0
    unsent: int = 0
    unsent_age: float = 0.0
    waiting: Mapping[str, int] = field(default_factory=dict)
    waiting_age: float = 0.0
    claimed: int = 0
    on_duty: int = 0
    alerts: int = 0
    alerts_age: float = 0.0
