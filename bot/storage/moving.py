"""From SQLite to PostgreSQL: every row as it is, in one transaction, compared before it counts."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Table, func, insert, select, text

from bot.errors import ConfigurationError
from bot.storage.connection import Connection
from bot.storage.database import SqlDatabase
from bot.storage.tables import metadata

BATCH: Final = 1000
"""Rows that are held in memory at once."""

_Row = Sequence[Any]


async def move(source: SqlDatabase, target: SqlDatabase) -> Mapping[str, int]:
    """Copy all rows of `source`, which stays as it is; how many there were, by table.

    Both must have the newest schema, and nobody may write to either meanwhile. All of it arrives,
    or nothing. Raises ConfigurationError when there is a row in `target` already, or when what
    arrived is not what was sent, and DatabaseUnavailable.
    """
    async with source.writing() as there, target.writing() as here:
        for table in metadata.sorted_tables:
            if await _count(here.connection, table):
                raise ConfigurationError(
                    f"the database at BOT_DATABASE_URL is not empty ({table.name} has rows): move"
                    " into a new one"
                )
        counts = {}
        for table in metadata.sorted_tables:
            sent = await _copy(there.connection, here.connection, table)
            if sent != await _digest(here.connection, table):
                raise ConfigurationError(
                    f"{table.name} did not arrive as it was sent: nothing was moved"
                )
            counts[table.name] = sent[0]
            await _go_on_counting(there.connection, here.connection, table)
        return counts


async def _count(connection: Connection, table: Table) -> int:
    return int(await connection.scalar(select(func.count()).select_from(table)) or 0)


async def _copy(there: Connection, here: Connection, table: Table) -> tuple[int, int]:
    count = digest = 0
    async for batch in there.batches(select(table), BATCH):
        await here.execute(insert(table), [dict(row._mapping) for row in batch])
        count += len(batch)
        digest = _added(digest, batch)
    return count, digest


async def _digest(connection: Connection, table: Table) -> tuple[int, int]:
    """The number of rows, and a sum that is the same for the same rows in any order."""
    count = digest = 0
    async for batch in connection.batches(select(table), BATCH):
        count += len(batch)
        digest = _added(digest, batch)
    return count, digest


def _added(digest: int, rows: Sequence[_Row]) -> int:
    for row in rows:
        digest += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest())
    return digest % 2**256


async def _go_on_counting(there: Connection, here: Connection, table: Table) -> None:
    """Numbers are not given a second time, even those of rows that are gone."""
    column = table.autoincrement_column
    if column is None or not table.dialect_options["sqlite"]["autoincrement"]:
        return
    last = await there.scalar(
        text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
    )
    if last:
        await here.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"),
            {"table": table.name, "column": column.name, "last": last},
        )
