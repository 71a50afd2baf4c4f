"""The client's address, and a server that is slow, silent or not there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.intents import Intent
from bot.errors import ConfigurationError
from bot.rasa.breaker import CircuitBreaker
from bot.rasa.client import QUEUE, RasaNluClient
from tests.contract.nlu_server import eventually

SHORT = timedelta(milliseconds=50)
LONG = timedelta(seconds=10)


def lasting() -> CircuitBreaker:
    """Opens after two failures, and for good."""
    return CircuitBreaker(failures=2, rest=timedelta(hours=1))


class FakeServer:
    """Answers every call on a unix socket with the same bytes, or with silence."""

    def __init__(self, answer: bytes | None) -> None:
        self.answer = answer
        self.calls = 0
        self.given_up = asyncio.Event()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split()[0]))
        if self.answer is None:
            with suppress(asyncio.CancelledError):  # the test is over
                await reader.read()
            self.given_up.set()
            writer.close()
        else:
            writer.write(self.answer)
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
        "unix:///nlu.sock,",
        "unix:///nlu.sock,http://host/path",
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
        client = RasaNluClient(f"unix://{tmp_path / 's'}", breaker=lasting)
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


GREETING = ok(
    b'{"parses": [{"intent": "greet", "confidence": 1, "alternatives": [], "entities": []}]}',
    more="Connection: close\r\n",
)
BROKEN = ok(b"{}", "500 Internal Server Error", "Connection: close\r\n")


@asynccontextmanager
async def two(
    folder: Path, first: bytes | None, second: bytes | None, time_limit: timedelta
) -> AsyncIterator[tuple[RasaNluClient, FakeServer, FakeServer]]:
    """A client of two servers, of which the first is asked first."""
    async with serving(folder / "1", first) as one, serving(folder / "2", second) as other:
        urls = f"unix://{folder / '1'}, unix://{folder / '2'}"
        client = RasaNluClient(urls, time_limit=time_limit, breaker=lasting)
        yield client, one, other
        await client.close()


async def test_when_one_fails_another_is_asked(tmp_path: Path) -> None:
    """Nobody notices; and soon the one that fails is left alone."""
    async with two(tmp_path, BROKEN, GREETING, LONG) as (client, broken, good):
        for _ in range(5):
            parse = await client.parse("hello", None)
            assert parse.guesses[0].intent is Intent.GREET
        assert (broken.calls, good.calls) == (2, 5)


async def test_when_one_is_gone_another_is_asked(tmp_path: Path) -> None:
    """A process that died has no socket to call."""
    async with serving(tmp_path / "2", GREETING) as good:
        urls = f"unix://{tmp_path / '1'},unix://{tmp_path / '2'}"
        client = RasaNluClient(urls, time_limit=LONG)
        for _ in range(5):
            assert (await client.parse("hello", None)).guesses[0].intent is Intent.GREET
        await client.close()
    assert good.calls == 5


async def test_when_one_is_silent_another_is_asked_in_time(tmp_path: Path) -> None:
    """The silent one is told that nobody waits any more, and is left alone after a while."""
    limit = timedelta(seconds=0.6)
    async with two(tmp_path, None, GREETING, limit) as (client, silent, good):
        for _ in range(5):
            assert (await client.parse("hello", None)).guesses[0].intent is Intent.GREET
        await asyncio.wait_for(silent.given_up.wait(), 5)
        assert (silent.calls, good.calls) == (2, 5)


async def test_the_first_answer_counts(tmp_path: Path) -> None:
    """A second server that fails takes nothing from the first, which only takes its time."""
    waited = asyncio.Event()

    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await waited.wait()
        writer.write(GREETING)
        writer.close()

    async def fail(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        waited.set()

    slow = await asyncio.start_unix_server(slowly, str(tmp_path / "1"))
    failing = await asyncio.start_unix_server(fail, str(tmp_path / "2"))
    urls = f"unix://{tmp_path / '1'},unix://{tmp_path / '2'}"
    client = RasaNluClient(urls, time_limit=timedelta(seconds=1.5))
    parse = await client.parse("hello", None)
    assert parse.guesses[0].intent is Intent.GREET
    assert waited.is_set()
    await client.close()
    slow.close()
    failing.close()


async def test_the_least_busy_is_asked(tmp_path: Path) -> None:
    """While one is at work, the next text goes to another."""
    async with two(tmp_path, None, None, LONG) as (client, one, other):
        calls = [asyncio.create_task(client.parse("hello", None)) for _ in range(4)]
        await eventually(lambda: one.calls + other.calls == 4)
        assert (one.calls, other.calls) == (2, 2)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)


async def test_all_failing_is_unavailable(tmp_path: Path) -> None:
    """Each was asked, and once all breakers are open none is."""
    async with two(tmp_path, BROKEN, BROKEN, LONG) as (client, one, other):
        for _ in range(5):
            with pytest.raises(NluUnavailable):
                await client.parse("hello", None)
        assert (one.calls, other.calls) == (2, 2)


async def test_one_that_rests_is_the_last_resort(tmp_path: Path) -> None:
    """When the one that was well fails, the one that failed before may be well again."""
    async with two(tmp_path, BROKEN, GREETING, LONG) as (client, first, second):
        for _ in range(3):
            await client.parse("hello", None)
        first.answer, second.answer = GREETING, BROKEN
        assert (await client.parse("hello", None)).guesses[0].intent is Intent.GREET
        assert (first.calls, second.calls) == (3, 4)


async def test_who_gives_up_blames_nobody(tmp_path: Path) -> None:
    """A call that its own caller cancels says nothing about the server."""
    async with two(tmp_path, None, GREETING, LONG) as (client, silent, _):
        for number in range(1, 5):
            call = asyncio.create_task(client.parse("hello", None))
            await eventually(lambda n=number: silent.calls == n)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
        assert silent.calls == 4


async def test_a_batch_goes_to_whoever_can(tmp_path: Path) -> None:
    """Many texts at once have the same second chance."""
    async with two(tmp_path, BROKEN, GREETING, LONG) as (client, broken, good):
        [parse] = await client.parse_batch(["hello"], [None], LONG)
        assert parse.guesses[0].intent is Intent.GREET
        assert (broken.calls, good.calls) == (1, 1)


async def test_no_more_wait_than_can_be_answered(tmp_path: Path) -> None:
    """Whoever comes when the queue is full is told so at once, and the server is not asked."""
    path = tmp_path / "nlu.sock"
    async with serving(path, None) as server:
        client = RasaNluClient(f"unix://{path}", time_limit=LONG)
        waiting = [asyncio.create_task(client.parse("hola", None)) for _ in range(QUEUE)]
        await eventually(lambda: server.calls == QUEUE)
        with pytest.raises(NluUnavailable, match="too many"):
            await client.parse("hola", None)
        assert server.calls == QUEUE
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await client.close()
