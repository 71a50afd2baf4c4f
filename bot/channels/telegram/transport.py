"""HTTP to the Bot API: python-telegram-bot's request interface on aiohttp."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import JSONDict, ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 20.0


class ConnectFailed(NetworkError):
    """No connection was made, so the call cannot have been carried out."""


def plain(parameters: Mapping[str, object]) -> RequestData:
    """Parameters that can be written as JSON as they are."""
    return RequestData([RequestParameter(*each, None) for each in parameters.items()])


class AiohttpRequest(BaseRequest):
    """A pool of connections to the Bot API.

    `connections` bounds the calls in flight; the next ones wait for `CONNECT_SECONDS` at most.
    Certificates are checked against the system's authorities. Errors are ConnectFailed, TimedOut
    or NetworkError, with fixed messages and no cause: an address here holds the bot's token.
    No proxy is taken from the environment: what people write goes nowhere that is not configured.
    """

    __slots__ = ("_connections", "_read_seconds", "_session")

    def __init__(self, connections: int = 64, read_seconds: float = READ_SECONDS) -> None:
        self._connections = connections
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long an answer may take, in seconds."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Open the pool. Calling it again changes nothing."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        """Close the pool with all its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Carry out one call; return the status and the body.

        Raises ConnectFailed when nothing was sent, TimedOut or NetworkError when it may have
        been. The session's connection is closed then, never reused. Files are not supported.
        """
        if self._session is None:
            raise RuntimeError("initialize() opens the pool; it was not called, or shutdown() was")
        seconds = self._read_seconds if isinstance(read_timeout, DefaultValue) else read_timeout
        total = None if seconds is None else CONNECT_SECONDS + seconds
        body = None if request_data is None else json.dumps(request_data.parameters).encode()
        failure: TelegramError
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers={"Content-Type": "application/json"} if body else None,
                timeout=aiohttp.ClientTimeout(total, connect=CONNECT_SECONDS, sock_read=seconds),
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            failure = ConnectFailed("no connection to the Bot API")
        except (aiohttp.ServerFingerprintMismatch, aiohttp.InvalidURL):
            failure = ConnectFailed("the Bot API's address or certificate is wrong")
        except TimeoutError:
            failure = TimedOut("no answer from the Bot API in time")
        except (aiohttp.ClientError, OSError):
            failure = NetworkError("the connection to the Bot API broke")
        # Raised out here, so that the error has no context: aiohttp's hold the address.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> JSONDict:
        """The answer as a dict. Raises TelegramError, without a word of the answer, if it is none.

        Replaces a method that logs what it cannot read.
        """
        answer: object = None
        with suppress(ValueError, RecursionError):
            answer = json.loads(payload)
        if not isinstance(answer, dict):
            raise TelegramError("the Bot API's answer is not a JSON object")
        return answer
