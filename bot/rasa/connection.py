"""One server of the model: what it is asked over a unix socket or HTTP, and what it answers."""

from urllib.parse import urlsplit

import aiohttp

from bot.conversation.interfaces import NluUnavailable
from bot.errors import ConfigurationError
from bot.rasa.wire import MAX_ANSWER

_NO_TIMEOUT = aiohttp.ClientTimeout(total=None)


class NluConnection:
    """Keeps connections to one `nlu/server.py` open. The URL never holds a text.

    `url` is ``unix:///absolute/path`` or ``http(s)://host:port``; `token` is sent as a bearer
    token where it is not empty. Raises ConfigurationError for another URL. How long to wait is
    the caller's choice; whatever goes wrong is NluUnavailable.
    """

    def __init__(self, url: str, token: str = "") -> None:
        self._socket, self._base = _target(url)
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._session: aiohttp.ClientSession | None = None

    async def parse(self, body: bytes) -> bytes:
        """The answer to a request in the form of `wire.encode`."""
        try:
            async with self._opened().post(
                f"{self._base}/parse", data=body, headers=self._headers, allow_redirects=False
            ) as response:
                if response.status == 401:
                    raise NluUnavailable(
                        "the model's server refused the token: check BOT_NLU_TOKEN"
                    )
                if response.status != 200:
                    raise NluUnavailable(f"the server refused the call ({response.status})")
                return await _limited(response)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _unavailable(error) from None

    async def model(self) -> str:
        """The fingerprint of the loaded model."""
        try:
            async with self._opened().get(
                f"{self._base}/readyz", allow_redirects=False
            ) as response:
                answer = await response.json()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _unavailable(error) from None
        if response.status != 200 or not isinstance(answer, dict):
            raise NluUnavailable("the model is not loaded")
        return str(answer.get("model", ""))

    async def close(self) -> None:
        """Close the connections. It may be asked again, and then opens new ones."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.UnixConnector(self._socket) if self._socket else None
            # Neither cookies nor a proxy of the environment: a text goes to the model alone.
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                timeout=_NO_TIMEOUT,
            )
        return self._session


async def _limited(response: aiohttp.ClientResponse) -> bytes:
    answer = bytearray()
    async for chunk in response.content.iter_any():
        answer += chunk
        if len(answer) > MAX_ANSWER:
            raise NluUnavailable("the model's answer is too long")
    return bytes(answer)


def _unavailable(error: Exception) -> NluUnavailable:
    # The error's own words may hold the address: only its kind is told.
    return NluUnavailable(f"the model cannot be asked ({type(error).__name__})")


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
        "BOT_NLU_URL must be like unix:///run/sidelight/nlu.sock or http://127.0.0.1:5005;"
        " several are separated by commas."
    )
