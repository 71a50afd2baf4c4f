"""The webhook: Telegram's updates by HTTP, answered with 200 only after they were stored."""

import asyncio
import hmac
import json
import re
from datetime import timedelta
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.receiver import TelegramReceiver
from bot.channels.telegram.updates import read
from bot.conversation.interfaces import ChannelUnavailable, MessageRefused
from bot.errors import ConfigurationError
from bot.logs import logger

_log = logger(__name__)

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


async def register_webhook(
    api: TelegramApi,
    public_url: str,
    secret: WebhookSecret,
    *,
    pause: timedelta = timedelta(seconds=1),
) -> None:
    """Tell Telegram to send updates to `public_url` + PATH, trying until it hears.

    Pauses double from `pause` up to a minute. Raises ConfigurationError when Telegram refuses the
    address, which happens if it isn't https on port 443, 80, 88 or 8443.
    """
    longest, failure = timedelta(minutes=1), None
    while failure is None:
        try:
            await api.use_webhook(public_url.rstrip("/") + PATH, secret.reveal())
            return
        except ChannelUnavailable as error:
            _log.warning("Telegram could not be told of the webhook yet")
            await asyncio.sleep(max(error.retry_after or pause, pause).total_seconds())
            pause = min(2 * pause, longest)
        except MessageRefused:
            failure = ConfigurationError(
                "Telegram refuses the webhook: BOT_PUBLIC_URL must be https, on port 443, 80, 88 "
                "or 8443, and reachable from the internet; without a webhook secret the bot polls"
            )
    raise failure


def webhook_route(receiver: TelegramReceiver, secret: WebhookSecret) -> Route:
    """``POST /telegram/webhook``.

    200: stored, or nothing to store. 503: not stored, deliver again. 429: the same, as this chat
    writes too fast. 403: not from Telegram.
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
            _log.warning("refused a webhook call that is too long", count=MAX_BODY)
            return Response(status_code=413)
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            _log.warning("refused a webhook call that is not JSON")
            return Response(status_code=400)
        try:
            reading = read(raw)
            if receiver.is_flooded(reading):
                return Response(status_code=429)
            await receiver.receive(reading)
        except Exception as error:
            _log.error("an update could not be stored", error=error)
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
