"""PostgreSQL without detours: connections that stay, and statements that are prepared on them.

A unit of work is many small questions. To reach each by SQLAlchemy (a greenlet, an execution, a
transaction object; a ping and a reset around it all) takes several times as long as the answer. So
what is `Prepared` goes to asyncpg's own prepared statements; the rest is SQLAlchemy's, on the same
connection.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Concatenate, ParamSpec, TypeVar

import asyncpg
import sqlalchemy
from asyncpg.prepared_stmt import PreparedStatement
from sqlalchemy import URL, Dialect, Executable
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage.connection import NONE, Rows, Values
from bot.storage.prepared import Answer, Plan, Prepared, Result

PATIENCE = 30.0
"""Seconds to wait for a connection while all are in use."""

IDLE = 30.0
"""Seconds after which a connection is asked whether it still leads anywhere: something on the way
may have forgotten it."""

ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises of itself; a lost connection may also be an OSError."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


def engine_for(url: URL) -> AsyncEngine:
    """An engine whose connections leave transactions to whoever writes BEGIN."""
    return create_async_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
    )


async def connect(engine: AsyncEngine) -> "PooledConnection":
    """Another connection. Raises OSError, asyncpg's errors or sqlalchemy.exc.DBAPIError."""
    connection = await engine.connect()
    raw: asyncpg.Connection[Any] = (await connection.get_raw_connection()).driver_connection
    # For SQLAlchemy it is one transaction for good, so that it ends none: that is done here.
    await connection.begin()
    return PooledConnection(connection, raw)


class PooledConnection:
    """`Connection` to a server. One task at a time uses it."""

    def __init__(self, connection: AsyncConnection, raw: "asyncpg.Connection[Any]") -> None:
        self._connection = connection
        self._raw = raw
        self._ready: dict[Prepared, tuple[Plan, PreparedStatement[Any]]] = {}
        self.dialect: Dialect = connection.dialect

    @property
    def is_usable(self) -> bool:
        """Whether it is open, and in no transaction."""
        return not self._raw.is_closed() and not self._raw.is_in_transaction()

    async def answers(self) -> bool:
        """Whether the server is still at the other end."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._raw.execute("SELECT 1")
        except (*ERRORS, OSError):
            return False
        return True

    async def run(self, prepared: Prepared, given: Mapping[str, object] = NONE) -> Answer:
        """See `Connection.run`."""
        ready = self._ready.get(prepared)
        if ready is None:
            plan = prepared.plan(self.dialect)
            ready = self._ready[prepared] = plan, await self._raw.prepare(plan.sql)
        plan, statement = ready
        try:
            found = await statement.fetch(*plan.bind(given))
        except asyncpg.InvalidCachedStatementError:
            del self._ready[prepared]  # its tables have changed
            raise
        if found:
            return Answer(plan.read(found), len(found))
        return Answer((), _counted(statement.get_statusmsg()))

    async def run_many(self, prepared: Prepared, given: Sequence[Mapping[str, object]]) -> None:
        """See `Connection.run_many`."""
        plan = prepared.plan(self.dialect)
        await self._raw.executemany(plan.sql, [plan.bind(each) for each in given])

    async def execute(self, statement: Executable, values: Values = None) -> Result:
        """See `Connection.execute`."""
        return await self._connection.execute(statement, values)

    async def scalar(self, statement: Executable, values: Values = None) -> Any:
        """See `Connection.scalar`."""
        return (await self._connection.execute(statement, values)).scalar()

    async def batches(self, statement: Executable, size: int) -> AsyncIterator[Rows]:
        """See `Connection.batches`."""
        alone = not self._raw.is_in_transaction()
        if alone:  # where a cursor would not live longer than its statement
            await self.begin()
        try:
            async with self._connection.stream(statement) as rows:
                async for batch in rows.partitions(size):
                    yield batch
        finally:
            if alone:
                await self.rollback()

    async def run_sync(
        self,
        job: Callable[Concatenate[sqlalchemy.Connection, _P], _T],
        *arguments: _P.args,
        **options: _P.kwargs,
    ) -> _T:
        """See `Connection.run_sync`."""
        return await self._connection.run_sync(job, *arguments, **options)

    async def begin(self) -> None:
        """Begin a transaction."""
        await self._raw.execute("BEGIN")

    async def commit(self) -> None:
        """Durable when it returns."""
        if await self._raw.execute("COMMIT") != "COMMIT":
            # Where a statement failed before, PostgreSQL rolls back, and calls that no error.
            raise asyncpg.InFailedSQLTransactionError("nothing was committed")

    async def rollback(self) -> None:
        """As if nothing had been written since BEGIN, if there was one."""
        # SQLAlchemy cuts a connection off when whoever waits for an answer is cancelled.
        if not self._raw.is_closed() and self._raw.is_in_transaction():
            await self._raw.execute("ROLLBACK")

    async def close(self) -> None:
        """Leave the server; one that does not answer is left after a moment all the same."""
        with suppress(*ERRORS, SQLAlchemyError, OSError):
            await self._connection.invalidate()
            await self._connection.close()


class Pool:
    """Hands out connections, and keeps those that are still good for the next."""

    def __init__(self, open_: Callable[[], Awaitable[PooledConnection]], most: int) -> None:
        self._open = open_
        self._places = asyncio.Semaphore(most)
        self._free: list[tuple[PooledConnection, float]] = []
        self._ending: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[PooledConnection]:
        """A connection in no transaction: each statement sees what is committed when it begins.

        Raises TimeoutError when none was free for `PATIENCE`, and what the driver raises.
        """
        async with self._place():
            connection = await self._taken()
            try:
                yield connection
            finally:
                await self._let_go(connection)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[PooledConnection]:
        """All or nothing, and durable when the block has been left. Raises as `reading`."""
        async with self.reading() as connection:
            await connection.begin()
            yield connection
            await connection.commit()

    async def close(self) -> None:
        """Close those that nobody uses."""
        while self._free:
            connection, _ = self._free.pop()
            await connection.close()

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._places.locked():
            async with asyncio.timeout(PATIENCE):
                await self._places.acquire()
        else:
            await self._places.acquire()
        try:
            yield
        finally:
            self._places.release()

    async def _taken(self) -> PooledConnection:
        now = asyncio.get_running_loop().time()
        while self._free:
            connection, since = self._free.pop()
            good = connection.is_usable
            try:
                if good and now - since > IDLE:
                    good = False
                    good = await connection.answers()
            finally:
                if not good:
                    await asyncio.shield(self._soon(connection.close()))
            if good:
                return connection
        return await self._open()

    async def _let_go(self, connection: PooledConnection) -> None:
        """Undo what was not committed, and keep it; by a task that nobody cancels in a hurry."""
        if connection.is_usable:
            self._keep(connection)
        else:
            await asyncio.shield(self._soon(self._undo(connection)))

    async def _undo(self, connection: PooledConnection) -> None:
        with suppress(*ERRORS, OSError):
            await connection.rollback()
        if connection.is_usable:
            self._keep(connection)
        else:
            await connection.close()

    def _keep(self, connection: PooledConnection) -> None:
        self._free.append((connection, asyncio.get_running_loop().time()))

    def _soon(self, job: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(job)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return task


def _counted(status: str) -> int:
    """The rows that a statement changed, from what the server says of it ("UPDATE 2")."""
    number = status.rpartition(" ")[2]
    return int(number) if number.isdigit() else -1
