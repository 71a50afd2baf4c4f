"""Whether somebody is on the rota whenever people are told that an advocate would be there."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.doctor.models import DatabaseFacts, Outcome
from bot.staff.rota import Shift, Span, gaps

AHEAD: Final = timedelta(days=7)
STEP: Final = timedelta(minutes=15)
"""Opening hours are looked at in steps of so long."""


def unstaffed(
    is_open: Callable[[datetime], bool], shifts: Iterable[Shift], now: datetime
) -> tuple[Span, ...]:
    """The parts of the next days in which `is_open` holds and no shift covers it, in order."""
    steps = (now + STEP * n for n in range(AHEAD // STEP))
    wanted: list[Span] = []
    for at in steps:
        if is_open(at):
            if wanted and wanted[-1][1] == at:
                wanted[-1] = (wanted[-1][0], at + STEP)
            else:
                wanted.append((at, at + STEP))
    return tuple(gaps(wanted, ((shift.starts_at, shift.ends_at) for shift in shifts)))


def rota(found: DatabaseFacts) -> Iterator[Outcome]:
    """Nobody is promised an advocate when none is on."""
    if found.unstaffed is None:
        return
    if found.unstaffed:
        alone = sum((end - start for start, end in found.unstaffed), timedelta())
        said = (
            f"nobody is on the rota for {alone / timedelta(hours=1):.1f} opening hours of the next"
            f" {AHEAD.days} days, the first from {found.unstaffed[0][0]:%Y-%m-%d %H:%M} UTC"
        )
        mend = "fill the rota in the console, or change the opening hours"
        yield Outcome.warn("rota", said, mend)
    else:
        yield Outcome.ok("rota", f"somebody is on at all opening hours of {AHEAD.days} days")


def backups(found: DatabaseFacts, now: datetime) -> Iterator[Outcome]:
    """A loss costs little: staff and check-ins to come are in a backup of this week."""
    if found.fault or found.schema_fault:
        return
    mend = "`sidelight backup FILE`, once a week, to another place"
    if found.backed_up_at is None:
        yield Outcome.warn("backups", "no backup was ever made with `sidelight backup`", mend)
    elif now - found.backed_up_at > AHEAD + timedelta(days=1):
        days = (now - found.backed_up_at).days
        yield Outcome.warn("backups", f"the last backup is {days} days old", mend)
    else:
        yield Outcome.ok("backups", f"the last backup is of {found.backed_up_at:%Y-%m-%d}")
