"""One advocate's open stream: events out, presence in."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Final

from sse_starlette import ServerSentEvent

from bot.console.context import Console
from bot.console.guard import Caller
from bot.errors import TransientError
from bot.logs import logger
from bot.staff.permissions import HANDOFF_CLAIM

_log = logger(__name__)

LONGEST_BEAT: Final = 15.0
"""Seconds; proxies cut connections that are silent for 30 to 60."""

SOONEST: Final = 0.6
"""Of a beat's time: pages that come back together after a restart do not beat together for good."""


async def stream(
    console: Console, caller: Caller, after: int | None, *, answered: bool = False
) -> AsyncIterator[ServerSentEvent | bytes]:
    """Events until the browser leaves or the session ends.

    Each beat looks whether the session still holds, and renews presence and claims: three in a
    claim's time, so that two may get lost. Where beats are `answered`, the answers renew.
    """
    beat = min(console.settings.claim_ttl.total_seconds() / 3, LONGEST_BEAT)
    loop = asyncio.get_running_loop()

    def next_beat() -> float:
        return loop.time() + beat * random.uniform(SOONEST, 1)  # noqa: S311

    async with console.feed.follow(after) as follower:
        await _beat(console, caller)
        yield ServerSentEvent("{}", event="ready", id=str(follower.start), retry=1000)
        due = next_beat()
        while True:
            try:
                events = await follower.next(max(due - loop.time(), 0))
            except EOFError:
                return
            if events:
                yield events
            if loop.time() >= due:
                if not await _beat(console, caller, renew=not answered):
                    yield ServerSentEvent("{}", event="signed_out")
                    return
                yield ServerSentEvent("{}", event="beat")
                due = next_beat()


async def _beat(console: Console, caller: Caller, *, renew: bool = True) -> bool:
    """Keep presence and claims; False when the session has ended."""
    try:
        if await console.staff.authenticate(caller.token) is None:
            return False
        if renew and HANDOFF_CLAIM in caller.advocate.permissions:
            await console.advocacy.present(caller.advocate.id)
    except TransientError as error:
        _log.warning("presence could not be noted", error=error)
    return True
