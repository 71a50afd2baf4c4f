"""Statements that every turn needs: put together once, and carried out without detours.

SQLAlchemy looks a statement up by its parts each time, and builds an execution around it: that
takes far longer than a database takes to answer. What is prepared keeps its SQL, how each
parameter is written, and how each column is read.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Executable, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Result = CursorResult[*tuple[Any, ...]]
_Processor = Callable[[Any], Any]


class Answer:
    """What came of a prepared statement. All of it is here: nothing is fetched later."""

    __slots__ = ("rowcount", "rows")

    def __init__(self, rows: Sequence[Any], rowcount: int) -> None:
        self.rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def one_or_none(self) -> Any:
        """The row, if there is one; of a statement that finds no more."""
        assert len(self.rows) <= 1, "one row was expected"
        return self.rows[0] if self.rows else None

    def scalar(self) -> Any:
        """The first column of the first row; None without a row."""
        return self.rows[0][0] if self.rows else None


class Prepared:
    """A statement whose parameters have names (`bindparam`), none of them a list.

    `columns` are those that an INSERT fills, each by a parameter of its name; what Python would
    put into others by default is not. Where PostgreSQL needs another statement, it is
    `on_postgresql`.
    """

    def __init__(
        self,
        statement: Executable,
        columns: Sequence[str] = (),
        on_postgresql: Executable | None = None,
    ) -> None:
        self._statement = statement
        self._columns = columns
        self._on_postgresql = on_postgresql
        self._plans: dict[str, Plan] = {}

    def plan(self, dialect: Dialect) -> "Plan":
        """How it is carried out on a database."""
        if (plan := self._plans.get(dialect.name)) is None:
            statement = self._statement
            if self._on_postgresql is not None and dialect.name == "postgresql":
                statement = self._on_postgresql
            plan = self._plans[dialect.name] = Plan(statement, dialect, self._columns)
        return plan


class Plan:
    """SQL, with all that is to be done around it."""

    def __init__(self, statement: Executable, dialect: Dialect, columns: Sequence[str]) -> None:
        compiled = statement.compile(  # type: ignore[attr-defined]
            dialect=dialect,
            column_keys=list(columns) or None,
            compile_kwargs={"render_postcompile": True},
        )
        assert isinstance(compiled, SQLCompiler)
        assert not compiled.insert_prefetch, "a column's default is missing"
        self.sql = compiled.string
        fixed = compiled.params
        self._slots = [
            self._slot(name, fixed[name], compiled, dialect) for name in compiled.positiontup or ()
        ]
        found = list(getattr(statement, "exported_columns", ()))
        names = [getattr(column, "name", "") or "_" for column in found]
        row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
        self._row = row._make
        readers = enumerate(_reader(column.type, dialect) for column in found)
        self._readers = [(at, reader) for at, reader in readers if reader is not None]

    @staticmethod
    def _slot(
        name: str, fixed: object, compiled: SQLCompiler, dialect: Dialect
    ) -> tuple[str, _Processor | None, object]:
        """Name, how it is written, and the value; the name is empty where the value is fixed."""
        bind = compiled.binds.get(name)
        if bind is None:  # one of a list, which the compiler wrote out
            assert isinstance(fixed, str), "only words stand in lists"
            return "", None, str(fixed)
        write = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.required:
            return name, write, None
        return "", None, write(fixed) if write else fixed

    def bind(self, given: Mapping[str, object]) -> list[object]:
        """The values of all parameters, in order."""
        return [
            (write(given[name]) if write else given[name]) if name else fixed
            for name, write, fixed in self._slots
        ]

    def read(self, found: Sequence[Sequence[object]]) -> Sequence[Any]:
        """The rows, with values as Python has them."""
        if not found:
            return ()
        rows = []
        for raw in found:
            values = list(raw)
            for at, reader in self._readers:
                values[at] = reader(values[at])
            rows.append(self._row(values))
        return rows


def _reader(type_: TypeEngine[Any], dialect: Dialect) -> _Processor | None:
    reader: _Processor | None = type_.dialect_impl(dialect).result_processor(dialect, None)
    return reader


def adding(table: Table) -> Prepared:
    """An INSERT of a row that does nothing, and counts no row, where a unique key is taken."""
    return Prepared(
        sqlite.insert(table).inline().on_conflict_do_nothing(),
        _columns(table),
        postgresql.insert(table).inline().on_conflict_do_nothing(),
    )


def putting(
    table: Table, *unique: str, **reckoned: Callable[[Any], ColumnElement[Any]]
) -> Prepared:
    """An INSERT of a whole row that overwrites the one which holds the same `unique` columns.

    `reckoned` has the columns for which the row that is there counts, too; each is given the new
    row.
    """
    columns = _columns(table)

    def overwriting(insert: Any) -> Insert:
        changed = {name: insert.excluded[name] for name in columns if name not in unique}
        changed |= {name: reckon(insert.excluded) for name, reckon in reckoned.items()}
        done: Insert = insert.on_conflict_do_update(index_elements=unique, set_=changed)
        return done

    for_sqlite = overwriting(sqlite.insert(table).inline())
    return Prepared(for_sqlite, columns, overwriting(postgresql.insert(table).inline()))


def _columns(table: Table) -> tuple[str, ...]:
    """All but the number that the database gives."""
    return tuple(c.name for c in table.columns if c is not table.autoincrement_column)
