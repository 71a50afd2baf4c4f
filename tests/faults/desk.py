"""Advocates at the console, and a conversation that outlives the one who began it."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import aiohttp
import pyotp

from tests.faults.people import PATIENCE, presses, said
from tests.functional.serving import Serving
from tests.stub_telegram.control import RemotePerson
from tests.stub_telegram.phones import Shown


class Advocate:
    """Somebody with an account, signed in over the API. Each call is repeated until answered."""

    def __init__(self, name: str, password: str, secret: str, http: aiohttp.ClientSession) -> None:
        self._name = name
        self._password = password
        self._totp = pyotp.TOTP(secret)
        self._http = http

    async def sign_in(self, shift: int = 0) -> None:
        """In a calm moment, as a code counts once; `shift` is how far the clock was moved."""
        code = self._totp.at(int(time.time()) + shift)
        given = {"name": self._name, "password": self._password, "totp": code}
        await self.call("POST", "session", **given)

    async def call(self, method: str, path: str, *, also: Collection[int] = (), **body: Any) -> Any:
        """One call, however often it takes; the answer, None if it has no body or is of `also`."""
        given = None if method == "GET" else body
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    async with self._http.request(method, f"/api/v1/{path}", json=given) as answer:
                        if answer.status < 300:
                            return await answer.json() if answer.status != 204 else None
                        if answer.status in also:
                            return None
                        assert answer.status >= 500, f"{path}: {answer.status}"
                except (aiohttp.ClientError, TimeoutError):
                    pass  # the process is down, or was killed before it answered
                await asyncio.sleep(0.1)


@asynccontextmanager
async def advocate(at: Serving, name: str) -> AsyncIterator[Advocate]:
    """Somebody with password and one-time code, who has not signed in yet."""
    printed = await at.command("advocate", "add", name, "--print-secrets")
    password, secret = (line.partition(": ")[2] for line in printed.strip().splitlines()[-2:])
    jar, within = aiohttp.CookieJar(unsafe=True), aiohttp.ClientTimeout(10)
    async with aiohttp.ClientSession(
        at.url, cookie_jar=jar, headers={"origin": at.url}, timeout=within
    ) as http:
        yield Advocate(name, password, secret, http)


class Talk:
    """A survivor and an advocate who write to each other; both must read all, once, in order."""

    def __init__(self, person: RemotePerson, ada: Advocate) -> None:
        self._person = person
        self._ada = ada
        self._handoff = ""
        self._heard: list[str] = []
        self._told: list[str] = []

    async def begin(self) -> None:
        """In a calm hour: ask for somebody, and be taken on."""
        await self._person.write("/start")
        await presses(self._person, "intent:talk_to_human")
        await presses(self._person, "handoff:share")
        await self._taken_on()

    async def goes_on_with(self, bo: Advocate) -> None:
        """Ada has vanished, and her claim has run out: the next one takes the person on, and has
        all that was said before."""
        self._ada = bo
        await self._taken_on()
        await self._tell()
        await self._say()
        await self.both_have_read_all()

    async def go_on(self, chance: random.Random, until: asyncio.Event) -> None:
        """Each writes without waiting for the other."""

        async def keep(doing: Callable[[], Any]) -> None:
            while not until.is_set():
                await doing()
                await asyncio.sleep(chance.uniform(0.5, 2))

        await asyncio.gather(keep(self._tell), keep(self._say))

    async def both_have_read_all(self) -> None:
        """Nothing lost, doubled or out of order, on either side."""
        await self._person.waits(lambda s: len(self._from_desk(s)) >= len(self._heard), PATIENCE)
        assert self._from_desk(await self._person.screen()) == self._heard, "the person's side"
        read: list[str] = []
        for _ in range(int(PATIENCE / 0.1)):
            if len(read := await self._read()) >= len(self._told):
                break
            await asyncio.sleep(0.1)
        assert read == self._told, "the advocate's side"

    async def _taken_on(self) -> None:
        """Wait until the person waits, once, and claim them."""
        waiting: list[Any] = []
        for _ in range(int(PATIENCE / 0.1)):
            if waiting := await self._ada.call("GET", "handoffs?state=waiting"):
                break
            await asyncio.sleep(0.1)
        assert len(waiting) == 1, f"{len(waiting)} wait"
        assert self._handoff in ("", waiting[0]["id"])
        self._handoff = waiting[0]["id"]
        # Claimed already, if the answer to the first try was lost.
        await self._ada.call("POST", f"handoffs/{self._handoff}/claim", also=(409,))

    async def _tell(self) -> None:
        self._told.append(f"survivor {len(self._told)}")
        await self._person.write(self._told[-1])

    async def _say(self) -> None:
        self._heard.append(f"advocate {len(self._heard)}")
        path = f"handoffs/{self._handoff}/messages"
        await self._ada.call("POST", path, text=self._heard[-1], id=str(uuid4()))

    def _from_desk(self, screen: list[Shown]) -> list[str]:
        return [text for text in said(screen) if text.startswith("advocate ")]

    async def _read(self) -> list[str]:
        lines = await self._ada.call("GET", f"handoffs/{self._handoff}/messages")
        texts = (str(line["text"]) for line in lines)
        return [text for text in texts if text.startswith("survivor ")]
