"""Housekeeping: what a crash left behind is taken up, what is over is forgotten, keys age."""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.conversation import timers
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.storage import Database
from bot.conversation.turns import schedule_vanishing
from bot.errors import ConfigurationError, TransientError
from bot.settings import Settings
from bot.vault.ledger import Ledger
from bot.vault.vault import Vault

_log = logging.getLogger(__name__)

SCAN_EVERY = 1.0
"""Seconds between looks for work that nobody was woken for."""

SCAN_LIMIT = 500

UPDATES_KNOWN_FOR = timedelta(hours=48)
"""Telegram keeps undelivered updates for 24 hours (Bot API, getUpdates): twice that."""

EVENTS_KEPT_FOR = timedelta(hours=1)
"""A console that was away for longer begins anew."""
PLANS_KEPT_FOR = timedelta(hours=24)
"""After a check-in ended, or after an advocate took its alert on: what was planned is needed by
whoever looks for the person."""
IDLE_FOR = timedelta(days=30)
"""A check-in that was paused, or missed and not yet told of, is given up after that."""
TIDY_EVERY = timedelta(minutes=10)
SHRED_EVERY = timedelta(seconds=30)
REWRAP_BATCH = 500
LEDGER_DOMAIN = "backup"
GRACE = 2.0
"""Seconds; transactions here take milliseconds."""


class Keeper:
    """Runs beside the workers."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        settings: Settings,
        dispatcher: Dispatcher,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._dispatcher = dispatcher
        self._tidied_at: datetime | None = None
        self._shredded_at: datetime | None = None

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.scan()
                await self.strike_out()
                await self.tidy()
                await self.age_keys()
                await self.shred()
            except TransientError as error:
                _log.warning("housekeeping must wait: %s", type(error).__name__)
            await asyncio.sleep(SCAN_EVERY)

    async def recover(self) -> None:
        """At the start of the only process: whatever was being sent was cut short."""
        async with self._database.writing() as unit:
            await unit.messages.recover(self._clock.now())

    async def scan(self) -> None:
        """Wake every conversation with something to handle or to send."""
        async with self._database.reading() as unit:
            found = [
                *await unit.inbox.with_work(SCAN_LIMIT),
                *await unit.messages.with_work(self._clock.now(), SCAN_LIMIT),
            ]
        for conversation_id in found:
            self._dispatcher.wake(conversation_id)

    async def tidy(self) -> None:
        """Forget old update ids and events, and the plans of check-ins that are over."""
        now = self._clock.now()
        if self._tidied_at is not None and now - self._tidied_at < TIDY_EVERY:
            return
        self._tidied_at = now
        async with self._database.writing() as unit:
            await unit.inbox.forget_before(now - UPDATES_KNOWN_FOR)
            await unit.events.prune(now - EVENTS_KEPT_FOR)
            await unit.blocks.prune(now)
            for conversation_id in await unit.conversations.forgotten(SCAN_LIMIT):
                await unit.timers.schedule(timers.VANISH, conversation_id, now)
            over = {
                *await unit.checkins.forget(now - PLANS_KEPT_FOR),
                *await unit.checkins.give_up(now - IDLE_FOR),
            }
            for conversation_id in over:
                await schedule_vanishing(unit, conversation_id, now)
            await unit.drafts.delete_expired(now)

    async def strike_out(self) -> None:
        """Let no backup bring back what is over: see `bot.vault.ledger`."""
        ledger = Ledger(self._settings.keyring)
        try:
            if not ledger.read():
                return
            async with self._database.reading() as unit:
                awaited = await unit.conversations.awaited()
            ledger.keep_only(self._vault.blind_index(LEDGER_DOMAIN, str(each)) for each in awaited)
        except (ConfigurationError, OSError) as error:
            # A restore refuses a damaged one, too: nobody comes back by it.
            _log.error("what backups hold can't be struck out: %s", type(error).__name__)

    async def shred(self) -> None:
        """Cut the database's log, for the case that a reader was in the way after a deletion."""
        now = self._clock.now()
        if self._shredded_at is not None and now - self._shredded_at < SHRED_EVERY:
            return
        await self._database.shred()
        self._shredded_at = now

    async def age_keys(self) -> None:
        """End an epoch that is old enough, and destroy it once nothing hangs on it any more."""
        now = self._clock.now()
        if now - self._vault.epoch_began_at < self._settings.key_epoch:
            return
        await rotate(self._database, self._vault)


async def rotate(database: Database, vault: Vault) -> int:
    """Begin an epoch, re-wrap every key under it, and destroy the older ones; the new epoch's id.

    Interrupted anywhere it loses nothing: the old epochs stay until nothing is wrapped by them.
    """
    epoch = vault.rotate()
    while await _rewrap(database, vault, epoch):
        pass
    # A transaction that wrapped a key just before the epoch began may commit only now.
    await asyncio.sleep(GRACE)
    while await _rewrap(database, vault, epoch):
        pass
    vault.destroy_before(epoch)
    return epoch


async def _rewrap(database: Database, vault: Vault, epoch: int) -> bool:
    async with database.writing() as unit:
        keys = await unit.conversations.keys_before(epoch, REWRAP_BATCH)
        for conversation_id, wrapped in keys:
            new = vault.rewrap(conversation_id, wrapped)
            await unit.conversations.rewrap(conversation_id, wrapped, new)
    return bool(keys)
