"""`sidelight move`: from the embedded database to PostgreSQL."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import click
from sqlalchemy import make_url

from bot.errors import ConfigurationError
from bot.serving.alone import alone
from bot.settings import load_settings
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.storage.moving import move as move_rows
from bot.vault.keyring import KeyRing


@click.command()
@click.option(
    "--from",
    "source",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The SQLite file, if it is not sidelight.db in BOT_DATA_DIR.",
)
def move(source: Path | None) -> None:
    """Take an embedded installation to the PostgreSQL database at BOT_DATABASE_URL.

    Stop the bot first. Every row goes as it is, check-ins to come among them, and is compared;
    all of it arrives or nothing. The key ring stays where it is and serves the new database. The
    old file is renamed, so that no check-in is asked by both: delete it when the bot serves.
    """
    settings = load_settings()
    file = (source or settings.data_dir / "sidelight.db").absolute()
    KeyRing.load(settings.keyring)
    if make_url(settings.database_url).get_backend_name() == "sqlite":
        raise ConfigurationError(
            "set BOT_DATABASE_URL to the PostgreSQL database that should be moved to"
        )
    if not file.is_file():
        raise ConfigurationError(f"there is no database at {file}: name it with --from")
    moved = file.with_name(f"{file.name}.moved")
    if moved.exists():
        raise ConfigurationError(f"{moved} is in the way: an earlier move left it, delete it")
    with alone(file.parent):
        counts = asyncio.run(_move(file, settings.database_url))
        file.rename(moved)
    for name, count in counts.items():
        click.echo(f"{count:>9} {name}")
    click.echo(
        f"moved and compared. Start `sidelight serve` and run `sidelight doctor`, then delete"
        f" {moved}: nothing needs it any more"
    )


async def _move(file: Path, url: str) -> Mapping[str, int]:
    source, target = SqlDatabase(f"sqlite+aiosqlite:///{file}"), SqlDatabase(url)
    try:
        await schema.upgrade(source)
        await schema.upgrade(target)
        counts = await move_rows(source, target)
        # The log goes into the file: what is renamed is all there is.
        await source.shred()
        return counts
    finally:
        await source.close()
        await target.close()
