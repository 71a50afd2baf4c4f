"""The demonstration: both real pages side by side, on this machine alone."""

from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console import SessionCookie
from bot.settings import Settings
from bot.staff.service import StaffService
from bot.vault.keyring import KeyRing

DEMO_DIR = Path(".demo")
ADVOCATE = "Robin (demonstration)"

_PAGES = files("bot.serving") / "pages"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def prepare(settings: Settings) -> None:
    """Make the data folder and the key ring, unless an earlier demonstration did."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not settings.keyring.exists():
        KeyRing.create(settings.keyring)


def demo_routes(staff: StaffService, settings: Settings) -> list[Route]:
    """`/demo`, which signs its visitor in as a demonstration advocate."""
    cookie = SessionCookie.of(settings)

    async def page(_request: Request) -> Response:
        answer = Response(_read("demo.html"), media_type="text/html", headers=_HEADERS)
        cookie.set(answer, await staff.demo_session(ADVOCATE, settings.locales))
        return answer

    async def style(_request: Request) -> Response:
        return Response(_read("demo.css"), media_type="text/css", headers=_HEADERS)

    return [Route("/demo", page), Route("/demo/demo.css", style)]


def _read(name: str) -> bytes:
    return (_PAGES / name).read_bytes()
