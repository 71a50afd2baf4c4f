"""One advocate's open stream: events out, presence in."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Final

from sse_starlette import ServerSentEvent

from bot.console.context import Console
from bot.console.guard import Caller
from bot.errors import TransientError
from bot.staff.permissions import HANDOFF_CLAIM

_log = logging.getLogger(__name__)

LONGEST_BEAT: Final = 15.0
"""Seconds; proxies cut connections that are silent for 30 to 60."""


async def stream(
    console: Console, caller: Caller, after: int | None
) -> AsyncIterator[ServerSentEvent]:
    """Events until the browser leaves or the session ends.

    Each beat looks whether the session still holds, and renews presence and claims: three in a
    claim's time, so that two may get lost.
    """
    beat = min(console.settings.claim_ttl.total_seconds() / 3, LONGEST_BEAT)
    loop = asyncio.get_running_loop()
    async with console.feed.follow(after) as follower:
        await _beat(console, caller)
        yield ServerSentEvent("{}", event="ready", id=str(follower.start), retry=1000)
        highest = follower.start
        due = loop.time() + beat
        while True:
            event = await follower.next(max(due - loop.time(), 0))
            if event is not None:
                highest = max(highest, event.id)
                data = json.dumps({"subject": event.subject})
                yield ServerSentEvent(data, event=event.kind, id=str(highest))
            if loop.time() >= due:
                if not await _beat(console, caller):
                    yield ServerSentEvent("{}", event="signed_out")
                    return
                yield ServerSentEvent("{}", event="beat")
                due = loop.time() + beat


async def _beat(console: Console, caller: Caller) -> bool:
    """Keep presence and claims; False when the session has ended."""
    try:
        if await console.staff.authenticate(caller.token) is None:
            return False
        if HANDOFF_CLAIM in caller.advocate.permissions:
            await console.advocacy.present(caller.advocate.id)
    except TransientError as error:
        _log.warning("presence could not be noted: %s", type(error).__name__)
    return True
