"""`sidelight backup` and `restore`: staff, settings and check-ins to come. Never what was said."""

import asyncio
import json
from pathlib import Path

import click

from bot.errors import ConfigurationError
from bot.settings import SECRETS, Settings, load_settings
from bot.storage import backups, schema
from bot.storage.database import SqlDatabase
from bot.vault.keyring import KeyRing
from bot.vault.ledger import Ledger, backed_up
from bot.vault.parcel import Secret, pack, unpack
from bot.vault.shredding import replace_file
from bot.vault.vault import Vault

PAYLOAD_VERSION = 1
_SECRET = {*SECRETS, "database_url"}

_key_file = click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with 32 random bytes in base64, instead of a passphrase.",
)
_passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the passphrase in its first line; without one it is asked for.",
)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_key_file
@_passphrase_file
def backup(file: Path, key_file: Path | None, passphrase_file: Path | None) -> None:
    """Write staff, settings and check-ins to come, encrypted, to FILE.

    No message is in it, no open conversation, no key of the ring. The texts and the directory of
    your organisation are files of your own: keep them as such. Works while the bot runs.
    """
    settings = load_settings()
    if file.exists():
        raise ConfigurationError(f"{file} exists already: name another file")
    secret = _secret(key_file, passphrase_file, anew=True)
    payload = asyncio.run(_collect(settings))
    replace_file(file.absolute(), pack(json.dumps(payload).encode(), secret))
    backed_up(settings.keyring).touch(mode=0o600)
    click.echo(f"{len(payload['staff'])} accounts and {len(payload['checkins'])} check-ins: {file}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_key_file
@_passphrase_file
@click.option(
    "--force", is_flag=True, help="Also where somebody is known already; overwrites none."
)
@click.option(
    "--unproven",
    is_flag=True,
    help="Also check-ins of which nothing here tells whether they are still wanted. Who deleted"
    " everything since the backup would be written to again: only if the backup is of today.",
)
def restore(
    file: Path, key_file: Path | None, passphrase_file: Path | None, force: bool, unproven: bool
) -> None:
    """Bring back what `sidelight backup` wrote to FILE. Stop the bot first.

    A check-in comes back only if it is still wanted, which a small file beside the key ring tells:
    who cancelled it or deleted everything since is not brought back.
    """
    settings = load_settings()
    secret = _secret(key_file, passphrase_file, anew=False)
    payload = json.loads(unpack(file.read_bytes(), secret))
    if payload.get("version") != PAYLOAD_VERSION:
        raise ConfigurationError("the backup is of another version: update Sidelight first")
    wanted = Ledger(settings.keyring).read()
    if unproven:
        wanted = None
    elif wanted is None:
        wanted = frozenset()
    staff, checkins = asyncio.run(_put(settings, payload, wanted, force=force))
    click.echo(f"{staff} accounts and {checkins} check-ins are back")
    if left := len(payload["checkins"]) - checkins:
        click.echo(
            f"{left} check-ins are not: they are over, were deleted, are here already, or nothing"
            " tells that they are still wanted (--unproven)"
        )
    for name, value in sorted(payload["settings"].items()):
        click.echo(f"# then: BOT_{name.upper()}={value}")


async def _collect(settings: Settings) -> backups.Payload:
    vault, database = Vault(KeyRing.load(settings.keyring)), SqlDatabase(settings.database_url)
    try:
        await schema.check(database)
        payload = await backups.collect(database, vault)
    finally:
        await database.close()
    due = (each["id"] for each in payload["checkins"])
    # Noted before the file exists: what ends in between is struck out, or never was in it.
    Ledger(settings.keyring).note(backups.ledger_key(vault, each) for each in due)
    chosen = settings.model_dump(mode="json", include=settings.model_fields_set - _SECRET)
    return {"version": PAYLOAD_VERSION, "settings": chosen, **payload}


async def _put(
    settings: Settings, payload: backups.Payload, wanted: frozenset[bytes] | None, *, force: bool
) -> tuple[int, int]:
    vault, database = Vault(KeyRing.load(settings.keyring)), SqlDatabase(settings.database_url)
    try:
        await schema.upgrade(database)
        if not force and not await backups.is_empty(database):
            raise ConfigurationError(
                "somebody is known here already: restore into a new installation, or add --force,"
                " which adds what is missing and overwrites nothing"
            )
        after = settings.checkin_escalate_after
        return await backups.put(database, vault, payload, wanted, after)
    finally:
        await database.close()


def _secret(key_file: Path | None, passphrase_file: Path | None, *, anew: bool) -> Secret:
    if key_file is not None:
        return Secret.key(key_file.read_text())
    if passphrase_file is not None:
        return Secret.passphrase(passphrase_file.read_text().partition("\n")[0])
    asked: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=anew)
    return Secret.passphrase(asked)
