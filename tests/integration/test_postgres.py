"""The tests' own PostgreSQL: real, private, empty for every test, and gone at the end."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from tests import postgres
from tests.postgres import PostgresMissing, PostgresServer, running_postgres


async def _query(url: str, *statements: str) -> object:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            for statement in statements:
                result = await connection.execute(text(statement))
            return result.scalar()
    finally:
        await engine.dispose()


@pytest.mark.parametrize("again", [1, 2])
async def test_each_test_has_an_empty_database(database_url: str, again: int) -> None:
    """A table made by one test is not there in the next, on either engine."""
    made = await _query(database_url, "CREATE TABLE mine (n int)", "SELECT count(*) FROM mine")
    assert made == 0


async def test_the_other_database_is_another(postgres_server: PostgresServer) -> None:
    """Two databases of one server know nothing of each other, and a template is copied whole."""
    one = postgres_server.create_database()
    await _query(postgres_server.url(one), "CREATE TABLE t AS SELECT 7 AS n", "SELECT n FROM t")
    copy, other = postgres_server.create_database(one), postgres_server.create_database()
    assert await _query(postgres_server.url(copy), "SELECT n FROM t") == 7
    with pytest.raises(DBAPIError):
        await _query(postgres_server.url(other), "SELECT n FROM t")
    for name in (one, copy, other):
        postgres_server.drop_database(name)


async def test_needs_its_password(postgres_server: PostgresServer) -> None:
    """Another user of the machine does not get in without the password."""
    url = f"postgresql+asyncpg://sidelight:wrong@127.0.0.1:{postgres_server.port}/postgres"
    with pytest.raises(Exception, match="password authentication failed"):
        await _query(url, "SELECT 1")


def test_leaves_nothing_behind() -> None:
    """After the server's end its process and its folder are gone."""
    with running_postgres() as server:
        assert server.execute("SELECT 1") == "1"
        assert server.data.is_dir()
    assert server.process.returncode == 0
    assert not server.data.parent.exists()


def test_dies_with_a_killed_test_run() -> None:
    """A test run that is killed leaves no server running."""
    script = (
        "import time; from tests.postgres import running_postgres\n"
        "with running_postgres() as server: print(server.process.pid, flush=True); time.sleep(60)"
    )
    root = Path(postgres.__file__).parents[1]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # The server's own user has to pass.
        run = subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=root,
            env={**os.environ, "TMPDIR": folder},
            stdout=subprocess.PIPE,
        )
        assert run.stdout is not None
        server = int(run.stdout.readline())
        assert _is_running(server)
        run.kill()
        run.communicate()
        give_up_at = time.monotonic() + 20
        while _is_running(server) and time.monotonic() < give_up_at:
            time.sleep(0.05)
        assert not _is_running(server)


def _is_running(pid: int) -> bool:
    """Whether the process runs; one that ended but was not collected has no command line."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except OSError:
        return False


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PostgreSQL the error names the package."""
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PostgresMissing, match="apt-get install postgresql"), running_postgres():
        pass
