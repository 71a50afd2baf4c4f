"""Fixtures with the real model: trained from `nlu/`, and served on a unix socket."""

import asyncio
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.conversation.interfaces import NluUnavailable
from bot.rasa.child import nlu_environment, nlu_python
from bot.rasa.client import RasaNluClient
from bot.rasa.training import train
from bot.settings import ROOT

NLU_DIR = ROOT / "nlu"
READY_WITHIN_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class RunningNlu:
    """A server that is ready. `output` is a file with all that it writes."""

    url: str
    pid: int
    output: Path


@pytest.fixture(scope="session")
def nlu_model() -> Path:
    """The model of the files as they stand, trained once."""
    return asyncio.run(train(NLU_DIR, print))


@pytest.fixture(scope="session")
def running_nlu(nlu_model: Path) -> Iterator[RunningNlu]:
    """One server for the whole session. As verbose as its libraries can be told to be."""
    with tempfile.TemporaryDirectory() as folder:
        socket, output = Path(folder, "nlu.sock"), Path(folder, "output.txt")
        command = [str(nlu_python(NLU_DIR)), str(NLU_DIR / "server.py"), "--embedded"]
        environment = {**nlu_environment(), "LOG_LEVEL": "DEBUG", "PYTHONASYNCIODEBUG": "1"}
        with output.open("wb") as written:
            process = subprocess.Popen(
                [*command, f"--model={nlu_model}", f"--socket={socket}"],
                stdin=subprocess.PIPE,
                stdout=written,
                stderr=subprocess.STDOUT,
                env=environment,
            )
        try:
            url = f"unix://{socket}"
            asyncio.run(_ready(url, lambda: process.poll() is None))
            yield RunningNlu(url, process.pid, output)
        finally:
            process.terminate()
            process.wait(timeout=10)
            if process.stdin is not None:
                process.stdin.close()


@pytest.fixture(scope="session")
def nlu_url(running_nlu: RunningNlu) -> str:
    """Where the session's server is asked, as in BOT_NLU_URL."""
    return running_nlu.url


async def eventually(condition: Callable[[], bool], within: float = 30.0) -> None:
    """Return when `condition` holds; fail when it does not within so many seconds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    while True:
        if condition():
            return
        assert loop.time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)


def servers_of(parent: int) -> dict[int, str]:
    """The model's servers that this process runs as its children: their pids and URLs."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            state, ppid = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it has ended meanwhile
        sockets = [word.removeprefix("--socket=") for word in command if "--socket=" in word]
        if sockets and int(ppid) == parent and state != "Z":
            found[int(folder.name)] = f"unix://{sockets[0]}"
    return found


async def until_ready(url: str) -> None:
    """Wait until the server there has loaded its model."""
    await _ready(url, lambda: True)


async def _ready(url: str, alive: Callable[[], bool]) -> None:
    client = RasaNluClient(url)
    try:
        async with asyncio.timeout(READY_WITHIN_SECONDS):
            while not await _answers(client):
                assert alive(), "the server ended while it started"
                await asyncio.sleep(0.2)
    finally:
        await client.close()


async def _answers(client: RasaNluClient) -> bool:
    try:
        await client.model()
    except NluUnavailable:
        return False
    return True
