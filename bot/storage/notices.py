"""Wake-ups between processes: PostgreSQL's LISTEN and NOTIFY, ids only, and nothing depends on it.

Whoever waits also looks by itself now and then, so a notice that is lost costs a second or two.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.logs import logger
from bot.storage.pooled import ERRORS

_log = logger(__name__)

CHANNEL: Final = "sidelight"
GATHER: Final = 0.01
"""Seconds in which notices gather: under load many are the same."""
MOST: Final = 1000
"""Notices that wait while the database is away; more are dropped."""
BEAT: Final = 15.0
"""Seconds after which a silent connection is tried: it may have died without a word."""
RETRY: Final = 1.0


class Notices:
    """Tells the other processes on the database at `url`, and hears what they tell.

    `heard` is called with each notice of another process, never with our own. A notice is at
    most some hundred letters and never holds what points at a person: PostgreSQL keeps it on its
    disk for a moment.
    """

    def __init__(self, url: URL, heard: Callable[[str], None]) -> None:
        self._engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
        self._heard = heard
        self._waiting: dict[str, None] = {}
        self._something = asyncio.Event()

    def tell(self, notice: str) -> None:
        """Have the others hear `notice` soon. Does not wait, and never fails."""
        if len(self._waiting) < MOST:
            self._waiting[notice] = None
            self._something.set()

    async def run(self) -> None:
        """Tell and hear until cancelled."""
        try:
            while True:
                try:
                    async with self._listening() as connection:
                        await self._tell_all(connection)
                except (OSError, SQLAlchemyError, *ERRORS) as error:
                    _log.warning("the other processes cannot be told: trying again", error=error)
                await asyncio.sleep(RETRY)
        finally:
            await self._engine.dispose()

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[Any]:
        async with self._engine.connect() as pooled:
            connection: Any = (await pooled.get_raw_connection()).driver_connection
            own = connection.get_server_pid()

            def hear(_connection: object, sender: int, _channel: str, notice: str) -> None:
                if sender != own:
                    self._heard(notice)

            connection.add_termination_listener(lambda _: self._something.set())
            await connection.add_listener(CHANNEL, hear)
            try:
                yield connection
            finally:
                if not connection.is_closed():
                    await connection.remove_listener(CHANNEL, hear)

    async def _tell_all(self, connection: Any) -> None:
        """Send what gathers, until the connection is lost."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT):
                    await self._something.wait()
            await asyncio.sleep(GATHER)
            if connection.is_closed():
                return
            notices, self._waiting = list(self._waiting), {}
            self._something.clear()
            # Without any it is the beat: it raises where nobody is at the other end.
            await connection.execute(
                "SELECT pg_notify($1, notice) FROM unnest($2::text[]) AS notice",
                CHANNEL,
                notices,
                timeout=BEAT,
            )
