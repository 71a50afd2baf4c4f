"""The client's address, and a server that is slow, silent or not there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.interfaces import NluUnavailable
from bot.errors import ConfigurationError
from bot.rasa.breaker import CircuitBreaker
from bot.rasa.client import RasaNluClient

SHORT = timedelta(milliseconds=50)


class FakeServer:
    """Answers every call on a unix socket with the same bytes, or with silence."""

    def __init__(self, answer: bytes | None) -> None:
        self._answer = answer
        self.calls = 0

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        await reader.readuntil(b"\r\n\r\n")
        if self._answer is not None:
            writer.write(self._answer)
            writer.close()


@asynccontextmanager
async def serving(path: Path, answer: bytes | None) -> AsyncIterator[FakeServer]:
    fake = FakeServer(answer)
    server = await asyncio.start_unix_server(fake.accept, str(path))
    yield fake
    server.close()


def ok(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nlu.sock",
        "unix://relative/nlu.sock",
        "unix:",
        "ftp://127.0.0.1",
        "http://",
        "http://host:port",
        "http://host/path?text=",
        "127.0.0.1:5005",
    ],
)
def test_a_wrong_address_is_named(url: str) -> None:
    """The error shows what an address looks like."""
    with pytest.raises(ConfigurationError, match="unix:///"):
        RasaNluClient(url)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        b"\x00\xff garbage\r\n\r\n",
        ok(b"not json"),
        ok(b'{"parses": []}'),
        ok(b"x" * 400_000),
        ok(b"", "401 Unauthorized"),
        ok(b"{}", "500 Internal Server Error"),
        ok(b"", "307 Temporary Redirect", "Location: http://elsewhere.invalid/\r\n"),
    ],
)
async def test_no_usable_answer_is_unavailable(tmp_path: Path, answer: bytes | None) -> None:
    """Silence, garbage, errors and redirects: all the same to the bot, and soon."""
    async with serving(tmp_path / "s", answer):
        client = RasaNluClient(f"unix://{tmp_path / 's'}", time_limit=SHORT)
        with pytest.raises(NluUnavailable):
            await asyncio.wait_for(client.parse("hello", None), 5)
        await client.close()


async def test_a_dead_model_costs_no_more_calls(tmp_path: Path) -> None:
    """After some failures the model is left alone for a while."""
    async with serving(
        tmp_path / "s", ok(b"", "500 Internal Server Error", "Connection: close\r\n")
    ) as server:
        breaker = CircuitBreaker(failures=2, rest=timedelta(hours=1))
        client = RasaNluClient(f"unix://{tmp_path / 's'}", breaker=breaker)
        for _ in range(5):
            with pytest.raises(NluUnavailable):
                await client.parse("hello", None)
        assert server.calls == 2
        await client.close()


async def test_no_socket_is_unavailable(tmp_path: Path) -> None:
    """A model that was never started is missed like one that died."""
    client = RasaNluClient(f"unix://{tmp_path / 'none'}")
    with pytest.raises(NluUnavailable):
        await client.parse("hello", None)
    with pytest.raises(NluUnavailable):
        await client.model()
    await client.close()
