"""Who waits for the model, and whose texts are next."""

import asyncio
import importlib.util
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import ROOT


def loaded() -> ModuleType:
    """`nlu/line.py`, which lives in another environment but needs nothing of it."""
    spec = importlib.util.spec_from_file_location("nlu_line", ROOT / "nlu" / "line.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


line = loaded()


def call(texts: Sequence[str]) -> tuple[Any, "asyncio.Future[list[Any]]"]:
    loop = asyncio.new_event_loop()
    done: asyncio.Future[list[Any]] = loop.create_future()
    loop.close()
    return line.Call(texts, done), done


def texts(turns: list[tuple[Any, str]]) -> list[str]:
    return [text for _, text in turns]


def test_first_come_first_served() -> None:
    """Single texts are taken in the order in which they came, as many as fit."""
    waiting = line.Line(9)
    for text in "abcde":
        assert waiting.join(call([text])[0])
    assert texts(waiting.take(3)) == ["a", "b", "c"]
    assert texts(waiting.take(3)) == ["d", "e"]
    assert waiting.take(3) == []


def test_one_text_does_not_wait_for_many() -> None:
    """Who comes after a call with many texts has a turn in the next take."""
    waiting = line.Line(9)
    waiting.join(call([str(n) for n in range(64)])[0])
    assert texts(waiting.take(4)) == ["0", "1", "2", "3"]
    waiting.join(call(["person"])[0])
    waiting.join(call(["another"])[0])
    assert texts(waiting.take(4)) == ["4", "person", "another", "5"]


def test_a_full_line_takes_nobody() -> None:
    """Until somebody has been served, or has gone."""
    waiting = line.Line(2)
    (first, gone), (second, _), (third, _), (fourth, _) = (call([c]) for c in "abcd")
    assert waiting.join(first)
    assert waiting.join(second)
    assert not waiting.join(third)
    gone.set_result([])
    assert waiting.join(third)
    assert not waiting.join(fourth)
    assert texts(waiting.take(9)) == ["b", "c"]
    assert waiting.join(fourth)


def test_for_who_has_gone_nothing_is_taken() -> None:
    """Not even the rest of what was begun."""
    waiting = line.Line(9)
    many, gone = call("abcd")
    waiting.join(many)
    waiting.join(call(["x"])[0])
    assert texts(waiting.take(2)) == ["a", "x"]
    gone.set_result([])
    many.answer({"late": True})
    assert waiting.take(9) == []


def test_a_failure_ends_its_call_alone() -> None:
    """The others get their answers, and the rest of the failed call is not taken."""
    waiting = line.Line(9)
    (bad, failed), (good, done) = call("ab"), call("x")
    waiting.join(bad)
    waiting.join(good)
    for (whose, text), answer in zip(waiting.take(2), [ValueError(), {"ok": 1}], strict=True):
        assert text in "ax"
        whose.answer(answer)
    assert isinstance(failed.exception(), ValueError)
    assert done.result() == [{"ok": 1}]
    assert waiting.take(9) == []


@given(
    st.lists(st.lists(st.text(max_size=3), min_size=1, max_size=9), min_size=1, max_size=9),
    st.integers(1, 8),
)
def test_every_text_gets_its_answer_once(calls: list[list[str]], most: int) -> None:
    """Whatever the sizes: in order, nothing left out, nothing twice, never too many at once."""
    waiting = line.Line(len(calls))
    joined = [call(some) for some in calls]
    for one, _ in joined:
        assert waiting.join(one)
    rounds = 0
    while turns := waiting.take(most):
        rounds += 1
        assert len(turns) <= most
        for whose, text in turns:
            whose.answer({"heard": text})
    assert [done.result() for _, done in joined] == [
        [{"heard": text} for text in some] for some in calls
    ]
    assert rounds == -(-sum(map(len, calls)) // most)


@pytest.mark.parametrize("size", [1, 8, 64])
def test_a_person_is_in_the_next_round(size: int) -> None:
    """However many texts of one other call are waiting."""
    waiting = line.Line(64)
    waiting.join(call(["many"] * size)[0])
    waiting.join(call(["person"])[0])
    assert "person" in texts(waiting.take(8))
