"""A request that somebody else got in the way of is answered all the same."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute

from bot.conversation.errors import Overtaken

TRIES: Final = 3


class Again(APIRoute):
    """A route whose handler runs anew where its transaction was broken off, up to `TRIES` times."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See APIRoute."""
        handle = super().get_route_handler()

        async def again(request: Request) -> Response:
            for _ in range(TRIES - 1):
                try:
                    return await handle(request)
                except Overtaken:
                    continue
            return await handle(request)

        return again
