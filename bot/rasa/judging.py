"""From what was understood of test utterances to a written report."""

import gc
import statistics
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.understanding import SafetyFinding, Unclear, Understanding, decide
from bot.errors import ConfigurationError
from bot.rasa.client import RasaNluClient
from bot.rasa.evaluation import CLARIFY, Judged
from bot.rasa.report import Speed
from bot.rasa.testset import Utterance
from bot.safety.net import SafetyNet

MEASURED = "<!-- measured -->"
"""The line of a report's page below which all is written anew."""

TIMED = 200
"""Texts, spread over all, that speed is measured with."""

PATIENCE = timedelta(seconds=5)


def judge(utterance: Utterance, understanding: Understanding) -> Judged:
    """`utterance` beside what net, model and both made of it.

    `understanding` must hold a parse.
    """
    assert understanding.parse is not None
    best = understanding.parse.guesses[0]
    return Judged(
        expected=utterance.intent,
        decided=decision(understanding),
        lang=utterance.lang,
        also=utterance.also,
        net=understanding.safety.alone,
        model=decision(Understanding(understanding.parse, SafetyFinding())),
        guess=best.intent,
        confidence=best.confidence,
    )


def decision(understanding: Understanding) -> str:
    """What the bot would act on in a fresh conversation: an intent, or "clarify"."""
    decided = decide(understanding)
    return CLARIFY if isinstance(decided, Unclear) else decided


async def measure(
    client: RasaNluClient, net: SafetyNet, texts: Sequence[str], batched: float
) -> Speed:
    """How long single texts take, one after the other. `batched` is passed on.

    Raises ConfigurationError when the model does not answer.
    """
    some = texts[:: max(1, len(texts) // TIMED)]
    gc.collect()
    gc.freeze()  # as the bot does at its start
    over_socket, in_net = [], []
    for text in some:
        started = perf_counter()
        try:
            await client.parse_batch([text], [None], PATIENCE)
        except NluUnavailable as error:
            raise ConfigurationError(f"the model does not answer: {error}") from None
        over_socket.append((perf_counter() - started) * 1e3)
        started = perf_counter()
        net.hear(text)
        in_net.append((perf_counter() - started) * 1e6)
    parts = statistics.quantiles(over_socket, n=100) if len(some) > 1 else over_socket * 99
    return Speed(p50=parts[49], p99=parts[98], batched=batched, net=statistics.fmean(in_net))


def write_report(page: Path, measured: str, picture: str) -> None:
    """Put `measured` below the marker of `page`, and `picture` beside it as ``.svg``.

    A page that is not there is begun. Raises ConfigurationError where it cannot be written.
    """
    try:
        before = page.read_text(encoding="utf-8") if page.exists() else ""
        kept = before.partition(MEASURED)[0].rstrip()
        image = page.with_suffix(".svg")
        image.write_text(picture, encoding="utf-8")
        text = f"{kept}\n\n{MEASURED}\n\n![Confidence against truth]({image.name})\n\n{measured}"
        page.write_text(text.lstrip(), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{page} cannot be written: {error.strerror}.") from None
