"""The web chat on loopback, with a conversation in memory behind it, and a browser before it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.channels.webchat import TEXTS, WebchatChannel, webchat_routes
from bot.content.catalogue import Rendered
from bot.content.responses import ResponseCatalogue
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.conversation.transcript import topic
from bot.history.models import Author
from bot.ids import Locale
from bot.settings import ROOT, load_settings
from bot.signals import Signals
from tests.fakes.webchat import Chat, InMemoryChats

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARABIC = Locale("ar")
ELSEWHERE = "<!doctype html><title>Weather</title><h1>Sunny</h1><a href='/'>on</a>"

_ARABIC_WORDS = {
    "title": "ملاحظات",
    "exit": "خروج",
    "start": "ابدأ",
    "start_hint": "متى شئت.",
    "write": "اكتب رسالة",
    "send": "إرسال",
    "you": "أنت",
    "bot": "روبوت",
    "advocate": "مرشدة",
    "draft": "مسودة ترجمة: لم تُراجع",
    "offline": "لا يوجد اتصال الآن. أواصل المحاولة.",
    "waiting": "لم تُرسل بعد. ستُرسل عند عودة الاتصال.",
}


class CatalogueWithArabic:
    """The real texts, and a language of tests' own that is written from right to left."""

    def __init__(self) -> None:
        self._real = ResponseCatalogue.load(
            ROOT / "responses", [Locale("en"), Locale("es")], required_keys=TEXTS
        )
        self.locales = (*self._real.locales, ARABIC)
        self.drafts: frozenset[Locale] = frozenset()

    def render(
        self,
        key: str,
        locale: Locale,
        params: Mapping[str, str],
        buttons: tuple[str, ...] | None = None,
        also: tuple[str, ...] = (),
    ) -> Rendered:
        if locale != ARABIC:
            return self._real.render(key, locale, params, buttons, also)
        english = self._real.render(key, Locale("en"), params, buttons, also)
        return Rendered(_ARABIC_WORDS.get(key.partition(".")[2], english.text), english.buttons)

    def label(self, button: str, locale: Locale) -> str:
        return self._real.label(button, Locale("en") if locale == ARABIC else locale)


class Site:
    """A running server. `cut` makes it unreachable, `mend` lets it serve again on the same port."""

    def __init__(self, *, demo: bool = False) -> None:
        self._socket = _listen(0)
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = load_settings(
            _env_file=None, public_url=self.url, exit_url="/elsewhere", demo=demo
        )
        self.signals = Signals()
        self.chats = InMemoryChats()
        self.chats.answer = self.greet
        self.catalogue = CatalogueWithArabic()
        self.channel = WebchatChannel(self.signals)
        self.exits: list[Request] = []
        routes = webchat_routes(
            self.channel, self.chats, self.chats, self.signals, self.catalogue, self.settings
        )
        routes.append(Route("/elsewhere", _elsewhere))
        routes.append(Route("/before", _elsewhere))
        self._app = Starlette(routes=routes)
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def chat(self) -> Chat:
        """The one conversation there is."""
        (chat,) = self.chats.chats.values()
        return chat

    def greet(self, update: InboundUpdate, chat: Chat) -> None:
        """Answer as the bot would: a welcome to a greeting, a purge to the exit, else an echo."""
        if update.content == "intent:quick_exit":
            self.chats.drop(chat)
        elif update.content == "intent:greet":
            welcome = self.catalogue.render("welcome.greeting", chat.locale, {})
            rows = tuple((b.id, b.label) for row in welcome.buttons for b in row)
            self.chats.say(chat, welcome.text, buttons=rows)
        elif update.kind is InboundKind.BUTTON:
            self.chats.say(chat, f"pressed {update.content}", buttons=(("intent:thanks", "Next"),))
        else:
            self.chats.say(chat, f"heard {update.content}")

    def say(self, text: str, author: Author = Author.BOT) -> None:
        """Let something be said in the one conversation, and wake its page."""
        self.chats.say(self.chat, text, author)
        self.wake()

    def wake(self) -> None:
        """Let the pages look."""
        for address in self.chats.chats:
            self.signals.touch(topic(self.channel.name, address))

    async def serve(self) -> None:
        config = uvicorn.Config(
            self._app,
            log_level="critical",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve([self._socket]))
        await until(self._has_started)

    async def _has_started(self) -> bool:
        return self._server is not None and self._server.started

    async def cut(self) -> None:
        """Close every connection, and take no new one."""
        assert self._server is not None
        assert self._serving is not None
        self._server.should_exit = True
        self._server.force_exit = True
        for connection in list(self._server.server_state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()
        with suppress(asyncio.CancelledError):
            await self._serving
        self._socket.close()

    async def mend(self) -> None:
        """Serve again."""
        self._socket = _listen(self.port)
        await self.serve()


class Visitor:
    """A person in front of a browser, and what the browser complained of."""

    def __init__(self, site: Site, context: BrowserContext, page: Page) -> None:
        self.site = site
        self.context = context
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda m: self._heard(m.type, m.text))
        page.on("pageerror", lambda e: self.complaints.append(str(e)))

    def _heard(self, kind: str, text: str) -> None:
        # A refused or cut connection is reported by the browser itself, and meant.
        if kind in ("error", "warning") and "net::ERR" not in text and "status of" not in text:
            self.complaints.append(text)

    async def open(self) -> None:
        await self.page.goto(self.site.url)

    async def start(self) -> None:
        """Open the page, press the start button, and wait for the welcome."""
        await self.open()
        await self.page.click("#start-button")
        await self.page.wait_for_selector(".bot .bubble")

    async def texts(self) -> list[str]:
        """What the bubbles say."""
        return await self.page.locator(".bubble").all_inner_texts()

    async def wait_for_texts(self, *expected: str) -> None:
        """Until the bubbles say just this."""

        async def said() -> bool:
            return await self.texts() == list(expected)

        await until(said)


@asynccontextmanager
async def running(*, demo: bool = False) -> AsyncIterator[Site]:
    """A site, for as long as it is needed."""
    site = Site(demo=demo)
    await site.serve()
    try:
        yield site
    finally:
        await site.cut()


@asynccontextmanager
async def browsing(*, keeps_pages: bool = False) -> AsyncIterator[Browser]:
    """Debian's Chromium; if it `keeps_pages`, the back button may show one as it was left."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            ignore_default_args=["--disable-back-forward-cache"] if keeps_pages else None,
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def visiting(browser: Browser, site: Site, **options: object) -> AsyncIterator[Visitor]:
    """A visitor with nothing remembered. Whatever the browser complained of fails the test."""
    given = {"viewport": {"width": 390, "height": 844}, "locale": "en-GB", **options}
    context = await browser.new_context(**given)  # type: ignore[arg-type]
    visitor = Visitor(site, context, await context.new_page())
    yield visitor
    await context.close()
    assert visitor.complaints == []


async def until(holds: Callable[[], Awaitable[bool]], within: float = 15) -> None:
    """Wait until `holds`, for `within` seconds at most. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.03)


async def _elsewhere(_request: Request) -> Response:
    return HTMLResponse(ELSEWHERE)


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener
