"""What the repositories ask of a connection, whichever database it leads to."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy
from sqlalchemy import Dialect, Executable, Row

from bot.storage.prepared import Answer, Prepared, Result

Values = Mapping[str, object] | Sequence[Mapping[str, object]] | None
"""The parameters of a statement; several of them carry it out several times."""

Rows = Sequence[Row[*tuple[Any, ...]]]

NONE: Mapping[str, object] = {}

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Connection(Protocol):
    """One connection, in one transaction."""

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""
        ...

    async def run(self, prepared: Prepared, given: Mapping[str, object] = NONE) -> Answer:
        """Carry out what was prepared, quickly."""
        ...

    async def run_many(self, prepared: Prepared, given: Sequence[Mapping[str, object]]) -> None:
        """Carry it out for each of `given`."""
        ...

    async def execute(self, statement: Executable, values: Values = None) -> Result:
        """Carry out any statement."""
        ...

    async def scalar(self, statement: Executable, values: Values = None) -> Any:
        """The first column of the first row; None without a row."""
        ...

    def batches(self, statement: Executable, size: int) -> AsyncIterator[Rows]:
        """All rows, at most `size` of them in memory at once."""
        ...

    async def run_sync(
        self,
        job: Callable[Concatenate[sqlalchemy.Connection, _P], _T],
        *arguments: _P.args,
        **options: _P.kwargs,
    ) -> _T:
        """What `job` makes of SQLAlchemy's own connection."""
        ...
