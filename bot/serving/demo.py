"""The demonstration: both real pages side by side, on this machine alone."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console import SessionCookie
from bot.content.languages import available, faulty
from bot.content.source import SOURCE_LOCALE
from bot.ids import Locale
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


def languages(settings: Settings, tell: Callable[[str], object]) -> tuple[Locale, ...]:
    """English, and all other languages that can be shown whole, reviewed or not.

    Those left out are told, one a line, with the reason.
    """
    shown = []
    for locale in available(settings.responses_dir):
        lexicon = settings.nlu_dir / "safety" / f"{locale}.yml"
        if locale == SOURCE_LOCALE:
            shown.append(locale)
        elif count := faulty(settings.responses_dir, locale, settings.responses_overlay):
            see = f"`sidelight responses check {locale}`"
            tell(f"  {locale} is left out: {count} texts are missing or at fault ({see})")
        elif not lexicon.is_file():
            tell(f"  {locale} is left out: {lexicon} is missing")
        else:
            shown.append(locale)
    return tuple(shown)


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
