"""The rota's gaps: what is open and not covered."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.staff.rota import Span, gaps

START = datetime(2026, 11, 22, tzinfo=UTC)


def span(begins: int, ends: int) -> Span:
    return START + timedelta(hours=begins), START + timedelta(hours=ends)


def test_what_no_shift_reaches_is_a_gap() -> None:
    """Before, between and after; a shift may cover several, or begin earlier."""
    wanted = [span(9, 17), span(33, 41)]
    assert gaps(wanted, [span(8, 10), span(12, 13), span(30, 50)]) == [span(10, 12), span(13, 17)]
    assert gaps(wanted, []) == wanted
    assert gaps(wanted, [span(0, 48)]) == []


spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 12)).map(lambda p: span(p[0], p[0] + p[1])),
    max_size=6,
)


@given(spans, spans)
def test_an_hour_is_in_a_gap_exactly_when_it_is_open_and_nobody_is_on(
    wanted: list[Span], covered: list[Span]
) -> None:
    """Whatever overlaps."""
    found = gaps(wanted, covered)
    for hour in range(75):
        at = START + timedelta(hours=hour, minutes=30)
        is_open = any(a <= at < b for a, b in wanted)
        is_on = any(a <= at < b for a, b in covered)
        assert any(a <= at < b for a, b in found) is (is_open and not is_on)
