"""Edit and see: a saved file is on the page at once, and a damaged one is told instead."""

import asyncio
import os
import re
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from click.testing import CliRunner

from bot.cli import cli
from bot.content.exchange import export_table, import_table
from bot.errors import ConfigurationError
from bot.finding import Finding
from bot.ids import Locale
from bot.preview.app import preview_app
from bot.preview.reading import Place
from bot.preview.watching import Watcher
from bot.settings import ROOT
from bot.signals import Signals
from tests.unit.content.seeding import Seeded

AT_ONCE = 5.0
"""Seconds: generous, for a machine that does other things as well."""


class Preview:
    """The app on loopback over a small tree; the checks find what they are told to."""

    def __init__(self, folder: Path) -> None:
        self.tree = Seeded(folder)
        self.spanish = self.tree.path("es")
        self.found: list[Finding] = []
        self.checked: list[str] = []
        self.signals = Signals()
        place = Place(self.tree.responses, folder / "overlay")
        self.watcher = Watcher(place, self._check, self.signals)
        self.app = preview_app(self.watcher, self.signals, place)
        self.http = httpx.AsyncClient(timeout=10)

    def _check(self, tag: str) -> Sequence[Finding]:
        self.checked.append(tag)
        return list(self.found)

    async def html(self, path: str = "/es") -> str:
        answer = await self.http.get(path)
        assert answer.status_code == 200
        return answer.text

    def edit(self, old: str, new: str) -> None:
        """Save the Spanish file with other words, as an editor does: a new file in its place."""
        text = self.spanish.read_text("utf-8")
        assert old in text
        saved = self.spanish.with_suffix(".new")
        saved.write_text(text.replace(old, new), "utf-8")
        saved.replace(self.spanish)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[str]]:
        """The versions that a page is told of."""
        async with self.http.stream("GET", "/events") as answer:

            async def versions() -> AsyncIterator[str]:
                async for line in answer.aiter_lines():
                    if line.startswith("data: "):
                        yield line.removeprefix("data: ")

            yield versions()


@pytest.fixture
async def preview(tmp_path: Path) -> AsyncIterator[Preview]:
    opened = Preview(tmp_path)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        opened.app, log_level="critical", access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    opened.http.base_url = httpx.URL(f"http://127.0.0.1:{listener.getsockname()[1]}")
    yield opened
    await opened.http.aclose()
    server.should_exit = True
    await serving
    listener.close()


async def test_a_saved_translation_is_on_the_page_at_once(preview: Preview) -> None:
    """Edit the PO file: an event with another version, and the page with the new words."""
    before = await preview.html()
    assert "Tu paquete llegó." in before
    async with preview.listening() as versions:
        first = await anext(versions)
        assert f'data-version="{first}"' in before
        preview.edit("Tu paquete llegó.", "Tu paquete está aquí.")
        async with asyncio.timeout(AT_ONCE):
            second = await anext(versions)
    after = await preview.html()
    assert second.partition(".")[0] != first.partition(".")[0]
    assert "Tu paquete está aquí." in after
    assert "Tu paquete llegó." not in after


async def test_english_and_spreadsheets_are_seen_as_well(preview: Preview, tmp_path: Path) -> None:
    """A saved YAML file and an imported CSV change the page like a PO file."""
    async with preview.listening() as versions, asyncio.timeout(2 * AT_ONCE):
        await anext(versions)
        english = preview.tree.path("en/danger.yml")
        english.write_text("danger.fire:\n  safety: critical\n  text: Go out.\n", "utf-8")
        await anext(versions)
        html = await preview.html()
        assert "Go out." in html
        assert "Fuzzy: not said" in html

        content, _ = export_table(preview.tree.responses, Locale("es"))
        table = tmp_path / "es.csv"
        table.write_bytes(content.replace(b"Volver al tema", "Atrás".encode()))
        assert import_table(preview.tree.responses, Locale("es"), table).taken == 1
        await anext(versions)
        assert "Atrás" in await preview.html()


async def test_a_damaged_file_is_told_and_the_page_stays_whole(preview: Preview) -> None:
    """File, line and mend above the messages as they were; gone when it is mended."""
    async with preview.listening() as versions, asyncio.timeout(2 * AT_ONCE):
        await anext(versions)
        preview.edit('"Tu paquete llegó."', '"Tu paquete llegó.')
        await anext(versions)
        html = await preview.html()
        lines = preview.spanish.read_text("utf-8").split("\n")
        line = lines.index('msgstr "Tu paquete llegó.') + 1
        assert f"responses/locales/es/LC_MESSAGES/responses.po:{line}" in html
        assert "mend this line" in html
        assert "Tu paquete llegó." in html
        preview.edit('"Tu paquete llegó.', '"Tu paquete llegó."')
        await anext(versions)
        assert "mend this line" not in await preview.html()


async def test_words_are_shown_before_the_checks_are_done(preview: Preview) -> None:
    """They take longer: their findings follow by themselves, under another version."""
    await preview.html()
    preview.found = [Finding("responses.po", 1, "cover.ping", "is too long", "say it shorter")]
    async with preview.listening() as versions, asyncio.timeout(2 * AT_ONCE):
        await anext(versions)
        preview.edit("Tu paquete llegó.", "Ya.")
        saved = await anext(versions)
        first = await preview.html()
        assert "Ya." in first
        checked = await anext(versions)
    assert checked != saved
    assert "is too long" in await preview.html()
    assert preview.checked == ["es", "es"]


async def test_it_answers_this_machine_alone_and_lets_nothing_in(preview: Preview) -> None:
    """A page elsewhere cannot read it by a name of its own, nor be loaded into it."""
    elsewhere = await preview.http.get("/es", headers={"host": "elsewhere.example"})
    assert elsewhere.status_code == 400
    answers = [await preview.http.get(path) for path in ("/es", "/static/live.js", "/xx", "/")]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 307]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
    assert (await preview.http.get("/static/..%2Fapp.py")).status_code == 404
    assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!example\.org)', answers[0].text)


async def test_the_command_takes_a_free_port_and_ends_cleanly(tmp_path: Path) -> None:
    """With its own port taken, on this machine alone, and Ctrl-C is no error."""
    tree = Seeded(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            *(ROOT / ".venv" / "bin" / "sidelight", "responses", "preview", "ar"),
            *("--port", str(port)),
            cwd=tmp_path,
            env={**os.environ, "BOT_RESPONSES_DIR": str(tree.responses), "PYTHONUNBUFFERED": "1"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        address = ""
        async with asyncio.timeout(30):
            while not address:
                line = (await process.stdout.readline()).decode()
                found = re.search(r"Open (http://127\.0\.0\.1:(\d+)/)ar", line)
                address = found[1] if found and found[2] != str(port) else ""
            async with httpx.AsyncClient(timeout=20) as http:
                assert "وصل الطرد." in (await http.get(f"{address}ar")).text
            process.send_signal(signal.SIGINT)
            _, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")


def test_the_page_can_be_kept_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a reviewer without any of this; an unknown language is told in one line."""
    tree = Seeded(tmp_path)
    monkeypatch.setenv("BOT_RESPONSES_DIR", str(tree.responses))
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "hi.html"
    result = CliRunner().invoke(cli, ["responses", "preview", "hi", "--export", str(file)])
    assert result.exit_code == 0
    assert "आपका पार्सल आ गया।" in file.read_text("utf-8")
    unknown = CliRunner().invoke(cli, ["responses", "preview", "de"])
    assert isinstance(unknown.exception, ConfigurationError)
    assert "sidelight responses new-locale de" in str(unknown.exception)
