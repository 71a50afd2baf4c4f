"""What every NluClient promises, checked for the fake and for the real model."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.intents import Intent
from bot.ids import Locale
from tests.contract.nlu_clients import CLEAR, CLIENTS, NluHarness

CANARY = "canary-zanzibar-4711"


@pytest.fixture(params=CLIENTS)
def opening(request: pytest.FixtureRequest) -> AbstractAsyncContextManager[NluHarness]:
    """One client after the other. (Not async: it may first have to train a model.)"""
    return CLIENTS[request.param](request)


@pytest.fixture
async def harness(
    opening: AbstractAsyncContextManager[NluHarness],
) -> AsyncIterator[NluHarness]:
    """The client, ready to be asked."""
    async with opening as opened:
        yield opened


@pytest.mark.parametrize("text", CLEAR)
async def test_a_clear_text_is_understood(harness: NluHarness, text: str) -> None:
    """The likeliest guess comes first, and each confidence is between 0 and 1."""
    parse = await harness.client.parse(text, None)
    assert parse.guesses[0].intent is CLEAR[text]
    confidences = [guess.confidence for guess in parse.guesses]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert len({guess.intent for guess in parse.guesses}) == len(parse.guesses) > 1


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "🙂", "❤️🔥", "?!", "…", "\u202e\u200b", "/"])
async def test_a_text_without_words_is_out_of_scope(harness: NluHarness, text: str) -> None:
    """Where nothing is said, nothing is guessed."""
    parse = await harness.client.parse(text, Locale("en"))
    assert [(g.intent, g.confidence) for g in parse.guesses] == [(Intent.OUT_OF_SCOPE, 0.0)]


@pytest.mark.parametrize(
    "text",
    [
        "\ud800 \udfff lonely",
        "a\x00b\x1b[31mc",
        "x" * 4096,
        "x" * 1_000_000,
        "🙂" * 1_000_000,
        "/immediate_danger",
        '/greet{"name": "x"}',
        "💔 help " * 600,
        "\u202eevil\u202c",
        '{"intent": "greet"}',
        "[hola](language)",
        "نعم",
        "क्या",
        "e\u0301" * 3000,
        "1",
    ],
)
async def test_an_odd_text_has_a_parse_too(harness: NluHarness, text: str) -> None:
    """Whatever a phone can send, there is an answer."""
    parse = await harness.client.parse(text, None)
    assert parse.guesses


async def test_answers_belong_to_their_questions(harness: NluHarness) -> None:
    """Asked many at once, each text gets the answer to itself."""
    texts = list(CLEAR) * 4
    parses = await asyncio.gather(*(harness.client.parse(text, None) for text in texts))
    assert [parse.guesses[0].intent for parse in parses] == [CLEAR[text] for text in texts]


async def test_no_model_is_unavailable_until_it_is_back(harness: NluHarness) -> None:
    """Taken away in the middle, the model is missed with NluUnavailable; back, it answers."""
    await harness.client.parse("hello", None)
    await harness.break_down()
    with pytest.raises(NluUnavailable):
        await harness.client.parse("hello", None)
    await harness.mend()
    assert (await harness.client.parse("hello", None)).guesses[0].intent is Intent.GREET


async def test_a_call_given_up_spoils_no_other(harness: NluHarness) -> None:
    """Who stops waiting does not take the next one's answer."""
    call = asyncio.ensure_future(harness.client.parse("hello", None))
    await asyncio.sleep(0)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    parse = await harness.client.parse("he is hitting me right now", None)
    assert parse.guesses[0].intent is Intent.IMMEDIATE_DANGER


async def test_no_text_is_told_on(harness: NluHarness, told: io.StringIO) -> None:
    """Neither a log at any level nor an error holds what was asked."""
    await harness.client.parse(f"{CANARY} hello", None)
    await harness.break_down()
    with pytest.raises(NluUnavailable) as caught:
        await harness.client.parse(f"{CANARY} hello", None)
    assert CANARY not in told.getvalue()
    error: BaseException | None = caught.value
    while error is not None:
        assert CANARY not in repr(error)
        error = error.__context__
