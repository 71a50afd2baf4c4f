"""The model's place in a running bot: reached at URLs, or run as children of this process."""

import asyncio
from contextlib import suppress
from typing import Final

from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.understanding import Parse
from bot.ids import Locale
from bot.logs import Told, logger
from bot.rasa.child import nlu_python
from bot.rasa.client import RasaNluClient
from bot.rasa.processes import NluProcesses
from bot.rasa.training import train
from bot.settings import Settings

_log = logger(__name__)

LOOK_SECONDS: Final = 0.5
"""So often a server elsewhere is asked until it answers for the first time."""


def _tell(line: str) -> None:
    """Each line of a training, which knows only our own examples."""
    _log.info("the model is trained", reason=Told(line))


class Understanding:
    """An `NluClient` that is there from the first moment, and understands as soon as it can.

    Until the model is up, while it restarts, and after it is gone it raises NluUnavailable, and
    the bot goes on by net and buttons.
    """

    def __init__(self, settings: Settings) -> None:
        """Raises ConfigurationError when a URL is none, or Rasa is not installed."""
        if settings.nlu_url:
            RasaNluClient(settings.nlu_url)
        else:
            nlu_python(settings.nlu_dir)
        self._settings = settings
        self._client: RasaNluClient | None = None
        self.ready = asyncio.Event()
        """Set once the model answers."""

    async def parse(self, text: str, locale: Locale | None) -> Parse:
        """See `NluClient.parse`."""
        if self._client is None:
            raise NluUnavailable("the model is not up yet")
        return await self._client.parse(text, locale)

    async def run(self) -> None:
        """Keep the model reachable until cancelled; then leave no process behind.

        Raises ConfigurationError when the model cannot be trained or started.
        """
        if self._settings.nlu_url:
            await self._serve_from(self._settings.nlu_url)
            return
        model = await train(self._settings.nlu_dir, _tell)
        count = self._settings.nlu_processes
        async with NluProcesses(self._settings.nlu_dir, model, count) as processes:
            await self._serve_from(processes.url, processes)

    async def _serve_from(self, urls: str, processes: NluProcesses | None = None) -> None:
        client = RasaNluClient(
            urls,
            token=self._settings.nlu_token.get_secret_value(),
            time_limit=self._settings.nlu_timeout,
        )
        try:
            if processes is not None:
                await self._until_ready(processes)
            self._client = client
            await self._until_answered(client)
            self.ready.set()
            await asyncio.Event().wait()
        finally:
            self._client = None
            await client.close()

    @staticmethod
    async def _until_answered(client: RasaNluClient) -> None:
        while True:
            with suppress(NluUnavailable):
                await client.model()
                return
            await asyncio.sleep(LOOK_SECONDS)

    @staticmethod
    async def _until_ready(processes: NluProcesses) -> None:
        while True:
            try:
                await processes.wait_ready()
                return
            except NluUnavailable as error:
                _log.warning("the model is not ready yet", error=error)
