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


@db.command()
@click.confirmation_option(prompt="Are all processes stopped, and shall the newest revision go?")
def downgrade() -> None:
    """Take the newest revision back, for a return to the version before this one.

    Stop all processes first, run this with the version that is to go, then start the older one.
    What only the newest revision can hold is dropped; all else stays.
    """
    database = SqlDatabase(load_settings().database_url)

    async def run() -> str:
        try:
            return await schema.downgrade(database)
        finally:
            await database.close()

    click.echo(f"the database's schema is at {asyncio.run(run())}")


def _run(act: Callable[[SqlDatabase], Awaitable[None]]) -> None:
    database = SqlDatabase(load_settings().database_url)

    async def run() -> None:
        try:
            await act(database)
        finally:
            await database.close()

    asyncio.run(run())
