"""`sidelight serve` as a process of its own, to be talked to, stopped and killed."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.signing import signed_overlay

ROOT = Path(__file__).resolve().parents[2]
NO_MODEL = "unix:///nowhere/nlu.sock"
"""A model that never answers: net and buttons decide."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Serving:
    """One bot in one data folder, which may run, be killed, and run again."""

    def __init__(
        self, folder: Path, *, roles: str = "", module: str = "bot", **settings: str
    ) -> None:
        self.folder = folder
        self._module = module
        self._arguments = ("serve", *(("--roles", roles) if roles else ()))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"serve-{self.port}.log"
        self._settings = {
            "BOT_DATA_DIR": str(folder / "data"),
            "BOT_PLACES_DIR": os.environ.get("BOT_PLACES_DIR", str(folder / "places")),
            "BOT_PORT": str(self.port),
            "BOT_NLU_URL": NO_MODEL,
            "BOT_NLU_GRACE": "0",
            "BOT_LOCALES": "en,es",
            "BOT_RESPONSES_OVERLAY": str(signed_overlay(folder)),
            **settings,
        }
        self._process: Process | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the process is started with; compiled modules are kept, so that starts are quick.
        Memory as in `deploy/systemd/`."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        return {**kept, "MALLOC_ARENA_MAX": "1", **self._settings, "PYTHONPATH": str(ROOT)}

    @property
    def keyring(self) -> Path:
        """The file with its epoch keys."""
        return self.folder / "data" / "keyring.json"

    @property
    def pid(self) -> int:
        """The process that runs, or ran last."""
        assert self._process is not None, "start first"
        return self._process.pid

    async def command(self, *arguments: str) -> str:
        """Run another `sidelight` command on the same data; what it printed."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await process.communicate()
        assert process.returncode == 0, printed.decode()
        return printed.decode()

    async def start(self, within: float = 60.0) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", self._module, *self._arguments),
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        await self._answers(within)

    async def _answers(self, within: float) -> None:
        async with aiohttp.ClientSession() as session, asyncio.timeout(within):
            while True:
                try:
                    async with session.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    assert self.runs, self.log.read_text()[-2000:]
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    @property
    def runs(self) -> bool:
        """Whether it was started, and has not ended."""
        return self._process is not None and self._process.returncode is None

    async def stop(self) -> int:
        """Stop it as a service manager does; its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self._process.wait(), 30)


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[Serving]:
    """A bot with a key ring, not yet started; stopped at the end, if it still runs."""
    bot = Serving(folder, **settings)
    await bot.command("keys", "init")
    try:
        yield bot
    finally:
        if bot.runs:
            await bot.stop()


@asynccontextmanager
async def several(
    folder: Path, database_url: str, roles: Sequence[str], *, module: str = "bot", **settings: str
) -> AsyncIterator[list[Serving]]:
    """Processes of one installation on PostgreSQL, not yet started; one for each of `roles`."""
    shared = {"BOT_DATABASE_URL": database_url, **settings}
    processes = [Serving(folder, roles=each, module=module, **shared) for each in roles]
    await processes[0].command("keys", "init")
    await processes[0].command("db", "upgrade")
    try:
        yield processes
    finally:
        await asyncio.gather(*(process.stop() for process in processes if process.runs))
