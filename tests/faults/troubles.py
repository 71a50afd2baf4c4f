"""What goes wrong while people talk: each trouble ends by itself, and leaves nothing broken."""

import asyncio
import os
import random
import resource
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from tests.faults.clock import MovedClock
from tests.faults.model import Model
from tests.functional.serving import Serving
from tests.postgres import PostgresServer
from tests.stub_telegram.control import RemoteStub
from tests.stub_telegram.faults import (
    Fault,
    cut_after,
    cut_before,
    delayed,
    garbled,
    refused,
    stalled_after,
)

Trouble = Callable[[], Awaitable[None]]

JUMPS = (-45, 45)
"""Seconds by which a clock is wrong for a moment."""


class Troubles:
    """All that can befall these processes, chosen by `chance`. `happened` counts each kind.

    `model` is the stand-in for the model; None where they run a real one themselves.
    """

    def __init__(
        self,
        chance: random.Random,
        stub: RemoteStub,
        processes: Sequence[Serving],
        clock: MovedClock,
        model: Model | None,
        postgres: PostgresServer | None = None,
    ) -> None:
        self._clock = clock
        self._model = model
        self._chance = chance
        self._stub = stub
        self._processes = processes
        self._postgres = postgres
        self.happened: dict[str, int] = {}

    def kinds(self) -> list[Trouble]:
        """Those that this installation can have."""
        common = [self.kill, self.pause, self.errors, self.errors, self.gone, self.doubled]
        common += [self.reordered, self.clock_wrong, self.disk_full]
        if self._model is not None:
            common += [self.model_poor, self.model_gone]
        else:
            common += [self.model_paused, self.model_killed]
        if self._postgres is None:
            return common
        return [*common, self.connections_cut, self.database_paused, self.database_restarted]

    def fatal(self) -> list[Trouble]:
        """Those that cut a deletion short."""
        cuts = [self.connections_cut] if self._postgres is not None else [self.disk_full]
        return [self.kill, self.kill, self.errors, *cuts]

    async def for_seconds(self, seconds: float, kinds: Sequence[Trouble] = ()) -> None:
        """One trouble after the other until the time is over; first each kind once in all."""
        end = asyncio.get_running_loop().time() + seconds
        kinds = kinds or self.kinds()
        still = [kind for kind in kinds if kind.__name__ not in self.happened]
        self._chance.shuffle(still)
        while still or asyncio.get_running_loop().time() < end:
            trouble = still.pop() if still else self._chance.choice(kinds)
            name = trouble.__name__
            self.happened[name] = self.happened.get(name, 0) + 1
            await trouble()
            await asyncio.sleep(self._chance.uniform(0.05, 0.3))
        # Calls that nobody has made yet were to go wrong in it, and not hours later.
        await self._stub.all_well()

    async def kill(self) -> None:
        """kill -9 of one process, which a supervisor starts again."""
        process = self._chance.choice(self._processes)
        await process.kill()
        await process.start()

    async def pause(self) -> None:
        """A process is given no time for a moment."""
        await self._stopped([self._chance.choice(self._processes).pid])

    async def errors(self) -> None:
        """The next calls to Telegram go wrong, each in a way of its own."""
        for method in ("sendMessage", "deleteMessages", "getUpdates", "answerCallbackQuery"):
            ways: tuple[Fault, ...] = (
                refused(429, retry_after=1),
                refused(500),
                refused(502),
                cut_before(),
                cut_after(),
                delayed(0.3),
                stalled_after(0.3),
                garbled(status=502),
            )
            await self._stub.script(method, *self._chance.choices(ways, k=2))

    async def gone(self) -> None:
        """Telegram takes no connection for a moment."""
        await self._stub.down()
        await asyncio.sleep(self._chance.uniform(0.1, 1.0))
        await self._stub.up()

    async def doubled(self) -> None:
        """For a moment every update arrives three times."""
        await self._stub.set(duplicates=3)
        await asyncio.sleep(0.5)
        await self._stub.set(duplicates=1)

    async def reordered(self) -> None:
        """For a moment every update arrives twice, and those that wait together in any order."""
        await self._stub.set(duplicates=2, reordered=True)
        await asyncio.sleep(0.8)
        await self._stub.set(duplicates=1, reordered=False)

    async def clock_wrong(self) -> None:
        """The clock jumps, and some time later back."""
        self._clock.jump(self._chance.choice(JUMPS))
        await asyncio.sleep(self._chance.uniform(0.3, 1.5))
        self._clock.jump(0)

    async def disk_full(self) -> None:
        """No file of the database can grow for a moment, as with a quota that is used up.

        PostgreSQL ends when it can't write its log, and recovers from it.
        """
        pause = self._chance.uniform(0.2, 1.0)
        if self._postgres is not None:
            await asyncio.to_thread(self._postgres.limit_files, 8192)
            await asyncio.sleep(pause)
            await asyncio.to_thread(self._postgres.limit_files, None)
            return
        process = self._chance.choice(self._processes)
        files = (file.stat().st_size for file in (process.folder / "data").glob("sidelight.db*"))
        self._limit(process.pid, min(size for size in files if size))
        await asyncio.sleep(pause)
        self._limit(process.pid, resource.RLIM_INFINITY)

    async def model_poor(self) -> None:
        """The model is slow, silent, or talks nonsense for a moment."""
        assert self._model is not None
        mood = self._chance.choice(("slow", "silent", "broken", "garbled"))
        await self._model.becomes(mood, self._chance.uniform(0.5, 1.5))

    async def model_gone(self) -> None:
        """The model takes no connection for a moment."""
        assert self._model is not None
        await self._model.becomes("gone", self._chance.uniform(0.3, 1.0))

    async def model_paused(self) -> None:
        """The model is given no time for a moment."""
        await self._stopped(_children(self._processes[0].pid))

    async def model_killed(self) -> None:
        """kill -9 of the model, which the bot starts again."""
        self._signal(_children(self._processes[0].pid), signal.SIGKILL)

    async def connections_cut(self) -> None:
        """Every connection to PostgreSQL is ended in the middle of what it does."""
        await self._sql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )

    async def database_paused(self) -> None:
        """PostgreSQL is given no time for a moment."""
        assert self._postgres is not None
        server = self._postgres.process.pid
        await self._stopped([server, *_children(server)])

    async def database_restarted(self) -> None:
        """PostgreSQL ends without a farewell, and recovers from its log."""
        assert self._postgres is not None
        self._postgres.crash_and_restart()

    async def _sql(self, statement: str) -> None:
        assert self._postgres is not None
        await asyncio.to_thread(self._postgres.execute, statement)

    async def _stopped(self, pids: Sequence[int]) -> None:
        self._signal(pids, signal.SIGSTOP)
        await asyncio.sleep(self._chance.uniform(0.2, 1.5))
        self._signal(pids, signal.SIGCONT)

    @staticmethod
    def _signal(pids: Sequence[int], number: signal.Signals) -> None:
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue  # a connection's process that ended by itself

    @staticmethod
    def _limit(pid: int, size: int) -> None:
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))


def _children(pid: int) -> list[int]:
    return [int(i) for i in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
