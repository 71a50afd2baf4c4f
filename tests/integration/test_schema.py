"""Migrations lead to the tables that the code has, on both engines."""

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.storage import schema
from bot.storage.database import SqlDatabase


async def test_migrations_lead_to_the_tables_of_the_code(database_url: str) -> None:
    """And doing it again changes nothing."""
    database = SqlDatabase(database_url)
    await schema.upgrade(database)
    await schema.upgrade(database)
    await schema.check(database)
    assert await schema.differences(database) == []
    await database.close()


async def test_an_old_schema_is_named_with_its_mend(database_url: str) -> None:
    """An empty database is not silently used."""
    database = SqlDatabase(database_url)
    with pytest.raises(ConfigurationError, match="sidelight db upgrade"):
        await schema.check(database)
    await database.close()


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "sqlite:///x.db", "postgresql://x"])
def test_an_unknown_database_is_named_with_its_mend(url: str) -> None:
    """Only the two engines, and only their drivers."""
    with pytest.raises(ConfigurationError, match="sqlite\\+aiosqlite"):
        SqlDatabase(url)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """No traceback for a wrong path."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="BOT_DATA_DIR"):
        SqlDatabase(f"sqlite+aiosqlite:///{tmp_path}/file/deeper/x.db")
