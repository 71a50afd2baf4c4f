"""The schema: brought up to date, or checked, by Alembic."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.errors import ConfigurationError
from bot.storage.database import SqlDatabase
from bot.storage.tables import metadata

_MIGRATIONS = Path(__file__).parent / "migrations"


async def upgrade(database: SqlDatabase) -> None:
    """Bring the schema to the newest revision; does nothing when it is there."""
    async with database.writing() as unit:
        await unit.connection.run_sync(_upgrade)


async def check(database: SqlDatabase) -> None:
    """Raises ConfigurationError, with the mend, unless the schema is the newest revision."""
    async with database.writing() as unit:
        current = await unit.connection.run_sync(_current)
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if current != newest:
        raise ConfigurationError(
            f"the database's schema is at {current or 'nothing'}, not at {newest}:"
            " run `sidelight db upgrade`"
        )


async def differences(database: SqlDatabase) -> list[object]:
    """What an up-to-date schema differs in from the tables as the code has them; [] is right."""
    async with database.writing() as unit:
        return await unit.connection.run_sync(_differences)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))
