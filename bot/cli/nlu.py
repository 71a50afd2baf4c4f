"""`sidelight nlu`: train the model, serve it, ask it, measure it."""

import asyncio
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.understanding import Parse, Unclear, Understanding, decide
from bot.errors import ConfigurationError
from bot.ids import Locale
from bot.rasa.child import nlu_environment, nlu_python
from bot.rasa.client import RasaNluClient
from bot.rasa.evaluation import Judged, evaluate, render
from bot.rasa.parsing import parse_many
from bot.rasa.process import NluProcess
from bot.rasa.testset import read_testset
from bot.rasa.training import train as train_model
from bot.rasa.weighing import weigh as weigh_ear
from bot.safety.language import LanguageDetector
from bot.safety.net import SafetyNet
from bot.settings import Settings, load_settings


@click.group()
def nlu() -> None:
    """Understanding: the model in `nlu/` and the safety net before it."""


@nlu.command()
@click.option("--force", is_flag=True, help="Train even where the model is there already.")
def train(force: bool) -> None:
    """Train the model, unless its files have not changed since; print its path."""
    path = asyncio.run(
        train_model(load_settings().nlu_dir, lambda line: click.echo(line, err=True), force=force)
    )
    click.echo(path)


@nlu.command()
@click.option("--socket", type=click.Path(path_type=Path), help="A unix socket to listen on.")
@click.option("--port", type=int, help="A port of 127.0.0.1 to listen on.")
def serve(socket: Path | None, port: int | None) -> None:
    """Serve the model to a bot elsewhere on this machine (its BOT_NLU_URL), until stopped."""
    if (socket is None) == (port is None):
        raise ConfigurationError("name either --socket PATH or --port N")
    settings = load_settings()
    model = asyncio.run(train_model(settings.nlu_dir, lambda line: click.echo(line, err=True)))
    where = [f"--socket={socket}"] if socket else ["--host=127.0.0.1", f"--port={port}"]
    python = nlu_python(settings.nlu_dir)
    environment = nlu_environment()
    if token := settings.nlu_token.get_secret_value():
        environment["BOT_NLU_TOKEN"] = token
    command = [str(python), str(settings.nlu_dir / "server.py"), f"--model={model}", *where]
    os.execve(command[0], command, environment)  # noqa: S606 - no shell, fixed program


@nlu.command()
def weigh() -> None:
    """Learn the weights of the safety net's second ear from the examples of the model.

    Run it whenever they have changed. It writes safety/ear.tsv beside them.
    """
    nlu_dir = load_settings().nlu_dir
    file = nlu_dir / "safety" / "ear.tsv"
    count = asyncio.run(weigh_ear(nlu_dir, nlu_dir / "data", file))
    click.echo(f"{file}: learned from {count} examples")


@nlu.command()
def parse() -> None:
    """Understand JSON Lines from standard input ({"text": …, "lang": optional}).

    Prints one JSON object a line, in the same order: text, lang, intent, confidence,
    alternatives, safety (the safety net's finding or null) and decision (what the bot would act
    on in a fresh conversation, or "clarify").
    """
    settings = load_settings()
    rows = [_row(number, line) for number, line in enumerate(sys.stdin, start=1) if line.strip()]
    understood = asyncio.run(_understand(settings, rows))
    for (text, _), answer in zip(rows, understood, strict=True):
        click.echo(json.dumps(_answer(text, *answer), ensure_ascii=False))


@nlu.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def evaluate_(file: Path) -> None:
    """Decide the utterances of FILE and print precision, recall and F1 per intent and language."""
    settings = load_settings()
    expected = read_testset(file)
    rows: list[Row] = [(u.text, Locale(u.lang)) for u in expected]
    understood = asyncio.run(_understand(settings, rows))
    judged = [
        Judged(utterance.intent, _decision(understanding), utterance.lang)
        for utterance, (_, understanding) in zip(expected, understood, strict=True)
    ]
    click.echo(render(evaluate(judged)))


Row = tuple[str, Locale | None]
Understood = tuple[Locale | None, Understanding]


def _row(number: int, line: str) -> Row:
    try:
        given = json.loads(line)
        text, lang = given["text"], given.get("lang")
        if not isinstance(text, str) or not isinstance(lang, str | None):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ConfigurationError(
            f'line {number} is not of the form {{"text": "…", "lang": "en"}} (lang may be left out)'
        ) from None
    return text, Locale(lang) if lang else None


async def _understand(settings: Settings, rows: Iterable[Row]) -> list[Understood]:
    """Net and model together, as a fresh conversation has them."""
    net = SafetyNet.load(settings.nlu_dir / "safety", settings.locales)
    detector = LanguageDetector(settings.locales)
    heard = [(text, lang or detector.detect(text)) for text, lang in rows]
    parses = await _parses(settings, heard)
    return [
        (lang, Understanding(parse=parse, safety=net.hear(text, lang), language=lang))
        for (text, lang), parse in zip(heard, parses, strict=True)
    ]


async def _parses(settings: Settings, rows: list[Row]) -> list[Parse]:
    texts, locales = [text for text, _ in rows], [locale for _, locale in rows]

    async def ask(url: str) -> list[Parse]:
        client = RasaNluClient(url, token=settings.nlu_token.get_secret_value())
        try:
            return await parse_many(client, texts, locales)
        except NluUnavailable as error:
            raise ConfigurationError(f"the model does not answer: {error}") from None
        finally:
            await client.close()

    if settings.nlu_url:
        return await ask(settings.nlu_url)
    model = await train_model(settings.nlu_dir, lambda line: click.echo(line, err=True))
    async with NluProcess(settings.nlu_dir, model) as process:
        await process.wait_ready()
        return await ask(process.url)


def _decision(understanding: Understanding) -> str:
    decided = decide(understanding)
    return "clarify" if isinstance(decided, Unclear) else decided


def _answer(text: str, lang: Locale | None, understanding: Understanding) -> dict[str, object]:
    assert understanding.parse is not None
    best, *others = understanding.parse.guesses
    return {
        "text": text,
        "lang": lang,
        "intent": best.intent,
        "confidence": best.confidence,
        "alternatives": [{"intent": g.intent, "confidence": g.confidence} for g in others],
        "safety": understanding.safety.danger,
        "decision": _decision(understanding),
    }
