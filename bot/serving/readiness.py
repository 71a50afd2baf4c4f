"""`/healthz` and `/readyz`: whether a process lives, and whether it can work."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.conversation.errors import DatabaseUnavailable


async def alive(_request: Request) -> Response:
    """The process answers, whatever else is away."""
    return PlainTextResponse("alive\n")


class Model:
    """Whether the model need not be waited for: it has answered once, or `grace` is over.

    Who starts must not take the place of one that understands until it does, too. A model that
    dies later takes nobody out of service, and one that never comes holds no restart up for
    longer than `grace`: net and buttons go on without any. `now` tells seconds.
    """

    def __init__(
        self,
        answered: asyncio.Event,
        grace: timedelta,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._answered = answered
        self._now = now
        self._until = now() + grace.total_seconds()

    @property
    def answered(self) -> bool:
        return self._answered.is_set()

    @property
    def awaited(self) -> bool:
        return not self.answered and self._now() < self._until


class Readiness:
    """`/readyz`: 200, or 503 and the reason. A process without `model` has none to wait for."""

    def __init__(self, ping: Callable[[], Awaitable[object]], model: Model | None = None) -> None:
        self._ping = ping
        self._model = model

    async def answer(self, _request: Request) -> Response:
        """For Starlette."""
        try:
            await self._ping()
        except DatabaseUnavailable:
            return _not_yet("the database does not answer")
        if self._model is not None and self._model.awaited:
            return _not_yet("the model does not answer yet")
        without = self._model is not None and not self._model.answered
        return PlainTextResponse("ready, without the model\n" if without else "ready\n")


def _not_yet(reason: str) -> Response:
    return PlainTextResponse(f"{reason}\n", status_code=503)
