"""A fault in the directory: where it is, what it is, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault. `line` counts from 1; `key` is an entry's id, empty where the file is at fault."""

    file: str
    line: int
    key: str
    problem: str
    mend: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return f"{where}{self.key + ': ' if self.key else ''}{self.problem}; {self.mend}"
