"""Asks the model what a text means: one server of it, or the least busy of several."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.understanding import Parse
from bot.ids import Locale
from bot.rasa.breaker import CircuitBreaker
from bot.rasa.connection import NluConnection
from bot.rasa.wire import decode, encode

TIME_LIMIT = timedelta(milliseconds=300)
"""Longer than this nobody waits: the safety net and the buttons go on alone."""

PATIENCE = 1 / 3
"""Of the time limit: a server that is silent for so long is not waited for alone."""


QUEUE = 64
"""Texts that wait for one server, which reads one at a time, in some milliseconds each: a later one
would wait for longer than its time limit, and hold up the others for nothing."""


class _Server:
    """A connection, whether it may be asked, and how many wait for it."""

    def __init__(self, connection: NluConnection, breaker: CircuitBreaker) -> None:
        self.connection = connection
        self.breaker = breaker
        self.busy = 0

    def ask(self, body: bytes, count: int) -> "_Call":
        self.busy += 1
        call = asyncio.create_task(self._ask(body, count))
        call.add_done_callback(self._asked)
        return call

    async def _ask(self, body: bytes, count: int) -> list[Parse]:
        return decode(await self.connection.parse(body), count)

    def _asked(self, _: "_Call") -> None:
        self.busy -= 1


class RasaNluClient:
    """An `NluClient` for one or more `nlu/server.py`. Nothing is logged.

    `urls` are what `NluConnection` takes, separated by commas. Each server has a circuit breaker
    of its own, made by `breaker`. Raises ConfigurationError for another URL.
    """

    def __init__(
        self,
        urls: str,
        *,
        token: str = "",
        time_limit: timedelta = TIME_LIMIT,
        breaker: Callable[[], CircuitBreaker] = CircuitBreaker,
    ) -> None:
        self._servers = [
            _Server(NluConnection(url.strip(), token), breaker()) for url in urls.split(",")
        ]
        self._time_limit = time_limit.total_seconds()

    async def parse(self, text: str, locale: Locale | None) -> Parse:
        """The model's guesses for `text`, the likeliest first. Raises NluUnavailable.

        The least busy server is asked. When it fails, or is silent for PATIENCE of the time limit,
        another one is asked as well, and the first answer counts.
        """
        calls: dict[_Call, _Server] = {}
        try:
            async with asyncio.timeout(self._time_limit):
                [parse] = await self._first_answer(encode([text], [locale]), calls)
        except TimeoutError:
            _blame(calls)
            raise NluUnavailable("the model did not answer in time") from None
        else:
            _blame(calls)
            return parse
        finally:
            await _give_up(calls)

    async def parse_batch(
        self, texts: Sequence[str], locales: Sequence[Locale | None], within: timedelta
    ) -> list[Parse]:
        """The parses of up to 64 texts, in order, within a time of the caller's choice.

        Raises NluUnavailable. The circuit breakers have no part in it.
        """
        body = encode(texts, locales)
        return await self._from_any(lambda server: server.ask(body, len(texts)), within)

    async def model(self) -> str:
        """The fingerprint of the loaded model. Raises NluUnavailable while there is none."""
        within = timedelta(seconds=self._time_limit)
        return await self._from_any(lambda server: server.connection.model(), within)

    async def close(self) -> None:
        """Close the connections. The client may be used again, and then opens new ones."""
        for server in self._servers:
            await server.connection.close()

    async def _first_answer(self, body: bytes, calls: "dict[_Call, _Server]") -> list[Parse]:
        """The first good answer; `calls` has those that are still under way."""
        problem: NluUnavailable | None = None
        others = list(self._servers)
        while True:
            # One that rests may be well again. Better to ask it than to have no answer.
            others = [server for server in others if server.busy < QUEUE]
            if not others and not calls:
                raise problem or NluUnavailable("too many texts wait for the model")
            server = _least_busy(others, resting_too=problem is not None and not calls)
            if server is not None:
                others.remove(server)
                calls[server.ask(body, 1)] = server
            elif not calls:
                raise problem or NluUnavailable("the model did not answer a moment ago")
            patience = self._time_limit * PATIENCE if others else None
            done, _ = await asyncio.wait(
                calls, timeout=patience, return_when=asyncio.FIRST_COMPLETED
            )
            for call in done:
                server = calls.pop(call)
                try:
                    answer = call.result()
                except NluUnavailable as error:
                    server.breaker.failed()
                    problem = error
                else:
                    server.breaker.succeeded()
                    return answer

    async def _from_any(
        self, ask: "Callable[[_Server], Awaitable[_Answer]]", within: timedelta
    ) -> "_Answer":
        problem = NluUnavailable("the model did not answer in time")
        with suppress(TimeoutError):
            async with asyncio.timeout(within.total_seconds()):
                for server in sorted(self._servers, key=_how_busy):
                    try:
                        return await ask(server)
                    except NluUnavailable as error:
                        problem = error
        raise problem


_Call = asyncio.Task[list[Parse]]
_Answer = TypeVar("_Answer")


def _how_busy(server: _Server) -> int:
    return server.busy


def _least_busy(servers: list[_Server], *, resting_too: bool) -> _Server | None:
    """Of those that may be asked now. (No other's breaker is asked, as it may allow one trial.)"""
    by_work = sorted(servers, key=_how_busy)
    last_resort = by_work[0] if by_work and resting_too else None
    return next((server for server in by_work if server.breaker.allows()), last_resort)


def _blame(calls: dict[_Call, _Server]) -> None:
    for server in calls.values():
        server.breaker.failed()


async def _give_up(calls: dict[_Call, _Server]) -> None:
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
