"""Starting, as a service manager sees it: prepared once, ready when it can work."""

import asyncio
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from click.testing import CliRunner

from bot.cli import cli
from tests.contract.nlu_server import eventually
from tests.functional.serving import Serving


@asynccontextmanager
async def model_server(socket: Path) -> AsyncIterator[None]:
    """A model's server that does nothing but say that it is ready."""
    app = web.Application()

    async def ready(_: web.Request) -> web.Response:
        return web.json_response({"ready": True, "model": "any"})

    app.router.add_get("/readyz", ready)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.UnixSite(runner, str(socket)).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def readiness(bot: Serving) -> tuple[int, str]:
    """What a load balancer is told; it waits until there is an answer at all."""
    async with aiohttp.ClientSession() as http, asyncio.timeout(60):
        while True:
            try:
                async with http.get(f"{bot.url}/readyz") as answer:
                    return answer.status, (await answer.text()).strip()
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


async def test_ready_once_the_model_answers(tmp_path: Path) -> None:
    """Not before; and a model that dies later takes nobody out of service. A stop is a stop.

    No crash would write its memory to the disk, whatever the shell allows.
    """
    socket = tmp_path / "nlu.sock"
    bot = Serving(tmp_path, BOT_NLU_URL=f"unix://{socket}", BOT_NLU_GRACE="3600")
    await bot.command("prepare")
    starting = asyncio.create_task(bot.start())
    try:
        await eventually(lambda: bot.runs)
        assert await readiness(bot) == (503, "the model does not answer yet")
        async with model_server(socket):
            await starting
        assert await readiness(bot) == (200, "ready")
        assert resource.prlimit(bot.pid, resource.RLIMIT_CORE) == (0, 0)
    finally:
        starting.cancel()
        assert await bot.stop() == 0


def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Run `sidelight prepare` on a folder; exit code, and what was said."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("BOT_DATA_DIR", str(folder / "data"))
    done = CliRunner().invoke(cli, ["prepare"])
    return done.exit_code, f"{done.output}{done.exception or ''}"


def test_prepared_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first time it makes schema and ring, then it changes nothing."""
    code, said = prepare(tmp_path, monkeypatch)
    assert (code, "made " in said) == (0, True)
    ring = (tmp_path / "data" / "keyring.json").read_bytes()
    code, said = prepare(tmp_path, monkeypatch)
    assert (code, "made " in said) == (0, False)
    assert (tmp_path / "data" / "keyring.json").read_bytes() == ring


def test_a_lost_ring_is_never_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a database with somebody in it that would hide that nothing can be read."""
    assert prepare(tmp_path, monkeypatch)[0] == 0
    assert CliRunner().invoke(cli, ["advocate", "add", "Ada"]).exit_code == 0
    ring = tmp_path / "data" / "keyring.json"
    ring.unlink()
    code, said = prepare(tmp_path, monkeypatch)
    assert code == 1
    assert "put back the one that it was filled with" in said.replace("\n", " ")
    assert not ring.exists()


def test_a_database_that_is_away_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no ring is made, as nobody knows whether there was one."""
    monkeypatch.setenv("BOT_DATABASE_URL", f"postgresql+asyncpg://x@/x?host={tmp_path}")
    code, said = prepare(tmp_path, monkeypatch)
    assert code == 1
    assert "the database does not answer" in said
    assert not (tmp_path / "data" / "keyring.json").exists()
