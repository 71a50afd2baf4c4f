"""`sidelight serve` with something wrong: one line that names the place and the mend."""

import asyncio
import re
import socket
import sys
from pathlib import Path

import pytest

from bot.content.reviews import review_path
from bot.ids import Locale
from tests.functional.serving import Serving
from tests.signing import signed_overlay


async def refusal(bot: Serving, *arguments: str) -> str:
    """Run it, expect it to refuse; what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *(arguments or ("serve",))),
        cwd=bot.folder,
        env=bot.environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    lines = [line for line in said.decode().splitlines() if line.startswith("sidelight: ")]
    assert len(lines) == 1, said.decode()
    assert "Traceback" not in said.decode()
    return lines[0]


async def test_without_a_key_ring(tmp_path: Path) -> None:
    """The mend is a command."""
    assert "sidelight keys init" in await refusal(Serving(tmp_path))


@pytest.mark.parametrize("damage", ["", "{", '{"version": 1}', "cut"])
async def test_with_a_damaged_key_ring(tmp_path: Path, damage: str) -> None:
    """It names the file, and does not make a new one over it."""
    bot = Serving(tmp_path)
    await bot.command("keys", "init")
    ring = tmp_path / "data" / "keyring.json"
    content = ring.read_text()[:-40] if damage == "cut" else damage
    ring.write_text(content)
    assert "keyring.json" in await refusal(bot)
    assert ring.read_text() == content
    await refusal(bot, "keys", "init")
    assert ring.read_text() == content


async def test_with_a_key_ring_that_others_can_read(tmp_path: Path) -> None:
    """The mend is chmod."""
    bot = Serving(tmp_path)
    await bot.command("keys", "init")
    (tmp_path / "data" / "keyring.json").chmod(0o644)
    assert "chmod 600" in await refusal(bot)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"BOT_PORT": "eighty", "BOT_QUIET_AFTER": "soon"}, ("BOT_PORT", "BOT_QUIET_AFTER")),
        ({"BOT_MESSAGE_TTL": "999999"}, ("BOT_MESSAGE_TTL", "48 hours")),
        ({"BOT_DATABASE_URL": "mysql://x"}, ("BOT_DATABASE_URL",)),
        ({"BOT_NLU_URL": "nonsense"}, ("BOT_NLU_URL",)),
        ({"BOT_LOCALES": "en,tlh"}, ("tlh",)),
        ({"BOT_TELEGRAM_TOKEN": "x", "BOT_TELEGRAM_WEBHOOK_SECRET": "short"}, ("SECRET",)),
    ],
)
async def test_with_a_wrong_setting(
    tmp_path: Path, settings: dict[str, str], named: tuple[str, ...]
) -> None:
    """Each wrong setting is named; its value is not repeated."""
    good = Serving(tmp_path)
    await good.command("keys", "init")
    said = await refusal(Serving(tmp_path, **settings))
    for name in named:
        assert name in said


async def test_with_a_port_that_is_taken(tmp_path: Path) -> None:
    """The mend is another port."""
    bot = Serving(tmp_path)
    await bot.command("keys", "init")
    with socket.create_server(("127.0.0.1", bot.port)):
        assert "BOT_PORT" in await refusal(bot)


async def test_twice_on_one_database_file(tmp_path: Path) -> None:
    """The second is told so, and the first goes on."""
    first = Serving(tmp_path)
    await first.command("keys", "init")
    await first.start()
    try:
        assert "another process" in await refusal(Serving(tmp_path))
    finally:
        assert await first.stop() == 0


async def test_with_unknown_roles(tmp_path: Path) -> None:
    """The roles that there are, are named."""
    bot = Serving(tmp_path)
    assert "chat, console, worker" in await refusal(bot, "serve", "--roles", "baker")


async def test_with_a_damaged_overlay(tmp_path: Path) -> None:
    """A text with a key that is missing or misspelt is named with file and line."""
    overlay = tmp_path / "overlay"
    (overlay / "en").mkdir(parents=True)
    (overlay / "en" / "mine.yml").write_text("welcome.greeting:\n  texx: Hello\n")
    bot = Serving(tmp_path, BOT_RESPONSES_OVERLAY=str(overlay))
    await bot.command("keys", "init")
    assert "mine.yml:" in await refusal(bot)


async def test_with_a_draft(tmp_path: Path) -> None:
    """A language that no reviewer signed is named, with how much there is to read and how."""
    said = await _refused_draft(tmp_path)
    assert "sidelight responses sign es" in said
    assert re.search(r"es is a draft: \d+ safety-critical texts are not signed", said)


async def test_with_a_text_that_changed_after_it_was_signed(tmp_path: Path) -> None:
    """One void signature bars the language."""
    path = review_path(signed_overlay(tmp_path), Locale("es"))
    first = next(line for line in path.read_text("utf-8").splitlines() if line.startswith('"'))
    path.write_text(path.read_text("utf-8").replace(first, first[:-20] + '"0000000000000000" }'))
    said = await _refused_draft(tmp_path, BOT_RESPONSES_OVERLAY=str(path.parents[1]))
    assert "es is a draft: 1 safety-critical text is not signed" in said


async def _refused_draft(folder: Path, **settings: str) -> str:
    bot = Serving(folder, **{"BOT_RESPONSES_OVERLAY": "", **settings})
    await bot.command("keys", "init")
    return await refusal(bot)


async def test_as_a_demonstration_in_disguise(tmp_path: Path) -> None:
    """What `demo` allows on this machine, `serve` allows nowhere."""
    assert "BOT_DEMO" in await refusal(Serving(tmp_path, BOT_DEMO="1"))


async def test_demo_beyond_this_machine(tmp_path: Path) -> None:
    """The demonstration signs its visitor in, so it stays on loopback."""
    bot = Serving(tmp_path, BOT_HOST="0.0.0.0")
    assert "BOT_HOST" in await refusal(bot, "demo")
