"""The schema: brought up to date, or checked."""

import asyncio
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.conversation.errors import DatabaseUnavailable
from bot.errors import ConfigurationError
from bot.storage.database import SqlDatabase

_VERSIONS = Path(__file__).parent / "migrations" / "versions"

# Alembic (`bot.storage.migrating`) is read where there is something to migrate, and not before.


def newest() -> str:
    """The newest revision: files are named by theirs, which are counted up."""
    return max(file.name.partition("_")[0] for file in _VERSIONS.glob("0*.py"))


async def upgrade(database: SqlDatabase, revision: str = "head") -> None:
    """Bring the schema up to `revision`, the newest one; does nothing when it is there."""
    if revision == "head" and await _current(database) == newest():
        return
    from bot.storage import migrating

    async with database.writing() as unit:
        await unit.connection.run_sync(migrating.upgrade, revision)


async def downgrade(database: SqlDatabase) -> str:
    """Take the newest revision back, for the version before this one; the revision it is at then.

    What only the newest revision can hold is dropped. Raises ConfigurationError unless the schema
    is the newest revision, or when there is none before it.
    """
    from bot.storage import migrating

    await check(database)
    before = migrating.before(newest())
    if before is None:
        raise ConfigurationError("there is no revision before this one")
    if database.is_sqlite:
        await asyncio.to_thread(_downgrade_file, database.url, before)
        await database.shred()
    else:
        async with database.writing() as unit:
            await unit.connection.run_sync(migrating.downgrade, before)
    return before


async def check(database: SqlDatabase) -> None:
    """Raises ConfigurationError, with the mend, unless the schema is the newest revision."""
    if (current := await _current(database)) != newest():
        raise ConfigurationError(
            f"the database's schema is at {current or 'nothing'}, not at {newest()}:"
            " run `sidelight db upgrade`"
        )


async def differences(database: SqlDatabase) -> list[object]:
    """What an up-to-date schema differs in from the tables as the code has them; [] is right."""
    from bot.storage import migrating

    async with database.writing() as unit:
        return await unit.connection.run_sync(migrating.differences)


async def _current(database: SqlDatabase) -> str | None:
    async with database.writing() as unit:
        return await unit.connection.run_sync(_revision)


def _revision(connection: Connection) -> str | None:
    """Where Alembic noted that the schema is."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _downgrade_file(url: URL, revision: str) -> None:
    """On a connection of its own, on which no row takes along those that hang on it: SQLite makes
    a table anew to change it, and what was dropped for that must take nothing with it."""
    from bot.storage import migrating

    engine = create_engine(url.set(drivername="sqlite"))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
            connection.commit()
            with connection.begin():
                migrating.downgrade(connection, revision)
    except DBAPIError as error:
        raise DatabaseUnavailable(type(error.orig or error).__name__) from None
    finally:
        engine.dispose()
