"""Requests that fail unforeseen: answered, and logged without what they said.

The server's own way is to log the error with its message, which may quote a person's text.
"""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import TransientError
from bot.logs import logger

_log = logger(__name__)


class Failures:
    """Stands around a whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            _log.error("a request failed", error=error)
            if scope["type"] != "http" or started:
                return
            later = isinstance(error, TransientError)
            answer = JSONResponse(
                {"detail": "not now; please try again" if later else "this went wrong here"},
                status_code=503 if later else 500,
            )
            await answer(scope, receive, send)
