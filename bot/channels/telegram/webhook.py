"""The webhook: Telegram's updates by HTTP, answered with 200 only after they were stored."""

import hmac
import json
import logging
import re
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.telegram.receiver import TelegramReceiver
from bot.channels.telegram.updates import read
from bot.errors import ConfigurationError

_log = logging.getLogger(__name__)

PATH: Final = "/telegram/webhook"
MAX_BODY: Final = 1_000_000
_HEADER: Final = "x-telegram-bot-api-secret-token"
_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]{16,256}")


class WebhookSecret:
    """The word by which Telegram's calls are known. Never shown, not even by `repr`.

    Raises ConfigurationError unless it has 16 to 256 letters, digits, ``_`` or ``-`` (Telegram's
    own rule, but for its lower bound of 1).
    """

    def __init__(self, value: str) -> None:
        if not _ALPHABET.fullmatch(value):
            raise ConfigurationError(
                "BOT_TELEGRAM_WEBHOOK_SECRET must have 16 to 256 of A-Z a-z 0-9 _ -; "
                "`openssl rand -hex 32` makes a good one"
            )
        self._value = value

    def reveal(self) -> str:
        """The word itself, to be told to Telegram."""
        return self._value

    def matches(self, given: str) -> bool:
        """Whether `given` is the word, in a time that doesn't tell how much of it is right."""
        return hmac.compare_digest(given.encode(), self._value.encode())


def webhook_route(receiver: TelegramReceiver, secret: WebhookSecret) -> Route:
    """``POST /telegram/webhook``.

    200: stored, or nothing to store. 503: not stored, deliver again. 403: not from Telegram.
    413: longer than 1 MB. 400: not JSON. No answer has a body, and no log line any content.
    """

    async def take(request: Request) -> Response:
        if not secret.matches(request.headers.get(_HEADER, "")):
            return Response(status_code=403)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            _log.warning("refused a webhook call of more than %d bytes", MAX_BODY)
            return Response(status_code=413)
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            _log.warning("refused a webhook call that is not JSON")
            return Response(status_code=400)
        try:
            await receiver.receive(read(raw))
        except Exception as error:
            _log.error("an update could not be stored: %s", type(error).__name__)
            return Response(status_code=503)
        return Response(status_code=200)

    return Route(PATH, take, methods=["POST"])


async def _body(request: Request) -> bytes | None:
    """The body, or None once it is longer than we take."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)
