"""The `sidelight` command: one file a group of commands."""

import logging
import sys

import click

from bot.cli.advocate import advocate
from bot.cli.backup import backup, restore
from bot.cli.db import db
from bot.cli.directory import directory
from bot.cli.doctor import doctor
from bot.cli.keys import keys
from bot.cli.nlu import nlu
from bot.cli.responses import responses
from bot.cli.serve import demo, serve
from bot.cli.telegram import telegram
from bot.errors import BotError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sidelight", prog_name="sidelight")
def cli() -> None:
    """Sidelight: a chat bot for people living with, or leaving, a violent partner."""


for command in (serve, demo, nlu, responses, directory, advocate, keys, db, telegram, doctor):
    cli.add_command(command)
cli.add_command(backup)
cli.add_command(restore)


def main() -> None:
    """Run the command. A mistake that the user can mend is told in one line, with exit code 1."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        cli.main(prog_name="sidelight")
    except BotError as error:
        click.echo(f"sidelight: {error}", err=True)
        sys.exit(1)
