"""The web chat over HTTP.

``GET /`` the page · ``GET /cover`` a neutral page to leave for · ``GET /chat/static/…`` ·
``POST /chat/messages`` · ``GET /chat/events`` (SSE) · ``POST /chat/exit``
"""

from collections.abc import AsyncIterator
from math import ceil

from sse_starlette import EventSourceResponse
from sse_starlette.event import ServerSentEvent
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.channels.webchat.bodies import Refused, Sent, read
from bot.channels.webchat.channel import WEBCHAT, WebchatChannel
from bot.channels.webchat.headers import SecurityHeaders, is_from_elsewhere, security_headers
from bot.channels.webchat.interfaces import TranscriptReader
from bot.channels.webchat.leaving import Leaving
from bot.channels.webchat.limits import Limits
from bot.channels.webchat.pages import Pages, assets
from bot.channels.webchat.sessions import Sessions
from bot.channels.webchat.stream import Watch, follow
from bot.channels.webchat.words import preferred, say
from bot.content.catalogue import Catalogue
from bot.conversation.intake import InboundKind, InboundUpdate, Intake
from bot.conversation.transcript import topic
from bot.ids import Address, Locale
from bot.logs import logger
from bot.settings import Settings
from bot.signals import Signals

_log = logger(__name__)

HEARTBEAT = 15
"""Seconds. Proxies cut silent connections, often after 60; the page gives one up after 40."""


def webchat_routes(
    channel: WebchatChannel,
    intake: Intake,
    transcript: TranscriptReader,
    signals: Signals,
    catalogue: Catalogue,
    settings: Settings,
    *,
    limits: Limits | None = None,
) -> list[Route]:
    """All routes of the web chat, to stand at the root; each brings its own headers.

    `channel` must be the one that messages are delivered by. Raises UnknownText when `catalogue`
    lacks one of `TEXTS` in an enabled language.
    """
    desk = _Desk(channel, intake, transcript, signals, catalogue, settings, limits or Limits())
    headers = security_headers(framed=settings.demo)
    middleware = [Middleware(SecurityHeaders, headers=headers)]
    return [
        Route("/", desk.page, middleware=middleware),
        Route("/cover", desk.cover, middleware=middleware),
        Route("/chat/static/{name}", desk.asset, middleware=middleware),
        Route("/chat/messages", desk.take, methods=["POST"], middleware=middleware),
        Route("/chat/events", desk.events, middleware=middleware),
        Route("/chat/exit", desk.leave, methods=["POST"], middleware=middleware),
    ]


