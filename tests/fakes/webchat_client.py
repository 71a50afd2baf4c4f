"""A browser's side of the web chat over ASGI, without a browser."""

import asyncio
import json
from types import TracebackType
from typing import Any
from uuid import uuid4

import httpx
from starlette.applications import Starlette
from starlette.types import Message

from bot.ids import Address

HOST = "chat.test"


class PageClient:
    """One browser at the web chat. `cookie` is the name of its session cookie."""

    def __init__(self, app: Starlette, cookie: str = "chat", **headers: str) -> None:
        self._app = app
        self._cookie = cookie
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url=f"http://{HOST}",
            headers={"sec-fetch-site": "same-origin", "accept-language": "en", **headers},
        )

    @property
    def address(self) -> Address:
        return Address(self.http.cookies[self._cookie])

    async def post(
        self, content: str, kind: str = "text", message_id: str | None = None, **headers: str
    ) -> httpx.Response:
        body = {"id": message_id or str(uuid4()), "kind": kind, "content": content}
        return await self.http.post("/chat/messages", json=body, headers=headers)

    def events(self, **headers: str) -> "EventStream":
        """The open stream; httpx's own transport would wait for its end."""
        given = {"host": HOST, **self.http.headers, **headers}
        if cookie := self.http.cookies.get(self._cookie):
            given["cookie"] = f"{self._cookie}={cookie}"
        return EventStream(self._app, given)


class EventStream:
    """An open stream of events."""

    def __init__(self, app: Starlette, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._rest = ""
        self.status = 0
        self.headers: dict[str, str] = {}
        self.raw = ""
        self.last_id = ""

    async def __aenter__(self) -> "EventStream":
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "path": "/chat/events",
            "raw_path": b"/chat/events",
            "query_string": b"",
            "scheme": "http",
            "server": (HOST, 80),
            "client": ("127.0.0.1", 1),
            "headers": [(k.lower().encode(), v.encode()) for k, v in self._headers.items()],
        }
        self._task = asyncio.create_task(self._app(scope, self._receive, self._sent.put))
        start = await self._sent.get()
        self.status = start["status"]
        self.headers = {k.decode(): v.decode() for k, v in start["headers"]}
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._gone.set()
        await self._task

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def next(self, within: float = 5.0) -> dict[str, Any] | None:
        """The next event's data, or None when the stream has ended."""
        async with asyncio.timeout(within):
            while True:
                while "\r\n\r\n" in self._rest:
                    block, _, self._rest = self._rest.partition("\r\n\r\n")
                    data = [line[6:] for line in block.split("\r\n") if line.startswith("data: ")]
                    for line in block.split("\r\n"):
                        if line.startswith("id: "):
                            self.last_id = line[4:]
                    if data:
                        found: dict[str, Any] = json.loads("".join(data))
                        return found
                message = await self._sent.get()
                chunk = message.get("body", b"").decode()
                self.raw += chunk
                self._rest += chunk
                if not message.get("more_body"):
                    return None
