"""`sidelight prepare`: what `serve` needs, made where it is missing."""

import asyncio
import time

import click

from bot.conversation.errors import DatabaseUnavailable
from bot.errors import ConfigurationError
from bot.settings import Settings, load_settings
from bot.storage import backups, schema
from bot.storage.database import SqlDatabase
from bot.vault.keyring import KeyRing


@click.command()
@click.option(
    "--wait", type=click.FloatRange(min=0), default=0.0, help="So many seconds for the database."
)
def prepare(wait: float) -> None:
    """Make ready what `serve` needs: the database's schema, and a key ring if all is new.

    For service managers and containers, before each start; it does nothing where nothing is
    missing. A ring that is missing beside a database with something in it is never made anew: what
    is stored could not be read, and nobody would know.
    """
    settings = load_settings()
    new = asyncio.run(_prepare(settings, wait))
    if not settings.keyring.exists():
        if not new:
            raise ConfigurationError(
                f"there is no key ring at {settings.keyring}, but the database is not empty: put"
                " back the one that it was filled with. If that is lost, all that is stored stays"
                " unreadable: `sidelight keys init` begins anew"
            )
        settings.keyring.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        KeyRing.create(settings.keyring)
        click.echo(f"made {settings.keyring}; only this user can read it")
    KeyRing.load(settings.keyring)
    click.echo("the schema and the key ring are ready")


async def _prepare(settings: Settings, wait: float) -> bool:
    """Whether nothing was ever stored."""
    database = SqlDatabase(settings.database_url)
    try:
        if database.is_sqlite:
            settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        await _answers(database, wait)
        await schema.upgrade(database)
        return await backups.is_empty(database)
    finally:
        await database.close()


async def _answers(database: SqlDatabase, wait: float) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            await database.ping()
            return
        except DatabaseUnavailable:
            if time.monotonic() >= until:
                raise ConfigurationError(
                    "the database does not answer: see that it runs, and BOT_DATABASE_URL"
                ) from None
        await asyncio.sleep(1)
