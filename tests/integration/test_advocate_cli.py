"""`sidelight advocate` on the machine: when no admin is at hand, or is the trouble."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pyotp
import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.clock import SystemClock
from bot.settings import load_settings
from bot.staff.accounts import NOBODY
from bot.staff.audit import Act
from bot.staff.errors import SignInRefused, UnknownAdvocate
from bot.staff.ledger import Ledger
from bot.staff.models import SessionToken
from bot.staff.service import StaffService
from bot.storage.database import SqlDatabase
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault

T = TypeVar("T")
HOME = "203.0.113.1"


def run(*words: str) -> str:
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def with_staff(act: Callable[[StaffService, Ledger], Awaitable[T]]) -> T:
    """Do something as the console does it, beside the command."""

    async def on() -> T:
        settings = load_settings()
        database = SqlDatabase(settings.database_url)
        vault, clock = Vault(KeyRing.load(settings.keyring)), SystemClock()
        try:
            return await act(
                StaffService(database, vault, clock, settings), Ledger(database, vault, clock)
            )
        finally:
            await database.close()

    return asyncio.run(on())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new installation."""
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path))
    run("keys", "init")


@pytest.fixture
def secrets(home: None) -> tuple[str, str]:
    """Ada's password and authenticator."""
    lines = run("advocate", "add", "Ada", "--print-secrets").splitlines()
    password, secret = (line.partition(": ")[2] for line in lines)
    return password, secret


def sign_in(secrets: tuple[str, str], later: int = 0) -> SessionToken:
    """`later`: by a code of so many steps ahead, as each is good for once."""
    password, secret = secrets
    code = pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * later))

    async def act(staff: StaffService, _ledger: Ledger) -> SessionToken:
        return (await staff.sign_in("ada", password, code, HOME)).token

    return with_staff(act)


def is_in(token: SessionToken) -> bool:
    async def act(staff: StaffService, _ledger: Ledger) -> bool:
        return await staff.authenticate(token) is not None

    return with_staff(act)


def test_an_account_that_is_disabled_or_reset_is_out_at_once(secrets: tuple[str, str]) -> None:
    """Its session ends, and no other begins as before; the log says so, by nobody of the staff."""
    token = sign_in(secrets)
    assert is_in(token)
    assert "switched off" in run("advocate", "disable", "ADA")
    assert not is_in(token)
    assert run("advocate", "list") == "Ada  advocate  switched off\n"
    with pytest.raises(SignInRefused):
        sign_in(secrets)
    run("advocate", "enable", "Ada")
    assert run("advocate", "list") == "Ada  advocate  active\n"

    async def log(_staff: StaffService, ledger: Ledger) -> list[tuple[object, Act]]:
        lines, broken = await ledger.lines()
        assert broken is None
        return [(line.advocate_id, line.act) for line in lines]

    token = sign_in(secrets, later=1)
    assert "/console/join#" in run("advocate", "reset", "Ada")
    assert not is_in(token)
    assert run("advocate", "list") == "Ada  advocate  invited\n"
    acts = [Act.DISABLED, Act.ENABLED, Act.RESET]
    assert with_staff(log)[-3:] == [(NOBODY, act) for act in acts]


@pytest.mark.parametrize("command", ["disable", "enable", "reset"])
def test_an_unknown_name_changes_nothing(home: None, command: str) -> None:
    """And is told."""
    run("advocate", "add", "Ada")
    with pytest.raises(UnknownAdvocate, match="advocate list"):
        run("advocate", command, "Eve")
    assert run("advocate", "list") == "Ada  advocate  invited\n"


@pytest.mark.parametrize("role", ["supervisor", "ADMIN"])
def test_a_role_is_named_as_the_pages_name_it(home: None, role: str) -> None:
    """In small letters, as the console and the doctor write it, or in any."""
    run("advocate", "add", "Ada", "--role", role)
    assert run("advocate", "list") == f"Ada  {role.lower()}  invited\n"
