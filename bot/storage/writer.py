"""One writer, and one way to the disk for all that write at the same time.

A COMMIT that reaches the disk takes longer than everything before it. So who is ready while others
wait for their turn lets them in first, and one COMMIT makes all of it durable: nobody goes on
before that. What one of them wrote is undone by itself when it fails.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.storage.local import LocalConnection

MOST = 32
"""Transactions that go to the disk together: the first of them waits for the last."""

Open = Callable[[], Awaitable[LocalConnection]]


@dataclass(slots=True)
class _Waiter:
    alone: bool
    turn: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Writer:
    """Hands out the one connection that writes, to one task at a time, in the order of asking."""

    def __init__(self, open_: Open) -> None:
        self._open = open_
        self._opened: LocalConnection | None = None
        self._queue: deque[_Waiter] = deque()
        self._taken = False
        self._group: asyncio.Future[None] | None = None
        self._members = 0
        self._ending: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[LocalConnection]:
        """All or nothing, and durable when the block has been left.

        Raises sqlite3.Error, or sqlalchemy.exc.DBAPIError, when it is not.
        """
        await self._turn(alone=False)
        try:
            connection = await self._connection()
            group = await self._join(connection)
        except BaseException:
            self._soon(self._abandon())
            raise
        try:
            yield connection
            await connection.do("RELEASE one")
        except BaseException:
            self._soon(self._undo(connection))
            raise
        self._pass_on()
        await asyncio.shield(group)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[LocalConnection]:
        """The connection outside any transaction."""
        await self._turn(alone=True)
        try:
            yield await self._connection()
        finally:
            self._pass_on()

    async def close(self) -> None:
        """Let all that was begun come to its end first."""
        async with self.alone():
            if self._opened is not None:
                await self._opened.close()
                self._opened = None

    async def _connection(self) -> LocalConnection:
        if self._opened is None:
            self._opened = await self._open()
        return self._opened

    async def _turn(self, *, alone: bool) -> None:
        if not self._taken:
            self._taken = True
            return
        waiter = _Waiter(alone)
        self._queue.append(waiter)
        try:
            await waiter.turn
        except BaseException:
            if not waiter.turn.cancelled():
                self._pass_on()
            raise

    async def _join(self, connection: LocalConnection) -> asyncio.Future[None]:
        if self._group is None:
            await connection.begin_to_write()
            self._group, self._members = asyncio.get_running_loop().create_future(), 0
        await connection.do("SAVEPOINT one")
        self._members += 1
        return self._group

    async def _abandon(self) -> None:
        """A transaction that could not be begun, or was cancelled while it was."""
        if self._group is None and self._opened is not None:
            self._opened.rollback()
        self._pass_on()

    async def _undo(self, connection: LocalConnection) -> None:
        """Undo one, and let the others stand."""
        try:
            await connection.do("ROLLBACK TO one")
            await connection.do("RELEASE one")
        except sqlite3.Error as error:
            # SQLite has given up the whole transaction by itself, as on a full disk.
            connection.rollback()
            self._end_group(error)
        self._pass_on()

    def _pass_on(self) -> None:
        """Let the next one in; commit when there is none, or enough of them."""
        while self._queue:
            first = self._queue[0]
            if first.turn.done():
                self._queue.popleft()
            elif self._group is not None and (first.alone or self._members >= MOST):
                break
            else:
                self._queue.popleft().turn.set_result(None)
                return
        if self._group is not None:
            self._soon(self._commit())
        else:
            self._taken = False

    async def _commit(self) -> None:
        assert self._opened is not None
        try:
            await self._opened.commit()
        except BaseException as error:
            self._opened.rollback()
            self._end_group(error)
            if not isinstance(error, Exception):
                raise
        else:
            self._end_group(None)
        self._pass_on()

    def _end_group(self, error: BaseException | None) -> None:
        group, self._group = self._group, None
        if group is None or group.done():
            return
        if error is None:
            group.set_result(None)
        elif isinstance(error, Exception):
            group.set_exception(error)
            group.exception()  # somebody may have been cancelled, and asks no more
        else:
            group.cancel()

    def _soon(self, job: Coroutine[object, object, None]) -> None:
        """By a task of its own, which nobody cancels who was in a hurry."""
        task = asyncio.create_task(job)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


class Readers:
    """Hands out connections that only read; the log lets them go on beside the writer."""

    def __init__(self, open_: Open, most: int) -> None:
        self._open = open_
        self._places = asyncio.Semaphore(most)
        self._free: list[LocalConnection] = []

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[LocalConnection]:
        """A view that does not change. Raises as `Writer.transaction`."""
        async with self._places:
            connection = self._free.pop() if self._free else await self._open()
            try:
                await connection.do("BEGIN")
                yield connection
            finally:
                connection.rollback()
                self._free.append(connection)

    async def close(self) -> None:
        """Close those that nobody uses."""
        while self._free:
            await self._free.pop().close()
