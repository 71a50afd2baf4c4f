"""The preview's small web app: for this machine alone, and without anything from elsewhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.content.source import SOURCE_LOCALE
from bot.preview.pages import STATIC, Wish, page
from bot.preview.reading import Place
from bot.preview.voices import choices
from bot.preview.watching import CHANGED, Watcher
from bot.signals import Signals

HEARTBEAT: Final = 15.0
"""Seconds after which a page is told again which version is the latest."""

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
        " require-trusted-types-for 'script'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_STATIC: Final = {
    "preview.css": "text/css",
    "live.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


def preview_app(watcher: Watcher, signals: Signals, place: Place) -> Starlette:
    """The pages of all languages, and the stream that tells them of changes.

    It answers only to names of this machine, so that no other site can read it.
    """

    async def start(_request: Request) -> Response:
        tag = next(iter(watcher.state.translations), SOURCE_LOCALE)
        return RedirectResponse(f"/{tag}", headers=_HEADERS)

    async def show(request: Request) -> Response:
        asked = request.query_params
        wish = Wish(
            request.path_params["tag"],
            asked.get("show", "all"),
            asked.get("q", "").strip(),
            asked.get("phone", "telegram"),
        )
        if wish.tag not in dict(choices(watcher.state)):
            raise HTTPException(404, "There is no such language here.", headers=_HEADERS)

        findings = await watcher.findings(wish.tag)
        state, version = watcher.state, watcher.version
        content = await asyncio.to_thread(page, state, wish, findings, place, version)
        return Response(content, media_type="text/html", headers=_HEADERS)

    async def events(_request: Request) -> Response:
        return EventSourceResponse(_versions(watcher, signals), headers=_HEADERS)

    async def static(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _STATIC:
            raise HTTPException(404, headers=_HEADERS)
        return Response((STATIC / name).read_bytes(), media_type=_STATIC[name], headers=_HEADERS)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(watcher.run())
        yield
        watching.cancel()

    return Starlette(
        routes=[
            Route("/", start),
            Route("/events", events),
            Route("/static/{name}", static),
            Route("/{tag}", show),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        lifespan=lifespan,
    )


async def _versions(watcher: Watcher, signals: Signals) -> AsyncIterator[ServerSentEvent]:
    """The latest version at once, after each change, and now and then: nothing can be missed."""
    while True:
        seen = signals.generation(CHANGED)
        yield ServerSentEvent(watcher.version, retry=1000)
        await signals.wait(CHANGED, seen, HEARTBEAT)
