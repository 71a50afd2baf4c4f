"""The commands are all there, and only the one that is called is loaded."""

import subprocess
import sys

import click
import pytest

from bot.cli import COMMANDS, cli


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_is_where_it_is_said_to_be(name: str) -> None:
    """Every name leads to the command of that name."""
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name


def test_nobody_waits_for_what_they_did_not_call() -> None:
    """A translator's check of the directory loads neither console nor database."""
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "directory", "--help"],
        capture_output=True,
        check=True,
        text=True,
    ).stderr
    assert "bot.directory.reading" in loaded
    assert "sqlalchemy" not in loaded
    assert "fastapi" not in loaded
