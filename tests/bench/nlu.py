"""How fast the model answers over its socket, and what it takes."""

import asyncio
import random
import statistics
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.rasa.client import RasaNluClient
from bot.rasa.parsing import parse_many
from bot.rasa.process import NluProcess
from bot.rasa.testset import read_testset

RATE = 20
"""Texts a second, at random (Poisson arrivals)."""
SECONDS = 20
CLIENTS = 16
EACH = 40
"""Texts that each of CLIENTS asks about, one after the other."""
BATCHED = 512
PATIENT = timedelta(seconds=20)
SEED = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, as it is printed."""

    what: str
    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.what:45} {self.value:10.1f} {self.unit}"


async def measure_nlu(nlu_dir: Path, model: Path) -> list[Row]:
    """Start one server with `model` and measure it with the held-out texts of all languages."""
    texts = _texts(nlu_dir)
    started = time.perf_counter()
    async with NluProcess(nlu_dir, model) as process:
        await process.wait_ready()
        ready = time.perf_counter() - started
        client = RasaNluClient(process.url, time_limit=PATIENT)
        try:
            await _batches(client, texts[:64])
            times = await _at_random(client, texts)
            crowd = await _crowd(client, texts)
            batches = await _batches(client, texts[:BATCHED])
        finally:
            await client.close()
        assert process.pid is not None
        memory = _megabytes(process.pid)
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return [
        Row("the model is ready after", ready, "s"),
        *(Row(f"one parse, {RATE} a second, p{p}", cuts[p - 1], "ms") for p in (50, 90, 99)),
        Row(f"parses, {CLIENTS} at once", crowd, "/s"),
        Row("parses, in batches of 64", batches, "/s"),
        Row("memory of the model's server", memory, "MB"),
    ]


def _texts(nlu_dir: Path) -> list[str]:
    """In an order that is random and the same every time."""
    files = [file for file in sorted((nlu_dir / "tests").iterdir()) if file.is_file()]
    texts = [utterance.text for file in files for utterance in read_testset(file)]
    random.Random(SEED).shuffle(texts)
    return texts


async def _at_random(client: RasaNluClient, texts: list[str]) -> list[float]:
    """Milliseconds from each arrival to its answer; nobody waits for those before."""
    chance = random.Random(SEED)

    async def one(text: str) -> float:
        asked = time.perf_counter()
        await client.parse(text, None)
        return (time.perf_counter() - asked) * 1000

    calls = []
    due = time.perf_counter()
    end = due + SECONDS
    while due < end:
        await asyncio.sleep(due - time.perf_counter())
        calls.append(asyncio.create_task(one(texts[len(calls) % len(texts)])))
        due += chance.expovariate(RATE)
    return await asyncio.gather(*calls)


async def _crowd(client: RasaNluClient, texts: list[str]) -> float:
    async def one(number: int) -> None:
        for turn in range(EACH):
            await client.parse(texts[(number * EACH + turn) % len(texts)], None)

    started = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(CLIENTS)))
    return CLIENTS * EACH / (time.perf_counter() - started)


async def _batches(client: RasaNluClient, texts: list[str]) -> float:
    started = time.perf_counter()
    await parse_many(client, texts, [None] * len(texts))
    return len(texts) / (time.perf_counter() - started)


def _megabytes(pid: int) -> float:
    """The resident memory of a process (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)
