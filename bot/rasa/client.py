"""Asks the model what a text means, over a unix socket or HTTP."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp

from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.understanding import Parse
from bot.errors import ConfigurationError
from bot.ids import Locale
from bot.rasa.breaker import CircuitBreaker
from bot.rasa.wire import MAX_ANSWER, decode, encode

TIME_LIMIT = timedelta(milliseconds=300)
"""Longer than this nobody waits: the safety net and the buttons go on alone."""


class RasaNluClient:
    """An `NluClient` for `nlu/server.py`. The URL never holds a text, and nothing is logged.

    `url` is ``unix:///absolute/path`` or ``http(s)://host:port``; `token` is sent as a bearer
    token where it is not empty. Raises ConfigurationError for another URL.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str = "",
        time_limit: timedelta = TIME_LIMIT,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self._socket, self._base = _target(url)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._time_limit = time_limit
        self._breaker = breaker or CircuitBreaker()
        self._session: aiohttp.ClientSession | None = None

    async def parse(self, text: str, locale: Locale | None) -> Parse:
        """The model's guesses for `text`, the likeliest first. Raises NluUnavailable."""
        if not self._breaker.allows():
            raise NluUnavailable("the model did not answer a moment ago")
        try:
            [parse] = await self.parse_batch([text], [locale], self._time_limit)
        except NluUnavailable:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return parse

    async def parse_batch(
        self, texts: Sequence[str], locales: Sequence[Locale | None], within: timedelta
    ) -> list[Parse]:
        """The parses of up to 64 texts, in order, within a time of the caller's choice.

        Raises NluUnavailable. The circuit breaker has no part in it.
        """
        try:
            async with asyncio.timeout(within.total_seconds()):
                body = await self._post("/parse", encode(texts, locales))
        except (aiohttp.ClientError, OSError, ValueError, TimeoutError) as error:
            # The error's own words may hold the address: only its kind is told.
            raise NluUnavailable(f"the model cannot be asked ({type(error).__name__})") from None
        return decode(body, len(texts))

    async def model(self) -> str:
        """The fingerprint of the loaded model. Raises NluUnavailable while there is none."""
        try:
            async with (
                asyncio.timeout(self._time_limit.total_seconds()),
                self._opened().get(f"{self._base}/readyz", allow_redirects=False) as response,
            ):
                answer = await response.json()
        except (aiohttp.ClientError, OSError, ValueError, TimeoutError) as error:
            raise NluUnavailable(f"the model cannot be asked ({type(error).__name__})") from None
        if response.status != 200 or not isinstance(answer, dict):
            raise NluUnavailable("the model is not loaded")
        return str(answer.get("model", ""))

    async def close(self) -> None:
        """Close the connections. The client may be used again, and then opens new ones."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, path: str, body: bytes) -> bytes:
        headers = {**self._headers, "Content-Type": "application/json"}
        async with self._opened().post(
            f"{self._base}{path}", data=body, headers=headers, allow_redirects=False
        ) as response:
            if response.status == 401:
                raise NluUnavailable("the model's server refused the token: check BOT_NLU_TOKEN")
            if response.status != 200:
                raise NluUnavailable(f"the model's server refused the call ({response.status})")
            answer = bytearray()
            async for chunk in response.content.iter_chunked(16 * 1024):
                answer += chunk
                if len(answer) > MAX_ANSWER:
                    raise NluUnavailable("the model's answer is too long")
            return bytes(answer)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.UnixConnector(self._socket) if self._socket else None
            # Neither cookies nor a proxy of the environment: a text goes to the model alone.
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            )
        return self._session


def _target(url: str) -> tuple[str, str]:
    """The socket's path (or "") and the base of the URLs."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/"):
        return parts.path, "http://nlu"
    if parts.scheme in {"http", "https"} and parts.hostname and parts.path in {"", "/"}:
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return "", f"{parts.scheme}://{host}{'' if port is None else f':{port}'}"
    raise ConfigurationError(
        "BOT_NLU_URL must be like unix:///run/sidelight/nlu.sock or http://127.0.0.1:5005."
    )
