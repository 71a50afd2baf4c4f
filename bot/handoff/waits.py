"""How long people waited, as counts, and what may honestly be expected from them."""

from collections.abc import Mapping
from datetime import timedelta

from bot.handoff.models import URGENT

EDGES = (1, 2, 5, 10, 15, 30, 45, 60, 90, 120, 180, 240)
"""Minutes: a wait is counted under the first edge that it does not exceed, or under none."""

OVER = "over"
FEWEST = 12
"""With fewer waits measured nothing is said: it would be a guess, and might tell of one person."""

KNOWN_FOR = timedelta(days=14)
"""Older waits say little about tonight's."""


def prefix(priority: int) -> str:
    """What the names of a priority's counts begin with."""
    return f"wait.{'urgent' if priority == URGENT else 'normal'}."


def waited(priority: int, wait: timedelta) -> str:
    """The name under which a wait is counted."""
    edge = next((e for e in EDGES if wait <= timedelta(minutes=e)), None)
    return f"{prefix(priority)}{OVER if edge is None else edge}"


def expected(counts: Mapping[str, int], priority: int) -> tuple[timedelta, timedelta] | None:
    """Between which times four of five waits ended; None when that is not known.

    The counts are coarse, so the range is: from the lower edge of the class that holds the tenth
    percentile to the upper edge of the one that holds the ninetieth. None, too, where so many
    waited longer than the longest edge that no end can be named.
    """
    start = prefix(priority)
    by_edge = [counts.get(f"{start}{edge}", 0) for edge in EDGES]
    total = sum(by_edge) + counts.get(f"{start}{OVER}", 0)
    if total < FEWEST:
        return None
    low, high = _class_of(by_edge, total * 0.1), _class_of(by_edge, total * 0.9)
    if low is None or high is None:
        return None
    shortest = EDGES[low - 1] if low else 0
    return timedelta(minutes=shortest), timedelta(minutes=EDGES[high])


def _class_of(by_edge: list[int], rank: float) -> int | None:
    passed = 0
    for index, count in enumerate(by_edge):
        passed += count
        if passed >= rank:
            return index
    return None
