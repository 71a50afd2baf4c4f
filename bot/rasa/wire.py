"""What goes over the wire to `nlu/server.py`, and what is believed of what comes back."""

import json
import math
from collections.abc import Sequence

from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.intents import Intent
from bot.dialogue.understanding import Entity, Guess, Parse
from bot.ids import Locale

MAX_CHARACTERS = 1000
"""Longer texts are cut here already, so that no answer is lost to the server's limit of a body."""

MAX_MESSAGES = 64
MAX_ANSWER = 256 * 1024

_INTENTS = {intent.value: intent for intent in Intent}


def encode(texts: Sequence[str], locales: Sequence[Locale | None]) -> bytes:
    """The request for up to MAX_MESSAGES texts and as many locales."""
    messages = [
        {"text": text[:MAX_CHARACTERS], "lang": locale}
        for text, locale in zip(texts, locales, strict=True)
    ]
    # A lone surrogate cannot be written in UTF-8; the model would not know what to do with it.
    return json.dumps({"messages": messages}, ensure_ascii=False).encode(errors="replace")


def decode(body: bytes, count: int) -> list[Parse]:
    """The `count` parses in an answer. Raises NluUnavailable for anything else."""
    try:
        parses = json.loads(body)["parses"]
        if not isinstance(parses, list) or len(parses) != count:
            raise ValueError
        return [_parse(parse) for parse in parses]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NluUnavailable("the model's answer is not in the agreed form") from None


def _parse(parse: dict[str, object]) -> Parse:
    alternatives, entities = parse["alternatives"], parse["entities"]
    if not isinstance(alternatives, list) or not isinstance(entities, list):
        raise ValueError
    guesses = (_guess(given) for given in (parse, *alternatives))
    # A model newer than this bot may know intents that mean nothing here.
    known = tuple(guess for guess in guesses if guess is not None)
    if not known:
        raise ValueError
    return Parse(known, tuple(_entity(entity) for entity in entities))


def _guess(given: dict[str, object]) -> Guess | None:
    name, confidence = given["intent"], given["confidence"]
    if not isinstance(name, str) or isinstance(confidence, bool):
        raise ValueError
    if not isinstance(confidence, int | float) or not math.isfinite(confidence):
        raise ValueError
    if not 0 <= confidence <= 1:
        raise ValueError
    intent = _INTENTS.get(name)
    return None if intent is None else Guess(intent, float(confidence))


def _entity(given: dict[str, object]) -> Entity:
    entity, value = given["entity"], given["value"]
    if not isinstance(entity, str) or not isinstance(value, str):
        raise ValueError
    return Entity(entity, value)
