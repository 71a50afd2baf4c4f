"""Driving a stub that runs as a process of its own: the control API and its client."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.stub_telegram.faults import Fault
from tests.stub_telegram.load import run_flood, run_load
from tests.stub_telegram.phones import Person, Shown
from tests.stub_telegram.server import StubTelegram

ACTIONS = frozenset(
    {
        "write",
        "edit",
        "forward",
        "send_photo",
        "send_sticker",
        "send_voice",
        "send_location",
        "send_contact",
        "press",
        "press_raw",
        "block",
        "unblock",
        "delete_account",
        "hide",
    }
)
"""The methods of Person that the control API offers."""


def control_app(stub: StubTelegram) -> web.Application:
    """The control API. All bodies are JSON.

    ``POST /people`` makes a person; ``POST /people/{id}/{action}`` with ``[arguments]`` lets them
    act; ``GET /people/{id}`` shows ``screen``, ``history``, ``deleted`` and ``turning``.
    ``POST /script/{method}`` takes a list of faults, which ``DELETE /script`` calls off;
    ``POST /updates`` takes a raw update;
    ``POST /load`` has a crowd write (see `run_load`), ``POST /flood`` many who wait for nothing
    (see `run_flood`); ``GET /shown`` counts the messages on all
    screens, only those that came until the Unix second ``?until=`` where it is given;
    ``GET /calls/{method}`` lists its calls with instant, chat, status and number of message ids;
    ``POST /stop`` and ``POST /start`` end and resume service; ``GET /`` has all the rest.
    """

    def person(request: web.Request) -> Person:
        return stub.people[int(request.match_info["id"])]

    async def make(request: web.Request) -> web.Response:
        return web.json_response({"id": stub.person(**await request.json()).id})

    async def act(request: web.Request) -> web.Response:
        action = request.match_info["action"]
        if action not in ACTIONS:
            raise web.HTTPNotFound
        try:
            result = getattr(person(request), action)(*await request.json())
        except LookupError as error:
            raise web.HTTPConflict(text=str(error)) from None
        return web.json_response(result)

    async def show(request: web.Request) -> web.Response:
        one = person(request)
        return web.json_response(
            {
                "screen": [message.as_json() for message in one.screen()],
                "history": [message.as_json() for message in one.history],
                "deleted": sorted(one.deleted),
                "turning": sorted(one.turning),
            }
        )

    async def script(request: web.Request) -> web.Response:
        faults = [Fault(**fault) for fault in await request.json()]
        stub.script(request.match_info["method"], *faults)
        return web.json_response(True)

    async def unscript(_: web.Request) -> web.Response:
        stub.all_well()
        return web.json_response(True)

    async def update(request: web.Request) -> web.Response:
        stub.push_raw(await request.json())
        return web.json_response(True)

    async def settings(request: web.Request) -> web.Response:
        given = await request.json()
        stub.duplicates = given.get("duplicates", stub.duplicates)
        stub.reordered = given.get("reordered", stub.reordered)
        stub.advance(given.get("advance", 0))
        return web.json_response(True)

    async def state(_: web.Request) -> web.Response:
        return web.json_response(
            {
                "violations": stub.violations,
                "counts": stub.counts,
                "pending_updates": len(stub.updates),
                "webhook": stub.webhook.url,
                "profile": stub.profile,
            }
        )

    async def shown(request: web.Request) -> web.Response:
        until = int(request.query.get("until", 2**40))
        there = (m for p in stub.people.values() for m in p.screen() if m.at <= until)
        return web.json_response({"count": sum(1 for _ in there)})

    async def calls(request: web.Request) -> web.Response:
        made = (c for c in stub.calls if c.method == request.match_info["method"])
        return web.json_response(
            [
                {
                    "at": c.at,
                    "chat": c.params.get("chat_id"),
                    "status": c.status,
                    "ids": len(c.params.get("message_ids") or ()),
                }
                for c in made
            ]
        )

    async def load(request: web.Request) -> web.Response:
        return web.json_response(await run_load(stub, **await request.json()))

    async def flood(request: web.Request) -> web.Response:
        return web.json_response(await run_flood(stub, **await request.json()))

    async def start(_: web.Request) -> web.Response:
        await stub.start()
        return web.json_response(True)

    async def stop(_: web.Request) -> web.Response:
        await stub.stop()
        return web.json_response(True)

    app = web.Application()
    app.router.add_post("/people", make)
    app.router.add_post("/people/{id}/{action}", act)
    app.router.add_get("/people/{id}", show)
    app.router.add_post("/script/{method}", script)
    app.router.add_delete("/script", unscript)
    app.router.add_post("/updates", update)
    app.router.add_post("/settings", settings)
    app.router.add_post("/start", start)
    app.router.add_post("/stop", stop)
    app.router.add_get("/shown", shown)
    app.router.add_get("/calls/{method}", calls)
    app.router.add_post("/load", load)
    app.router.add_post("/flood", flood)
    app.router.add_get("/", state)
    return app


LAST = 6
"""Messages of a screen that are told of when something is missing."""


def told(screen: Sequence[Shown]) -> str:
    """How many messages are there, and how the last ones begin."""
    last = ", ".join(
        f"{'own' if m.mine else 'bot'} {m.text[:24]!r} {[*chain(*m.ids)]}" for m in screen[-LAST:]
    )
    return f"{len(screen)} messages are there, the last ones: {last}"


class RemotePerson:
    """A person of a stub in another process; the actions of `Person`, awaited."""

    def __init__(self, stub: "RemoteStub", chat_id: int) -> None:
        self._stub = stub
        self.id = chat_id

    async def write(self, text: str) -> int:
        """Send a text; returns the message's id."""
        return int(await self.act("write", text))

    async def press(self, label_or_id: str) -> str:
        """Press a button that is on the screen. Raises LookupError if none is."""
        return str(await self.act("press", label_or_id))

    async def block(self) -> None:
        """Block the bot."""
        await self.act("block")

    async def act(self, action: str, *arguments: Any) -> Any:
        """Any other of `ACTIONS`."""
        return await self._stub.call("POST", f"/people/{self.id}/{action}", list(arguments))

    async def screen(self) -> list[Shown]:
        """The messages that both sides still have, oldest first."""
        return (await self._show())["screen"]

    async def history(self) -> list[Shown]:
        """All messages that ever were on the screen."""
        return (await self._show())["history"]

    async def texts(self, *, mine: bool | None = None) -> list[str]:
        """The texts on the screen; only the person's own, or only the bot's, if `mine` says so."""
        return [m.text for m in await self.screen() if mine is None or m.mine is mine]

    async def sees(self, wanted: str, within: float = 10.0) -> list[Shown]:
        """Wait until a bot's message contains `wanted`; the screen then. Raises TimeoutError."""
        return await self.waits(
            lambda screen: any(wanted in m.text for m in screen if not m.mine), within
        )

    async def waits(self, holds: Any, within: float = 10.0) -> list[Shown]:
        """Wait until `holds(screen)` is true; the screen then. Raises TimeoutError."""
        deadline = asyncio.get_running_loop().time() + within
        while not holds(screen := await self.screen()):
            if asyncio.get_running_loop().time() > deadline:
                raise TimeoutError(f"not seen in {within} s; {told(screen)}")
            await asyncio.sleep(0.02)
        return screen

    async def _show(self) -> dict[str, list[Shown]]:
        answer = await self._stub.call("GET", f"/people/{self.id}")
        return {name: [Shown(**m) for m in answer[name]] for name in ("screen", "history")}


