"""From every released state of the schema, with data in it, up to today's: nothing is lost."""

import asyncio
import re
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import Connection, MetaData, Table, insert, select

from bot.cli import cli
from bot.errors import ConfigurationError
from bot.storage import schema
from bot.storage.database import SqlDatabase

ROWS = 3
VERSIONS = Path(schema.__file__).parent / "migrations" / "versions"
FORGOTTEN = {("handoffs", "topic")}
"""What a migration gives up on purpose, as its own words say."""

Rows = dict[str, dict[tuple[object, ...], dict[str, object]]]
"""By table and primary key: the columns of each row."""


def revisions() -> list[str]:
    """All of them, oldest first."""
    script = ScriptDirectory(str(VERSIONS.parent))
    return [step.revision for step in script.walk_revisions()][::-1]


def value(column: sa.Column[object], number: int) -> object:
    """Something that fits; the same for the same number, so that rows find those they name."""
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return number % 2 == 0
    if isinstance(kind, sa.Integer):
        return number + 1
    if isinstance(kind, sa.Numeric | sa.Float):
        return number / 2
    if isinstance(kind, sa.LargeBinary):
        return b"%032d" % number
    if isinstance(kind, sa.Uuid):
        return UUID(int=number + 1)
    assert isinstance(kind, sa.String), f"{column} is a {kind}"
    if isinstance(kind, sa.CHAR):
        return UUID(int=number + 1).hex
    return f"word {number}"


def fill(connection: Connection) -> None:
    """Some rows for every table that there is, each with a value in every column."""
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        if table.name != "alembic_version":
            rows = [{c.name: value(c, number) for c in table.columns} for number in range(ROWS)]
            connection.execute(insert(table), rows)


def rows(connection: Connection) -> Rows:
    """All that is there."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {table.name: _rows(connection, table) for table in metadata.sorted_tables}


def _rows(connection: Connection, table: Table) -> dict[tuple[object, ...], dict[str, object]]:
    key = [column.name for column in table.primary_key]
    found = [dict(row._mapping) for row in connection.execute(select(table))]
    return {tuple(row[name] for name in key): row for row in found}


async def upgraded(database: SqlDatabase, revision: str) -> tuple[Rows, Rows]:
    """What was there at `revision`, and what is there now."""
    await schema.upgrade(database, revision)
    async with database.writing() as unit:
        await unit.connection.run_sync(fill)
        before = await unit.connection.run_sync(rows)
    with pytest.raises(ConfigurationError, match="sidelight db upgrade"):
        await schema.check(database)
    await schema.upgrade(database)
    async with database.reading() as unit:
        return before, await unit.connection.run_sync(rows)


@pytest.mark.parametrize("revision", revisions()[:-1])
async def test_up_from_every_state_with_data_in_it(database_url: str, revision: str) -> None:
    """Every row and every value is still there, and the tables are those of the code."""
    database = SqlDatabase(database_url)
    before, after = await upgraded(database, revision)
    for table, were in before.items():
        if table == "alembic_version":
            continue
        assert len(were) == ROWS
        assert after[table].keys() == were.keys(), table
        for key, row in were.items():
            now = after[table][key]
            kept = {name for name in row if name in now and (table, name) not in FORGOTTEN}
            assert {name: now[name] for name in kept} == {name: row[name] for name in kept}
    await schema.check(database)
    assert await schema.differences(database) == []
    await database.close()


async def test_back_to_the_version_before_and_up_again(database_url: str) -> None:
    """What the older version knows is all there for it, and still is after the way back up."""
    database = SqlDatabase(database_url)
    await schema.upgrade(database)
    async with database.writing() as unit:
        await unit.connection.run_sync(fill)
        full = await unit.connection.run_sync(rows)
    assert await schema.downgrade(database) == revisions()[-2]
    async with database.reading() as unit:
        older = await unit.connection.run_sync(rows)
    assert older.keys() <= full.keys()
    for table, were in older.items():
        if table == "alembic_version":
            continue
        assert were.keys() == full[table].keys(), table
        for key, row in were.items():
            assert {name: full[table][key].get(name, row[name]) for name in row} == row
    await schema.upgrade(database)
    await schema.check(database)
    assert await schema.differences(database) == []
    await database.close()


async def test_only_the_newest_goes_back(sqlite_url: str) -> None:
    """An older schema is another version's to change."""
    database = SqlDatabase(sqlite_url)
    await schema.upgrade(database, revisions()[-2])
    with pytest.raises(ConfigurationError, match="sidelight db upgrade"):
        await schema.downgrade(database)
    await database.close()


def test_the_migrations_are_one_line() -> None:
    """No two have one number, and each follows the one before it."""
    found = sorted(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))
    assert found == [f"{number:04}" for number in range(1, len(found) + 1)] == revisions()
    for path in VERSIONS.glob("[0-9]*.py"):
        assert re.search(rf'^revision = "{path.name[:4]}"$', path.read_text(), re.MULTILINE)


def test_the_commands(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`db check` tells an old schema by its exit code and mend; after `db upgrade` all is well."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", database_url)
    database = SqlDatabase(database_url)

    async def begin() -> None:
        await schema.upgrade(database, revisions()[-2])
        await database.close()

    asyncio.run(begin())
    old = CliRunner().invoke(cli, ["db", "check"])
    assert old.exit_code == 1
    assert "sidelight db upgrade" in str(old.exception)
    assert CliRunner().invoke(cli, ["db", "upgrade"]).exit_code == 0
    assert CliRunner().invoke(cli, ["db", "check"]).exit_code == 0
