"""Which texts the model gets at once, and who gets which answer."""

import asyncio
import errno
import importlib
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest

from bot.settings import ROOT

NLU_MODULES = ("guard", "line", "model", "parsing", "protocol")


class FakeModel:
    """Understands every text as itself, but for "bad"; `asked` has the texts of every run."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.begun = asyncio.Event()

    def parse(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        self.asked.append(list(texts))
        self.begun.set()
        if "bad" in texts:
            raise ValueError
        return [{"intent": text} for text in texts]


@pytest.fixture(scope="module")
def parsing() -> Iterator[ModuleType]:
    """`nlu/parsing.py`, which lives in another environment but needs it only to load a model."""
    sys.path.insert(0, str(ROOT / "nlu"))
    try:
        yield importlib.import_module("parsing")
    finally:
        sys.path.remove(str(ROOT / "nlu"))
        for name in NLU_MODULES:
            sys.modules.pop(name, None)


@pytest.fixture
async def parser(parsing: ModuleType) -> AsyncIterator[Any]:
    """At work, with a fake model."""
    parser = parsing.Parser()
    parser.model = FakeModel()
    running = asyncio.create_task(parser.run())
    yield parser
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_who_waits_is_parsed_together(parser: Any, parsing: ModuleType) -> None:
    """At most AT_ONCE texts in a run, and each caller gets the answer to their own."""
    texts = [f"text {number}" for number in range(parsing.AT_ONCE + 3)]
    answers = await asyncio.gather(*(parser.parse([text]) for text in texts))
    assert answers == [[{"intent": text}] for text in texts]
    assert parser.model.asked == [texts[: parsing.AT_ONCE], texts[parsing.AT_ONCE :]]


async def test_many_texts_of_one_call_leave_room(parser: Any, parsing: ModuleType) -> None:
    """Who comes while a batch is being parsed is in the next run."""
    batch = asyncio.create_task(parser.parse(["many"] * 64))
    await parser.model.begun.wait()
    assert await parser.parse(["person"]) == [{"intent": "person"}]
    assert not batch.done()
    assert len(parser.model.asked) <= 3
    assert await batch == [{"intent": "many"}] * 64
    assert all(len(texts) <= parsing.AT_ONCE for texts in parser.model.asked)


async def test_for_who_has_gone_nothing_is_parsed(parser: Any) -> None:
    """Neither a text that waits, nor the rest of a batch."""
    waiting = asyncio.create_task(parser.parse(["gone"]))
    await asyncio.sleep(0)
    waiting.cancel()
    batch = asyncio.create_task(parser.parse(["many"] * 64))
    await parser.model.begun.wait()
    batch.cancel()
    assert await parser.parse(["here"]) == [{"intent": "here"}]
    asked = [text for texts in parser.model.asked for text in texts]
    assert "gone" not in asked
    assert asked.count("many") < 64


async def test_a_text_that_the_model_fails_at_takes_no_other_along(parser: Any) -> None:
    """Its caller is told; those who happened to be parsed with it have their answers."""
    answers = await asyncio.gather(
        *(parser.parse([text]) for text in ("one", "bad", "two")), return_exceptions=True
    )
    assert [answers[0], answers[2]] == [[{"intent": "one"}], [{"intent": "two"}]]
    assert isinstance(answers[1], ValueError)


async def test_too_many_are_refused(parser: Any, parsing: ModuleType) -> None:
    """Soon and with 503, so that they go on without the model; the others are served."""
    calls = [parser.parse([str(number)]) for number in range(parsing.MAX_WAITING + 5)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert [getattr(error, "status", None) for error in refused] == [503] * 5
    assert len(answers) - len(refused) == parsing.MAX_WAITING


async def test_without_a_model_nobody_waits(parsing: ModuleType) -> None:
    """While it loads, callers are told so."""
    with pytest.raises(parsing.BadRequest, match="loading"):
        await parsing.Parser().parse(["hello"])


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "canary"), "ModelOutOfReach"),
        (OSError(errno.EFBIG, "canary"), "ModelOutOfReach"),
        (FileNotFoundError(errno.ENOENT, "canary"), "ModelUnusable"),
        (OSError("canary"), "ModelUnusable"),
        (ValueError("canary"), "ModelUnusable"),
    ],
)
def test_a_full_disk_says_nothing_against_the_model(
    parsing: ModuleType, error: Exception, kind: str
) -> None:
    """It is loaded again later, where a damaged one is given up; neither tells what it read."""
    found = sys.modules["model"].why_not(error)
    assert type(found).__name__ == kind
    assert "canary" not in str(found)
