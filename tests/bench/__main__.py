"""`make bench`: whole turns beside an echo bot, and the model's speed, as a table.

A turn is stored, understood, decided, sealed, answered and recorded for deletion; the echo bot of
python-telegram-bot with its default transport only answers. Both talk to the same stub of the Bot
API, which validates nothing here that the bots would wait for differently.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.rasa.process import NluProcess
from bot.rasa.training import train
from bot.settings import ROOT
from tests.bench import net, places, words
from tests.bench.nlu import measure_nlu
from tests.functional.serving import Serving, serving
from tests.stub_telegram.control import RemotePerson, RemoteStub, stub_process

MESSAGES = 200
PEOPLE = 20


async def _crowd(stub: RemoteStub, write: str, people: int) -> float:
    """Messages answered a second, when `people` write MESSAGES between them."""
    crowd = [await stub.person() for _ in range(people)]

    async def one(person: RemotePerson) -> None:
        for number in range(1, MESSAGES // people + 1):
            await person.write(write)
            await person.waits(lambda s, n=number: sum(not m.mine for m in s) >= n, 120)

    await one(crowd[0])
    crowd = [await stub.person() for _ in range(people)]
    started = time.perf_counter()
    await asyncio.gather(*(one(person) for person in crowd))
    return people * (MESSAGES // people) / (time.perf_counter() - started)


@asynccontextmanager
async def _echo(stub: RemoteStub) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.echo", stub.token, stub.url, cwd=ROOT
    )
    try:
        await asyncio.sleep(3)
        yield
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def _sidelight(stub: RemoteStub, nlu_url: str) -> AsyncIterator[Serving]:
    with tempfile.TemporaryDirectory() as folder:
        async with serving(
            Path(folder),
            BOT_TELEGRAM_TOKEN=stub.token,
            BOT_TELEGRAM_API_URL=stub.url,
            BOT_NLU_URL=nlu_url,
            BOT_NLU_TIMEOUT="5",
        ) as bot:
            await bot.start()
            yield bot


async def _measured(bot: Callable[[RemoteStub], object], write: str, people: int) -> float:
    async with stub_process() as stub, bot(stub):  # type: ignore[attr-defined]
        return await _crowd(stub, write, people)


async def main() -> None:
    """Print the table."""
    model = await train(ROOT / "nlu", print)
    async with NluProcess(ROOT / "nlu", model) as process:
        await process.wait_ready()
        rows: list[tuple[str, Awaitable[float]]] = []
        for people in (1, PEOPLE):
            rows += [
                (f"echo bot, {people} at once", _measured(_echo, "hello", people)),
                (
                    f"turns by command, {people} at once",
                    _measured(lambda s: _sidelight(s, process.url), "/menu", people),
                ),
                (
                    f"turns understood by the model, {people} at once",
                    _measured(lambda s: _sidelight(s, process.url), "where can i sleep", people),
                ),
            ]
        print(f"{'what':45} answered/s")
        for name, measured in rows:
            print(f"{name:45} {await measured:10.1f}")
    print(f"\n{'the model, over its socket':45} measured")
    for row in await measure_nlu(ROOT / "nlu", model):
        print(row)
    print(f"\n{'the safety net':45} ms of CPU")
    for what, milliseconds in net.rows():
        print(f"{what:45} {milliseconds:9.2f}")
    print(f"\n{'words and services':45} CPU")
    for what, figure in words.rows():
        print(f"{what:45} {figure}")
    print(f"\n{'places':45} ms of CPU: median, p99")
    for what, figures in places.rows():
        print(f"{what:45} {figures}")


if __name__ == "__main__":
    asyncio.run(main())
