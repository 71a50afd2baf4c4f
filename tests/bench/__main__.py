"""`make bench`: whole turns beside an echo bot, and all other speeds; `docs/performance.md`.

`make bench ARGS=--quick` leaves out the slow ones, `ARGS=--dry` leaves the page as it is.
"""

import argparse
import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from bot.directory.places import PlaceFinder
from bot.rasa.process import NluProcess
from bot.rasa.training import train
from bot.settings import ROOT
from tests.bench import advocates, checkins, flood, growth, net, page, places, vault, words
from tests.bench.nlu import measure_nlu
from tests.bench.page import Table
from tests.bench.turns import measure_all

PAGE = ROOT / "docs" / "performance.md"


async def main(options: argparse.Namespace) -> None:
    """Measure, print, and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BOT_PLACES_DIR"] = folder  # one index for every bot that is started
        await asyncio.to_thread(PlaceFinder(Path(folder)).prepare)
        model = await train(ROOT / "nlu", print)
        async with NluProcess(ROOT / "nlu", model) as process:
            await process.wait_ready()
            turns = await measure_all(process.url)
        for each in turns:
            print(each, flush=True)
        tables: list[Table] = []
        async for title, rows in _tables(model, options):
            tables.append((title, rows))
            print(f"\n{title}")
            for what, figure in rows:
                print(f"{what:45} {figure}", flush=True)
            if not options.dry:
                page.write(PAGE, turns, tables)


async def _tables(model: Path, options: argparse.Namespace) -> AsyncIterator[Table]:
    sizes = growth.QUICK if options.quick else growth.FULL if options.full else growth.USUAL
    yield "conversations in the database", await growth.rows(sizes)
    if options.quick:
        return
    yield "others' answers while somebody floods the bot, SQLite", await flood.rows()
    yield "the model, over its socket", _split(await measure_nlu(ROOT / "nlu", model))
    yield "the safety net, ms of CPU", [(what, f"{ms:.2f}") for what, ms in net.rows()]
    yield "words and services, CPU", words.rows()
    yield "discretion", await vault.rows()
    yield "advocates, and people who wait", await advocates.rows()
    yield "places, ms of CPU: median, p99", places.rows()
    yield "check-ins due in the same minute: lateness", await checkins.rows()


def _split(rows: list[object]) -> list[tuple[str, str]]:
    return [(str(row)[:45].strip(), str(row)[45:].strip()) for row in rows]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="turns and a small growth only")
    parser.add_argument("--full", action="store_true", help="up to a million conversations")
    parser.add_argument("--dry", action="store_true", help="print, and leave the page as it is")
    asyncio.run(main(parser.parse_args()))
