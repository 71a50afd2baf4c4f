"""SQLite without a thread between every question and its answer.

A statement takes microseconds, and handing it to a thread and back takes far longer: so it is
carried out where it is asked. What waits for the disk or for another process's lock (COMMIT,
checkpoints, changes of the schema, a lock that is taken, many rows at once) goes to a thread, and
the loop runs on.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import sqlalchemy
from sqlalchemy import URL, Dialect, Engine, Executable, create_engine
from sqlalchemy.pool import NullPool

from bot.storage.connection import NONE, Rows, Values
from bot.storage.prepared import Answer, Prepared, Result

PATIENCE = 30_000
"""Milliseconds that a lock of another process is waited for."""

MANY = 100
"""Rows that are still written where it is asked."""

_SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
    "foreign_keys = ON",
    f"busy_timeout = {PATIENCE}",
    "temp_store = MEMORY",
)

_P = ParamSpec("_P")
_T = TypeVar("_T")


def engine_for(url: URL) -> Engine:
    """An engine whose connections leave transactions to whoever writes BEGIN."""
    local = url.set(drivername="sqlite+pysqlite")

    def connect() -> sqlite3.Connection:
        (file,), options = engine.dialect.create_connect_args(local)
        own = {"isolation_level": None, "check_same_thread": False, "cached_statements": 512}
        connection: sqlite3.Connection = sqlite3.connect(file, **{**options, **own})
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}").close()
        return connection

    engine = create_engine(local, creator=connect, poolclass=NullPool, hide_parameters=True)
    return engine


async def connect(engine: Engine) -> "LocalConnection":
    """Another connection. Raises sqlalchemy.exc.DBAPIError."""
    return LocalConnection(await asyncio.to_thread(engine.connect))


class LocalConnection:
    """`Connection` on a file.

    One task at a time uses it, which whoever hands it out sees to. A task may be cancelled while a
    thread is still at its work: then all that follows waits for that, in order.
    """

    def __init__(self, connection: sqlalchemy.Connection) -> None:
        self._raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        self._connection = connection
        # For SQLAlchemy it is one transaction for good, so that it ends none: that is done here.
        connection.begin()
        self._thread = ThreadPoolExecutor(1, "sqlite")
        self._last: Future[Any] | None = None
        self._written = 0
        self.dialect: Dialect = connection.dialect

    async def run(self, prepared: Prepared, given: Mapping[str, object] = NONE) -> Answer:
        """See `Connection.run`."""
        if self._last is not None:
            await self._in_order()
        plan = prepared.plan(self.dialect)
        cursor = self._raw.execute(plan.sql, plan.bind(given))
        found = cursor.fetchall()
        return Answer(plan.read(found), cursor.rowcount)

    async def run_many(self, prepared: Prepared, given: Sequence[Mapping[str, object]]) -> None:
        """See `Connection.run_many`."""
        plan = prepared.plan(self.dialect)
        rows = [plan.bind(each) for each in given]
        if len(rows) > MANY:
            await self.in_thread(lambda: self._raw.executemany(plan.sql, rows))
        else:
            await self._in_order()
            self._raw.executemany(plan.sql, rows)

    async def execute(self, statement: Executable, values: Values = None) -> Result:
        """See `Connection.execute`."""
        if isinstance(values, Sequence) and len(values) > MANY:
            return await self.in_thread(lambda: self._connection.execute(statement, values))
        await self._in_order()
        return self._connection.execute(statement, values)

    async def scalar(self, statement: Executable, values: Values = None) -> Any:
        """See `Connection.scalar`."""
        return (await self.execute(statement, values)).scalar()

    async def batches(self, statement: Executable, size: int) -> AsyncIterator[Rows]:
        """See `Connection.batches`."""
        for batch in (await self.execute(statement)).partitions(size):
            yield batch

    async def run_sync(
        self,
        job: Callable[Concatenate[sqlalchemy.Connection, _P], _T],
        *arguments: _P.args,
        **options: _P.kwargs,
    ) -> _T:
        """See `Connection.run_sync`."""
        return await self.in_thread(lambda: job(self._connection, *arguments, **options))

    async def do(self, sql: str) -> None:
        """Carry out what takes no time and says nothing."""
        await self._in_order()
        self._raw.execute(sql).close()

    async def begin_to_write(self) -> None:
        """Take the lock of all that write: at once if it is free, else in a thread that waits."""
        await self._in_order()
        self._raw.execute("PRAGMA busy_timeout = 0").close()
        try:
            self._raw.execute("BEGIN IMMEDIATE").close()
        except sqlite3.OperationalError:
            await self.in_thread(self._begin_patiently)
        finally:
            self._written = self._raw.total_changes

    def _begin_patiently(self) -> None:
        self._raw.execute(f"PRAGMA busy_timeout = {PATIENCE}").close()
        self._raw.execute("BEGIN IMMEDIATE").close()

    async def commit(self) -> None:
        """Durable when it returns. Only what was written has to wait for the disk."""
        await self._in_order()
        if self._raw.total_changes == self._written:
            self._raw.commit()
        else:
            await self.in_thread(self._raw.commit)

    def rollback(self) -> None:
        """As if nothing had been written since BEGIN, once a thread has come to its end."""
        if self._last is None or self._last.done():
            self._raw.rollback()
        else:
            self._last = self._thread.submit(self._raw.rollback)

    def empty_log(self, patience: int) -> bool:
        """Carry all of the log over into the file; False if it was in use for `patience` ms."""
        self._raw.execute(f"PRAGMA busy_timeout = {patience}").close()
        busy, _pages, _done = self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    async def close(self) -> None:
        """The last connection to a file also folds its log into it."""
        await self.in_thread(self._connection.close)
        self._thread.shutdown(wait=False)

    async def in_thread(self, job: Callable[[], _T]) -> _T:
        """`job`'s result, behind all that a thread has still to do."""
        self._last = self._thread.submit(job)
        return await asyncio.wrap_future(self._last)

    async def _in_order(self) -> None:
        """Return once nothing is before what comes now."""
        while self._last is not None:
            if self._last.done():
                self._last = None
            else:
                await asyncio.wait([asyncio.wrap_future(self._last)])
