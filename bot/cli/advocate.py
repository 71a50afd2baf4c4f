"""`sidelight advocate`: who may sign in to the console."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import click

from bot.clock import SystemClock
from bot.ids import Locale
from bot.settings import Settings, load_settings
from bot.staff.accounts import NOBODY
from bot.staff.audit import Act
from bot.staff.errors import UnknownAdvocate
from bot.staff.ledger import Ledger
from bot.staff.models import Advocate, InvitationToken
from bot.staff.names import fold
from bot.staff.permissions import Role
from bot.staff.service import StaffService, invitation_link
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault

ROLE: Final = click.Choice([role.value for role in Role], case_sensitive=False)
LINK: Final = (
    "Send this link to the advocate over a channel that you trust; it works once, within 7 days:",
)


@click.group()
def advocate() -> None:
    """The advocates' accounts."""


@advocate.command()
@click.argument("name")
@click.option("--role", type=ROLE, default=Role.ADVOCATE.value, show_default=True)
@click.option("--language", "languages", multiple=True, help="A language they speak; repeatable.")
@click.option(
    "--print-secrets",
    is_flag=True,
    help="Instead of a link, print a password and a TOTP secret, once, for automation.",
)
def add(name: str, role: str, languages: tuple[str, ...], print_secrets: bool) -> None:
    """Add an advocate called NAME and print the link with which they join."""

    async def add_(staff: StaffService, _ledger: Ledger) -> list[str]:
        spoken = [Locale(language) for language in languages]
        if print_secrets:
            password, secret = await staff.add_with_secrets(name, Role(role), spoken)
            return [f"password: {password}", f"totp: {secret}"]
        return [*LINK, _link(await staff.invite(name, Role(role), spoken))]

    _run(add_)


@advocate.command("list")
def list_() -> None:
    """Show all accounts: name, role, state. No secret."""

    async def show(staff: StaffService, _ledger: Ledger) -> list[str]:
        return [
            f"{account.advocate.name}  {account.advocate.role}  {_state(account.advocate)}"
            for account in await staff.accounts()
        ]

    _run(show)


@advocate.command()
@click.argument("name")
def disable(name: str) -> None:
    """Switch the account of NAME off: all its sessions end now.

    Who it was talking with goes back to the queue within BOT_CLAIM_TTL. It stands in the audit log
    as done by nobody of the staff.
    """

    async def switch_off(staff: StaffService, ledger: Ledger) -> list[str]:
        who = await _known(staff, name)
        await staff.disable(NOBODY, who.id)
        await ledger.note(NOBODY, Act.DISABLED, who.id)
        return [f"{who.name} is switched off, and signed out everywhere"]

    _run(switch_off)


@advocate.command()
@click.argument("name")
def enable(name: str) -> None:
    """Switch the account of NAME on again."""

    async def switch_on(staff: StaffService, ledger: Ledger) -> list[str]:
        who = await _known(staff, name)
        await staff.enable(who.id)
        await ledger.note(NOBODY, Act.ENABLED, who.id)
        return [f"{who.name} can sign in again"]

    _run(switch_on)


@advocate.command()
@click.argument("name")
def reset(name: str) -> None:
    """Remove password and second factors of NAME, end all sessions, and print a new invitation.

    For somebody who lost what they sign in with when no admin can do it in the console.
    """

    async def anew(staff: StaffService, ledger: Ledger) -> list[str]:
        who = await _known(staff, name)
        token = await staff.reset(NOBODY, who.id)
        await ledger.note(NOBODY, Act.RESET, who.id)
        return [*LINK, _link(token)]

    _run(anew)


def _run(act: Callable[[StaffService, Ledger], Awaitable[list[str]]]) -> None:
    for line in asyncio.run(_with_staff(load_settings(), act)):
        click.echo(line)


async def _with_staff(
    settings: Settings, act: Callable[[StaffService, Ledger], Awaitable[list[str]]]
) -> list[str]:
    vault = Vault(KeyRing.load(settings.keyring))
    database = SqlDatabase(settings.database_url)
    try:
        if database.is_sqlite:
            await schema.upgrade(database)
        else:
            await schema.check(database)
        clock = SystemClock()
        staff = StaffService(database, vault, clock, settings)
        return await act(staff, Ledger(database, vault, clock))
    finally:
        await database.close()


async def _known(staff: StaffService, name: str) -> Advocate:
    for account in await staff.accounts():
        if fold(account.advocate.name) == fold(name):
            return account.advocate
    raise UnknownAdvocate("no advocate has this name; `sidelight advocate list` shows all")


def _link(token: InvitationToken) -> str:
    return invitation_link(load_settings(), token)


def _state(advocate: Advocate) -> str:
    if advocate.disabled_at is not None:
        return "switched off"
    return "active" if advocate.password_hash else "invited"
