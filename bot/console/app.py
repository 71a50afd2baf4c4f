"""Building the console from its services."""

from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp

from bot.clock import Clock
from bot.console.account_routes import add_account_routes
from bot.console.admin_routes import add_admin_routes
from bot.console.again import Again
from bot.console.alert_routes import add_alert_routes
from bot.console.context import Console
from bot.console.cookies import SessionCookie
from bot.console.desk_routes import add_desk_routes
from bot.console.feed import Feed
from bot.console.guard import assert_guarded
from bot.console.handoff_routes import add_handoff_routes
from bot.console.lookout import Lookout
from bot.console.middleware import Doorkeeper
from bot.console.oversight_routes import add_oversight_routes
from bot.console.pages import Assets, add_pages
from bot.console.passing_routes import add_passing_routes
from bot.console.problems import Problem, add_handlers
from bot.console.queue_routes import add_queue_routes
from bot.console.rota_routes import add_rota_routes
from bot.console.session_routes import add_session_routes
from bot.console.words import Words
from bot.content.catalogue import Catalogue
from bot.conversation.advocacy import AdvocacyService
from bot.conversation.at_hand import AtHand
from bot.conversation.house import House
from bot.conversation.roster import Roster
from bot.conversation.showing import Showcase
from bot.settings import Settings
from bot.signals import Signals
from bot.staff.ledger import Ledger
from bot.staff.service import StaffService

PREFIXES: Final = ("/console", "/api")
"""The paths that are the console's: hand it the requests whose path is, or begins with, one."""

_PROBLEMS: Final = {
    401: "There is no session, or it has ended.",
    403: "The role may not do this, somebody else holds the handoff, or another site asked.",
    404: "It does not exist.",
    409: "Somebody else was first.",
    413: "The body is too long.",
    415: "The body is not JSON.",
    423: "The session is locked.",
    422: "The input is wrong; `detail` names where.",
    429: "Too many tries; `Retry-After` says when to come back.",
}


_PROBLEM: Final = {"application/problem+json": {"schema": Problem.model_json_schema()}}


def console_app(
    advocacy: AdvocacyService,
    staff: StaffService,
    signals: Signals,
    catalogue: Catalogue,
    settings: Settings,
    clock: Clock,
    hand: AtHand,
    ledger: Ledger,
    showcase: Showcase,
    house: House,
    roster: Roster,
) -> ASGIApp:
    """The console as an ASGI application that answers the absolute paths under `PREFIXES`.

    It needs no lifespan.
    """
    console = Console(
        advocacy=advocacy,
        staff=staff,
        feed=Feed(advocacy, signals),
        catalogue=catalogue,
        words=Words.of(catalogue),
        settings=settings,
        clock=clock,
        cookie=SessionCookie.of(settings),
        hand=hand,
        ledger=ledger,
        showcase=showcase,
        house=house,
        roster=roster,
        lookout=Lookout(advocacy, staff),
    )
    app = FastAPI(
        title="Sidelight console",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        # Its redirects name the host that the request named.
        redirect_slashes=False,
    )
    add_handlers(app)
    for router in routers(console):
        assert_guarded(router.routes)
        # As its own: an included router is searched twice for each request.
        app.router.routes.extend(router.routes)
    app.mount("/console/static", Assets())
    return Doorkeeper(app, settings)


def routers(console: Console) -> tuple[APIRouter, APIRouter]:
    """The API's routes, and the pages'."""
    api = APIRouter(
        prefix="/api/v1",
        route_class=Again,
        responses={
            status: {"description": words, "content": _PROBLEM}
            for status, words in _PROBLEMS.items()
        },
    )
    # Routes are tried in this order: what is asked for most comes first.
    add_handoff_routes(api, console)
    add_queue_routes(api, console)
    add_session_routes(api, console)
    add_account_routes(api, console)
    add_passing_routes(api, console)
    add_alert_routes(api, console)
    add_desk_routes(api, console)
    add_oversight_routes(api, console)
    add_admin_routes(api, console)
    add_rota_routes(api, console)
    pages = APIRouter()
    add_pages(pages, console)
    return api, pages
