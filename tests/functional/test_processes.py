"""Several processes on one PostgreSQL: what a person and an advocate see is what one would do."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pyotp
from sqlalchemy import make_url

from tests.functional.serving import Serving, several
from tests.postgres import PostgresServer
from tests.stub_telegram.control import RemotePerson, RemoteStub, stub_process

SCRIPT = ("/menu", "/privacy", "/help", "/language")
"""What a person writes, over and over; each word has one answer, whatever was said before."""
PEOPLE = 3


@asynccontextmanager
async def house(
    folder: Path, database_url: str, *roles: str
) -> AsyncIterator[tuple[RemoteStub, list[Serving]]]:
    """Processes of these roles, started, with a Telegram."""
    async with (
        stub_process() as stub,
        several(
            folder,
            database_url,
            roles,
            BOT_TELEGRAM_TOKEN=stub.token,
            BOT_TELEGRAM_API_URL=stub.url,
            BOT_QUIET_AFTER="3600",
            BOT_MESSAGE_TTL="7200",
        ) as processes,
    ):
        await asyncio.gather(*(process.start(within=150) for process in processes))
        yield stub, processes


async def answers(person: RemotePerson) -> list[str]:
    """What the bot said that is still on the screen, in order."""
    return [message.text for message in await person.screen() if not message.mine]


async def know_the_answers(people: Iterable[RemotePerson]) -> dict[str, str]:
    """Each word's answer, after everybody has had each once."""
    for person in people:
        await person.write("/start")
        await person.waits(lambda s: sum(not m.mine for m in s) == 1, 40)
        for word in SCRIPT:
            before = len(await answers(person))
            await person.write(word)
            await person.waits(lambda s, n=before: sum(not m.mine for m in s) > n, 40)
        known = await answers(person)
    return dict(zip(SCRIPT, known[-len(SCRIPT) :], strict=True))


class Crowd:
    """People who write all the time, and what they must see in the end."""

    def __init__(self, people: list[RemotePerson], said: dict[str, str]) -> None:
        self._people = people
        self._said = said
        self._expected: list[list[str]] = []

    async def begin(self) -> None:
        """What is on the screens now stays there."""
        self._expected = [await answers(person) for person in self._people]

    async def write(self, rounds: int, pause: float = 0.05) -> None:
        """Everybody writes so many times."""
        for number in range(rounds):
            word = SCRIPT[number % len(SCRIPT)]
            for person, expected in zip(self._people, self._expected, strict=True):
                await person.write(word)
                expected.append(self._said[word])
            await asyncio.sleep(pause)

    async def sees_all(self, within: float) -> None:
        """Everybody sees each answer, once, in order."""
        for person, expected in zip(self._people, self._expected, strict=True):
            enough = len(expected)
            await person.waits(lambda s, n=enough: sum(not m.mine for m in s) >= n, within)
        await asyncio.sleep(1)
        for person, expected in zip(self._people, self._expected, strict=True):
            assert [self.told(answer) for answer in await answers(person)] == [
                self.told(answer) for answer in expected
            ]

    def told(self, answer: str) -> str:
        """What counts of an answer: here, each letter of it."""
        return answer


class Advocate:
    """Somebody signed in at a process that serves the console."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def call(self, method: str, path: str, **body: object) -> object:
        """One call of the API; raises for an error."""
        async with self._http.request(
            method, f"/api/v1/{path}", json=None if method == "GET" else body
        ) as answer:
            answer.raise_for_status()
            return await answer.json() if answer.content_type == "application/json" else None

    async def waiting(self) -> str:
        """Wait until somebody waits; the handoff's id."""
        found = await self._until("handoffs?state=waiting", lambda found: bool(found))
        return str(found[0]["id"])

    async def hears(self, handoff: str, text: str) -> None:
        """Wait until the person's text is there."""
        await self._until(f"handoffs/{handoff}/messages", lambda found: text in str(found))

    async def _until(self, path: str, holds: Callable[[Any], bool]) -> Any:
        async with asyncio.timeout(40):
            while True:
                found = await self.call("GET", path)
                if holds(found):
                    return found
                await asyncio.sleep(0.1)


@asynccontextmanager
async def advocate(at: Serving) -> AsyncIterator[Advocate]:
    """Ada, with password and one-time code."""
    printed = await at.command("advocate", "add", "Ada", "--print-secrets")
    password, secret = (line.partition(": ")[2] for line in printed.strip().splitlines()[-2:])
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(at.url, cookie_jar=jar, headers={"origin": at.url}) as http:
        ada = Advocate(http)
        code = pyotp.TOTP(secret).now()
        await ada.call("POST", "session", name="Ada", password=password, totp=code)
        yield ada


def who_polls(processes: Iterable[Serving]) -> list[Serving]:
    """Those that run, the one that took the polling over last at the end."""

    def last(process: Serving) -> str:
        lines = process.log.read_text().splitlines()
        return max((line for line in lines if "kind=polling" in line), default="")

    return sorted((process for process in processes if process.runs), key=last)


def held_by(process: Serving, server: PostgresServer, url: str) -> str:
    """How many jobs and timers other processes must wait for, as this one has them."""
    mine = f"owner LIKE '{process.pid}-%'"
    return server.execute(
        f"SELECT (SELECT count(*) FROM leases WHERE {mine}),"
        f" (SELECT count(*) FROM timers WHERE {mine})",
        make_url(url).database or "",
    )


async def test_a_restart_and_a_kill(
    tmp_path: Path, postgres_server: PostgresServer, postgres_url: str
) -> None:
    """Of two that chat, the one that polls is restarted, then the other killed with kill -9.

    Nobody loses a word, or sees one twice or out of order. And an advocate at a console which has
    no way to Telegram itself talks with somebody.
    """
    async with house(tmp_path, postgres_url, "chat,worker", "chat,worker", "console") as (
        stub,
        (first, second, console),
    ):
        people = [await stub.person() for _ in range(PEOPLE)]
        crowd = Crowd(people, await know_the_answers(people))
        await crowd.begin()

        polling = who_polls((first, second))[-1]
        writing = asyncio.create_task(crowd.write(12))
        await asyncio.sleep(0.3)
        assert await polling.stop() == 0
        assert "not finished in time" not in polling.log.read_text()
        assert held_by(polling, postgres_server, postgres_url) == "0\t0"
        await writing
        await crowd.sees_all(within=60)
        await polling.start(within=150)

        polling = who_polls((first, second))[-1]
        writing = asyncio.create_task(crowd.write(12))
        await asyncio.sleep(0.3)
        await polling.kill()
        await writing
        await crowd.sees_all(within=90)

        someone = await stub.person()
        await someone.write("/start")
        await someone.waits(lambda s: sum(not m.mine for m in s) == 1, 40)
        async with advocate(console) as ada:
            await someone.press("intent:talk_to_human")
            await someone.waits(lambda s: any(m.button("handoff:share") for m in s), 40)
            await someone.press("handoff:share")
            handoff = await ada.waiting()
            await ada.call("POST", f"handoffs/{handoff}/claim")
            await ada.call("POST", f"handoffs/{handoff}/messages", text="I am here, Robin.")
            await someone.sees("I am here, Robin.", 40)
            await someone.write("good that you are")
            await ada.hears(handoff, "good that you are")
        assert await stub.violations() == []
