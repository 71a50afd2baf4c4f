"""Whole turns beside an echo bot: both talk to the same stub of the Bot API, on the same machine.

A turn is stored, understood, decided, sealed, answered and recorded for deletion. The echo bot of
python-telegram-bot with its default transport only answers. The stub validates nothing here.
"""

import asyncio
import os
import statistics
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT
from tests.functional.serving import NO_MODEL, Serving, several
from tests.postgres import running_postgres
from tests.stub_telegram.control import RemoteStub, stub_process

CROWDS = (1, 20, 100)
MESSAGES = {1: 60, 20: 300, 100: 400}
"""By how many write at once: what they write between them."""

STEADY = 50.0
"""Messages a second, at random instants."""
STEADY_MESSAGES = 500

UNDERSTOOD = "where can i sleep"
BUTTON = "intent:help_menu"

INSTALLED = "tests.bench.installed"

Start = Callable[[RemoteStub], AbstractAsyncContextManager[object]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers a second by how many write at once, and milliseconds at a steady rate.

    `cpu_ms` is what the bot's own process takes of a core for an answer: unlike the others, it says
    much the same on a machine that has other things to do.
    """

    what: str
    a_second: dict[int, float]
    p50: float
    p99: float
    cpu_ms: float | None = None
    megabytes: float | None = None


@asynccontextmanager
async def echo(stub: RemoteStub) -> AsyncIterator[Process]:
    """The yardstick."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.echo", stub.token, stub.url, cwd=ROOT
    )
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()


async def _nothing(_: Path) -> None:
    """An empty database."""


def sidelight(
    nlu_url: str = NO_MODEL,
    processes: int = 0,
    prepare: Callable[[Path], Awaitable[None]] = _nothing,
    **more: str,
) -> Start:
    """One process on SQLite, its data made ready by `prepare`, or `processes` on PostgreSQL.

    `more` are settings, as the environment has them.
    """

    @asynccontextmanager
    async def start(stub: RemoteStub) -> AsyncIterator[Serving]:
        settings = {
            "BOT_TELEGRAM_TOKEN": stub.token,
            "BOT_TELEGRAM_API_URL": stub.url,
            "BOT_NLU_URL": nlu_url,
            "BOT_NLU_TIMEOUT": "5",
            **more,
        }
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if processes:
                with running_postgres() as server:
                    url = server.url(server.create_database())
                    each = [""] * processes
                    async with several(folder, url, each, module=INSTALLED, **settings) as running:
                        await asyncio.gather(*(process.start() for process in running))
                        yield running[0]
                return
            bot = Serving(folder, module=INSTALLED, **settings)
            await bot.command("keys", "init")
            await prepare(folder)
            await bot.start()
            try:
                yield bot
            finally:
                await bot.stop()

    return start


async def measure(what: str, start: Start, text: str, press: str = "") -> Measured:
    """Throughput for each crowd, then latencies at the steady rate, of one started bot."""
    async with stub_process("--no-validation") as stub, start(stub) as running:

        async def load(people: int, messages: int, rate: float = 0.0) -> dict[str, object]:
            given = {"people": people, "messages": messages, "rate": rate}
            answer: dict[str, object] = await stub.call(
                "POST", "/load", {**given, "text": text, "press": press}
            )
            return answer

        await load(1, 20)
        a_second, answers = {}, 0
        pid = running.pid if isinstance(running, Serving | Process) else None
        before = _cpu_seconds(pid) if pid else 0.0
        for people in CROWDS:
            loaded = await load(people, MESSAGES[people])
            done = people * (MESSAGES[people] // people)
            a_second[people] = done / float(str(loaded["seconds"]))
            answers += done + people  # each has written once before the clock starts
        cpu_ms = (_cpu_seconds(pid) - before) * 1000 / answers if pid else None
        steady = await load(100, STEADY_MESSAGES, STEADY)
        latencies = steady["latencies"]
        assert isinstance(latencies, list)
        cuts = statistics.quantiles(latencies, n=100, method="inclusive")
        memory = megabytes(running.pid) if isinstance(running, Serving) else None
    return Measured(what, a_second, cuts[49] * 1000, cuts[98] * 1000, cpu_ms, memory)


async def measure_all(nlu_url: str) -> list[Measured]:
    """Everything that stands beside the echo bot."""
    return [
        await measure("echo bot", echo, "hello"),
        await measure("turns understood by the model", sidelight(nlu_url), UNDERSTOOD),
        await measure("turns by button", sidelight(), "/start", BUTTON),
        await measure(
            "turns by button, PostgreSQL, 1 process", sidelight(processes=1), "/start", BUTTON
        ),
        await measure(
            "turns by button, PostgreSQL, 2 processes", sidelight(processes=2), "/start", BUTTON
        ),
    ]


def _cpu_seconds(pid: int) -> float:
    """What a process has used of all cores so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> float:
    """The resident memory of a process (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)
