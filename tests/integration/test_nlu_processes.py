"""Several servers of the model: one that dies is not missed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dialogue.intents import Intent
from bot.errors import ConfigurationError
from bot.rasa.client import RasaNluClient
from bot.rasa.processes import NluProcesses
from bot.serving.understanding import Understanding
from bot.settings import load_settings
from tests.contract.nlu_clients import CLEAR
from tests.contract.nlu_server import NLU_DIR, eventually, servers_of, until_ready

PATIENCE = timedelta(seconds=120)
LIMIT = timedelta(seconds=15)
"""Long, as other work on the machine must not fail a test."""


@pytest.fixture
async def pair(nlu_model: Path) -> AsyncIterator[NluProcesses]:
    """Two servers, both ready."""
    async with NluProcesses(NLU_DIR, nlu_model, 2) as processes:
        await ready(processes)
        yield processes


async def ready(processes: NluProcesses) -> None:
    """Wait until every one of them answers."""
    for url in processes.url.split(","):
        await until_ready(url)


async def test_killed_in_the_middle_one_is_not_missed(pair: NluProcesses) -> None:
    """Many ask all the time, one server is killed, and then the other once the first is back:
    every text has its right answer."""
    client = RasaNluClient(pair.url, time_limit=LIMIT)
    over = asyncio.Event()
    heard: list[tuple[str, Intent]] = []

    async def ask(text: str) -> None:
        while not over.is_set():
            parse = await client.parse(text, None)
            heard.append((text, parse.guesses[0].intent))

    askers = [asyncio.create_task(ask(text)) for text in [*CLEAR] * 3]
    first, second = pair.pids
    for victim in (first, second):
        before = len(heard)
        await eventually(lambda n=before: len(heard) > n + 20)
        os.kill(victim, signal.SIGKILL)
        before = len(heard)
        await eventually(lambda n=before: len(heard) > n + 20)
        await eventually(lambda gone=victim: len(pair.pids) == 2 and gone not in pair.pids)
        await ready(pair)
    over.set()
    await asyncio.gather(*askers)
    await client.close()
    assert all(intent is CLEAR[text] for text, intent in heard)
    assert {text for text, _ in heard} == set(CLEAR)


async def test_stopping_ends_them_all(nlu_model: Path) -> None:
    """Even while they load; neither a process nor a folder is left, and twice is no error."""
    processes = NluProcesses(NLU_DIR, nlu_model, 3)
    await processes.stop()
    await processes.start()
    pids = processes.pids
    sockets = [Path(url.removeprefix("unix://")) for url in processes.url.split(",")]
    assert len(set(pids)) == len(set(sockets)) == 3
    await processes.stop()
    await processes.stop()
    assert processes.pids == []
    assert not set(pids) & set(servers_of(os.getpid()))
    assert not any(socket.parent.exists() for socket in sockets)


async def test_a_damaged_model_is_a_configuration_error(tmp_path: Path) -> None:
    """Once none of them can use it."""
    model = tmp_path / "model.tar.gz"
    model.write_bytes(b"damaged")
    async with NluProcesses(NLU_DIR, model, 2) as processes:
        with pytest.raises(ConfigurationError, match="train it again"):
            await processes.wait_ready(PATIENCE)


async def test_what_is_missing_is_named(tmp_path: Path) -> None:
    """And nothing is left that had been started."""
    processes = NluProcesses(NLU_DIR, tmp_path / "none.tar.gz", 2)
    with pytest.raises(ConfigurationError, match="sidelight nlu train"):
        await processes.start()
    assert processes.pids == []


@pytest.mark.parametrize("count", ["0", "17", "two"])
def test_a_wrong_number_of_processes_is_named(monkeypatch: pytest.MonkeyPatch, count: str) -> None:
    """From 1 to 16."""
    monkeypatch.setenv("BOT_NLU_PROCESSES", count)
    with pytest.raises(ConfigurationError, match="BOT_NLU_PROCESSES"):
        load_settings()


@pytest.mark.usefixtures("nlu_model")
async def test_a_bot_runs_as_many_as_it_is_told() -> None:
    """It answers while one of them is killed, and ends them with itself."""
    others = servers_of(os.getpid())  # that other tests share
    understanding = Understanding(load_settings(nlu_processes=2, nlu_timeout=LIMIT))
    running = asyncio.create_task(understanding.run())
    await asyncio.wait_for(understanding.ready.wait(), PATIENCE.total_seconds())
    children = servers_of(os.getpid())
    for pid in others:
        del children[pid]
    assert len(children) == 2
    for url in children.values():
        await until_ready(url)
    os.kill(min(children), signal.SIGKILL)
    for text, intent in CLEAR.items():
        assert (await understanding.parse(text, None)).guesses[0].intent is intent
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert servers_of(os.getpid()) == others
