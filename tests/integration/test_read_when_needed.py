"""Libraries that an embedded installation does without, and what they cost of memory."""

import asyncio
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT
from bot.storage import schema
from bot.storage.database import SqlDatabase

HEAVY = {"alembic", "asyncpg", "sqlalchemy.ext.asyncio", "webauthn"}

SERVED = """
import asyncio, sys
from pathlib import Path
from bot.cli import serve
from bot.bootstrap import build
from bot.serving import runner
from bot.storage import schema
from tests.integration.town import scripted_nlu, settings_for

async def start():
    sidelight = build(settings_for(Path(sys.argv[1]), sys.argv[2]), scripted_nlu())
    await schema.upgrade(sidelight.database)
    await sidelight.close()

asyncio.run(start())
print(*sys.modules)
"""


async def test_an_embedded_installation_reads_them_when_it_needs_them(tmp_path: Path) -> None:
    """Not to be served, once the schema is there."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'sidelight.db'}"
    database = SqlDatabase(url)
    await schema.upgrade(database)
    await database.close()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SERVED, str(tmp_path), url), cwd=ROOT, stdout=subprocess.PIPE
    )
    printed, _ = await process.communicate()
    read = printed.decode().split()
    assert "bot.serving.runner" in read
    assert HEAVY.isdisjoint(read)
