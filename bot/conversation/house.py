"""What an admin changes while the bot runs: opening hours, and settings that are safe to change."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from bot.conversation.storage import Database, UnitOfWork
from bot.errors import TransientError
from bot.handoff.hours import Hours, read, written
from bot.logs import logger
from bot.settings import Settings

_log = logger(__name__)

HOURS: Final = "hours"

LOOK_EVERY: Final = 10.0
"""Seconds until a setting that was changed in another process holds in this one."""


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting with its bounds: minutes where `timed`, else a count."""

    name: str
    least: int
    most: int
    timed: bool = True


KNOBS: Final = (
    Knob("idle_lock_after", 1, 240),
    Knob("capacity", 1, 20, timed=False),
    Knob("silence_after", 1, 60),
    Knob("match_fallback_after", 1, 240),
    Knob("block_ttl", 10, 7 * 24 * 60),
    Knob("requests_an_hour", 1, 60, timed=False),
)
"""All of `bot.settings.LIVE`. Bounds keep out what would be a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a knob stands at (None: as loaded), and what it stands at when nobody turned it."""

    knob: Knob
    value: int | None
    usual: int


class HoursInForce:
    """The hours that hold now: an admin's, else those of `hours_file`.

    Raises ConfigurationError for a damaged file.
    """

    def __init__(self, settings: Settings) -> None:
        self._filed = Hours.load(settings.hours_file)
        self._seen = ""
        self.now = self._filed

    async def look(self, unit: UnitOfWork) -> Hours:
        """Look whether they were changed, also by another process."""
        stored = await unit.live.get(HOURS)
        if stored != self._seen:
            self.now = parsed(json.loads(stored)) if stored else self._filed
            self._seen = stored
        return self.now


class House:
    """Opening hours and live settings: what they are, and changing them."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._hours = HoursInForce(settings)

    async def hours(self) -> Hours:
        """The hours that hold now."""
        async with self._database.reading() as unit:
            return await self._hours.look(unit)

    async def set_hours(self, table: Mapping[str, Any]) -> None:
        """Set them. Raises ValueError naming what is wrong, and changes nothing then."""
        text = json.dumps(written(parsed(table)), separators=(",", ":"))
        async with self._database.writing() as unit:
            await unit.live.put(HOURS, text)

    async def choices(self) -> tuple[Choice, ...]:
        """All knobs."""
        async with self._database.reading() as unit:
            stored = await unit.live.all()
        return tuple(
            Choice(k, int(stored[k.name]) if k.name in stored else None, self._usual(k))
            for k in KNOBS
        )

    async def turn(self, values: Mapping[str, int | None]) -> None:
        """Set those named in `values`; None: as loaded. Raises ValueError beyond the bounds."""
        for knob in KNOBS:
            value = values.get(knob.name)
            if value is not None and not knob.least <= value <= knob.most:
                raise ValueError(f"{knob.name}: from {knob.least} to {knob.most}")
        async with self._database.writing() as unit:
            for knob in KNOBS:
                if knob.name in values:
                    value = values[knob.name]
                    await unit.live.put(knob.name, "" if value is None else str(value))
        await self.refresh()

    async def refresh(self) -> None:
        """Have this process do what was set, here or in another."""
        async with self._database.reading() as unit:
            stored = await unit.live.all()
        self._settings.adjust(
            {
                k.name: timedelta(minutes=int(stored[k.name])) if k.timed else int(stored[k.name])
                for k in KNOBS
                if k.name in stored
            }
        )

    async def follow(self) -> None:
        """Do so every `LOOK_EVERY`, until cancelled."""
        while True:
            try:
                await self.refresh()
            except TransientError as error:
                _log.warning("settings could not be read", error=error)
            await asyncio.sleep(LOOK_EVERY)

    def _usual(self, knob: Knob) -> int:
        usual = self._settings.usual(knob.name)
        if isinstance(usual, timedelta):
            return round(usual / timedelta(minutes=1))
        assert isinstance(usual, int)
        return usual


def parsed(table: Mapping[str, Any]) -> Hours:
    """Hours from JSON, where dates are text. Raises ValueError naming what is wrong."""
    holidays = [date.fromisoformat(str(day)) for day in table.get("holidays") or []]
    return read({**table, "holidays": holidays})
