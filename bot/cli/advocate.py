"""`sidelight advocate`: who may sign in to the console."""

import asyncio

import click

from bot.clock import SystemClock
from bot.ids import Locale
from bot.settings import Settings, load_settings
from bot.staff.permissions import Role
from bot.staff.service import StaffService, invitation_link
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault


@click.group()
def advocate() -> None:
    """The advocates' accounts."""


@advocate.command()
@click.argument("name")
@click.option("--role", type=click.Choice(list(Role)), default=Role.ADVOCATE, show_default=True)
@click.option("--language", "languages", multiple=True, help="A language they speak; repeatable.")
@click.option(
    "--print-secrets",
    is_flag=True,
    help="Instead of a link, print a password and a TOTP secret, once, for automation.",
)
def add(name: str, role: Role, languages: tuple[str, ...], print_secrets: bool) -> None:
    """Add an advocate called NAME and print the link with which they join."""
    settings = load_settings()
    spoken = [Locale(language) for language in languages]
    lines = asyncio.run(_add(settings, name, Role(role), spoken, print_secrets))
    for line in lines:
        click.echo(line)


async def _add(
    settings: Settings, name: str, role: Role, languages: list[Locale], print_secrets: bool
) -> list[str]:
    vault = Vault(KeyRing.load(settings.keyring))
    database = SqlDatabase(settings.database_url)
    try:
        if database.is_sqlite:
            await schema.upgrade(database)
        else:
            await schema.check(database)
        staff = StaffService(database, vault, SystemClock(), settings)
        if print_secrets:
            password, secret = await staff.add_with_secrets(name, role, languages)
            return [f"password: {password}", f"totp: {secret}"]
        token = await staff.invite(name, role, languages)
        return [
            "Send this link to the advocate over a channel that you trust; it works once,"
            " within 7 days:",
            invitation_link(settings, token),
        ]
    finally:
        await database.close()
