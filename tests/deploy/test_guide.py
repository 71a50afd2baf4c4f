"""The admin's guide and the units: what can be seen without a machine to carry them out on."""

import re
import subprocess
from configparser import RawConfigParser

import pytest
from click import Command, Context, Group

from bot.cli import cli
from bot.settings import ROOT, Settings
from tests.deploy.guide import PAGE, Block, blocks
from tests.deploy.roots import StepFailed, require

UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
KINDS = {"yours", "install", "python3.10", "serve", "look", "update", "back", ""}


def test_every_command_is_tried_or_says_why_not() -> None:
    """A block of commands without a mark would be one that nobody ever ran."""
    assert PAGE.read_text("utf-8").count("```sh") == len(blocks())
    assert {block.kind for block in blocks()} == KINDS


@pytest.mark.parametrize("block", blocks(), ids=lambda block: block.kind or "not run")
def test_commands_are_a_shells(block: Block) -> None:
    """They parse, and what they take from the repository and of `sidelight` is there."""
    subprocess.run(["sh", "-n"], input=block.script, text=True, check=True)
    for name in re.findall(r"/opt/sidelight/((?:deploy|docs)/[\w./@-]+)", block.script):
        assert (ROOT / name).exists(), name
    for words in re.findall(r"(?:^|worker )sidelight ([a-z][^\n]*)", block.script, re.MULTILINE):
        command: Command = cli
        for word in words.split():
            if not isinstance(command, Group):
                break
            found = command.get_command(Context(command), word)
            assert found is not None, word
            command = found
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[\w-]+", words)) <= known
    for target in re.findall(r"^make ([a-z-]+)$", block.script, re.MULTILINE):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    if "deploy/systemd" in block.script:
        for name in re.findall(r"\b(sidelight[\w@-]*\.[\w.]+) ", block.script):
            assert (ROOT / "deploy/systemd" / name).exists(), name


def unit(name: str) -> dict[str, list[str]]:
    """The values of each key of [Service], in order."""
    found: dict[str, list[str]] = {}
    text = (ROOT / "deploy/systemd" / name).read_text().partition("[Service]\n")[2]
    for line in text.partition("\n[")[0].splitlines():
        if line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("name", [path.name for path in UNITS])
def test_units_have_no_rights(name: str) -> None:
    """Not root, nothing to write but their own folders, nothing of the kernel, no swap."""
    service = unit(name)
    assert service["User"] in (["sidelight"], ["sidelight-nlu"])
    for key in (
        *("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "ProtectClock"),
        *("ProtectKernelTunables", "ProtectKernelModules", "ProtectKernelLogs", "RemoveIPC"),
        *("ProtectControlGroups", "ProtectHostname", "RestrictNamespaces", "RestrictRealtime"),
        *("RestrictSUIDSGID", "LockPersonality"),
    ):
        assert service[key] == ["yes"], key
    assert service["ProtectSystem"] == ["strict"]
    assert service["CapabilityBoundingSet"] == [""]
    assert service["SystemCallFilter"] == ["@system-service", "~@privileged @resources"]
    assert service["MemorySwapMax"] == service["LimitCORE"] == ["0"]
    assert service["Restart"] == ["always"]
    assert int(service["TimeoutStopSec"][0]) >= 20
    assert "ReadWritePaths" not in service


def test_the_model_reaches_nobody() -> None:
    """No network, and neither settings, secrets nor data to look into."""
    service = unit("sidelight-nlu.service")
    assert service["PrivateNetwork"] == ["yes"]
    assert service["RestrictAddressFamilies"] == ["AF_UNIX"]
    assert service["InaccessiblePaths"] == ["-/etc/sidelight -/var/lib/sidelight"]
    assert "EnvironmentFile" not in service


def test_both_units_of_the_bot_are_alike() -> None:
    """Apart from what makes one of several processes of it."""
    one, many = unit("sidelight.service"), unit("sidelight@.service")
    own = {"ExecStart", "EnvironmentFile"}
    assert {k: v for k, v in one.items() if k not in own} == {
        k: v for k, v in many.items() if k not in own
    }


def test_the_units_settings_exist() -> None:
    """And none of them is a secret."""
    parser = RawConfigParser()
    parser.read_string("[all]\n" + (ROOT / "deploy/systemd/sidelight.env").read_text())
    for name in parser["all"]:
        assert name.removeprefix("bot_") in Settings.model_fields
        assert not name.endswith(("token", "secret", "password"))


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever carries the guide out is told what to install, before anything is made."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(StepFailed, match="apt-get install debootstrap systemd-container"):
        require("debootstrap", "systemd-nspawn")