class RemoteStub:
    """A stub in another process. `url` and `token` are what the bot needs."""

    def __init__(self, session: aiohttp.ClientSession, ready: dict[str, Any], pid: int) -> None:
        self._session = session
        self._control = f"http://127.0.0.1:{ready['control_port']}"
        self.port: int = ready["port"]
        self.url = f"http://127.0.0.1:{self.port}/bot"
        self.token: str = ready["token"]
        self.pid = pid

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the control API."""
        async with self._session.request(method, self._control + path, json=body) as response:
            if response.status == 409:
                raise LookupError(await response.text())
            response.raise_for_status()
            return await response.json()

    async def person(self, **about: Any) -> RemotePerson:
        """Somebody new (`first_name`, `language`)."""
        return RemotePerson(self, (await self.call("POST", "/people", about))["id"])

    async def script(self, method: str, *faults: Fault) -> None:
        """Let the next calls of `method` go wrong."""
        await self.call("POST", f"/script/{method}", [asdict(fault) for fault in faults])

    async def all_well(self) -> None:
        """Let every call go right again."""
        await self.call("DELETE", "/script")

    async def push_raw(self, update: Any) -> None:
        """Queue anything as an update."""
        await self.call("POST", "/updates", update)

    async def set(self, **settings: Any) -> None:
        """Change `duplicates` or `reordered`, or let time `advance` by seconds."""
        await self.call("POST", "/settings", settings)

    async def down(self) -> None:
        """Refuse connections until `up`."""
        await self.call("POST", "/stop")

    async def up(self) -> None:
        """Serve again, on the same port."""
        await self.call("POST", "/start")

    async def state(self) -> dict[str, Any]:
        """``violations``, ``counts``, ``pending_updates``, ``webhook``, ``profile``."""
        state: dict[str, Any] = await self.call("GET", "/")
        return state

    async def violations(self) -> list[str]:
        """What did not fit aiogram's models; to be asserted empty."""
        return list((await self.state())["violations"])


@asynccontextmanager
async def stub_process(*arguments: str) -> AsyncIterator[RemoteStub]:
    """Run `python -m tests.stub_telegram` for the duration of the block."""
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.stub_telegram",
        *arguments,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 90))
        async with aiohttp.ClientSession() as session:
            yield RemoteStub(session, ready, process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
