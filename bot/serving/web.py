"""One ASGI application out of the parts that a process serves."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.bootstrap import Sidelight
from bot.channels.telegram.webhook import WebhookSecret, webhook_route
from bot.channels.webchat.routes import webchat_routes
from bot.console import PREFIXES, console_app
from bot.serving.demo import demo_routes
from bot.serving.failures import Failures
from bot.serving.readiness import Model, Readiness, alive
from bot.serving.roles import Role


def web_app(sidelight: Sidelight, roles: frozenset[Role], model: Model | None = None) -> ASGIApp:
    """The application for `roles`: web chat and webhook, console, or both, and always the health.

    `/readyz` waits for `model`, where there is one. Two applications that never meet: what faces
    survivors, and what faces staff.
    """
    routes: list[BaseRoute] = [
        Route("/healthz", alive),
        Route("/readyz", Readiness(sidelight.database.ping, model).answer),
    ]
    if Role.CHAT in roles:
        routes += webchat_routes(
            sidelight.webchat,
            sidelight.intake,
            sidelight.transcript,
            sidelight.signals,
            sidelight.catalogue,
            sidelight.settings,
        )
        secret = sidelight.settings.telegram_webhook_secret.get_secret_value()
        if sidelight.telegram is not None and secret:
            routes.append(webhook_route(sidelight.telegram.receiver, WebhookSecret(secret)))
    if sidelight.settings.demo:
        routes += demo_routes(sidelight.staff, sidelight.settings)
    people = Starlette(routes=routes)
    if Role.CONSOLE not in roles:
        return Failures(people)
    console = console_app(
        sidelight.advocacy,
        sidelight.staff,
        sidelight.signals,
        sidelight.catalogue,
        sidelight.settings,
        sidelight.clock,
        sidelight.hand,
        sidelight.ledger,
        sidelight.showcase,
        sidelight.house,
        sidelight.roster,
    )
    return Failures(_ByPath(people, console))


class _ByPath:
    """Hands the console's paths to the console, and all others to the rest."""

    def __init__(self, people: ASGIApp, console: ASGIApp) -> None:
        self._people = people
        self._console = console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        staff = any(path == prefix or path.startswith(f"{prefix}/") for prefix in PREFIXES)
        await (self._console if staff else self._people)(scope, receive, send)
