"""The model's server as a child process: watched, restarted, never left behind."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.intents import Intent
from bot.errors import ConfigurationError
from bot.rasa.client import RasaNluClient
from bot.rasa.process import NluProcess
from tests.contract.nlu_server import NLU_DIR, eventually

PATIENCE = timedelta(seconds=120)


@pytest.fixture
async def nlu(nlu_model: Path) -> AsyncIterator[NluProcess]:
    """A server of the test's own, ready."""
    async with NluProcess(NLU_DIR, nlu_model) as process:
        await process.wait_ready(PATIENCE)
        yield process


def alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in {"Z", "X"}


async def test_a_killed_server_is_missed_and_comes_back(nlu: NluProcess) -> None:
    """Killed in the middle, it is unavailable at once; restarted, it answers again."""
    client = RasaNluClient(nlu.url, time_limit=timedelta(seconds=20))
    first = nlu.pid
    assert first is not None
    assert (await client.parse("hello", None)).guesses[0].intent is Intent.GREET
    os.kill(first, signal.SIGKILL)
    with pytest.raises(NluUnavailable):
        await client.parse("hello", None)
    await nlu.wait_ready(PATIENCE)
    await asyncio.sleep(1)  # the breaker's rest
    assert (await client.parse("hello", None)).guesses[0].intent is Intent.GREET
    await client.close()
    second = nlu.pid
    assert second not in {None, first}
    await nlu.stop()
    assert not alive(second or 0)


async def test_stopping_leaves_nothing_behind(nlu_model: Path) -> None:
    """Neither a process nor a folder, even while the model loads; stopping twice is no error."""
    nlu = NluProcess(NLU_DIR, nlu_model)
    await nlu.stop()
    await nlu.start()
    pid, socket = nlu.pid, Path(nlu.url.removeprefix("unix://"))
    assert pid is not None
    await eventually(socket.exists)
    assert alive(pid)
    await nlu.stop()
    assert not alive(pid)
    assert not socket.parent.exists()
    await nlu.stop()


async def test_it_does_not_outlive_its_parent(nlu_model: Path) -> None:
    """When the bot is killed outright, the server ends and takes its folder along."""
    script = (
        "import asyncio, sys, pathlib\n"
        "from bot.rasa.process import NluProcess\n"
        "async def main():\n"
        "    nlu = NluProcess(*map(pathlib.Path, sys.argv[1:]))\n"
        "    await nlu.start()\n"
        "    print(nlu.pid, nlu.url, flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        str(NLU_DIR),
        str(nlu_model),
        stdout=asyncio.subprocess.PIPE,
        cwd=NLU_DIR.parent,
    )
    assert parent.stdout is not None
    pid, url = (await parent.stdout.readline()).decode().split()
    socket = Path(url.removeprefix("unix://"))
    await eventually(socket.exists)
    assert alive(int(pid))
    with suppress(ProcessLookupError):
        parent.kill()
    await parent.wait()
    await eventually(lambda: not alive(int(pid)))
    await eventually(lambda: not socket.parent.exists())


async def test_a_damaged_model_is_a_configuration_error(tmp_path: Path) -> None:
    """Who waits for it is told why it will not come, and what to do."""
    model = tmp_path / "model.tar.gz"
    model.write_bytes(b"damaged")
    async with NluProcess(NLU_DIR, model) as process:
        with pytest.raises(ConfigurationError, match="train it again"):
            await process.wait_ready(PATIENCE)


async def test_what_is_missing_is_named(tmp_path: Path, nlu_model: Path) -> None:
    """No Python with Rasa, no model: each with its mend."""
    with pytest.raises(ConfigurationError, match="make nlu"):
        await NluProcess(tmp_path, nlu_model).start()
    with pytest.raises(ConfigurationError, match="sidelight nlu train"):
        await NluProcess(NLU_DIR, tmp_path / "none.tar.gz").start()
