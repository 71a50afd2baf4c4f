"""The throttle: guessing gets slow, and nobody is locked out by somebody else."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.staff.throttle import (
    ADDRESS_FREE,
    FORGET_AFTER,
    LONGEST_PAUSE,
    LONGEST_WAIT,
    PAIR_FREE,
    Failures,
    Record,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NONE = Failures(0, NOW)


class Kept:
    """What a store of failures would hold."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, ...], Failures] = {}

    def record(self, name: str = "robin", address: str = "a") -> Record:
        pair, there, called = self._keys(name, address)
        get = self._found.get
        return Record(get(pair, NONE), get(there, NONE), get(called, NONE))

    def fail(self, times: int = 1, name: str = "robin", address: str = "a") -> None:
        for _ in range(times):
            self._put(name, address, self.record(name, address).failed(NOW))

    def succeed(self, name: str = "robin", address: str = "a") -> None:
        self._put(name, address, self.record(name, address).succeeded())

    def _put(self, name: str, address: str, record: Record) -> None:
        each: Iterable[Failures] = (record.pair, record.address, record.name)
        self._found.update(zip(self._keys(name, address), each, strict=True))

    @staticmethod
    def _keys(name: str, address: str) -> tuple[tuple[str, ...], ...]:
        return ("pair", name, address), ("address", address), ("name", name)


def test_a_few_mistakes_cost_nothing() -> None:
    """People mistype."""
    kept = Kept()
    kept.fail(PAIR_FREE - 1)
    assert kept.record().wait(NOW) == timedelta()


def test_each_further_mistake_doubles_the_wait_up_to_a_limit() -> None:
    """1 s, 2 s, 4 s … two minutes."""
    kept = Kept()
    waits = []
    for _ in range(PAIR_FREE + 12):
        kept.fail()
        waits.append(kept.record().wait(NOW).total_seconds())
    grown = waits[PAIR_FREE - 1 :]
    assert grown[:4] == [1, 2, 4, 8]
    assert grown[-1] == LONGEST_WAIT.total_seconds()


def test_waiting_helps() -> None:
    """What was waited counts, and after a while all is forgotten."""
    kept = Kept()
    kept.fail(PAIR_FREE + 2)
    assert kept.record().wait(NOW + timedelta(seconds=3)) == timedelta(seconds=1)
    assert kept.record().wait(NOW + timedelta(seconds=4)) == timedelta()
    kept.fail(9)
    assert kept.record().wait(NOW + FORGET_AFTER * 1.01) == timedelta()
    later = NOW + FORGET_AFTER * 1.01
    assert kept.record().failed(later).pair == Failures(1, later)


def test_one_address_with_many_names_must_wait_too() -> None:
    """Trying one password on everybody is guessing as well."""
    kept = Kept()
    for index in range(ADDRESS_FREE):
        kept.fail(name=f"name-{index}")
    assert kept.record("somebody else").wait(NOW) > timedelta()
    assert kept.record("somebody else", "b").wait(NOW) == timedelta()


def test_a_successful_sign_in_clears_the_pair() -> None:
    """Who got in starts afresh."""
    kept = Kept()
    kept.fail(PAIR_FREE)
    kept.succeed()
    assert kept.record().wait(NOW) == timedelta()


def test_an_office_behind_one_address_may_sign_in_all_day() -> None:
    """Tries that succeed are not held against the address."""
    kept = Kept()
    for index in range(10 * ADDRESS_FREE):
        kept.fail(name=f"name-{index}", address="office")
        kept.succeed(f"name-{index}", "office")
    assert kept.record("somebody else", "office").wait(NOW) == timedelta()


@given(st.lists(st.integers(0, 500), max_size=300))
def test_nobody_can_lock_the_owner_of_a_name_out(attackers: list[int]) -> None:
    """However many others guess at a name, its owner at home is let in within a bounded pause."""
    kept = Kept()
    for attacker in attackers:
        kept.fail(address=f"attacker-{attacker}")
    home = kept.record(address="home")
    assert home.wait(NOW) == timedelta()
    assert home.pause(NOW) <= LONGEST_PAUSE
