"""SQLite or PostgreSQL behind one unit of work."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url, select, text, type_coerce
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from bot.clock import Clock
from bot.conversation.backlog import Backlog
from bot.conversation.errors import DatabaseUnavailable, Overtaken
from bot.errors import ConfigurationError
from bot.logs import logger
from bot.storage import local
from bot.storage.backlog import SqlBacklog
from bot.storage.checkins import SqlAlertRepository, SqlCheckinRepository
from bot.storage.connection import Connection
from bot.storage.contacts import SqlContactRepository
from bot.storage.conversations import SqlConversationRepository, SqlInboxRepository
from bot.storage.desks import (
    SqlBlockRepository,
    SqlDeskRepository,
    SqlEventRepository,
    SqlPresenceRepository,
    SqlTallyRepository,
)
from bot.storage.dialects import is_postgresql, present
from bot.storage.handoffs import SqlHandoffRepository
from bot.storage.leases import SqlLeaseRepository
from bot.storage.messages import SqlMessageRepository
from bot.storage.offers import SqlOfferRepository
from bot.storage.passkeys import SqlPasskeyRepository, SqlRecoveryRepository
from bot.storage.records import SqlAuditRepository, SqlDraftRepository, SqlFigureRepository
from bot.storage.rooms import SqlRoomRepository
from bot.storage.rota import SqlLiveSettingRepository, SqlShiftRepository
from bot.storage.staff import (
    SqlAdvocateRepository,
    SqlInvitationRepository,
    SqlSessionRepository,
)
from bot.storage.tables import Instant
from bot.storage.timers import SqlTimerRepository
from bot.storage.tries import SqlTryRepository
from bot.storage.writer import Readers, Writer

if TYPE_CHECKING:
    from bot.storage.pooled import Pool

_log = logger(__name__)

READERS = 4
"""Connections that only read on SQLite; WAL lets them go on beside the one writer."""

CONNECTIONS = 20
"""To PostgreSQL, at most, of one process."""

DEADLOCK = "40P01"
"""SQLSTATE: two transactions waited for each other, and this one was broken off. Source:
PostgreSQL's documentation, Appendix A and 13.3.4."""

SHRED_TRIES = 20
SHRED_PAUSE = 0.05
SHRED_PATIENCE = 250
"""A reader in the middle of a look keeps the log from being emptied for some milliseconds. Nobody
writes while it is waited for, so that is given up after a moment, and tried again."""


class SqlUnitOfWork:
    """All repositories on one connection, in one transaction."""

    def __init__(self, connection: Connection, clock: Clock | None = None) -> None:
        self.connection = connection
        self.conversations = SqlConversationRepository(connection)
        self.inbox = SqlInboxRepository(connection)
        self.messages = SqlMessageRepository(connection)
        self.timers = SqlTimerRepository(connection, clock)
        self.leases = SqlLeaseRepository(connection)
        self.checkins = SqlCheckinRepository(connection)
        self.contacts = SqlContactRepository(connection)
        self.alerts = SqlAlertRepository(connection)
        self.handoffs = SqlHandoffRepository(connection)
        self.presence = SqlPresenceRepository(connection)
        self.events = SqlEventRepository(connection)
        self.room = SqlRoomRepository(connection)
        self.desks = SqlDeskRepository(connection)
        self.offers = SqlOfferRepository(connection)
        self.blocks = SqlBlockRepository(connection)
        self.tallies = SqlTallyRepository(connection)
        self.advocates = SqlAdvocateRepository(connection)
        self.sessions = SqlSessionRepository(connection)
        self.invitations = SqlInvitationRepository(connection)
        self.passkeys = SqlPasskeyRepository(connection)
        self.recovery = SqlRecoveryRepository(connection)
        self.tries = SqlTryRepository(connection)
        self.shifts = SqlShiftRepository(connection)
        self.live = SqlLiveSettingRepository(connection)
        self.audit = SqlAuditRepository(connection)
        self.figures = SqlFigureRepository(connection)
        self.drafts = SqlDraftRepository(connection)


