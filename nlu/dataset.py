"""Reads the examples in `data/` and finds what is wrong with them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple

import yaml

_MARKUP = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


class DataError(Exception):
    """A file of `nlu/` cannot be read; the message names the place and the mend."""


class Example(NamedTuple):
    """One sentence that somebody might write, with the intent that it stands for."""

    locale: str
    intent: str
    text: str
    file: Path


def read_domain(folder: Path) -> List[str]:
    """The intents of `domain.yml`, in its order."""
    intents = _read(folder / "domain.yml").get("intents")
    if not isinstance(intents, list) or not all(isinstance(i, str) for i in intents):
        raise DataError(f"{folder / 'domain.yml'}: 'intents' must be a list of names.")
    return intents


def read_examples(folder: Path) -> List[Example]:
    """All examples of `data/<locale>/*.yml`. Raises DataError where a file is not in form."""
    files = sorted((folder / "data").glob("*/*.yml"))
    if not files:
        raise DataError(f"{folder / 'data'}: no examples; expected data/<locale>/*.yml.")
    return [example for file in files for example in _examples(file)]


def read_blocks(folder: Path) -> List[Dict[str, object]]:
    """All that stands under ``nlu:`` in the files of `data/`, in Rasa's form."""
    files = sorted((folder / "data").rglob("*.yml"))
    return [block for file in files for block in _blocks(file)]


def find_problems(folder: Path) -> List[str]:
    """One sentence for each thing in domain and data that would make a wrong model."""
    try:
        intents = read_domain(folder)
        examples = read_examples(folder)
    except DataError as error:
        return [str(error)]
    return [
        *_unknown_intents(intents, examples),
        *_missing_intents(intents, examples),
        *_duplicates(examples),
    ]


def plain(text: str) -> str:
    """`text` without entity markup: ``[spanish](language)`` is ``spanish``."""
    return _MARKUP.sub(r"\1", text)


def words(text: str) -> str:
    """`text` in lower case, without anything but letters, their signs, digits and spaces.

    Two texts with the same words are the same example. To a regular expression the vowel signs of
    Devanagari are no part of a word, and without them different words would look the same.
    """
    kept = (char if unicodedata.category(char)[0] in "LMN" else " " for char in text.lower())
    return " ".join("".join(kept).split())


def _unknown_intents(intents: List[str], examples: List[Example]) -> Iterator[str]:
    known = set(intents)
    for file, intent in sorted({(e.file, e.intent) for e in examples if e.intent not in known}):
        yield f"{file}: unknown intent '{intent}'; add it to domain.yml or correct the name."


def _missing_intents(intents: List[str], examples: List[Example]) -> Iterator[str]:
    present = {(e.locale, e.intent) for e in examples}
    for locale in sorted({e.locale for e in examples}):
        for intent in intents:
            if (locale, intent) not in present:
                yield f"data/{locale}: no examples of '{intent}'; add some."


def _duplicates(examples: List[Example]) -> Iterator[str]:
    """The same words twice: under two intents they contradict, under one they are left over."""
    seen: Dict[str, List[Example]] = defaultdict(list)
    for example in examples:
        seen[words(plain(example.text))].append(example)
    for same in seen.values():
        intents = sorted({e.intent for e in same})
        if len(intents) > 1:
            yield (
                f"{same[0].file}: '{same[0].text}' stands under {' and '.join(intents)};"
                " keep one of them."
            )
        elif len({e.locale for e in same}) < len(same):
            yield f"{same[0].file}: '{same[0].text}' stands twice under {intents[0]}; drop one."


def _blocks(file: Path) -> List[Dict[str, object]]:
    blocks = _read(file).get("nlu")
    if not isinstance(blocks, list):
        raise DataError(f"{file}: expected a list under 'nlu'.")
    return blocks


def _examples(file: Path) -> Iterator[Example]:
    for number, block in enumerate(_blocks(file), start=1):
        if not isinstance(block, dict) or not isinstance(block.get("examples"), str):
            raise DataError(f"{file}: entry {number} under 'nlu' has no 'examples: |' text.")
        if "intent" not in block:
            continue
        for line in block["examples"].splitlines():
            if not line.strip():
                continue
            if not line.startswith("- ") or not line[2:].strip():
                raise DataError(
                    f"{file}: '{line.strip()[:40]}' under {block['intent']} must start with '- '."
                )
            yield Example(file.parent.name, str(block["intent"]), line[2:].strip(), file)


def _read(file: Path) -> Dict[str, object]:
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except FileNotFoundError:
        raise DataError(f"{file}: the file is missing.") from None
    except UnicodeDecodeError:
        raise DataError(f"{file}: not UTF-8; save it as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "cannot be read"
        raise DataError(f"{file}{line}: not valid YAML ({problem}).") from None
    if not isinstance(content, dict):
        raise DataError(f"{file}: expected keys such as 'nlu:' at the top.")
    return content
