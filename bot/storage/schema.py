"""The schema: brought up to date, or checked, by Alembic."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.exc import DBAPIError

from bot.conversation.errors import DatabaseUnavailable
from bot.errors import ConfigurationError
from bot.storage.database import SqlDatabase
from bot.storage.tables import metadata

_MIGRATIONS = Path(__file__).parent / "migrations"


async def upgrade(database: SqlDatabase, revision: str = "head") -> None:
    """Bring the schema up to `revision`, the newest one; does nothing when it is there."""
    async with database.writing() as unit:
        await unit.connection.run_sync(_upgrade, revision)


async def downgrade(database: SqlDatabase) -> str:
    """Take the newest revision back, for the version before this one; the revision it is at then.

    What only the newest revision can hold is dropped. Raises ConfigurationError unless the schema
    is the newest revision, or when there is none before it.
    """
    await check(database)
    script = ScriptDirectory.from_config(_config())
    before = script.get_revision("head").down_revision
    if not isinstance(before, str):
        raise ConfigurationError("there is no revision before this one")
    if database.is_sqlite:
        await asyncio.to_thread(_downgrade_file, database.url, before)
        await database.shred()
    else:
        async with database.writing() as unit:
            await unit.connection.run_sync(_downgrade, before)
    return before


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


def _upgrade(connection: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _downgrade(connection: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


def _downgrade_file(url: URL, revision: str) -> None:
    """On a connection of its own, on which no row takes along those that hang on it: SQLite makes
    a table anew to change it, and what was dropped for that must take nothing with it."""
    engine = create_engine(url.set(drivername="sqlite"))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
            connection.commit()
            with connection.begin():
                _downgrade(connection, revision)
    except DBAPIError as error:
        raise DatabaseUnavailable(type(error.orig or error).__name__) from None
    finally:
        engine.dispose()


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))
