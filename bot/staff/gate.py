"""Where every try with a password comes through: counted in the database, for all processes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from bot.clock import Clock
from bot.staff.errors import TooManyTries
from bot.staff.interfaces import StaffDatabase
from bot.staff.throttle import FORGET_AFTER, Failures, Record
from bot.vault.vault import Vault

Pause = Callable[[float], Awaitable[None]]


class Gate:
    """Counts tries under keyed hashes: neither a name nor an address is stored."""

    def __init__(
        self, database: StaffDatabase, vault: Vault, clock: Clock, pause: Pause = asyncio.sleep
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._pause = pause

    @asynccontextmanager
    async def counted(self, name_key: str, address: str) -> AsyncIterator[None]:
        """A try with somebody's password: counts as failed unless the block ends well.

        Raises TooManyTries, before the block, for one that comes too early.
        """
        keys, now = self._keys(name_key, address), self._clock.now()
        async with self._database.reading() as unit:
            # Whoever must wait anyway gets nothing written.
            _refuse(_record(await unit.tries.look(keys), now), now)
        async with self._database.writing() as unit:
            record = _record(await unit.tries.hold(keys, now), now)
            _refuse(record, now)
            # Counted before it is looked at: tries side by side must not all pass as the first.
            await unit.tries.put(keys, _parts(record.failed(now)))
            await unit.tries.prune(now - FORGET_AFTER)
        if pause := record.pause(now):
            await self._pause(pause.total_seconds())
        yield
        async with self._database.writing() as unit:
            record = _record(await unit.tries.hold(keys, now), now)
            await unit.tries.put(keys, _parts(record.succeeded()))

    def _keys(self, name_key: str, address: str) -> tuple[bytes, ...]:
        return (
            self._vault.blind_index("tries/pair", f"{address} {name_key}"),
            self._vault.blind_index("tries/address", address),
            self._vault.blind_index("tries/name", name_key),
        )


def _refuse(record: Record, now: datetime) -> None:
    if wait := record.wait(now):
        raise TooManyTries(wait)


def _record(found: Sequence[Failures | None], now: datetime) -> Record:
    return Record(*(failures or Failures(0, now) for failures in found))


def _parts(record: Record) -> tuple[Failures, ...]:
    return record.pair, record.address, record.name
