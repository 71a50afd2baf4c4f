"""A full house: advocates with open pages, people who wait, and claims that come in quickly.

A claim's time counts from the moment it was meant to begin; a message's from then, too, until its
words are in the page of the right advocate. Sessions are there from the start: signing in is slow
on purpose, and is not what is measured.
"""

import argparse
import asyncio
import os
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import aiohttp

from bot.directory.places import PlaceFinder
from tests.bench.console_page import Outcome, Page
from tests.bench.full_house import Person, fill
from tests.functional.serving import Serving, several
from tests.postgres import running_postgres

ADVOCATES = 200
WAITING = 1_000
CLAIMS = 50.0
"""A second."""
MESSAGES = 10.0
"""A second; people write once they have been claimed."""
RACED = 10
"""Every so many people are claimed by two advocates at the same instant."""
EDGE = 3.0
"""Seconds over which it is judged whether all is calm."""
LATEST = 60.0
"""Seconds after the last claim in which messages may still arrive."""
COMING = 8
"""Pages that open at the same time."""
CALM = 0.5
"""Of a core."""

Row = tuple[str, str]


class House:
    """Pages and people at the bots of `urls`: the console's first, the chat's last."""

    def __init__(self, http: aiohttp.ClientSession, urls: Sequence[str], rate: float) -> None:
        self._http, self._urls, self._rate = http, urls, rate
        self.outcome = Outcome()

    async def night(
        self, people: Sequence[Person], tokens: Sequence[str], pids: Sequence[int]
    ) -> int:
        """Everybody is claimed, and some write; how many messages were sent."""
        pages = [Page(self._http, self._urls[0], token, self.outcome) for token in tokens]
        async with asyncio.TaskGroup() as group:
            open_ = list[asyncio.Task[None]]()
            for page in pages:
                open_.append(group.create_task(page.run()))
                if len(open_) >= COMING:
                    await pages[len(open_) - COMING].ready.wait()
            for page in pages:
                await page.ready.wait()
            await _calm(pids)
            spent, began = sum(map(_cpu, pids)), time.perf_counter()
            sent = await self._claims(people, pages, began)
            self.outcome.took = time.perf_counter() - began
            self.outcome.cpu = sum(map(_cpu, pids)) - spent
            await self._messages(pages)
            for task in open_:
                task.cancel()
        return sent

    @staticmethod
    async def _messages(pages: Sequence[Page]) -> None:
        for _ in range(int(LATEST)):
            if not any(page.awaited for page in pages):
                return
            await asyncio.sleep(1)

    async def _claims(self, people: Sequence[Person], pages: Sequence[Page], began: float) -> int:
        written = 0
        async with asyncio.TaskGroup() as group:
            for number, person in enumerate(people):
                at = began + number / self._rate
                await asyncio.sleep(max(0.0, at - time.perf_counter()))
                page, other = pages[number % len(pages)], pages[(number + 7) % len(pages)]
                rivals = (page, other) if number % RACED == 0 else (page,)
                writes = number * MESSAGES / self._rate >= written
                written += writes
                group.create_task(self._meet(person, rivals, at, writes=writes))
        return written

    async def _meet(
        self, person: Person, rivals: Sequence[Page], at: float, *, writes: bool
    ) -> None:
        won = await asyncio.gather(*(page.claim(person.handoff, at) for page in rivals))
        if writes and True in won:
            await self._write(person, rivals[won.index(True)])

    async def _write(self, person: Person, page: Page) -> None:
        """A second after the advocate came, in words that nobody else uses."""
        await asyncio.sleep(1)
        text = f"words {secrets.token_hex(8)}"
        page.awaited[text] = time.perf_counter()
        body = {"id": str(uuid4()), "kind": "text", "content": text}
        headers = {"Cookie": f"chat={person.address}"}
        url = f"{self._urls[-1]}/chat/messages"
        async with self._http.post(url, json=body, headers=headers) as answer:
            if answer.status != 204:
                self.outcome.odd[answer.status] += 1


async def measure(
    bots: Sequence[Serving], database_url: str, people: int, advocates: int, where: str
) -> list[Row]:
    """One night with bots that are not running yet."""
    folder = bots[0].folder / "data"
    waiting, tokens = await fill(database_url, folder, people, advocates)
    for bot in bots:
        await bot.start()
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)
    async with aiohttp.ClientSession(connector=connector) as http:
        house = House(http, [bot.url for bot in bots], CLAIMS)
        sent = await house.night(waiting, tokens, [bot.pid for bot in bots])
    return house.outcome.rows(where, people, sent)


@asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[tuple[list[Serving], str]]:
    """One process on SQLite, and its database."""
    bot = Serving(folder)
    await bot.command("keys", "init")
    try:
        yield [bot], f"sqlite+aiosqlite:///{folder / 'data' / 'sidelight.db'}"
    finally:
        if bot.runs:
            await bot.stop()


async def rows(people: int = WAITING, advocates: int = ADVOCATES, only: str = "") -> list[Row]:
    """The figures, by what they are of."""
    found: list[Row] = []
    if only in {"", "sqlite"}:
        with tempfile.TemporaryDirectory(prefix="sidelight-bench-") as name:
            async with embedded(Path(name)) as (bots, url):
                found += await measure(bots, url, people, advocates, "SQLite, 1 process")
    for roles in (("",), ("console", "chat,worker")):
        if only not in {"", f"postgres{len(roles)}"}:
            continue
        with (
            tempfile.TemporaryDirectory(prefix="sidelight-bench-") as name,
            running_postgres() as server,
        ):
            url, count = server.url(server.create_database()), len(roles)
            where = f"PostgreSQL, {count} process{'es' * (count > 1)}"
            async with several(Path(name), url, roles) as bots:
                found += await measure(bots, url, people, advocates, where)
    return found


async def _calm(pids: Sequence[int]) -> None:
    """Wait until the bots have warmed up, and all pages are there."""
    while True:
        before = sum(map(_cpu, pids))
        await asyncio.sleep(EDGE)
        if sum(map(_cpu, pids)) - before < CALM * EDGE:
            return


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def main() -> None:
    """Print them alone: `python -m tests.bench.advocates`."""
    parser = argparse.ArgumentParser(description="Advocates with open pages, and many claims.")
    parser.add_argument("--people", type=int, default=WAITING)
    parser.add_argument("--advocates", type=int, default=ADVOCATES)
    parser.add_argument("--only", choices=("sqlite", "postgres1", "postgres2"), default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BOT_PLACES_DIR"] = folder
        await asyncio.to_thread(PlaceFinder(Path(folder)).prepare)
        for what, figure in await rows(given.people, given.advocates, given.only):
            print(f"{what:45} {figure}")


if __name__ == "__main__":
    asyncio.run(main())
