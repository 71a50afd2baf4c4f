"""Migrations, by Alembic. It takes some MB that stay, so that who finds the schema up to date does
without it: see `bot.storage.schema`."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.storage.tables import metadata

FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, revision: str) -> None:
    """Go up to `revision`."""
    command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Go down to `revision`."""
    command.downgrade(_config(connection), revision)


def before(revision: str) -> str | None:
    """The one that `revision` follows, if it follows one."""
    found = ScriptDirectory(str(FOLDER)).get_revision(revision).down_revision
    return found if isinstance(found, str) else None


def differences(connection: Connection) -> list[object]:
    """What the schema differs in from the tables as the code has them."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
