"""The public profile on the stub: set where it differs, and what must be switched off is told."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.bootstrap import load_catalogue
from bot.channels.telegram.profile import (
    COMMANDS,
    SWITCHES,
    Difference,
    differences,
    set_profile,
    switched_on,
    wanted,
)
from bot.channels.telegram.publicity import Part
from bot.content.rules import is_discreet
from bot.conversation.interfaces import ChannelUnavailable
from bot.ids import Locale
from bot.safety.cover import GiveAways
from bot.settings import ROOT, load_settings
from tests.integration.telegram_parts import Line, line
from tests.stub_telegram import refused, stub_process

SIX = tuple(Locale(tag) for tag in ("en", "es", "fr", "pt-BR", "ar", "hi"))
CATALOGUE = load_catalogue(load_settings(_env_file=None, locales=SIX))
PROFILES = wanted(CATALOGUE, SIX)


@pytest.fixture
async def tg() -> AsyncIterator[Line]:
    async with line() as opened:
        yield opened


def changes(tg: Line) -> int:
    """How many calls changed the profile."""
    return sum(count for method, count in tg.stub.counts.items() if method.startswith("setMy"))


async def test_a_new_bot_gets_every_part_in_every_language(tg: Line) -> None:
    """Name, descriptions and commands stand there for each language, and for all others."""
    await set_profile(tg.api, PROFILES)
    assert set(tg.stub.profile["Name"]) == {"", "en", "es", "fr", "pt", "ar", "hi"}
    assert tg.stub.profile["Name"]["es"] == {"name": "Notas breves"}
    assert [c["command"] for c in tg.stub.profile["Commands"]["hi"]["commands"]] == list(COMMANDS)
    assert await differences(tg.api, PROFILES) == []


async def test_a_right_profile_is_not_touched(tg: Line) -> None:
    """Telegram limits such changes to a few a day: what is right costs none."""
    await set_profile(tg.api, PROFILES)
    before = changes(tg)
    assert await set_profile(tg.api, PROFILES) == []
    assert changes(tg) == before


async def test_only_what_differs_is_changed(tg: Line) -> None:
    """One wrong word costs one call."""
    await set_profile(tg.api, PROFILES)
    before = changes(tg)
    tg.stub.profile["Description"]["fr"] = {"description": "Aide aux victimes"}
    assert await set_profile(tg.api, PROFILES) == [Difference(Part.DESCRIPTION, "fr")]
    assert changes(tg) == before + 1
    assert await differences(tg.api, PROFILES) == []


async def test_what_was_cut_short_is_taken_up_again(tg: Line) -> None:
    """After a limit in the middle, the next run does the rest."""
    tg.stub.script("setMyDescription", refused(429, retry_after=600))
    with pytest.raises(ChannelUnavailable):
        await set_profile(tg.api, PROFILES)
    assert await differences(tg.api, PROFILES) != []
    await set_profile(tg.api, PROFILES)
    assert await differences(tg.api, PROFILES) == []


@pytest.mark.parametrize("switch", sorted(SWITCHES))
async def test_a_switch_that_is_on_is_told_with_its_mend(tg: Line, switch: str) -> None:
    """Groups, inline mode and business mode carry the bot to where others read."""
    assert list(switched_on(await tg.api.switches())) == []
    tg.stub.switches[switch] = True
    (mend,) = switched_on(await tg.api.switches())
    assert "@BotFather" in mend


@pytest.mark.parametrize("locale", SIX)
def test_the_profile_tells_nothing(locale: Locale) -> None:
    """No word of it is on the list of words that give away, and it is checked as covers are."""
    giveaways = GiveAways.load(ROOT / "nlu" / "safety", [locale])
    for part, value in wanted(CATALOGUE, (locale,))[""].items():
        assert is_discreet(f"telegram.{part}")
        said = [words for pair in value for words in pair] if isinstance(value, tuple) else [value]
        assert [giveaways.find(str(words), locale) for words in said] == [()] * len(said)


async def test_the_command_sets_checks_and_tells(tmp_path: Path) -> None:
    """`--check` exits with 1 until it was set, and changes nothing."""
    async with stub_process() as stub:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "BOT_TELEGRAM_TOKEN": stub.token,
            "BOT_TELEGRAM_API_URL": stub.url,
        }

        async def run(*options: str) -> tuple[int | None, str]:
            command = (sys.executable, "-m", "bot", "telegram", "set-profile", *options)
            process = await asyncio.create_subprocess_exec(
                *command, cwd=tmp_path, env=environment, stdout=asyncio.subprocess.PIPE
            )
            said, _ = await process.communicate()
            return process.returncode, said.decode()

        code, said = await run("--check")
        assert (code, "differs: name (without a language)" in said) == (1, True)
        assert (await stub.state())["profile"].get("Name", {}) == {}
        assert (await run())[0] == 0
        assert (await run("--check"))[0] == 0
        assert await stub.violations() == []
