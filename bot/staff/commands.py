"""What the staff may write to the bot in their own chat."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

USUAL: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=4)
"""Whoever forgets that they asked for silence hears of people again after it."""

_COMMAND: Final = re.compile(r"/([a-z]{2,10})(?:@\w{1,64})?(?:\s+(.{1,20}))?\s*", re.IGNORECASE)
_SPAN: Final = re.compile(r"(\d{1,4})\s*(m|min|h|)", re.IGNORECASE)


class Question(StrEnum):
    """Commands that change nothing."""

    STATUS = "status"
    ON_CALL = "oncall"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Silence:
    """No sound for so long; zero ends a silence."""

    span: timedelta


Command = Question | Silence


def read(text: str) -> Command | None:
    """The command that `text` is; None for anything else, as other bots have theirs."""
    if not (match := _COMMAND.fullmatch(text.strip())):
        return None
    name, rest = match[1].lower(), (match[2] or "").strip().lower()
    if name == "silence":
        return _silence(rest)
    return Question(name) if name in set(Question) else None


def _silence(rest: str) -> Command:
    if not rest:
        return Silence(USUAL)
    if rest == "off":
        return Silence(timedelta(0))
    if not (match := _SPAN.fullmatch(rest)):
        return Question.HELP
    unit = timedelta(hours=1) if match[2] == "h" else timedelta(minutes=1)
    return Silence(min(int(match[1]) * unit, LONGEST))
