"""Whoever writes faster than anybody can read is told so once, and keeps nobody else waiting."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.telegram.flood import BURST, KNOWN, RATE, Flood
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.dialogue.events import MediaKind
from bot.ids import Address, ChannelName


class Seconds:
    """A counter that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def update(
    chat: str = "7",
    number: int = 1,
    kind: InboundKind = InboundKind.TEXT,
    sent_at: datetime | None = None,
) -> InboundUpdate:
    return InboundUpdate(
        ChannelName("telegram"),
        str(number),
        Address(chat),
        kind,
        "text",
        (str(number),),
        caption="a word",
        sent_at=sent_at,
    )


def full(chat: str = "7") -> tuple[Flood, Seconds]:
    """A chat that has just written as much as it may."""
    clock = Seconds()
    flood = Flood(clock)
    for number in range(BURST):
        assert not flood.is_over(update(chat, number))
        flood.wrote(update(chat, number))
    return flood, clock


def test_one_too_many_is_over_until_time_has_passed() -> None:
    """Others are not concerned, and that somebody left is always heard."""
    flood, clock = full()
    assert flood.is_over(update())
    assert not flood.is_over(update("8"))
    assert not flood.is_over(update(kind=InboundKind.BLOCKED))
    clock.now += 1 / RATE
    assert not flood.is_over(update())


@pytest.mark.parametrize(("apart", "passed_over"), [(60.0, 0), (0.1, 21)])
def test_what_waited_at_the_platform_is_judged_by_its_dates(apart: float, passed_over: int) -> None:
    """After an outage all of it comes at once, however calmly it was written."""
    flood, began, over = Flood(Seconds()), datetime(2026, 5, 1, tzinfo=UTC), 0
    for number in range(2 * BURST + 5):
        one = update(number=number, sent_at=began + timedelta(seconds=number * apart))
        if flood.is_over(one):
            over += 1
        else:
            flood.wrote(one)
    assert over == passed_over
    press = update(kind=InboundKind.BUTTON)
    assert flood.is_over(press)


def test_what_is_passed_over_is_answered_once_and_only_its_ids_are_kept() -> None:
    """So that all of it vanishes; after a calm time there is an answer again."""
    flood, clock = full()
    first = flood.passed_over([update(number=1), update(number=2)])
    assert (first.kind, first.content, first.caption) == (InboundKind.MEDIA, "too_many", "")
    assert first.message_ids == ("1", "2")
    flood.stored(first)
    assert flood.passed_over([update(number=3)]).content == MediaKind.MORE
    clock.now += BURST / RATE
    flood.wrote(update())
    assert flood.passed_over([update(number=4)]).content == MediaKind.TOO_MANY


def test_an_answer_that_could_not_be_stored_is_given_with_the_next() -> None:
    """What counts is what is on record."""
    flood, _ = full()
    flood.passed_over([update(number=1)])
    assert flood.passed_over([update(number=1)]).content == MediaKind.TOO_MANY


def test_no_number_of_chats_fills_the_memory() -> None:
    """Those that wrote longest ago are forgotten."""
    flood, _ = full()
    for chat in range(10, KNOWN + 10):
        flood.wrote(update(str(chat)))
    assert not flood.is_over(update())
    assert len(flood._paces) == KNOWN
