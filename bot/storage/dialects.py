"""The few places where SQLite and PostgreSQL differ."""

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
