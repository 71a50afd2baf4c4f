"""The throttle: guessing gets slow, and nobody is locked out by somebody else."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.staff.throttle import (
    ADDRESS_FREE,
    FORGET_AFTER,
    LONGEST_PAUSE,
    LONGEST_WAIT,
    PAIR_FREE,
    Throttle,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def fail(throttle: Throttle, times: int, name: str = "robin", address: str = "a") -> None:
    for _ in range(times):
        throttle.failed(name, address, NOW)


def test_a_few_mistakes_cost_nothing() -> None:
    """People mistype."""
    throttle = Throttle()
    fail(throttle, PAIR_FREE - 1)
    assert throttle.wait("robin", "a", NOW) == timedelta()


def test_each_further_mistake_doubles_the_wait_up_to_a_limit() -> None:
    """1 s, 2 s, 4 s … two minutes."""
    throttle = Throttle()
    waits = []
    for _ in range(PAIR_FREE + 12):
        fail(throttle, 1)
        waits.append(throttle.wait("robin", "a", NOW).total_seconds())
    grown = waits[PAIR_FREE - 1 :]
    assert grown[:4] == [1, 2, 4, 8]
    assert grown[-1] == LONGEST_WAIT.total_seconds()


def test_waiting_helps() -> None:
    """What was waited counts, and after a while all is forgotten."""
    throttle = Throttle()
    fail(throttle, PAIR_FREE + 2)
    assert throttle.wait("robin", "a", NOW + timedelta(seconds=3)) == timedelta(seconds=1)
    assert throttle.wait("robin", "a", NOW + timedelta(seconds=4)) == timedelta()
    fail(throttle, PAIR_FREE + 9)
    assert throttle.wait("robin", "a", NOW + FORGET_AFTER * 1.01) == timedelta()


def test_one_address_with_many_names_must_wait_too() -> None:
    """Trying one password on everybody is guessing as well."""
    throttle = Throttle()
    for index in range(ADDRESS_FREE):
        throttle.failed(f"name-{index}", "a", NOW)
    assert throttle.wait("somebody else", "a", NOW) > timedelta()
    assert throttle.wait("somebody else", "b", NOW) == timedelta()


def test_a_successful_sign_in_clears_the_pair() -> None:
    """Who got in starts afresh."""
    throttle = Throttle()
    fail(throttle, PAIR_FREE)
    throttle.succeeded("robin", "a")
    assert throttle.wait("robin", "a", NOW) == timedelta()


def test_an_office_behind_one_address_may_sign_in_all_day() -> None:
    """Tries that succeed are not held against the address."""
    throttle = Throttle()
    for index in range(10 * ADDRESS_FREE):
        name = f"name-{index}"
        throttle.failed(name, "office", NOW)
        throttle.succeeded(name, "office")
    assert throttle.wait("somebody else", "office", NOW) == timedelta()


@given(st.lists(st.integers(0, 500), max_size=300))
def test_nobody_can_lock_the_owner_of_a_name_out(attackers: list[int]) -> None:
    """However many others guess at a name, its owner at home is let in within a bounded pause."""
    throttle = Throttle()
    for attacker in attackers:
        throttle.failed("robin", f"attacker-{attacker}", NOW)
    assert throttle.wait("robin", "home", NOW) == timedelta()
    assert throttle.pause("robin", NOW) <= LONGEST_PAUSE
