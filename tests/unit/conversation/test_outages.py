"""A platform that is away: one looks for all, and slips hold nobody up."""

from datetime import timedelta

import pytest

from bot.conversation.interfaces import ChannelUnavailable, MessageRefused
from bot.conversation.outages import LONGEST_RETRY, RETRY, TOLERATED, Outages
from bot.errors import BotError
from bot.ids import ChannelName
from tests.fakes.clock import FakeClock

TELEGRAM, PAGE = ChannelName("telegram"), ChannelName("page")


class Calls:
    """Calls to a platform, each of which goes as it is told to."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.outages = Outages(self.clock)
        self.made = 0

    async def call(self, error: BotError | type[TimeoutError] | None = None) -> timedelta | None:
        """Ask for one; how long to wait where it was not made, or where it failed."""
        try:
            async with self.outages.asking(TELEGRAM):
                self.made += 1
                if error is not None:
                    raise error
        except ChannelUnavailable as failed:
            return failed.retry_after
        except MessageRefused:
            return None
        return None

    async def away(self) -> None:
        """Enough calls fail."""
        for _ in range(TOLERATED):
            await self.call(ChannelUnavailable(uncertain=True))
        self.made = 0


@pytest.mark.parametrize("error", [ChannelUnavailable(uncertain=True), TimeoutError])
async def test_while_it_is_away_nobody_calls_but_one(
    error: BotError | type[TimeoutError],
) -> None:
    """The others are told when to come again; whoever looks then keeps the rest waiting."""
    calls = Calls()
    for _ in range(TOLERATED):
        await calls.call(error)
    assert [await calls.call() for _ in range(5)] == [RETRY] * 5
    assert calls.made == TOLERATED
    calls.clock.advance(RETRY)
    async with calls.outages.asking(TELEGRAM):
        assert (await calls.call()) is not None
    assert calls.made == TOLERATED
    await calls.call()
    assert calls.made == TOLERATED + 1, "it is back for all"


async def test_pauses_grow_to_a_minute_and_no_longer() -> None:
    """In an hour's outage about a call a minute; and a minute after it, it goes on."""
    calls = Calls()
    await calls.away()
    for _ in range(3600):
        calls.clock.advance(timedelta(seconds=1))
        await calls.call(ChannelUnavailable())
    assert 55 <= calls.made <= 65
    calls.clock.advance(LONGEST_RETRY)
    assert await calls.call() is None


async def test_those_under_way_when_it_goes_count_once() -> None:
    """Fifty that fail together are one failure, not a minute's pause."""
    calls = Calls()
    for _ in range(50):
        calls.outages._of[TELEGRAM].failed(calls.clock.now())
    assert await calls.call() == RETRY


async def test_slips_between_answers_hold_nobody_up() -> None:
    """Nor does what the platform says by itself: to wait, or that something can't be deleted."""
    calls = Calls()
    for answer in (None, MessageRefused("no"), None) * TOLERATED:
        for _ in range(TOLERATED - 1):
            await calls.call(ChannelUnavailable())
        await calls.call(answer)
    for _ in range(TOLERATED * 2):
        assert await calls.call(ChannelUnavailable(timedelta(seconds=30))) == timedelta(seconds=30)
    calls.made = 0
    await calls.call()
    assert calls.made == 1


async def test_one_platform_says_nothing_of_another() -> None:
    """The web chat is there while Telegram is not."""
    calls = Calls()
    await calls.away()
    async with calls.outages.asking(PAGE):
        calls.made += 1
    assert calls.made == 1
