"""A stand-in for the model's server, which understands nothing and can be slow, broken or gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from aiohttp import web

Mood = Literal["well", "slow", "silent", "broken", "garbled", "gone"]

SLOW = 0.25
"""Seconds: within the bot's time limit for one answer, though not for two of them in a row."""


class Model:
    """Answers every text alike. `asked` counts the requests that reached it."""

    def __init__(self) -> None:
        self.mood: Mood = "well"
        self.asked = 0
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def start(self) -> None:
        """Listen on loopback, always at the same port."""
        app = web.Application()
        app.router.add_post("/parse", self._parse)
        app.router.add_get("/readyz", self._ready)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Take no connection any more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def becomes(self, mood: Mood, seconds: float) -> None:
        """Be so for a while, and well again afterwards."""
        self.mood = mood
        if mood == "gone":
            await self.stop()
        await asyncio.sleep(seconds)
        self.mood = "well"
        if mood == "gone":
            await self.start()

    async def _ready(self, _: web.Request) -> web.Response:
        return web.json_response({"model": "stand-in"})

    async def _parse(self, request: web.Request) -> web.Response:
        self.asked += 1
        texts = (await request.json())["messages"]
        if self.mood == "slow":
            await asyncio.sleep(SLOW)
        elif self.mood == "silent":
            await asyncio.sleep(3)
        elif self.mood == "broken":
            return web.Response(status=500)
        elif self.mood == "garbled":
            return web.Response(text="<html>")
        guess = {"intent": "out_of_scope", "confidence": 0.1}
        parse = {**guess, "alternatives": [], "entities": []}
        return web.json_response({"parses": [parse] * len(texts)})


@asynccontextmanager
async def stand_in() -> AsyncIterator[Model]:
    """One that is well, for as long as the block."""
    model = Model()
    await model.start()
    try:
        yield model
    finally:
        await model.stop()
