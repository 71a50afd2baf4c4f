"""One ASGI application out of the parts that a process serves."""

import logging
from importlib.resources import files

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.bootstrap import Sidelight
from bot.channels.telegram.webhook import WebhookSecret, webhook_route
from bot.channels.webchat.routes import webchat_routes
from bot.console.app import console_routes
from bot.conversation.errors import DatabaseUnavailable
from bot.serving.roles import Role

_log = logging.getLogger(__name__)
_PAGES = files("bot.serving") / "pages"

DEMO_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def web_app(sidelight: Sidelight, roles: frozenset[Role]) -> FastAPI:
    """The application for `roles`: the web chat, the console, or both, and always the health."""
    app = FastAPI(
        title="Sidelight",
        openapi_url="/api/openapi.json" if Role.CONSOLE in roles else None,
        docs_url=None,
        redoc_url=None,
    )
    app.add_exception_handler(Exception, _unforeseen)
    app.add_exception_handler(DatabaseUnavailable, _unavailable)
    app.router.routes.append(Route("/healthz", _alive))
    app.router.routes.append(Route("/readyz", _readiness(sidelight)))
    if Role.CHAT in roles:
        webchat_routes(app, sidelight)
        secret = sidelight.settings.telegram_webhook_secret.get_secret_value()
        if sidelight.telegram is not None and secret:
            app.router.routes.append(
                webhook_route(sidelight.telegram.receiver, WebhookSecret(secret))
            )
    if Role.CONSOLE in roles:
        console_routes(app, sidelight)
    if sidelight.settings.demo:
        for name, kind in (("demo.html", "text/html"), ("demo.css", "text/css")):
            path = "/demo" if name.endswith("html") else f"/demo/{name}"
            app.router.routes.append(Route(path, _page(name, kind)))
    return app


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("alive\n")


def _readiness(sidelight: Sidelight):  # type: ignore[no-untyped-def]
    async def ready(_request: Request) -> Response:
        try:
            await sidelight.database.ping()
        except DatabaseUnavailable:
            return PlainTextResponse("the database does not answer\n", status_code=503)
        return PlainTextResponse("ready\n")

    return ready


def _page(name: str, kind: str):  # type: ignore[no-untyped-def]
    content = (_PAGES / name).read_bytes()

    async def page(_request: Request) -> Response:
        return Response(content, media_type=kind, headers=DEMO_HEADERS)

    return page


async def _unavailable(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"detail": "not now; please try again"}, status_code=503)


async def _unforeseen(request: Request, error: Exception) -> Response:
    """The server's own handler would log the error's message, which may quote a text."""
    _log.error("a request failed: %s", type(error).__name__)
    return JSONResponse({"detail": "this went wrong on our side"}, status_code=500)