class SqlDatabase:
    """`Database` on SQLAlchemy.

    On SQLite one connection writes, under BEGIN IMMEDIATE, and some others read; on PostgreSQL
    one pool does both. `clock` takes the place of the database's own, for tests.
    """

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        self._clock = clock
        self.url = _parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._pool: Pool | None = None
        self._errors: tuple[type[Exception], ...] = (DBAPIError, sqlite3.Error, OSError)
        self._units: dict[Connection, SqlUnitOfWork] = {}
        if self.is_sqlite:
            open_ = partial(local.connect, local.engine_for(self.url))
            self._writer, self._readers = Writer(open_), Readers(open_, READERS)
        else:
            # asyncpg and SQLAlchemy's part for it take 10 MB, of no use to who is embedded.
            from bot.storage import pooled

            self._errors = (*self._errors, *pooled.ERRORS)
            connect = partial(pooled.connect, pooled.engine_for(self.url))
            self._pool = pooled.Pool(connect, CONNECTIONS)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqlUnitOfWork]:
        with self._translated():
            async with self._reading() as connection:
                yield self._unit(connection)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[SqlUnitOfWork]:
        with self._translated():
            async with self._writing() as connection:
                yield self._unit(connection)

    def _unit(self, connection: Connection) -> SqlUnitOfWork:
        """The repositories of a connection. SQLite's few stay, and keep theirs."""
        if self._pool is not None:
            return SqlUnitOfWork(connection, self._clock)
        if (unit := self._units.get(connection)) is None:
            unit = self._units[connection] = SqlUnitOfWork(connection, self._clock)
        return unit

    def _reading(self) -> AbstractAsyncContextManager[Connection]:
        return self._readers.transaction() if self._pool is None else self._pool.reading()

    def _writing(self) -> AbstractAsyncContextManager[Connection]:
        return self._writer.transaction() if self._pool is None else self._pool.writing()

    async def shred(self) -> None:
        """SQLite: zeroed pages (`secure_delete`) reach the file, and the write-ahead log is cut.

        PostgreSQL keeps dead rows and its log: there the epoch's end makes them unreadable.
        """
        if not self.is_sqlite:
            return
        for _ in range(SHRED_TRIES):
            with self._translated():
                async with self._writer.alone() as connection:
                    if await connection.in_thread(partial(connection.empty_log, SHRED_PATIENCE)):
                        return
            await asyncio.sleep(SHRED_PAUSE)
        raise DatabaseUnavailable("the write-ahead log is in use and was not cut")

    async def backlog(self, now: datetime, on_duty_since: datetime) -> Backlog:
        """What waits at `now`; who was seen since `on_duty_since` is on duty.

        Raises DatabaseUnavailable.
        """
        async with self.reading() as unit:
            on_duty = await unit.presence.on_duty(on_duty_since)
            return await SqlBacklog(unit.connection, now).look(on_duty)

    async def ping(self) -> None:
        """Raises DatabaseUnavailable unless the database answers."""
        async with self.reading() as unit:
            await unit.connection.execute(text("SELECT 1"))

    async def now(self) -> datetime:
        """The time on the database's machine. Raises DatabaseUnavailable."""
        async with self.reading() as unit:
            asked = select(type_coerce(present(postgres=is_postgresql(unit.connection)), Instant))
            found: datetime = (await unit.connection.execute(asked)).scalar_one()
            return found

    async def close(self) -> None:
        """Let go of all connections."""
        if self._pool is not None:
            await self._pool.close()
            return
        with self._translated():
            await self._readers.close()
            await self._writer.close()
        self._units.clear()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Raises DatabaseUnavailable, or Overtaken; the driver's own message may quote a row."""
        try:
            yield
        except self._errors as error:
            raise _told(getattr(error, "orig", None) or error) from None


def _told(error: BaseException) -> DatabaseUnavailable | Overtaken:
    kind = type(error).__name__
    if getattr(error, "sqlstate", None) == DEADLOCK:
        return Overtaken(kind)
    return DatabaseUnavailable(kind)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        driver = parsed.get_driver_name()
    except (ArgumentError, SQLAlchemyError):
        driver = ""
    if driver not in {"aiosqlite", "asyncpg"}:
        raise ConfigurationError(
            "BOT_DATABASE_URL is no database that Sidelight knows: write"
            " sqlite+aiosqlite:///path/to/file.db or postgresql+asyncpg://user@host/name"
        )
    if driver == "aiosqlite" and parsed.database:
        folder = Path(parsed.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ConfigurationError(
                f"the database's folder {folder} cannot be made ({error.strerror}):"
                " set BOT_DATA_DIR to a folder that this user may write to"
            ) from None
    return parsed
