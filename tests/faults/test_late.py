"""The ledger says which step of a deletion was late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.late import Facts, late_step

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CLAIMED = Facts(NOW, NOW - 90 * SECOND, NOW - 20 * SECOND, NOW + 10 * SECOND)


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        (replace(CLAIMED, deadline=NOW + SECOND), "not due yet"),
        (replace(CLAIMED, due_at=None), "due"),
        (replace(CLAIMED, due_at=NOW + 40 * SECOND, claimed_until=None), "due: put off for 40 s"),
        (replace(CLAIMED, claimed_until=None), "claimed: by nobody for 20 s"),
        (replace(CLAIMED, claimed_until=NOW - SECOND), "claimed: by one that is dead"),
        (CLAIMED, "sent"),
        (replace(CLAIMED, called_at=NOW - 30 * SECOND, status=200), "sent"),
        (replace(CLAIMED, called_at=NOW - SECOND, status=429), "answered: Telegram said 429"),
        (replace(CLAIMED, called_at=NOW - SECOND, status=200), "recorded"),
    ],
)
def test_the_first_step_that_did_not_come_about_is_named(facts: Facts, step: str) -> None:
    """Due, claimed, sent, answered, recorded."""
    assert late_step(facts).startswith(step)
