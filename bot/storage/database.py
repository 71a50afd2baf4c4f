"""SQLite or PostgreSQL behind one unit of work."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.conversation.errors import DatabaseUnavailable
from bot.errors import ConfigurationError
from bot.storage.checkins import SqlAlertRepository, SqlCheckinRepository
from bot.storage.conversations import SqlConversationRepository, SqlInboxRepository
from bot.storage.desks import (
    SqlBlockRepository,
    SqlDeskRepository,
    SqlEventRepository,
    SqlPresenceRepository,
    SqlTallyRepository,
)
from bot.storage.handoffs import SqlHandoffRepository
from bot.storage.messages import SqlMessageRepository
from bot.storage.records import SqlAuditRepository, SqlDraftRepository, SqlFigureRepository
from bot.storage.staff import (
    SqlAdvocateRepository,
    SqlInvitationRepository,
    SqlSessionRepository,
)
from bot.storage.timers import SqlTimerRepository

_log = logging.getLogger(__name__)

READERS = 4
"""Connections that only read on SQLite; WAL lets them go on beside the one writer."""

SHRED_TRIES = 20
SHRED_PAUSE = 0.05
"""A reader in the middle of a look keeps the log from being emptied for some milliseconds."""


class SqlUnitOfWork:
    """All repositories on one connection, in one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.conversations = SqlConversationRepository(connection)
        self.inbox = SqlInboxRepository(connection)
        self.messages = SqlMessageRepository(connection)
        self.timers = SqlTimerRepository(connection)
        self.checkins = SqlCheckinRepository(connection)
        self.alerts = SqlAlertRepository(connection)
        self.handoffs = SqlHandoffRepository(connection)
        self.presence = SqlPresenceRepository(connection)
        self.events = SqlEventRepository(connection)
        self.desks = SqlDeskRepository(connection)
        self.blocks = SqlBlockRepository(connection)
        self.tallies = SqlTallyRepository(connection)
        self.advocates = SqlAdvocateRepository(connection)
        self.sessions = SqlSessionRepository(connection)
        self.invitations = SqlInvitationRepository(connection)
        self.audit = SqlAuditRepository(connection)
        self.figures = SqlFigureRepository(connection)
        self.drafts = SqlDraftRepository(connection)


class SqlDatabase:
    """`Database` on SQLAlchemy.

    On SQLite one connection writes, under BEGIN IMMEDIATE, and some others read; on PostgreSQL
    one pool does both.
    """

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer = _sqlite(self.url, connections=1, begin="BEGIN IMMEDIATE")
            self._reader = _sqlite(self.url, connections=READERS, begin="BEGIN")
        else:
            self._writer = create_async_engine(
                self.url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True
            )
            self._reader = self._writer

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqlUnitOfWork]:
        async with self._transaction(self._reader) as unit:
            yield unit

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[SqlUnitOfWork]:
        async with self._transaction(self._writer) as unit:
            yield unit

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[SqlUnitOfWork]:
        try:
            async with engine.begin() as connection:
                yield SqlUnitOfWork(connection)
        except DBAPIError as error:
            # The driver's own message may quote a row.
            raise DatabaseUnavailable(type(error.orig or error).__name__) from None
        except OSError as error:
            raise DatabaseUnavailable(type(error).__name__) from None

    async def shred(self) -> None:
        """SQLite: zeroed pages (`secure_delete`) reach the file, and the write-ahead log is cut.

        PostgreSQL keeps dead rows and its log: there the epoch's end makes them unreadable.
        """
        if not self.is_sqlite:
            return
        for _ in range(SHRED_TRIES):
            async with self._writer.connect() as connection:
                raw = await connection.get_raw_connection()
                driver = raw.driver_connection
                assert driver is not None
                async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                    busy, _pages, _done = await cursor.fetchone()
            if busy == 0:
                return
            await asyncio.sleep(SHRED_PAUSE)
        raise DatabaseUnavailable("the write-ahead log is in use and was not cut")

    async def ping(self) -> None:
        """Raises DatabaseUnavailable unless the database answers."""
        async with self.reading() as unit:
            await unit.connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


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


def _sqlite(url: URL, *, connections: int, begin: str) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"timeout": 30, "isolation_level": None},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "secure_delete = ON",
            "foreign_keys = ON",
            "busy_timeout = 30000",
            "temp_store = MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: object) -> None:
        connection.exec_driver_sql(begin)  # type: ignore[attr-defined]

    return engine
