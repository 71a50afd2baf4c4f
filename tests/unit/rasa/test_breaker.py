"""When the circuit breaker lets a call through."""

from datetime import timedelta

import pytest

from bot.rasa.breaker import CircuitBreaker


class FakeSeconds:
    """A clock that stands still until moved."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def seconds() -> FakeSeconds:
    return FakeSeconds()


@pytest.fixture
def breaker(seconds: FakeSeconds) -> CircuitBreaker:
    return CircuitBreaker(failures=3, rest=timedelta(seconds=1), now=seconds)


def test_few_failures_are_borne(breaker: CircuitBreaker) -> None:
    """Two in a row change nothing, and a success between starts the count anew."""
    for outcome in (breaker.failed, breaker.failed, breaker.succeeded) * 3:
        assert breaker.allows()
        outcome()
    assert breaker.allows()


def test_many_failures_give_a_rest(breaker: CircuitBreaker, seconds: FakeSeconds) -> None:
    """After three nobody is let through for a second."""
    for _ in range(3):
        breaker.failed()
    assert not breaker.allows()
    seconds.seconds += 0.9
    assert not breaker.allows()
    seconds.seconds += 0.2
    assert breaker.allows()


def test_after_the_rest_one_tries_for_all(breaker: CircuitBreaker, seconds: FakeSeconds) -> None:
    """The first to ask is let through alone; its success opens the way, its failure does not."""
    for _ in range(3):
        breaker.failed()
    seconds.seconds += 1.1
    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    breaker.failed()
    assert not breaker.allows()
    seconds.seconds += 1.1
    assert breaker.allows()
    breaker.succeeded()
    assert [breaker.allows() for _ in range(3)] == [True, True, True]


def test_a_trial_that_never_ends_blocks_nobody(
    breaker: CircuitBreaker, seconds: FakeSeconds
) -> None:
    """When whoever tried was cancelled, the next one may try after another rest."""
    for _ in range(3):
        breaker.failed()
    seconds.seconds += 1.1
    assert breaker.allows()
    seconds.seconds += 1.1
    assert breaker.allows()
