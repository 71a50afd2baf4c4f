"""`sidelight keys`: the ring that everything is sealed under."""

import asyncio

import click

from bot.conversation.keeping import rotate as rotate_keys
from bot.settings import load_settings
from bot.storage.database import SqlDatabase
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault


@click.group()
def keys() -> None:
    """The key ring. It lies outside the database and belongs into no backup of it."""


@keys.command()
def init() -> None:
    """Make a new key ring at BOT_KEYRING. Never overwrites one."""
    settings = load_settings()
    settings.keyring.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    KeyRing.create(settings.keyring)
    click.echo(f"made {settings.keyring}; only this user can read it")


@keys.command()
def rotate() -> None:
    """Begin a new epoch, re-wrap all keys, and destroy the older epochs.

    What was deleted before is unreadable from then on, in old copies of the database too.
    """
    settings = load_settings()
    vault = Vault(KeyRing.load(settings.keyring))
    database = SqlDatabase(settings.database_url)

    async def run() -> int:
        try:
            return await rotate_keys(database, vault)
        finally:
            await database.close()

    click.echo(f"epoch {asyncio.run(run())} has begun; the older ones are destroyed")


@keys.command()
def status() -> None:
    """Which epochs there are, and since when. Shows no key."""
    settings = load_settings()
    ring = KeyRing.load(settings.keyring)
    click.echo(f"{settings.keyring}: in order")
    for epoch in ring.epochs:
        current = " (current)" if epoch.id == ring.current.id else ""
        click.echo(f"epoch {epoch.id} since {epoch.created_at:%Y-%m-%d %H:%M} UTC{current}")