class _Desk:
    def __init__(
        self,
        channel: WebchatChannel,
        intake: Intake,
        transcript: TranscriptReader,
        signals: Signals,
        catalogue: Catalogue,
        settings: Settings,
        limits: Limits,
    ) -> None:
        self._departures = channel.departures
        self._intake = intake
        self._transcript = transcript
        self._signals = signals
        self._catalogue = catalogue
        self._settings = settings
        self._limits = limits
        self._sessions = Sessions(channel.departures, secure=settings.secure)
        self._leaving = Leaving(intake, transcript)
        self._pages = Pages(catalogue, settings.exit_url)
        self._assets = assets()
        for locale in catalogue.locales:
            self._pages.chat(locale)
            self._pages.cover(locale)

    async def page(self, request: Request) -> Response:
        """The chat, in the conversation's language or else the browser's. Begins no session."""
        locale = None
        if (address := self._sessions.of(request)) is not None:
            try:
                locale = (await self._transcript.read(WEBCHAT, address)).locale
            except Exception as error:
                _log.warning("a page is shown without its language", error=error)
        response = HTMLResponse(self._pages.chat(locale or self._language(request)))
        if self._sessions.has_left(request):
            # The answer to the exit was lost on its way; whoever comes now begins anew.
            self._sessions.forget(response)
        return response

    async def cover(self, request: Request) -> Response:
        """A page that tells nothing."""
        return HTMLResponse(self._pages.cover(self._language(request)))

    async def asset(self, request: Request) -> Response:
        """One of the page's own files; there are no others."""
        found = self._assets.get(request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        return Response(found[0], media_type=found[1])

    async def take(self, request: Request) -> Response:
        """204 once the message is stored; else nothing is, and the body names the page's words."""
        if is_from_elsewhere(request.headers, self._settings.public_url):
            return Response(status_code=403)
        if self._sessions.has_left(request):
            return Response(status_code=410)
        known = self._sessions.of(request)
        address = known or self._sessions.begin()
        try:
            if wait := self._limits.message(address):
                return self._refuse(request, 429, "too_fast", ceil(wait))
            sent = await read(request)
        except Refused as refused:
            return self._refuse(request, refused.status, refused.word)
        try:
            await self._intake.accept(self._update(request, address, sent))
        except Exception as error:
            # Its message may quote what was said.
            _log.error("a message could not be stored", error=error)
            return self._refuse(request, 503, "waiting", 1)
        if address in self._departures:
            # They left while this was being stored: it must go, too.
            return Response(status_code=410, background=self._purge(address))
        self._signals.touch(topic(WEBCHAT, address))
        response = Response(status_code=204)
        if known is None:
            self._sessions.keep(response, address)
        return response

    async def events(self, request: Request) -> Response:
        """What the page shows, as it changes; 204 where there is no session to show."""
        if is_from_elsewhere(request.headers, self._settings.public_url):
            return Response(status_code=403)
        address = self._sessions.of(request)
        if address is None:
            return Response(status_code=204)
        if self._limits.is_full(address):
            return self._refuse(request, 429, "too_fast", 10)
        last = request.headers.get("last-event-id", "")
        seen = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else 0
        watch = Watch(self._transcript, self._catalogue, address, seen)
        return EventSourceResponse(
            self._counted(watch, address), ping=HEARTBEAT, ping_message_factory=_heartbeat
        )

    async def leave(self, request: Request) -> Response:
        """Purge, and let the browser forget. Works with any body, or none: a beacon has no say."""
        if is_from_elsewhere(request.headers, self._settings.public_url):
            return Response(status_code=403)
        response = Response(status_code=204)
        if (address := self._sessions.of(request)) is not None:
            self._departures.add(address)
            self._signals.touch(topic(WEBCHAT, address))
            if not await self._leaving.ask(address):
                response.background = self._purge(address)
        self._sessions.forget(response)
        response.headers["Clear-Site-Data"] = self._forgetting()
        return response

    def _forgetting(self) -> str:
        # In the demo the advocates' console has the same origin, and would be logged out.
        return '"cache", "storage"' if self._settings.demo else '"cache", "cookies", "storage"'

    def _purge(self, address: Address) -> BackgroundTask:
        return BackgroundTask(self._leaving.insist, address)

    async def _counted(self, watch: Watch, address: Address) -> AsyncIterator[ServerSentEvent]:
        with self._limits.stream(address):
            async for event in follow(watch, self._signals, self._departures, address):
                yield event

    def _update(self, request: Request, address: Address, sent: Sent) -> InboundUpdate:
        return InboundUpdate(
            channel=WEBCHAT,
            update_id=f"{address}/{sent.id}",
            address=address,
            kind=sent.kind,
            content=sent.content,
            message_ids=(sent.id,) if sent.kind is InboundKind.TEXT else (),
            language=self._language(request),
        )

    def _language(self, request: Request) -> Locale:
        header = request.headers.get("accept-language", "")
        return preferred(header, self._catalogue.locales) or self._catalogue.locales[0]

    def _refuse(
        self, request: Request, status: int, word: str, retry_after: int | None = None
    ) -> Response:
        reason = say(self._catalogue, self._language(request), word)
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return JSONResponse({"word": word, "reason": reason}, status, headers)


def _heartbeat() -> ServerSentEvent:
    return ServerSentEvent(comment="")
