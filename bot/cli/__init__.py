"""The `sidelight` command: one file a group of commands."""

import resource
import sys
from importlib import import_module

import click

from bot.errors import BotError
from bot.logs import configure

COMMANDS = {
    "serve": "bot.cli.serve",
    "demo": "bot.cli.serve",
    "nlu": "bot.cli.nlu",
    "responses": "bot.cli.responses",
    "directory": "bot.cli.directory",
    "advocate": "bot.cli.advocate",
    "keys": "bot.cli.keys",
    "db": "bot.cli.db",
    "telegram": "bot.cli.telegram",
    "doctor": "bot.cli.doctor",
    "backup": "bot.cli.backup",
    "restore": "bot.cli.backup",
    "move": "bot.cli.moving",
    "prepare": "bot.cli.prepare",
}
"""Where each command is, under its own name. Only the one that is called is imported: all of them
need the database, the console and the texts between them, a second before the first word."""


class Commands(click.Group):
    """Finds a command when it is called; see `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None when there is none."""
        if (module := COMMANDS.get(cmd_name)) is None:
            return None
        command: click.Command = getattr(import_module(module), cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sidelight", prog_name="sidelight")
def cli() -> None:
    """Sidelight: a chat bot for people living with, or leaving, a violent partner."""


def main() -> None:
    """Run the command. A mistake that the user can mend is told in one line, with exit code 1.

    Neither it nor a process that it starts leaves a core dump: keys and words could be in it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    configure()
    try:
        cli.main(prog_name="sidelight")
    except BotError as error:
        click.echo(f"sidelight: {error}", err=True)
        sys.exit(1)
