"""A fault in the texts: where it is, what it is, and how to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import ConfigurationError


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault. `line` counts from 1; `key` is empty where the fault is the file's own."""

    file: str
    line: int
    key: str
    problem: str
    mend: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return f"{where}{self.key + ': ' if self.key else ''}{self.problem}; {self.mend}"


def refuse(findings: Sequence[Finding]) -> None:
    """Raise ConfigurationError with the first of `findings`, if there is any."""
    if not findings:
        return
    more = len(findings) - 1
    rest = f" ({more} more: run `sidelight responses check`)" if more else ""
    raise ConfigurationError(f"{findings[0]}{rest}")
