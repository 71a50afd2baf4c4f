"""Looking at the files again and again, so that what is saved is seen at once."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from bot.errors import BotError
from bot.finding import Finding
from bot.logs import logger
from bot.preview.reading import Place, read_state, stamps_of
from bot.signals import Signals

_log = logger(__name__)

PAUSE: Final = 0.25
"""Seconds between two looks; one costs about a millisecond."""

CHECK_AFTER: Final = 0.7
"""Seconds after a change: the page with the new words comes first, and needs the processor."""

CHANGED: Final = "changed"
"""The topic that is touched when there is something new to see."""

Check = Callable[[str], Sequence[Finding]]
"""All that the checks find in the English and in the language of a tag."""


class Watcher:
    """The texts as they are now. `run` keeps them so; `signals` wakes those who wait for news."""

    def __init__(self, place: Place, check: Check, signals: Signals) -> None:
        self._place = place
        self._check = check
        self._signals = signals
        self._found: dict[str, tuple[str, Sequence[Finding]]] = {}
        self._checking: dict[str, asyncio.Task[Sequence[Finding]]] = {}
        self._rechecked = 0
        self.state = read_state(place)

    @property
    def version(self) -> str:
        """Another one whenever there is something new to see: in the files, or in the findings."""
        return f"{self.state.version}.{self._rechecked}"

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(PAUSE)
            await self.look()

    async def look(self) -> bool:
        """Read everything again if a file has changed; returns whether one had."""
        if await asyncio.to_thread(stamps_of, self._place) == self.state.stamps:
            return False
        try:
            self.state = await asyncio.to_thread(read_state, self._place, self.state)
        except (BotError, OSError) as error:
            # A file may vanish while it is read: the next look finds what there is then.
            _log.warning("cannot read the texts now; looking again", error=error)
            return False
        self._signals.touch(CHANGED)
        return True

    async def findings(self, tag: str) -> Sequence[Finding]:
        """What the checks find for `tag`.

        They take a second: after a change the findings from before it are given first, and there
        is something new to see when the checks are done.
        """
        version, found = self._found.get(tag, ("", ()))
        if version == self.state.version:
            return found
        if tag not in self._checking:
            self._checking[tag] = asyncio.create_task(self._recheck(tag))
        return found if version else await asyncio.shield(self._checking[tag])

    async def _recheck(self, tag: str) -> Sequence[Finding]:
        try:
            if tag in self._found:
                await asyncio.sleep(CHECK_AFTER)
            version = self.state.version
            found = await asyncio.to_thread(self._check, tag)
        finally:
            del self._checking[tag]
        again = tag in self._found
        self._found[tag] = version, found
        if again:
            self._rechecked += 1
            self._signals.touch(CHANGED)
        return found
