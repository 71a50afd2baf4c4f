"""One look at the queue for all who ask at the same time, and streams that lag behind."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.console.feed import BACKLOG, Batch, Follower
from bot.console.lookout import Lookout, Seen
from bot.conversation.advocacy import Front
from bot.handoff.models import ConsoleEvent

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


class SlowQueue:
    """A queue that takes as long to look at as a test wants, and counts the looks."""

    def __init__(self) -> None:
        self.looks = 0
        self.may_end = asyncio.Event()

    async def front(self, most: int) -> Front:
        self.looks += 1
        number = self.looks
        await self.may_end.wait()
        return Front((), number, (), 0)

    async def names(self) -> dict[object, str]:
        return {}


async def glance(lookout: Lookout) -> Seen:
    async with lookout.look() as seen:
        return seen


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_all_who_ask_during_a_look_share_the_one_after_it() -> None:
    """What one gets to see was looked at after one asked, however many ask."""
    queue = SlowQueue()
    lookout = Lookout(queue, queue)  # type: ignore[arg-type]
    first = asyncio.create_task(glance(lookout))
    await settle()
    others = [asyncio.create_task(glance(lookout)) for _ in range(200)]
    await settle()
    assert queue.looks == 1
    queue.may_end.set()
    assert (await first).front.waiting_count == 1
    assert {(await other).front.waiting_count for other in others} == {2}
    assert queue.looks == 2


async def test_whoever_leaves_while_it_looks_takes_nobody_elses_look_away() -> None:
    """A page that is closed cancels its own request alone."""
    queue = SlowQueue()
    lookout = Lookout(queue, queue)  # type: ignore[arg-type]
    leaving, staying = (asyncio.create_task(glance(lookout)) for _ in range(2))
    await settle()
    leaving.cancel()
    queue.may_end.set()
    assert (await staying).front.waiting_count == 1


async def test_many_that_look_go_on_one_by_one() -> None:
    """Whoever claims meanwhile waits for one page at most, not for all of them."""
    queue = SlowQueue()
    queue.may_end.set()
    lookout = Lookout(queue, queue)  # type: ignore[arg-type]
    at_once, most = 0, 0

    async def page() -> None:
        nonlocal at_once, most
        async with lookout.look():
            at_once += 1
            most = max(most, at_once)
            await settle()
            at_once -= 1

    await asyncio.gather(*(page() for _ in range(20)))
    assert (queue.looks, most) == (1, 1)


def batch(number: int) -> Batch:
    return Batch([ConsoleEvent(number, "desk", "someone", NOW)], number - 1)


async def test_a_stream_that_lags_too_far_behind_ends_rather_than_leaving_something_out() -> None:
    """It carries all that it was given, in order, and then is over: its page comes back."""
    follower = Follower(0)
    taken = [follower.take(batch(number)) for number in range(1, BACKLOG + 2)]
    assert taken == [True] * BACKLOG + [False]
    for number in range(1, BACKLOG + 1):
        assert (await follower.next(0)).startswith(f"id: {number}\r\n".encode())
    with pytest.raises(EOFError):
        await follower.next(0)


async def test_what_was_replayed_does_not_come_again_and_ids_never_fall() -> None:
    """A look that overlaps with the replay brings the rest alone."""
    follower = Follower(3)
    follower.missed([ConsoleEvent(5, "desk", "a", NOW)])
    follower.take(Batch([ConsoleEvent(4, "desk", "b", NOW), ConsoleEvent(5, "desk", "a", NOW)], 3))
    assert (await follower.next(0)).count(b"event:") == 1
    late = await follower.next(0)
    assert late.count(b"event:") == 1
    assert late.startswith(b"id: 5\r\n")
    assert b'"b"' in late
    assert await follower.next(0) == b""
