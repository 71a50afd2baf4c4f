"""Several servers of one model, as children of this process."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Self

from bot.conversation.interfaces import NluUnavailable
from bot.errors import ConfigurationError
from bot.rasa.process import NluProcess


class NluProcesses:
    """Runs `count` times `NluProcess`. Each has a socket of its own, and is restarted by itself."""

    def __init__(self, nlu_dir: Path, model: Path, count: int = 1) -> None:
        self._all = [NluProcess(nlu_dir, model) for _ in range(count)]

    @property
    def url(self) -> str:
        """Where to ask them, for `RasaNluClient`. Known once `start` has returned."""
        return ",".join(process.url for process in self._all)

    @property
    def pids(self) -> list[int]:
        """The servers that run now."""
        return [process.pid for process in self._all if process.pid is not None]

    async def start(self) -> None:
        """Start them all, or none: raises what `NluProcess.start` raises."""
        try:
            for process in self._all:
                await process.start()
        except BaseException:
            await self.stop()
            raise

    async def wait_ready(self, within: timedelta = timedelta(seconds=90)) -> None:
        """Return when the first of them answers.

        Raises what `NluProcess.wait_ready` raises, when it does so for all of them.
        """
        waiting = [asyncio.create_task(process.wait_ready(within)) for process in self._all]
        try:
            for ready in asyncio.as_completed(waiting):
                with suppress(ConfigurationError, NluUnavailable):
                    await ready
                    return
            await waiting[0]
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def stop(self) -> None:
        """End them all at the same time. May be called twice, and before `start`."""
        await asyncio.gather(*(process.stop() for process in self._all))

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
