"""Learns the weights of the safety net's second ear from the model's examples."""

import hashlib
import json
import re
from asyncio import create_subprocess_exec
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from bot.dialogue.intents import CRITICAL
from bot.errors import ConfigurationError
from bot.rasa.child import end, nlu_environment, nlu_python
from bot.safety.ear import FORMAT
from bot.safety.grams import of_text

_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MARKUP = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


class Example(NamedTuple):
    """One sentence that somebody might write, with the intent that it stands for."""

    locale: str
    intent: str
    text: str


async def weigh(nlu_dir: Path, data: Path, out: Path) -> int:
    """Learn from the examples in `data` and write the ear's file `out`; how many there were.

    The learning runs in the environment of `nlu_dir`. Raises ConfigurationError where the
    examples cannot be read or learned from.
    """
    examples = read_examples(data)
    process = await create_subprocess_exec(
        nlu_python(nlu_dir),
        str(nlu_dir / "weigh.py"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=nlu_environment(),
        start_new_session=True,
    )
    try:
        learned, _ = await process.communicate("".join(_lines(examples)).encode())
    finally:
        await end(process)
    if process.returncode != 0 or not learned:
        raise ConfigurationError(
            "the ear cannot be weighed: nlu/weigh.py failed; run `make nlu`, then try again"
        )
    partial = out.with_suffix(".partial")
    partial.write_bytes(f"{FORMAT}\t{fingerprint(examples)}\n".encode() + learned)
    partial.replace(out)
    return len(examples)


def read_examples(data: Path) -> list[Example]:
    """The different examples of ``data/<locale>/*.yml``, sorted, without the markup of entities.

    Raises ConfigurationError naming the file that is not in form.
    """
    files = sorted(data.glob("*/*.yml"))
    if not files:
        raise ConfigurationError(f"{data}: no examples; expected <locale>/*.yml")
    return sorted({example for file in files for example in _examples(file)})


def fingerprint(examples: Iterable[Example]) -> str:
    """SHA-256, in hex, of what the `examples` say, however they lie in files."""
    digest = hashlib.sha256()
    for example in sorted(set(examples)):
        digest.update("\0".join(example).encode() + b"\n")
    return digest.hexdigest()


def _examples(file: Path) -> Iterator[Example]:
    try:
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=_YAML)  # noqa: S506 - a safe one
        blocks = [block for block in document["nlu"] if "intent" in block]
        for block in blocks:
            for line in block["examples"].splitlines():
                if text := line.removeprefix("- ").strip():
                    yield Example(file.parent.name, block["intent"], _MARKUP.sub(r"\1", text))
    except (
        OSError,
        UnicodeDecodeError,
        yaml.YAMLError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        raise ConfigurationError(
            f"{file}: not examples as Rasa has them ({type(error).__name__});"
            " `sidelight nlu train` says which line to mend"
        ) from None


def _lines(examples: Iterable[Example]) -> Iterator[str]:
    """What ``nlu/weigh.py`` reads: a sentence in several languages counts once for each danger."""
    critical = {str(intent) for intent in CRITICAL}
    for intent, text in sorted({(example.intent, example.text) for example in examples}):
        row = {"danger": intent if intent in critical else None, "grams": of_text(text)}
        yield json.dumps(row, ensure_ascii=False) + "\n"
