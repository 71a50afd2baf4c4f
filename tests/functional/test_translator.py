"""A new translator follows the guide, line by line, in a copy of the texts."""

import asyncio
import os
import re
import shlex
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.content.po import format_po, read_po
from bot.settings import ROOT

GUIDE = (ROOT / "docs" / "translating.md").read_text("utf-8")
STEPS = GUIDE.partition("## Your language in ten minutes")[2].partition("\n## ")[0]
COMMANDS = re.findall(r"^ +sidelight (.*)$", STEPS, re.MULTILINE)
FILE = re.findall(r"`(responses/locales/de/[^`]+)`", STEPS)
MESSAGE, WORDS = "clarify.offer", "Meinst du eins davon?"


class Desk:
    """A translator's computer: the texts in a folder of their own, and a terminal in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        texts = folder / "responses"
        shutil.copytree(ROOT / "responses", texts, ignore=shutil.ignore_patterns("directory"))
        self._environment = {
            **os.environ,
            "BOT_RESPONSES_DIR": str(texts),
            "PYTHONUNBUFFERED": "1",
        }

    async def start(self, command: str) -> asyncio.subprocess.Process:
        """A line of the guide, entered."""
        return await asyncio.create_subprocess_exec(
            ROOT / ".venv" / "bin" / "sidelight",
            *shlex.split(command),
            cwd=self.folder,
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, command: str) -> tuple[int | None, str]:
        """Its exit code, and what was printed."""
        process = await self.start(command)
        async with asyncio.timeout(60):
            out, errors = await process.communicate()
        assert b"Traceback" not in errors
        return process.returncode, out.decode() + errors.decode()

    @asynccontextmanager
    async def open(self, command: str) -> AsyncIterator[str]:
        """The address that the preview prints, until it is stopped."""
        process = await self.start(f"{command} --port 0")
        assert process.stdout is not None
        found = None
        async with asyncio.timeout(60):
            while not found:
                line = (await process.stdout.readline()).decode()
                assert line, "the preview ended"
                found = re.search(r"http://127\.0\.0\.1:\d+/\w+", line)
        yield found[0]
        process.terminate()
        await process.communicate()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_guide_names_the_commands_in_their_order() -> None:
    """What the other test follows is what stands there."""
    assert [command.split()[1] for command in COMMANDS] == [
        "new-locale",
        "preview",
        "export",
        "import",
        "coverage",
        "check",
    ]
    assert FILE == ["responses/locales/de/LC_MESSAGES/responses.po"]


async def test_a_new_translator_sees_their_first_words_on_a_phone(desk: Desk) -> None:
    """Begin, look, write, look again, take a spreadsheet, and learn how far it is."""
    begin, preview, export, take, coverage, check = COMMANDS
    code, _ = await desk.run(begin)
    assert code == 0

    async with desk.open(preview) as address, httpx.AsyncClient(timeout=30) as browser:
        assert address.endswith("/de")
        before = (await browser.get(address)).text
        assert "Not translated yet" in before
        assert WORDS not in before
        path = desk.folder / FILE[0]
        file = read_po(path)
        first = next(e for e in file.entries if e.context == MESSAGE)
        entries = [replace(e, translation=WORDS) if e is first else e for e in file.entries]
        path.write_text(format_po(replace(file, entries=tuple(entries))), "utf-8")
        async with asyncio.timeout(30):
            while WORDS not in (await browser.get(address)).text:  # noqa: ASYNC110
                await asyncio.sleep(0.2)

    assert (await desk.run(export))[0] == 0
    table = desk.folder / "de.csv"
    assert WORDS in table.read_text("utf-8-sig")
    better = WORDS.replace("eins", "etwas")
    table.write_text(table.read_text("utf-8-sig").replace(WORDS, better), "utf-8")
    code, told = await desk.run(take)
    assert (code, better in path.read_text("utf-8")) == (0, True), told

    code, told = await desk.run(coverage)
    assert re.search(r"^de +1/\d+ ", told, re.MULTILINE)
    assert code == 1, "safety-critical texts are missing"
    file = read_po(path)
    entries = [replace(e, translation="{x}") if e.context == MESSAGE else e for e in file.entries]
    path.write_text(format_po(replace(file, entries=tuple(entries))), "utf-8")
    code, told = await desk.run(check)
    assert code == 1
    assert f"{FILE[0]}:" in told
    assert MESSAGE in told, "what is written is looked at"
    assert "not translated" not in told, "what is not, is left for later"
