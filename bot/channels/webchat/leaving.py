"""The quick exit, seen from the server: whatever happens, the purge is asked for."""

import asyncio
from typing import Final
from uuid import uuid4

from bot.channels.webchat.channel import WEBCHAT
from bot.channels.webchat.interfaces import TranscriptReader
from bot.conversation.intake import InboundKind, InboundUpdate, Intake
from bot.dialogue.intents import Intent
from bot.ids import Address
from bot.logs import logger

_log = logger(__name__)

BUTTON: Final = f"intent:{Intent.QUICK_EXIT}"
RETRIES: Final = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds between tries while nothing can be stored. After the last one deadlines must do."""


class Leaving:
    """Asks the core to purge a conversation, as if its person had tapped the button."""

    def __init__(
        self, intake: Intake, reader: TranscriptReader, retries: tuple[float, ...] = RETRIES
    ) -> None:
        self._intake = intake
        self._reader = reader
        self._retries = retries

    async def ask(self, address: Address) -> bool:
        """Ask once; False if it could not be stored. Without a conversation nothing is to do."""
        try:
            view = await self._reader.read(WEBCHAT, address)
            if view.locale is None:
                return True
            await self._intake.accept(
                InboundUpdate(WEBCHAT, uuid4().hex, address, InboundKind.BUTTON, BUTTON)
            )
        except Exception as error:
            _log.error("a purge could not be asked for yet", error=error)
            return False
        return True

    async def insist(self, address: Address) -> None:
        """Ask until it is stored."""
        for pause in self._retries:
            await asyncio.sleep(pause)
            if await self.ask(address):
                return
        _log.error("a purge was never stored: the conversation goes at its deadline")
