"""The few places where SQLite and PostgreSQL differ."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import Insert


def is_postgresql(connection: AsyncConnection) -> bool:
    """Whether `connection` speaks to PostgreSQL."""
    return connection.dialect.name == "postgresql"


def insert_ignoring(connection: AsyncConnection, table: Table) -> Insert:
    """An INSERT that does nothing, and counts no row, where a unique key is taken."""
    if is_postgresql(connection):
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_or_update(
    connection: AsyncConnection, table: Table, unique: Sequence[str], values: Mapping[str, object]
) -> Insert:
    """An INSERT of `values` that overwrites the row which holds the same `unique` columns."""
    changed = {name: value for name, value in values.items() if name not in unique}
    if is_postgresql(connection):
        insert = postgresql.insert(table).values(values)
        return insert.on_conflict_do_update(index_elements=unique, set_=changed)
    inserted = sqlite.insert(table).values(values)
    return inserted.on_conflict_do_update(index_elements=unique, set_=changed)
