"""`sidelight doctor` on a real installation: what it looks at is so, and no secret is shown."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.probing import SystemProbes
from bot.clock import SystemClock
from bot.ids import Locale
from bot.settings import ROOT, Settings
from bot.staff.permissions import Role
from bot.staff.service import StaffService
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault
from tests.integration.town import settings_for
from tests.stub_telegram import StubTelegram, refused


def allow(path: Path, mode: int) -> None:
    """Set who may do what with a file or folder."""
    path.chmod(mode)


async def installed(settings: Settings) -> None:
    """A schema, one advocate who can sign in, and one who has not joined yet."""
    database = SqlDatabase(settings.database_url)
    try:
        await schema.upgrade(database)
        vault = Vault(KeyRing.load(settings.keyring))
        staff = StaffService(database, vault, SystemClock(), settings)
        await staff.add_with_secrets("Ada", Role.SUPERVISOR, [Locale("en")])
        await staff.invite("Bo", Role.ADVOCATE, [Locale("en")])
    finally:
        await database.close()


async def test_a_real_database_is_looked_at(tmp_path: Path, database_url: str) -> None:
    """It answers, its schema is told to be old until it is not, and who can sign in is counted."""
    settings = settings_for(tmp_path, database_url)
    assert (await SystemProbes(settings).database()).schema_fault
    await installed(settings)
    facts = await SystemProbes(settings).database()
    assert (facts.fault, facts.schema_fault) == ("", "")
    assert facts.roles == {"supervisor": 1}
    assert not facts.remote
    if "postgresql" in database_url:
        assert facts.settings["server_encoding"] == "UTF8"


async def test_a_database_that_is_down_is_told_without_its_address(tmp_path: Path) -> None:
    """The address may hold a password."""
    url = "postgresql+asyncpg://canary:canary@127.0.0.1:9/canary"
    facts = await SystemProbes(settings_for(tmp_path, url)).database()
    assert facts.fault
    assert "canary" not in facts.fault


async def test_looking_makes_no_database(tmp_path: Path) -> None:
    """A doctor who is asked before there is anything leaves nothing behind."""
    settings = settings_for(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'none.db'}")
    assert (await SystemProbes(settings).database()).schema_fault
    assert not (tmp_path / "none.db").exists()


async def test_a_database_file_in_an_open_folder_is_looked_at(tmp_path: Path) -> None:
    """In a closed folder nobody reaches it, in an open one its own mode counts."""
    settings = settings_for(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    await installed(settings)
    allow(tmp_path, 0o700)
    assert (await SystemProbes(settings).database()).file is None
    allow(tmp_path, 0o755)
    allow(tmp_path / "bot.db", 0o604)
    file = (await SystemProbes(settings).database()).file
    assert file is not None
    assert file.mode == 0o604


async def test_files_and_keys_are_looked_at(tmp_path: Path) -> None:
    """Modes are those on the disk; a ring that others read, or that is gone, has a fault."""
    settings = settings_for(tmp_path, "sqlite+aiosqlite://")
    allow(tmp_path, 0o750)
    assert (await SystemProbes(settings).files())[0].mode == 0o750
    keys = await SystemProbes(settings).keys()
    assert (keys.fault, keys.file.mode) == ("", 0o600)
    assert keys.epoch_since is not None
    allow(settings.keyring, 0o644)
    assert (await SystemProbes(settings).keys()).fault
    settings.keyring.unlink()
    assert (await SystemProbes(settings).keys()).file.mode is None


async def test_telegram_is_asked(tmp_path: Path) -> None:
    """Token, profile, switches, webhook and what waits, from a Bot API server."""
    async with StubTelegram() as stub:
        settings = settings_for(tmp_path, "").model_copy(
            update={
                "telegram_token": SecretStr(stub.token),
                "telegram_api_url": stub.url,
            }
        )
        stub.switches["can_join_groups"] = True
        stub.person().write("hola")
        stub.webhook.url = "https://elsewhere.example"
        facts = await SystemProbes(settings).telegram()
        assert facts is not None
        assert (facts.fault, facts.waiting) == ("", 1)
        assert (facts.webhook, facts.webhook_wanted) == ("https://elsewhere.example", "")
        assert "name (es)" in facts.differences
        assert len(facts.switched_on) == 1
        stub.script("getMe", refused(401, "Unauthorized"))
        refused_facts = await SystemProbes(settings).telegram()
        assert refused_facts is not None
        assert "BOT_TELEGRAM_TOKEN" in refused_facts.fault
        assert stub.violations == []


async def test_texts_directory_and_machine_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own texts are whole, our directory has services, and this machine has a clock."""
    monkeypatch.setenv("BOT_PLACES_DIR", str(tmp_path / "places"))
    probes = SystemProbes(settings_for(tmp_path, ""))
    texts = await probes.texts()
    assert (texts.fault, texts.unsigned, texts.void) == ("", {}, {})
    assert (await probes.directory()).services > 50
    assert not await probes.places()
    assert (await probes.machine()).free_bytes > 0


async def test_unsigned_languages_are_counted(tmp_path: Path) -> None:
    """Without an overlay that signs them, translations are drafts."""
    settings = settings_for(tmp_path, "", responses_overlay=None)
    assert (await SystemProbes(settings).texts()).unsigned["es"] > 10


@pytest.mark.parametrize("format_", ["text", "json"])
async def test_the_command_tells_all_and_no_secret(tmp_path: Path, format_: str) -> None:
    """It exits with 1 on a fresh folder, names each mend, and shows no token and no password."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "BOT_DATABASE_URL": "postgresql+asyncpg://u:canarypassword@127.0.0.1:9/x",
        "BOT_TELEGRAM_TOKEN": "1234567:canarytoken",
        "BOT_TELEGRAM_API_URL": "http://127.0.0.1:9/bot",
        "BOT_NLU_URL": "http://127.0.0.1:9",
        "BOT_NLU_TOKEN": "canarynlu",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor", "--format", format_),
        cwd=tmp_path,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, errors = await process.communicate()
    assert process.returncode == 1, errors
    assert b"canary" not in said + errors
    assert b"sidelight keys init" in said
    if format_ == "json":
        rows = json.loads(said)
        assert {"check", "level", "found", "mend"} == set(rows[0])
        assert {row["check"] for row in rows if row["level"] == "fail"} == {
            *("settings", "files", "keys", "database", "model", "telegram"),
        }


async def test_the_staffs_chat_is_asked_for(tmp_path: Path) -> None:
    """In it, not in it, a person's chat that is none, and not set."""
    async with StubTelegram() as stub:
        home, other = stub.group(), stub.group()
        home.has_bot = True
        for chat, expected in (
            (str(home.id), True),
            (str(other.id), False),
            ("-5", False),
            ("", None),
        ):
            changed = {
                "telegram_token": SecretStr(stub.token),
                "telegram_api_url": stub.url,
                "staff_chat_id": chat,
            }
            settings = settings_for(tmp_path, "").model_copy(update=changed)
            facts = await SystemProbes(settings).telegram()
            assert facts is not None
            assert facts.in_staff_chat is expected
        assert stub.violations == []
