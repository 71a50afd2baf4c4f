"""A fault in texts, translations or the directory: where it is, what it is, how to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import ConfigurationError


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault. `line` counts from 1.

    `key` is a text's key or an entry's id, and empty where the file itself is at fault.
    """

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
    commands = "`sidelight responses check` and `sidelight directory check`"
    rest = f" ({more} more: run {commands})" if more else ""
    raise ConfigurationError(f"{findings[0]}{rest}")
