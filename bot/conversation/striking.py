"""What backups hold and is over is struck out, so that none can bring it back."""

import asyncio
from pathlib import Path
from typing import Final

from bot.conversation.storage import Database
from bot.errors import ConfigurationError
from bot.ids import CheckinId
from bot.logs import logger
from bot.vault.ledger import Ledger
from bot.vault.vault import Vault

_log = logger(__name__)

DOMAIN: Final = "backup"
"""Of the keyed hashes in the ledger."""

AT_ONCE: Final = 1000
"""Check-ins looked at in one go: some milliseconds, in which nobody is answered."""


class StrikingOut:
    """Goes through all check-ins, some at a time, and then begins anew.

    Only what was noted when it began can be struck out then: what a backup notes on the way may
    have been agreed on behind its back.
    """

    def __init__(self, database: Database, vault: Vault, keyring: Path) -> None:
        self._database = database
        self._vault = vault
        self._ledger = Ledger(keyring)
        self._missing: set[bytes] = set()
        self._after: CheckinId | None = None

    async def go_on(self) -> None:
        """Look at the next check-ins; after the last, strike out what none of them was.

        Raises DatabaseUnavailable.
        """
        try:
            await self._go_on()
        except (ConfigurationError, OSError) as error:
            # A restore refuses a damaged one, too: nobody comes back by it.
            _log.error("what backups hold can't be struck out", error=error)

    async def _go_on(self) -> None:
        if self._after is None:
            self._missing = set(await asyncio.to_thread(self._ledger.read) or ())
        if not self._missing:
            self._after = None
            return
        async with self._database.reading() as unit:
            awaited, self._after = await unit.conversations.awaited(self._after, AT_ONCE)
        self._missing -= {self._vault.blind_index(DOMAIN, str(each)) for each in awaited}
        if self._after is None:
            await asyncio.to_thread(self._ledger.strike_out, self._missing)
