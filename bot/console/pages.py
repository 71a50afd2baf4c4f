"""The pages: a shell with all words in place, brought to life by modules from `static/`."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.console.context import Console
from bot.console.guard import open_to_all
from bot.console.words import direction
from bot.ids import Locale

HERE = Path(__file__).parent


class Assets(StaticFiles):
    """Our scripts and styles: looked at anew each time, so that an update never mixes versions."""

    def __init__(self) -> None:
        super().__init__(directory=HERE / "static")

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def add_pages(pages: APIRouter, console: Console) -> None:
    """Put the pages on `pages`. They hold nothing that needs a session: all that is fetched."""
    words = console.words
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    anyone = [Depends(open_to_all)]

    def page(template: str, accept_language: str, *, signed_in: bool = False) -> HTMLResponse:
        locale = words.preferred(accept_language)
        text = environment.get_template(template).render(
            locale=locale, dir=direction(locale), t=words.table(locale), signed_in=signed_in
        )
        return HTMLResponse(text, headers={"vary": "accept-language"})

    @pages.get("/console", dependencies=anyone, include_in_schema=False)
    @pages.get("/console/", dependencies=anyone, include_in_schema=False)
    async def main(
        request: Request, accept_language: Annotated[str, Header()] = ""
    ) -> HTMLResponse:
        """The console; it begins with signing in where there is no session."""
        token = console.cookie.read(request)
        signed_in = bool(token) and await console.staff.authenticate(token) is not None
        return page("console.html", accept_language, signed_in=signed_in)

    @pages.get("/console/join", dependencies=anyone, include_in_schema=False)
    async def join(accept_language: Annotated[str, Header()] = "") -> HTMLResponse:
        """Where an invitation leads; its token stays behind the `#`."""
        return page("join.html", accept_language)

    @pages.get("/console/overview", dependencies=anyone, include_in_schema=False)
    async def overview(accept_language: Annotated[str, Header()] = "") -> HTMLResponse:
        """For supervisors and admins; what they may see is fetched."""
        return page("overview.html", accept_language)

    @pages.get("/console/account", dependencies=anyone, include_in_schema=False)
    async def account(accept_language: Annotated[str, Header()] = "") -> HTMLResponse:
        """One's own passkeys, recovery codes, password and sessions."""
        return page("account.html", accept_language)

    @pages.get("/console/staff", dependencies=anyone, include_in_schema=False)
    async def staff(accept_language: Annotated[str, Header()] = "") -> HTMLResponse:
        """Accounts, hours and settings; for admins."""
        return page("staff.html", accept_language)

    @pages.get("/console/rota", dependencies=anyone, include_in_schema=False)
    async def rota(accept_language: Annotated[str, Header()] = "") -> HTMLResponse:
        """Who is on when."""
        return page("rota.html", accept_language)

    @pages.get("/console/words/{locale}.json", dependencies=anyone, include_in_schema=False)
    async def table(locale: str) -> JSONResponse:
        """The words of the pages, for their scripts."""
        known = Locale(locale) if locale in words.locales else words.preferred(locale)
        return JSONResponse(dict(words.table(known)), headers={"cache-control": "no-cache"})
