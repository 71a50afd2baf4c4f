"""`/metrics` on a port of its own, for a Prometheus in the same private network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from bot.bootstrap import Sidelight
from bot.conversation.errors import DatabaseUnavailable
from bot.errors import ConfigurationError
from bot.serving.understanding import Understanding
from bot.settings import Settings

PATIENCE: Final = 5.0
"""Seconds; a database that takes longer counts as down, so that a scrape ends in time."""


class Figures:
    """Looks at everything when it is asked."""

    def __init__(self, sidelight: Sidelight, understanding: Understanding) -> None:
        self._sidelight = sidelight
        self._understanding = understanding

    async def text(self) -> bytes:
        """All metrics of now."""
        sidelight = self._sidelight
        now = sidelight.clock.now()
        sidelight.metrics.process(
            polling=sidelight.polling.held,
            nlu_ready=self._understanding.ready.is_set(),
            key_age=(now - sidelight.vault.epoch_began_at).total_seconds(),
        )
        try:
            async with asyncio.timeout(PATIENCE):
                since = now - sidelight.settings.claim_ttl
                sidelight.metrics.backlog(await sidelight.database.backlog(now, since))
        except (DatabaseUnavailable, TimeoutError):
            sidelight.metrics.backlog(None)
        return sidelight.metrics.text()


@asynccontextmanager
async def figures(
    settings: Settings, sidelight: Sidelight, understanding: Understanding
) -> AsyncIterator[None]:
    """Serve `/metrics` where BOT_METRICS_PORT says so. Raises ConfigurationError if it is taken."""
    if not settings.metrics_port:
        yield
        return
    found = Figures(sidelight, understanding)

    async def answer(_request: web.Request) -> web.Response:
        headers = {"content-type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(body=await found.text(), headers=headers)

    app = web.Application()
    app.router.add_get("/metrics", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.metrics_host, settings.metrics_port).start()
        except OSError as error:
            raise ConfigurationError(
                f"cannot listen on {settings.metrics_host}:{settings.metrics_port}"
                f" ({error.strerror}): choose another port with BOT_METRICS_PORT"
            ) from None
        yield
    finally:
        await runner.cleanup()
