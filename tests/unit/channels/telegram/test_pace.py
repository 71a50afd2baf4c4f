"""Telegram's limits: replies go at once, urgent deletions next, others in what is left."""

import asyncio

import pytest

from bot.channels.telegram.pace import A_SECOND, RESERVE, HeldOff, Pace


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
    """A burst, then 30 a second, and never the last ten of a second's share."""
    hands = Hands()
    pace = Pace(now=hands.now, sleep=hands.sleep)
    for chat in range(200):
        await pace.turn(chat, urgent=False)
    least = (200 - (A_SECOND - RESERVE)) / A_SECOND
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
    for _ in range(int(A_SECOND - RESERVE)):
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
    pace.hold_off(1.5)
    await pace.turn(1, urgent=True)
    assert hands.time >= 1.5
    pace.hold_off(30)
    with pytest.raises(HeldOff) as held:
        await pace.turn(2, urgent=True)
    assert 28 < held.value.seconds <= 30
