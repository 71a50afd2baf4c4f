"""Whose turn it is when more wait than can be worked on."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from bot.conversation.line import A_MESSAGE, KNOWN, LONGEST, OF_LATE, Line
from bot.ids import ConversationId


class Watch:
    """Seconds, as told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def someone(number: int) -> ConversationId:
    return ConversationId(UUID(int=number))


A, B, C = map(someone, (1, 2, 3))


def all_of(line: Line) -> Sequence[ConversationId]:
    """Everybody, in turn."""
    return [line.next() for _ in range(len(line))]


def hear(line: Line, *whom: ConversationId) -> None:
    """Messages come."""
    for one in whom:
        line.wrote(one)
        line.join(one)


def test_who_came_first_goes_first_where_all_write_alike() -> None:
    """Each once, however often it was woken."""
    watch = Watch()
    line = Line(watch)
    for one in (B, A, C, A):
        watch.now += 0.1
        line.join(one)
    assert all_of(line) == [B, A, C]
    assert not line
    with pytest.raises(IndexError):
        line.next()


def test_who_wrote_much_of_late_lets_others_go_first() -> None:
    """Even those who come seconds later."""
    watch = Watch()
    line = Line(watch)
    hear(line, A, A, A)
    watch.now += A_MESSAGE
    hear(line, B)
    assert all_of(line) == [B, A]


def test_who_goes_on_writing_while_waiting_loses_the_place() -> None:
    """Messages that come behind the first one count as well."""
    watch = Watch()
    line = Line(watch)
    hear(line, A)
    watch.now += 0.1
    hear(line, B, A)
    assert all_of(line) == [B, A]


def test_a_place_is_lost_to_messages_only() -> None:
    """Not to looks at what waits."""
    watch = Watch()
    line = Line(watch)
    hear(line, A)
    for _ in range(5):
        watch.now += 0.1
        line.join(A)
    hear(line, B)
    assert all_of(line) == [A, B]


def test_nobody_waits_for_ever() -> None:
    """However much was written: others go first for LONGEST, and no longer."""
    watch = Watch()
    line = Line(watch)
    hear(line, *[A] * 1000)
    watch.now += LONGEST + 0.1
    hear(line, B)
    assert all_of(line) == [A, B]


def test_what_was_written_is_forgotten_with_time() -> None:
    """Somebody who was quiet for a while is as calm as anybody."""
    watch = Watch()
    line = Line(watch)
    hear(line, A, A, A)
    assert all_of(line) == [A]
    watch.now += 4 * OF_LATE
    hear(line, A)
    watch.now += 0.1
    hear(line, B)
    assert all_of(line) == [A, B]
    assert len(line._wrote) == 2, "and nobody is remembered who was quiet for long"
    watch.now += 4 * OF_LATE
    hear(line, C)
    assert [*line._wrote] == [C]


def test_it_remembers_no_more_than_it_says() -> None:
    """A flood of ever new accounts takes no memory beyond that."""
    line = Line(Watch())
    for number in range(KNOWN + 5):
        line.wrote(someone(number))
    assert len(line._wrote) == KNOWN


def test_a_crowd_that_writes_each_second_keeps_nobody_waiting() -> None:
    """A thousand accounts, more than is answered; beside them somebody who writes now and then."""
    watch = Watch()
    line = Line(watch)
    crowd = [someone(number) for number in range(10, 1010)]
    waited = []
    for second in range(60):
        hear(line, *crowd)
        if second % 3 == 2:
            hear(line, A)
            served = [line.next() for _ in range(300)]
            waited.append(served.index(A) if A in served else len(served))
        else:
            for _ in range(300):
                line.next()
        watch.now += 1
    assert waited == [0] * len(waited)
