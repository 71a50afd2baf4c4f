"""What is sent to the model's server, and what is believed of its answers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.intents import Intent
from bot.dialogue.understanding import Entity, Guess, Parse
from bot.ids import Locale
from bot.rasa.wire import decode, encode

GOOD: dict[str, Any] = {
    "intent": "greet",
    "confidence": 0.75,
    "alternatives": [{"intent": "goodbye", "confidence": 0.25}],
    "entities": [{"entity": "language", "value": "es"}],
}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


def answer(*parses: object) -> bytes:
    return json.dumps({"parses": parses}).encode()


def test_a_good_answer_is_read() -> None:
    """The first guess, the alternatives behind it, and the entities."""
    [parse] = decode(answer(GOOD), 1)
    assert parse == Parse(
        (Guess(Intent.GREET, 0.75), Guess(Intent.GOODBYE, 0.25)), (Entity("language", "es"),)
    )


def test_unknown_intents_are_left_out() -> None:
    """A newer model may know more than this bot."""
    newer = {**GOOD, "intent": "ask_moon"}
    [parse] = decode(answer(newer), 1)
    assert parse.guesses == (Guess(Intent.GOODBYE, 0.25),)
    with pytest.raises(NluUnavailable):
        decode(answer({**newer, "alternatives": []}), 1)


@pytest.mark.parametrize(
    "change",
    [
        {"intent": None},
        {"intent": ["greet"]},
        {"confidence": None},
        {"confidence": "0.5"},
        {"confidence": True},
        {"confidence": 1.5},
        {"confidence": -0.1},
        {"confidence": float("nan")},
        {"confidence": float("inf")},
        {"alternatives": None},
        {"alternatives": ["greet"]},
        {"alternatives": [{}]},
        {"entities": {}},
        {"entities": [{"entity": "language", "value": 1}]},
    ],
)
def test_a_wrong_answer_is_no_answer(change: dict[str, object]) -> None:
    """Whatever is not in the agreed form counts as no model at all."""
    with pytest.raises(NluUnavailable):
        decode(answer({**GOOD, **change}), 1)


@pytest.mark.parametrize("count", [0, 2])
def test_a_wrong_number_of_answers_is_no_answer(count: int) -> None:
    """A parse must not go to the wrong text."""
    with pytest.raises(NluUnavailable):
        decode(answer(GOOD), count)


@given(st.binary() | anything.map(lambda value: json.dumps(value).encode()))
def test_garbage_is_unavailable(body: bytes) -> None:
    """No answer of any kind raises anything else."""
    with pytest.raises(NluUnavailable):
        decode(body, 1)


@given(anything, st.sampled_from(sorted(GOOD)))
def test_garbage_inside_is_unavailable_or_understood(value: object, place: str) -> None:
    """A part gone wrong is refused, or happens to be right."""
    try:
        [parse] = decode(answer({**GOOD, place: value}), 1)
    except NluUnavailable:
        return
    assert parse.guesses
    assert all(0 <= guess.confidence <= 1 for guess in parse.guesses)


@given(st.text(max_size=5000))
def test_any_text_can_be_sent(text: str) -> None:
    """Lone surrogates and all, one message stays under the server's limit of 8 KB for it."""
    hostile = text + "\ud800" + "🙂" * 2000
    body = encode([hostile], [Locale("en")])
    assert len(body) <= 8 * 1024
    [message] = json.loads(body)["messages"]
    assert message["lang"] == "en"
    assert len(message["text"]) <= 1000
