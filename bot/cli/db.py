"""`sidelight db`: the database's schema."""

import asyncio
from collections.abc import Awaitable, Callable

import click

from bot.settings import load_settings
from bot.storage import schema
from bot.storage.database import SqlDatabase


@click.group()
def db() -> None:
    """The database at BOT_DATABASE_URL."""


@db.command()
def upgrade() -> None:
    """Bring the schema up to date. Does nothing when it is."""
    _run(schema.upgrade)
    click.echo("the database's schema is up to date")


@db.command()
def check() -> None:
    """Exit with 1 unless the schema is up to date."""
    _run(schema.check)
    click.echo("the database's schema is up to date")


def _run(act: Callable[[SqlDatabase], Awaitable[None]]) -> None:
    database = SqlDatabase(load_settings().database_url)

    async def run() -> None:
        try:
            await act(database)
        finally:
            await database.close()

    asyncio.run(run())
