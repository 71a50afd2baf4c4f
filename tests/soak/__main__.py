"""`make soak`: nights of troubles, one after the other, until one fails; then a steady load;
then simulated months.

`make soak ARGS="--nights 10 --seconds 60"`: each night has three parts with so many seconds of
troubles, by turns on SQLite, with the real model (stopped and killed, too), and by two processes on
PostgreSQL. `--seed` repeats a night's choices, though not the machine's. `--minutes` is how long a
bot is under a steady load, while its memory is watched (`tests/soak/steady.py`). `--months` is how
many months of check-ins of 10,000 people are lived in between (`tests/simulation/`), each from
another seed: there `--seed` repeats everything.
"""

import argparse
import asyncio
import os
import random
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bot.directory.places import PlaceFinder
from bot.rasa.process import NluProcess
from bot.rasa.training import train
from bot.settings import ROOT
from tests.faults.scene import night
from tests.postgres import running_postgres
from tests.simulation.month import many
from tests.soak.steady import steady

PEOPLE = 10_000


def main() -> None:
    """Run the nights; an error with the seed ends them."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--nights", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--months", type=int, default=5)
    parser.add_argument("--seed", type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as places:
        os.environ["BOT_PLACES_DIR"] = places
        PlaceFinder(Path(places)).prepare()
        for number in range(options.nights):
            seed = options.seed or random.SystemRandom().randrange(10**6)
            _one(number, seed, options.seconds)
        if options.minutes:
            asyncio.run(_steady(options.minutes))
    for number in range(options.months):
        seed = options.seed or random.SystemRandom().randrange(10**6)
        _month(number, seed)


async def _steady(minutes: int) -> None:
    model = await train(ROOT / "nlu", print)
    async with NluProcess(ROOT / "nlu", model) as process:
        await process.wait_ready()
        await steady(minutes, process.url)


def _month(number: int, seed: int) -> None:
    started = time.monotonic()
    lived = many(seed, PEOPLE)
    broken = [fault for month in lived for fault in month.broken]
    if broken:
        print(f"month {number + 1}, seed {seed}: not clean")
        raise SystemExit("\n".join(broken))
    told = "; ".join(map(str, lived))
    print(f"month {number + 1}, seed {seed}: clean; {told}; ", end="")
    print(f"{time.monotonic() - started:.0f} s", flush=True)


def _one(number: int, seed: int, seconds: float) -> None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = stack.enter_context(running_postgres()) if number % 2 else None

        async def pass_by() -> dict[str, int]:
            async with night(Path(folder), seed, postgres=server, real_model=server is None) as (
                scene,
                troubles,
            ):
                await scene.pass_by(seconds)
                return troubles.happened

        try:
            happened = asyncio.run(pass_by())
        except BaseException:
            print(f"night {number + 1}, seed {seed}: not clean")
            raise
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in happened.items())
    where = "SQLite" if server is None else "PostgreSQL, 2 processes"
    print(f"night {number + 1}, seed {seed}, {where}: clean; {told}; ", end="")
    print(f"{time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
