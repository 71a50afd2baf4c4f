"""Fixtures for all tests: databases, real ones."""

import io
import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.logs import configure
from tests.postgres import PostgresMissing, PostgresServer, running_postgres

# How long an example takes says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

pytest_plugins = ["tests.contract.nlu_server", "tests.no_skips"]


@pytest.fixture(scope="session", autouse=True)
def _places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One index of places for all, as it takes seconds to build."""
    os.environ["BOT_PLACES_DIR"] = str(tmp_path_factory.mktemp("places"))
    yield
    del os.environ["BOT_PLACES_DIR"]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of the session's own."""
    try:
        with running_postgres() as server:
            yield server
    except PostgresMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A fresh, empty PostgreSQL database, as a SQLAlchemy address."""
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database in a file that is not there yet, as a SQLAlchemy address."""
    return f"sqlite+aiosqlite:///{tmp_path / 'sidelight.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, empty database: the test runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """All that a process with the bot's logging would write to its log at DEBUG."""
    root, bot = logging.getLogger(), logging.getLogger("bot")
    handlers, levels = root.handlers, (root.level, bot.level)
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook, logging.raiseExceptions
    stream = io.StringIO()
    configure("DEBUG", stream)
    yield stream
    logging.captureWarnings(False)
    sys.excepthook, sys.unraisablehook, threading.excepthook, logging.raiseExceptions = hooks
    root.handlers = handlers
    root.setLevel(levels[0])
    bot.setLevel(levels[1])
