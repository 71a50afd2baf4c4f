"""Where a lost message is looked for."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.marks import BEYOND, REACH, REMEMBERED, MessageMarks


def test_the_mark_never_goes_back() -> None:
    """The highest id counts, in whatever order they come."""
    marks = MessageMarks(floor=10)
    assert marks.highest == 10
    marks.account_for([30, 20])
    marks.reached(25)
    assert marks.highest == 30


@given(
    mark=st.integers(1, 10_000),
    known=st.sets(st.integers(1, 12_000), max_size=50),
    ahead=st.integers(1, REACH),
)
def test_a_message_sent_right_after_the_mark_is_found(
    mark: int, known: set[int], ahead: int
) -> None:
    """An unknown id above the mark is looked for, if it is near the mark; known ones never are."""
    marks = MessageMarks()
    marks.account_for(known)
    lost = mark + ahead
    found = marks.unaccounted(mark)
    assert not known & set(found)
    assert all(i > mark for i in found)
    assert found == sorted(set(found))
    if lost not in known and (ahead <= BEYOND or marks.highest >= lost):
        assert lost in found


@given(moved=st.integers(0, 1_000_000), back=st.integers(-BEYOND, REACH - 1))
def test_a_message_near_the_newest_is_found_too(moved: int, back: int) -> None:
    """Where other processes moved the count on unseen, the newest ids are looked through."""
    marks = MessageMarks()
    marks.account_for([100 + moved])
    lost = 100 + moved - back
    found = marks.unaccounted(100)
    assert len(found) <= 2 * REACH + BEYOND
    if lost > 100 and back != 0:
        assert lost in found


def test_memory_is_bounded() -> None:
    """Only the latest ids are remembered."""
    marks = MessageMarks()
    marks.account_for(range(1, REMEMBERED + 501))
    assert marks.unaccounted(1)[:2] == [2, 3]
    assert REMEMBERED + 500 not in marks.unaccounted(REMEMBERED)
