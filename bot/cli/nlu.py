"""`sidelight nlu`: train the model, serve it, ask it, measure it."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import perf_counter

import click

from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.understanding import Understanding
from bot.errors import ConfigurationError
from bot.ids import Locale
from bot.rasa.child import nlu_environment, nlu_python
from bot.rasa.client import RasaNluClient
from bot.rasa.evaluation import evaluate
from bot.rasa.judging import decision, judge, measure, write_report
from bot.rasa.parsing import parse_many
from bot.rasa.process import NluProcess
from bot.rasa.report import Speed, reliability_plot, render
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
        click.echo(_line(_answer(text, *answer)))


@nlu.command("evaluate")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="A page to write.")
def evaluate_(files: tuple[Path, ...], report: Path | None) -> None:
    """Decide the utterances of FILES (or of the *.jsonl in a folder) and print how well.

    Per intent and language precision, recall, F1 and the worst pairs; danger as the net, the
    model and both hear it; confidence against truth; speed. With --report PAGE.md the same goes
    into the page, below its line "<!-- measured -->", and the picture into PAGE.svg.
    """
    settings = load_settings()
    expected = [u for file in files for one in _testsets(file) for u in read_testset(one)]
    rows: list[Row] = [(u.text, Locale(u.lang)) for u in expected]
    understood, speed = asyncio.run(_understand_timed(settings, rows))
    judged = [
        judge(utterance, understanding)
        for utterance, (_, understanding) in zip(expected, understood, strict=True)
    ]
    reports = evaluate(judged)
    page = render(reports, speed)
    click.echo(page)
    if report is not None:
        write_report(report, page, reliability_plot(reports["all"].bins))


def _testsets(file: Path) -> list[Path]:
    return sorted(file.glob("*.jsonl")) if file.is_dir() else [file]


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


async def _understand(settings: Settings, rows: Sequence[Row]) -> list[Understood]:
    """Net and model together, as a fresh conversation has them."""
    net = SafetyNet.load(settings.nlu_dir / "safety")
    async with _asked(settings) as client:
        understood, _ = await _hear(settings, net, client, rows)
        return understood


async def _understand_timed(
    settings: Settings, rows: Sequence[Row]
) -> tuple[list[Understood], Speed]:
    net = SafetyNet.load(settings.nlu_dir / "safety")
    async with _asked(settings) as client:
        understood, batched = await _hear(settings, net, client, rows)
        return understood, await measure(client, net, [text for text, _ in rows], batched)


async def _hear(
    settings: Settings, net: SafetyNet, client: RasaNluClient, rows: Sequence[Row]
) -> tuple[list[Understood], float]:
    """What each row means, and how many of them the model parsed in a second."""
    detector = LanguageDetector.load(settings.nlu_dir / "languages", net.locales)
    heard = [(text, lang or detector.detect(text)) for text, lang in rows]
    started = perf_counter()
    try:
        parses = await parse_many(client, [t for t, _ in heard], [lang for _, lang in heard])
    except NluUnavailable as error:
        raise ConfigurationError(f"the model does not answer: {error}") from None
    batched = len(rows) / (perf_counter() - started)
    return [
        (lang, Understanding(parse=parse, safety=net.hear(text, lang), language=lang))
        for (text, lang), parse in zip(heard, parses, strict=True)
    ], batched


@asynccontextmanager
async def _asked(settings: Settings) -> AsyncIterator[RasaNluClient]:
    """A client of the model that BOT_NLU_URL names, or of one started for the while."""
    async with AsyncExitStack() as stack:
        url = settings.nlu_url
        if not url:
            model = await train_model(settings.nlu_dir, lambda line: click.echo(line, err=True))
            process = await stack.enter_async_context(NluProcess(settings.nlu_dir, model))
            await process.wait_ready()
            url = process.url
        client = RasaNluClient(url, token=settings.nlu_token.get_secret_value())
        stack.push_async_callback(client.close)
        yield client


def _line(answer: dict[str, object]) -> str:
    """As JSON, readable where it can be. Half a character, which UTF-8 has none of, is escaped."""
    line = json.dumps(answer, ensure_ascii=False)
    return line if line.isprintable() else json.dumps(answer)


def _answer(text: str, lang: Locale | None, understanding: Understanding) -> dict[str, object]:
    assert understanding.parse is not None
    best, *others = understanding.parse.guesses
    return {
        "text": text,
        "lang": lang,
        "intent": best.intent,
        "confidence": best.confidence,
        "alternatives": [{"intent": g.intent, "confidence": g.confidence} for g in others],
        "safety": understanding.safety.alone,
        "decision": decision(understanding),
    }
