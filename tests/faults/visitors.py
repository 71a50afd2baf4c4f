"""People at the web chat, whose page asks whichever process answers."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from typing import Any
from uuid import uuid4

import aiohttp

from tests.faults.people import PATIENCE, UNANSWERED, WORDS
from tests.functional.serving import Serving


class Visitor:
    """Writes WORDS, as `Survivor` does, and sends again what was not acknowledged."""

    def __init__(self, http: aiohttp.ClientSession, processes: Sequence[Serving]) -> None:
        self._http = http
        self._addresses = cycle(process.url for process in processes)
        self._answers: dict[str, str] = {}
        self.expected: list[str] = []

    async def begin(self) -> None:
        """In a calm hour: learn each word's answer."""
        for word in ("/start", *WORDS):
            before = len(await self._seen())
            await self._write(word)
            await self._until(before + 1)
        self.expected = await self._seen()
        self._answers = dict(zip(WORDS, self.expected[-len(WORDS) :], strict=True))

    async def go_on(self, chance: random.Random, until: asyncio.Event) -> None:
        """Write, now and then; but nobody writes on into silence."""
        while not until.is_set():
            await asyncio.sleep(chance.uniform(1.0, 2.0))
            if len(self.expected) - len(await self._seen()) >= UNANSWERED:
                continue
            word = chance.choice(WORDS)
            self.expected.append(self._answers[word])
            await self._write(word)

    async def has_seen_all(self) -> None:
        """Each answer once, in order."""
        await self._until(len(self.expected))
        seen = await self._seen()
        assert len(seen) == len(self.expected), f"{len(seen)} answers to {len(self.expected)}"
        assert seen == self.expected

    async def _until(self, enough: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(await self._seen()) < enough:  # noqa: ASYNC110 - over there
                await asyncio.sleep(0.2)

    async def _write(self, text: str) -> None:
        sent = {"id": str(uuid4()), "kind": "text", "content": text}
        async with asyncio.timeout(PATIENCE):
            while not await self._post(sent):  # noqa: ASYNC110 - over there
                await asyncio.sleep(0.2)

    async def _post(self, sent: dict[str, str]) -> bool:
        at = next(self._addresses)
        try:
            headers = {"origin": at}
            async with self._http.post(f"{at}/chat/messages", json=sent, headers=headers) as answer:
                assert answer.status in {204, 429} or answer.status >= 500, answer.status
                return answer.status == 204
        except (aiohttp.ClientError, TimeoutError):
            return False  # down, or killed before it answered

    async def _seen(self) -> list[str]:
        """The bot's texts that the page shows when it is opened anew."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    if (view := await self._view(next(self._addresses))) is not None:
                        return [m["text"] for m in view.get("add", ()) if m["author"] == "bot"]
                except (aiohttp.ClientError, TimeoutError):
                    pass
                await asyncio.sleep(0.2)

    async def _view(self, at: str) -> dict[str, Any] | None:
        async with self._http.get(f"{at}/chat/events") as stream:
            if stream.status != 200:
                return {} if stream.status == 204 else None
            async for line in stream.content:
                if line.startswith(b"data: "):
                    view: dict[str, Any] = json.loads(line[6:])
                    return view
        return None


@asynccontextmanager
async def visitor(processes: Sequence[Serving]) -> AsyncIterator[Visitor]:
    """One browser, with a cookie for all processes."""
    jar, within = aiohttp.CookieJar(unsafe=True), aiohttp.ClientTimeout(10)
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=within) as http:
        yield Visitor(http, processes)
