"""The few places where SQLite and PostgreSQL differ."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import BigInteger, ColumnElement, Table, cast, extract, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert, ReturningInsert

from bot.storage.connection import Connection
from bot.storage.prepared import Prepared

_EPOCH_AS_JULIAN_DAY = 2440587.5
"""1970-01-01 (sqlite.org, Date And Time Functions)."""


def is_postgresql(connection: Connection) -> bool:
    """Whether `connection` speaks to PostgreSQL."""
    return connection.dialect.name == "postgresql"


def present(*, postgres: bool) -> ColumnElement[int]:
    """The database's own time in microseconds since 1970; to the millisecond on SQLite.

    It stands still within a statement, so that an index can be searched by it.
    """
    if postgres:
        seconds = extract("epoch", func.statement_timestamp())
        return cast(seconds * 1_000_000, BigInteger)
    days = func.julianday("now") - _EPOCH_AS_JULIAN_DAY
    return cast(func.round(days * 86_400_000), BigInteger) * 1000


def insert_ignoring(connection: Connection, table: Table) -> Insert:
    """An INSERT that does nothing, and counts no row, where a unique key is taken."""
    return _insert_ignoring(is_postgresql(connection), table)


async def count_up(connection: Connection, table: Table, unique: Mapping[str, object]) -> None:
    """One more in the `count` of the row that holds `unique`; the first where there is none."""
    await connection.run(_count_up(table, tuple(unique)), {**unique, "count": 1})


def insert_or_update(
    connection: Connection,
    table: Table,
    unique: Sequence[str],
    values: Mapping[str, object],
    where: ColumnElement[bool] | None = None,
) -> Insert:
    """An INSERT of `values` that overwrites the row which holds the same `unique` columns.

    Where that row does not meet `where`, nothing is done and no row counted.
    """
    changed = {name: value for name, value in values.items() if name not in unique}
    if is_postgresql(connection):
        insert = postgresql.insert(table).values(values)
        return insert.on_conflict_do_update(index_elements=unique, set_=changed, where=where)
    inserted = sqlite.insert(table).values(values)
    return inserted.on_conflict_do_update(index_elements=unique, set_=changed, where=where)


def insert_or_hold(
    connection: Connection, table: Table, unique: str, values: Mapping[str, object]
) -> ReturningInsert[tuple[object, ...]]:
    """An INSERT that leaves a row with the same `unique` column as it is; it returns the row.

    Either way the row is this transaction's until it ends.
    """
    same = {unique: table.c[unique]}
    if is_postgresql(connection):
        insert = postgresql.insert(table).values(values)
        return insert.on_conflict_do_update(index_elements=[unique], set_=same).returning(*table.c)
    inserted = sqlite.insert(table).values(values)
    return inserted.on_conflict_do_update(index_elements=[unique], set_=same).returning(*table.c)


# To put a statement together takes longer than to carry it out, so each is made once.


@cache
def _insert_ignoring(postgres: bool, table: Table) -> Insert:
    if postgres:
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


@cache
def _count_up(table: Table, unique: tuple[str, ...]) -> Prepared:
    more = {"count": table.c["count"] + 1}
    for_sqlite, for_postgresql = sqlite.insert(table), postgresql.insert(table)
    return Prepared(
        for_sqlite.inline().on_conflict_do_update(index_elements=unique, set_=more),
        (*unique, "count"),
        for_postgresql.inline().on_conflict_do_update(index_elements=unique, set_=more),
    )
