"""Whatever a page tells to run exists, with just these arguments."""

import re

import click
import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.settings import ROOT
from tests.docs.pages import Command, commands, simple

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = frozenset(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
VARIABLES = frozenset(re.findall(r"\b([A-Z_]+)\b", MAKEFILE))


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The words of every command."""
    context = click.Context(group)
    found: list[tuple[str, ...]] = []
    for name in group.list_commands(context):
        command, here = group.get_command(context, name), (*path, name)
        found += leaves(command, here) if isinstance(command, click.Group) else [here]
    return found


def understand(words: tuple[str, ...]) -> None:
    """Parse the words by the program's own parser, without running anything.

    Raises click's UsageError for what it does not know.
    """
    command: click.Command = cli
    rest = list(words)
    context = click.Context(cli, info_name="sidelight")
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        name = rest.pop(0)
        if (found := command.get_command(context, name)) is None:
            raise click.UsageError(f"there is no command {name}")
        command, context = found, click.Context(found, parent=context, info_name=name)
    if isinstance(command, click.Group) and not set(rest) & {"-h", "--help", "--version"}:
        # The text may speak of a group: `sidelight keys`.
        if rest:
            raise click.UsageError(f"what is {rest[0]}?")
        return
    given, left, _ = command.make_parser(context).parse_args(rest)
    if left:
        raise click.UsageError(f"too much: {left}")
    for parameter in command.params:
        value = given.get(parameter.name or "")
        if isinstance(parameter.type, click.Choice) and isinstance(value, str):
            parameter.type.convert(value, parameter, context)


@pytest.mark.parametrize("command", commands("sidelight"), ids=str)
def test_commands_exist_with_their_options(command: Command) -> None:
    """Nobody copies a line that ends in “no such option”."""
    understand(command.words)


def test_commands_in_the_program_s_own_words_exist() -> None:
    """What the doctor, a finding or an error tells to run can be run."""
    found = {
        tuple(words[1:])
        for path in (ROOT / "bot").rglob("*.py")
        for told in re.findall(r"`(sidelight [a-z][^`{…|]*)`", path.read_text("utf-8"))
        for words in simple(told.replace("\n", " "))
    }
    assert len(found) > 15
    for words in sorted(found):
        understand(words)


@pytest.mark.parametrize("words", [("fly",), ("keys", "melt"), ("doctor", "--format", "poem")])
def test_other_commands_would_be_found(words: tuple[str, ...]) -> None:
    """So that the test above means something."""
    with pytest.raises(click.UsageError):
        understand(words)
    with pytest.raises(click.UsageError):
        understand(("keys", "status", "--all"))


def test_make_targets_exist() -> None:
    """And what is set beside them is used by the Makefile."""
    found = commands("make")
    assert len(found) > 10
    for command in found:
        for word in command.words:
            name, assigned, _ = word.partition("=")
            assert name in (VARIABLES if assigned else TARGETS), str(command)


def test_the_pages_name_every_command() -> None:
    """What no page tells of is found by nobody."""
    told = {command.words for command in commands("sidelight")}
    missing = [leaf for leaf in leaves(cli) if not any(t[: len(leaf)] == leaf for t in told)]
    assert missing == []


@pytest.mark.parametrize("words", leaves(cli), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    """`--help` of each says what it does."""
    result = CliRunner().invoke(cli, [*words, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 3
