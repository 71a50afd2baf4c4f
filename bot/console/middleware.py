"""What holds for every request: a bounded JSON body, from our own page, and strict headers."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.console.guard import SAFE_METHODS, forgery
from bot.console.problems import problem
from bot.logs import logger
from bot.settings import Settings

_log = logger(__name__)

MAX_BODY: Final = 32_768
"""Bytes: 4,000 characters of four bytes each, twice that for JSON's escapes."""


def page_policy(*, framed: bool) -> str:
    """The content security policy: nothing but our own files, and no code in the page."""
    ancestors = "'self'" if framed else "'none'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; base-uri 'none'; form-action 'self';"
        f" frame-ancestors {ancestors}; require-trusted-types-for 'script'"
    )


class Doorkeeper:
    """ASGI middleware around the console."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._public_url = settings.public_url
        self._headers = {
            "content-security-policy": page_policy(framed=settings.demo),
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
        }
        if not settings.demo:
            self._headers["x-frame-options"] = "DENY"
        if settings.secure:
            self._headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    answer[name] = value
                answer.setdefault("cache-control", "no-store")
            await send(message)

        if _is_veiled(scope.get("raw_path", b"")):
            await problem(404, "there is nothing here")(scope, receive, send_with_headers)
            return
        if refusal := self._refusal(scope["method"], headers):
            await problem(*refusal)(scope, receive, send_with_headers)
            return
        body = await _bounded_body(receive, headers) if _has_body(headers) else b""
        if body is None:
            too_long = problem(413, f"a request has at most {MAX_BODY} bytes")
            await too_long(scope, receive, send_with_headers)
            return
        try:
            await self._app(scope, _replay(body, receive), send_with_headers)
        except Exception as error:
            # Answered already. The message of an unforeseen error may quote what a person wrote.
            _log.error("the console failed", error=error)

    def _refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        if reason := forgery(method, headers, self._public_url):
            return 403, reason
        kind = headers.get("content-type", "").split(";")[0].strip().lower()
        if (
            method not in SAFE_METHODS
            and kind != "application/json"
            and (kind or _has_body(headers))
        ):
            return 415, "send JSON, with Content-Type: application/json"
        return None


def _is_veiled(raw_path: bytes) -> bool:
    """Whether a path hides its parts: a proxy's rules about paths may not see what we would."""
    return any(sign in raw_path.lower() for sign in (b"%2f", b"%5c", b"%00"))


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


async def _bounded_body(receive: Receive, headers: Headers) -> bytes | None:
    """The whole body, or None when it is longer than allowed."""
    announced = headers.get("content-length", "")
    if announced.isdigit() and int(announced) > MAX_BODY:
        return None
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body  # the browser has gone
        body += bytes(message.get("body", b""))
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body"):
            return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """Hand over the body that was read, and then whatever comes."""
    pending = [body]

    async def again() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return again
