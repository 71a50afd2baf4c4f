"""What a person agreed on for a check-in, and when it comes again."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SHORTEST_FUZZY = 5
"""Words of this many letters may have one slip and still count as the safe word."""


class Miss(StrEnum):
    """What follows when nobody answers."""

    ADVOCATE = "advocate"
    CONTACT = "contact"
    NOTE = "note"


class Repeats(StrEnum):
    """How often it comes."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NAMED = "named"


DAY = timedelta(days=1)
_EVERY = {Repeats.DAILY: DAY, Repeats.WEEKLY: 7 * DAY, Repeats.NAMED: DAY}


@dataclass(frozen=True, slots=True)
class CheckinPlan:
    """All of it is sealed at rest. Empty texts were not given.

    `cover` is a theme, and `own_cover` stands in its place. `note` is for the advocates, on
    escalation alone. `zone` is an IANA name. `first_at` is when it was first to come: repetitions
    are counted in local days from there. Days that were named ("weekends this month") are in
    `days`, Monday being 0, and go on to `until`, an ISO date. `extended` counts how often it was
    put off, and `duress` is True once the word for danger was said. `contact_told` is True once
    the trusted contact was told of this one.
    """

    cover: str = "parcel"
    own_cover: str = ""
    miss: Miss = Miss.ADVOCATE
    note: str = ""
    safe_word: str = ""
    duress_word: str = ""
    zone: str = ""
    repeats: Repeats = Repeats.ONCE
    days: str = ""
    until: str = ""
    first_at: datetime | None = None
    extended: int = 0
    duress: bool = False
    contact_told: bool = False

    @property
    def has_words(self) -> bool:
        """Whether a typed answer must be the safe word."""
        return bool(self.safe_word)

    def starting(self, due_at: datetime) -> "CheckinPlan":
        """The plan as it is for a check-in that first comes at `due_at`."""
        return replace(self.afresh(), first_at=due_at)

    def afresh(self) -> "CheckinPlan":
        """The plan without what became of it once."""
        return replace(self, extended=0, duress=False, contact_told=False)

    @property
    def last_on(self) -> date | None:
        """The last day on which it comes, where days were named; else None."""
        if self.repeats is not Repeats.NAMED or not self.days:
            return None
        last = date.fromisoformat(self.until)
        while str(last.weekday()) not in self.days:
            last -= DAY
        return last

    def next_after(self, due_at: datetime, now: datetime) -> datetime | None:
        """When it comes again: after both `due_at` and `now`; None if it does not."""
        if (every := _EVERY.get(self.repeats)) is None:
            return None
        first = self.first_at or due_at
        zone = ZoneInfo(self.zone or "UTC")
        # The same hour by the clock on the wall, across changes of summer time.
        wall = first.astimezone(zone).replace(tzinfo=None)
        after = max(due_at, now)
        passed = max(0, (after - first) // every)
        while (at := (wall + passed * every).replace(tzinfo=zone).astimezone(now.tzinfo)) <= after:
            passed += 1
        return at if self.repeats is not Repeats.NAMED else self._named(wall, passed, zone, now)

    def _named(self, wall: datetime, passed: int, zone: ZoneInfo, now: datetime) -> datetime | None:
        """The first of the named days from the one that is `passed` days on."""
        for day in range(passed, passed + 7):
            there = wall + day * DAY
            if there.date().isoformat() > self.until:
                return None
            if str(there.weekday()) in self.days:
                return there.replace(tzinfo=zone).astimezone(now.tzinfo)
        return None


def fold(text: str) -> str:
    """Letters, digits and their marks alone, in one case, without accents."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(
        c
        for c in decomposed
        if (c.isalnum() or unicodedata.category(c) in ("Mc", "Mn")) and not unicodedata.combining(c)
    )


def is_said(text: str, word: str, *, slips: bool = False) -> bool:
    """Whether `text` is `word`; with `slips`, one letter may be wrong in a longer word."""
    said, wanted = fold(text), fold(word)
    if not wanted:
        return False
    return said == wanted or (slips and len(wanted) >= SHORTEST_FUZZY and _one_slip(said, wanted))


def are_alike(one: str, other: str) -> bool:
    """Whether a slip could turn one word into the other."""
    a, b = fold(one), fold(other)
    return a == b or _one_slip(a, b)


def _one_slip(a: str, b: str) -> bool:
    """Edit distance of exactly one: a letter too many, too few or another, or two swapped."""
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) > 1 or a == b:
        return False
    start = next((i for i, c in enumerate(short) if c != long[i]), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[:start] + short[start : start + 2][::-1] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or swapped == long
