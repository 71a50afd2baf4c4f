"""Housekeeping: what a crash left behind is taken up, what is over is forgotten, keys age."""

import asyncio
from datetime import datetime, timedelta
from itertools import count

from bot.clock import Clock
from bot.conversation import timers
from bot.conversation.delivery import LONGEST_BACKOFF
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.outages import LONGEST_RETRY
from bot.conversation.pairing import Pairings
from bot.conversation.storage import Database
from bot.conversation.striking import StrikingOut
from bot.conversation.turns import schedule_vanishing
from bot.errors import TransientError
from bot.ids import ConversationId
from bot.logs import logger
from bot.settings import Settings
from bot.vault.vault import Vault

_log = logger(__name__)

SCAN_EVERY = 1.0
"""Seconds between looks for work that nobody was woken for: it waits twice that at most."""

SCAN_LIMIT = 500
BACK = timedelta(seconds=1)
"""A clock that is so far behind its last look was put back, or is right again."""

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
"""From the end of one look at everything to the begin of the next."""
WALK = 1000
PRUNE = 500
EMPTY = 50
"""Conversations looked at, update ids removed and plans emptied in one go: some milliseconds, in
which nobody is answered."""
GO_EVERY = 5
"""So many scans lie between two goes, so that all of them together cost little."""
SHRED_EVERY = timedelta(seconds=30)
REWRAP_BATCH = 500
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
        pairings: Pairings,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._dispatcher = dispatcher
        self._pairings = pairings
        self._striking_out = StrikingOut(database, vault, settings.keyring)
        self._tidied_at: datetime | None = None
        self._walked_to: ConversationId | None = None
        self._shredded_at: datetime | None = None
        self._scanned_at: datetime | None = None
        self._found: set[tuple[ConversationId, int]] = set()

    async def run(self) -> None:
        """Work until cancelled."""
        patiently = False
        for number in count():
            try:
                await self.scan(patiently=patiently)
                patiently = True
                await self.strike_out()
                if number % GO_EVERY == 0:
                    await self.tidy()
                await self.age_keys()
                await self.shred()
            except TransientError as error:
                _log.warning("housekeeping must wait", error=error)
            await asyncio.sleep(SCAN_EVERY)

    async def recover(self) -> None:
        """At the start of the only process: whatever was being sent was cut short."""
        async with self._database.writing() as unit:
            await unit.messages.recover(self._clock.now())

    async def scan(self, *, patiently: bool = False) -> None:
        """Wake every conversation with something to handle or to send.

        `patiently` only where the last scan found the same: what came since has woken somebody,
        here or in another process, and two at once would be in each other's way.
        """
        now = self._clock.now()
        if self._scanned_at is None or now < self._scanned_at - BACK:
            # What was to be tried again in seconds does not wait for as long as it was wrong.
            async with self._database.writing() as unit:
                await unit.messages.hasten(now + LONGEST_BACKOFF)
                await unit.timers.hasten(timers.RETRIED, now + LONGEST_RETRY)
        self._scanned_at = now
        async with self._database.reading() as unit:
            arrived = await unit.inbox.with_work(SCAN_LIMIT)
            unsent = await unit.messages.with_work(now, SCAN_LIMIT)
        before, self._found = self._found, {*arrived.items(), *unsent.items()}
        for each in (*arrived.items(), *unsent.items()):
            if not patiently or each in before:
                self._dispatcher.wake(each[0])

    async def tidy(self) -> bool:
        """Forget old update ids and events, and the plans of check-ins that are over.

        However many there are, one go takes no longer. Returns False while more is to follow.
        """
        now = self._clock.now()
        if self._tidied_at is not None and now - self._tidied_at < TIDY_EVERY:
            return True
        async with self._database.writing() as unit:
            pruned = await unit.inbox.forget_before(now - UPDATES_KNOWN_FOR, PRUNE)
            await unit.events.prune(now - EVENTS_KEPT_FOR)
            await unit.blocks.prune(now)
            await unit.offers.prune(now)
            forgotten, walked_to = await unit.conversations.forgotten(self._walked_to, WALK)
            await unit.timers.schedule_all([(timers.VANISH, each, now) for each in forgotten])
            over = {
                *await unit.checkins.forget(now - PLANS_KEPT_FOR, EMPTY),
                *await unit.checkins.give_up(now - IDLE_FOR, EMPTY),
            }
            for conversation_id in over:
                if conversation := await unit.conversations.get(conversation_id):
                    await self._pairings.drop_idle(self._pairings.side(unit, conversation, now))
                await schedule_vanishing(unit, conversation_id, now)
            await unit.contacts.delete_expired(now)
            await unit.drafts.delete_expired(now)
        self._walked_to = walked_to
        if walked_to is not None or pruned or over:
            return False
        self._tidied_at = now
        return True

    async def strike_out(self) -> None:
        """Let no backup bring back what is over: see `bot.vault.ledger`."""
        await self._striking_out.go_on()

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
        await unit.conversations.rewrap([(id_, old, vault.rewrap(id_, old)) for id_, old in keys])
    return bool(keys)
