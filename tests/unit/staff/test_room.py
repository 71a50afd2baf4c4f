"""The staff's chat, decided: what is a command, and when a notice is renewed and sounds."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from bot.ids import MessageId
from bot.staff.commands import LONGEST, Command, Question, Silence, read
from bot.staff.room import PACE, Renewal, Room, renewal

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD, NEW = b"old", b"new"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/status", Question.STATUS),
        ("/STATUS@some_bot", Question.STATUS),
        (" /oncall ", Question.ON_CALL),
        ("/silence", Silence(timedelta(minutes=30))),
        ("/silence 45", Silence(timedelta(minutes=45))),
        ("/silence@some_bot 2h", Silence(timedelta(hours=2))),
        ("/silence 10 min", Silence(timedelta(minutes=10))),
        ("/silence off", Silence(timedelta(0))),
        ("/silence 9999h", Silence(LONGEST)),
        ("/silence for ever", Question.HELP),
        ("/start", None),
        ("status", None),
        ("see /status", None),
        ("/silence " + "9" * 5000, None),
        ("/", None),
    ],
)
def test_commands_are_read(text: str, command: Command | None) -> None:
    """Lengths of time have an upper end, and what is no command of ours is left alone."""
    assert read(text) == command


def test_what_stands_there_and_says_it_is_left_alone() -> None:
    """Nothing new, no other counts: no message."""
    assert renewal(Room(calls=3, answered=3, shown=OLD), OLD, NOW) is None


def test_what_came_up_sounds_once_even_where_the_counts_are_the_same() -> None:
    """One left and one came: the board reads alike, and is told all the same."""
    assert renewal(Room(calls=4, answered=3, shown=OLD), OLD, NOW) == Renewal(sounds=True)


def test_fewer_who_wait_are_shown_without_a_sound() -> None:
    """Good news wakes nobody."""
    assert renewal(Room(calls=3, answered=3, shown=OLD), NEW, NOW) == Renewal(sounds=False)


def test_a_silence_puts_the_sound_off_and_does_not_drop_it() -> None:
    """Shown at once, heard at the end."""
    room = Room(calls=4, answered=3, shown=OLD, silent_until=NOW + timedelta(minutes=1))
    assert renewal(room, NEW, NOW) == Renewal(sounds=False)
    assert renewal(room, OLD, NOW) is None
    assert renewal(room, OLD, NOW + timedelta(minutes=1)) == Renewal(sounds=True)


def test_notices_keep_their_distance() -> None:
    """The first goes out at once, the next after a pause."""
    assert Room().free_at(NOW) == NOW
    shown = Room(shown_at=NOW, notice=MessageId(uuid4()))
    assert shown.free_at(NOW + timedelta(seconds=1)) == NOW + PACE
    assert shown.free_at(NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)
