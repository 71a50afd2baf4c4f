"""The runbook's commands are run, section by section, on an installation in that trouble."""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.settings import ROOT
from bot.vault.keyring import KeyRing
from bot.vault.parcel import Secret, pack
from tests.docs.pages import blocks

SECTIONS = dict(
    re.findall(
        r"^## (.+?)\n(.*?)(?=^## |\Z)",
        (ROOT / "docs" / "runbook.md").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)
ELSEWHERE = ("doctor", "telegram", "directory")
"""Commands that have tests of their own and look at the whole installation, or at Telegram."""
BACK = "1 accounts and 1 check-ins are back"
ADA, PERSON = str(UUID(int=1)), str(UUID(int=2))
TONIGHT = (datetime.now(UTC) + timedelta(hours=6)).isoformat()
PAYLOAD = {
    "version": 1,
    "settings": {},
    "ring": "",
    "staff": [
        {
            "id": ADA,
            "name": "Ada",
            "name_key": "ada",
            "role": "advocate",
            "languages": "en",
            "created_at": TONIGHT,
            "disabled_at": None,
            "password_hash": "x",
            "totp": None,
            "totp_step": 0,
        }
    ],
    "people": [
        {
            "id": PERSON,
            "channel": "telegram",
            "address": "1",
            "message_ttl": 3600,
            "created_at": TONIGHT,
            "last_inbound_at": TONIGHT,
            "state": {"locale": "en"},
        }
    ],
    "checkins": [
        {
            "id": str(UUID(int=3)),
            "conversation_id": PERSON,
            "phase": "scheduled",
            "due_at": TONIGHT,
            "created_at": TONIGHT,
            "asked_at": None,
            "plan": "{}",
        }
    ],
    "alerts": [],
}
"""One account and one check-in to come, as a backup holds them."""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one account, one check-in to come, and the backup of last night."""
    folder = tmp_path_factory.mktemp("sidelight")
    secret = folder / "passphrase.txt"
    seed = folder / "seed"
    words = "six words that nobody else knows"
    secret.write_text(f"{words}\n")
    seed.write_bytes(pack(json.dumps(PAYLOAD).encode(), Secret.passphrase(words)))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("BOT_DATABASE_URL", raising=False)
        run("sidelight keys init")
        assert BACK in run("sidelight restore --passphrase-file passphrase.txt --unproven seed")
        run("sidelight backup --passphrase-file passphrase.txt backup.sidelight")
    seed.unlink()
    return folder


@pytest.fixture
def here(installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which the commands are run in."""
    folder = tmp_path / "here"
    shutil.copytree(installation, folder)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("BOT_DATABASE_URL", raising=False)
    return folder


def run(line: str) -> str:
    """What a line of the page prints. Fails where it does."""
    words = shlex.split(line, comments=True)
    if words[0] != "sidelight":
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}: {done.stderr}"
        return done.stdout
    if words[1] in ELSEWHERE:
        return ""
    result = CliRunner().invoke(cli, words[1:], catch_exceptions=False)
    assert result.exit_code == 0, f"{line}: {result.output}"
    return result.output


def follow(section: str) -> dict[str, str]:
    """Run all lines of a section; what each printed."""
    return {line: run(line) for block in blocks(SECTIONS[section]) for line in block.splitlines()}


def lose_the_ring(here: Path) -> None:
    for path in (here / "data").glob("keyring.json*"):
        path.unlink()


def lose_the_database(here: Path) -> None:
    for path in (here / "data").glob("sidelight.db*"):
        path.unlink()


def lose_the_machine(here: Path) -> None:
    shutil.rmtree(here / "data")


@pytest.mark.parametrize(
    ("section", "trouble"),
    [
        ("The key ring is lost", lose_the_ring),
        ("The server was seized or stolen", lose_the_machine),
        ("The database is lost", lose_the_database),
    ],
)
def test_staff_and_checkins_are_back(
    here: Path, section: str, trouble: Callable[[Path], None]
) -> None:
    """After the section's commands nobody has to be asked for what a backup holds."""
    trouble(here)
    printed = follow(section)
    assert [line for line, said in printed.items() if BACK in said]
    assert "Ada  advocate" in run("sidelight advocate list")


def test_a_copied_ring_opens_nothing_any_more(here: Path) -> None:
    """At once its epochs are others, later its index key, too; and all are back."""
    copied = KeyRing.load(here / "data" / "keyring.json")
    index, epochs = copied.index_key, {epoch.key for epoch in copied.epochs}
    at_once, later, staff = blocks(SECTIONS["The key ring was copied"])
    for line in at_once.splitlines():
        run(line)
    rotated = KeyRing.load(here / "data" / "keyring.json")
    assert not epochs & {epoch.key for epoch in rotated.epochs}
    assert rotated.index_key == index
    assert [line for line in later.splitlines() if BACK in run(line)]
    assert KeyRing.load(here / "data" / "keyring.json").index_key != index
    assert "/console/join#" in [run(line) for line in staff.splitlines()][-1]


def test_an_ally_of_the_one_who_harms_is_out(here: Path) -> None:
    """The account is switched off, and whoever lost what they sign in with gets a link."""
    printed = follow("Somebody of the staff helps the one who harms")
    assert "Ada  advocate  switched off" in printed["sidelight advocate list"]
    assert "/console/join#" in follow("An admin cannot sign in")["sidelight advocate reset Ada"]


@pytest.mark.parametrize("section", ["The disk is full", "When something happens"])
def test_the_other_commands_work(here: Path, section: str) -> None:
    """Also those of the preparations, under the page's title."""
    (here / "backup.sidelight").unlink()
    text = SECTIONS.get(section) or (ROOT / "docs" / "runbook.md").read_text().partition("\n## ")[0]
    printed = [run(line) for block in blocks(text) for line in block.splitlines()]
    assert any(printed)


def test_each_trouble_has_its_section() -> None:
    """The page names what can happen, and no section is without steps."""
    words = ("ring", "token", "copied", "seized", "check-in", "number", "staff", "Telegram")
    titles: Sequence[str] = list(SECTIONS)
    for word in (*words, "database", "disk", "admin"):
        assert any(word in title for title in titles), word
    assert all(re.search(r"^1\. |sidelight |: ", text, re.MULTILINE) for text in SECTIONS.values())
