"""Reads utterances to evaluate with: Rasa's YAML, or JSON Lines."""

import json
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.dialogue.intents import Intent
from bot.errors import ConfigurationError

_NAMES = frozenset(intent.value for intent in Intent)


@dataclass(frozen=True, slots=True)
class Utterance:
    """What somebody might write, the intent that it stands for, and its language.

    `also` are the other intents that a careful person would accept.
    """

    text: str
    intent: str
    lang: str
    also: tuple[str, ...] = ()


def read_testset(file: Path) -> list[Utterance]:
    """The utterances in `file`.

    ``en.yml`` is Rasa's form of training data, in the language of the file's name; any other name
    is JSON Lines of ``{"text", "intent", "lang"}`` and, where there are any, ``"also"``: other
    intents to accept. Raises ConfigurationError, naming the place.
    """
    try:
        content = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{file} is not UTF-8; save it as UTF-8.") from None
    read = _yaml if file.suffix in {".yml", ".yaml"} else _jsonl
    utterances = read(file, content)
    if not utterances:
        raise ConfigurationError(f"{file} has no utterances.")
    for utterance in utterances:
        for name in (utterance.intent, *utterance.also):
            if name not in _NAMES:
                raise ConfigurationError(
                    f"{file}: unknown intent '{name}'; nlu/domain.yml has the names."
                )
    return utterances


def _yaml(file: Path, content: str) -> list[Utterance]:
    try:
        blocks = yaml.safe_load(content)["nlu"]
        return [
            Utterance(line[2:].strip(), str(block["intent"]), file.stem)
            for block in blocks
            for line in block["examples"].splitlines()
            if line.startswith("- ")
        ]
    except (yaml.YAMLError, TypeError, KeyError, AttributeError):
        raise ConfigurationError(
            f"{file}: expected Rasa's form, a list 'nlu' of intents with 'examples: |'."
        ) from None


def _jsonl(file: Path, content: str) -> list[Utterance]:
    utterances = []
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text, intent, lang = row["text"], row["intent"], row.get("lang") or "?"
            also = row.get("also", [])
            if not isinstance(also, list):
                raise TypeError
            if not all(isinstance(part, str) for part in (text, intent, lang, *also)):
                raise TypeError
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ConfigurationError(
                f'{file}:{number}: expected {{"text": …, "intent": …, "lang": …}}.'
            ) from None
        utterances.append(Utterance(text, intent, lang, tuple(also)))
    return utterances
