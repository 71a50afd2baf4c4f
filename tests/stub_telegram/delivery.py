"""Delivery of updates to a webhook, repeated until it is answered with 2xx."""

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from tests.stub_telegram.server import StubTelegram

_RETRY_SECONDS = 0.05


class WebhookDelivery:
    """Posts the stub's updates in order, one at a time, while a webhook is set.

    `answers` are the statuses the webhook gave; None where it gave none.
    """

    def __init__(self, stub: "StubTelegram") -> None:
        self._stub = stub
        self._secret: str | None = None
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self.url = ""
        self.answers: list[int | None] = []

    def aim(self, url: str, secret: str | None) -> None:
        """Deliver to `url` from now on; to nobody if it is empty."""
        self.url, self._secret = url, secret
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if url:
            self._stub.end_poll()
            self._task = asyncio.get_running_loop().create_task(self._run())

    def wake(self) -> None:
        """There are updates."""
        self._news.set()

    async def stop(self) -> None:
        """Stop delivering; the webhook stays set."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """Post anything to the webhook; returns the status."""
        async with aiohttp.ClientSession() as session:
            return await self._post(session, body, headers or self._headers())

    async def _run(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                self._news.clear()
                while self._stub.updates:
                    if await self._deliver(session, self._stub.updates[0]):
                        self._stub.updates.popleft()
                    else:
                        await asyncio.sleep(_RETRY_SECONDS)
                await self._news.wait()

    async def _deliver(self, session: aiohttp.ClientSession, update: Any) -> bool:

        status: int | None = None
        with suppress(aiohttp.ClientError, OSError):
            status = await self._post(session, json.dumps(update).encode(), self._headers())
        self.answers.append(status)
        return status is not None and 200 <= status < 300

    async def _post(
        self, session: aiohttp.ClientSession, body: bytes, headers: dict[str, str]
    ) -> int:
        async with session.post(self.url, data=body, headers=headers) as response:
            await response.read()
            return response.status

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if self._secret is not None:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._secret
        return headers
