"""Telegram's limits: replies go at once, urgent deletions next, others in what is left."""

import asyncio

import pytest

from bot.channels.telegram.pace import (
    A_SECOND,
    BURST,
    CHATS_OF_A_FLOOD,
    LONGEST_HOLD,
    RESERVE,
    URGENT_RESERVE,
    HeldOff,
    Pace,
)
from bot.errors import TransientError


class Hands:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += max(seconds, 0.001)
        await asyncio.sleep(0)


async def test_deletions_keep_to_the_rate_and_leave_some_to_replies() -> None:
    """A burst, then 28 a second, and never the last ten of the bucket."""
    hands = Hands()
    pace = Pace(now=hands.now, sleep=hands.sleep)
    for chat in range(200):
        await pace.turn(chat, urgent=False)
    least = (200 - (BURST - RESERVE)) / A_SECOND
    assert least - 0.1 <= hands.time < least + 1


async def test_one_chat_gets_one_deletion_a_second() -> None:
    """However much of the rate is left."""
    hands = Hands()
    pace = Pace(now=hands.now, sleep=hands.sleep)
    for _ in range(5):
        await pace.turn(1, urgent=True)
    assert hands.time >= 4


async def test_urgent_deletions_use_what_others_may_not() -> None:
    """When only the reserve is left, an urgent one goes at once and another waits."""
    hands = Hands()
    pace = Pace(now=hands.now, sleep=hands.sleep)
    for _ in range(int(BURST - RESERVE)):
        pace.spend()
    await pace.turn(1, urgent=True)
    assert hands.time == 0
    await pace.turn(2, urgent=False)
    assert hands.time > 0


async def test_replies_are_paid_for_by_deletions() -> None:
    """Sixty replies at once are not held back; a deletion then is."""
    hands = Hands()
    pace = Pace(now=hands.now, sleep=hands.sleep)
    for _ in range(60):
        pace.spend()
    assert hands.time == 0
    await pace.turn(1, urgent=True)
    assert hands.time >= 1


async def test_a_429_silences_deletions_for_as_long_as_telegram_asks() -> None:
    """A short silence is sat out, a long one given back to the timer."""
    hands = Hands()
    pace = Pace(now=hands.now, sleep=hands.sleep)
    pace.hold_off(7, 1.5)
    await pace.turn(1, urgent=True)
    assert hands.time >= 1.5
    pace.hold_off(7, 30)
    with pytest.raises(HeldOff) as held:
        await pace.turn(2, urgent=True)
    assert 28 < held.value.seconds <= 30


async def test_urgent_deletions_leave_some_to_replies() -> None:
    """However urgent: a reply that comes meanwhile is not refused because of them."""
    hands = Hands()
    pace = Pace(now=hands.now, sleep=hands.sleep)
    for chat in range(int(BURST - URGENT_RESERVE)):
        await pace.turn(chat, urgent=True)
    assert hands.time == 0
    await pace.turn(99, urgent=True)
    assert hands.time > 0


def test_one_chat_that_is_refused_holds_no_reply_back_and_many_do() -> None:
    """One who writes too fast silences nobody; a flood of all of us waits as long as asked."""
    hands = Hands()
    pace = Pace(now=hands.now, sleep=hands.sleep)
    for chat in range(CHATS_OF_A_FLOOD - 1):
        pace.hold_off(chat, 20)
        pace.hold_off(chat, 20)
    pace.spend()
    pace.hold_off(99, 10)
    with pytest.raises(HeldOff) as held:
        pace.spend()
    assert 9 < held.value.seconds <= 10
    hands.time += 10.5
    pace.spend()


class Bucket:
    """A shared bucket that may be broken, or empty."""

    def __init__(self) -> None:
        self.level = A_SECOND
        self.held_for = 0.0
        self.broken = False
        self.asked = 0
        self.spent = 0.0
        self.busy: dict[int | None, float] = {}

    async def draw(
        self, spent: float, needed: float, hold: float, chat: int | None = None
    ) -> tuple[bool, float, float, float]:
        if self.broken:
            raise TransientError
        self.asked += 1
        self.spent += spent
        self.held_for = max(self.held_for, hold)
        self.level -= spent
        busy = self.busy.get(chat, 0.0)
        granted = 0 < needed <= self.level and not self.held_for and not busy
        self.level -= granted
        return granted, self.level, self.held_for, busy


async def test_what_others_spent_counts() -> None:
    """A deletion waits for the bucket of all, and asks it no more often than is worth it."""
    hands, bucket = Hands(), Bucket()
    pace = Pace(now=hands.now, sleep=hands.sleep, shared=bucket)
    bucket.level = -15.0

    async def fill(seconds: float) -> None:
        bucket.level += seconds * A_SECOND
        await hands.sleep(seconds)

    pace._sleep = fill
    await pace.turn(1, urgent=True)
    assert hands.time >= 0.7
    assert bucket.asked <= 3


async def test_a_chat_in_which_another_process_deleted_just_now_is_waited_for() -> None:
    """And other chats are not; however much of the rate is left."""
    hands, bucket = Hands(), Bucket()
    bucket.busy = {7: 0.8}

    async def pass_by(seconds: float) -> None:
        bucket.busy[7] = max(0.0, bucket.busy[7] - seconds)
        await hands.sleep(seconds)

    pace = Pace(now=hands.now, sleep=pass_by, shared=bucket)
    await pace.turn(1, urgent=True)
    assert hands.time == 0
    await pace.turn(7, urgent=True)
    assert 0.8 <= hands.time < 1
    assert bucket.asked <= 4


async def test_a_silence_is_shared() -> None:
    """What Telegram asked of one process is heeded by the others."""
    bucket = Bucket()
    one, other = Pace(shared=bucket), Pace(shared=bucket)
    one.hold_off(1, 30)
    await asyncio.sleep(0.15)
    with pytest.raises(HeldOff):
        await other.turn(2, urgent=True)


async def test_replies_are_told_to_the_others() -> None:
    """Within a tenth of a second, in one go; and kept while the database is away."""
    bucket = Bucket()
    pace = Pace(shared=bucket)
    bucket.broken = True
    for _ in range(5):
        pace.spend()
    await asyncio.sleep(0.15)
    assert bucket.spent == 0
    bucket.broken = False
    pace.spend()
    await asyncio.sleep(0.15)
    assert (bucket.spent, bucket.asked) == (6, 1)


async def test_no_deletion_goes_while_nobody_knows_the_count() -> None:
    """With the database away its timer is put off; a reply goes all the same."""
    bucket = Bucket()
    bucket.broken = True
    pace = Pace(shared=bucket)
    with pytest.raises(HeldOff) as held:
        await pace.turn(1, urgent=True)
    assert held.value.seconds == LONGEST_HOLD
    pace.spend()
