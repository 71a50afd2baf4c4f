"""`sidelight move`: an embedded installation goes on with PostgreSQL, and nobody notices."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, make_url, select, text

from bot.cli import cli
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.errors import ConfigurationError
from bot.handoff.models import HandoffState
from bot.serving.alone import alone
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.storage.moving import move
from bot.storage.tables import metadata
from tests.fakes.channel import FakeChannel
from tests.integration.town import town
from tests.postgres import PostgresServer


@pytest.fixture
def template(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database that a test may spoil."""
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


async def counts(url: str) -> dict[str, int]:
    """How many rows each table has."""
    database = SqlDatabase(url)
    try:
        async with database.reading() as unit:
            return {
                table.name: await unit.connection.scalar(select(func.count()).select_from(table))
                or 0
                for table in metadata.sorted_tables
            }
    finally:
        await database.close()


async def moved(source: str, target: str) -> None:
    """Move from one to the other, both brought up to date."""
    databases = SqlDatabase(source), SqlDatabase(target)
    try:
        for database in databases:
            await schema.upgrade(database)
        await move(*databases)
    finally:
        for database in databases:
            await database.close()


async def test_a_pending_checkin_is_asked_after_the_move(
    tmp_path: Path, sqlite_url: str, postgres_url: str
) -> None:
    """Its time, its plan, the person's conversation and their place in the queue are kept."""
    channel = FakeChannel()
    async with town(tmp_path, sqlite_url, channel) as t:
        phone, other = channel.phone(), channel.phone()
        await t.write(phone, "check on me in two hours")
        await t.press(phone, "checkin:cover_recipe")
        await t.press(phone, "checkin:yes")
        handoff = await t.request_advocate(other)
        at = t.clock.at
    before = await counts(sqlite_url)
    await moved(sqlite_url, postgres_url)
    assert await counts(postgres_url) == before == await counts(sqlite_url)
    assert before["checkins"] == 1
    assert before["timers"] >= 4

    async with town(tmp_path, postgres_url, channel) as t:
        t.clock.at = at
        waiting = await t.sidelight.advocacy.handoffs(HandoffState.WAITING)
        assert [view.handoff.id for view in waiting] == [handoff]
        said = len(phone.texts(mine=False))
        t.clock.advance(timedelta(hours=1, minutes=55))
        await t.settle()
        gone = len(phone.texts(mine=False))
        assert gone <= said
        t.clock.advance(timedelta(minutes=6))
        await t.settle()
        assert len(phone.texts(mine=False)) == gone + 1
        text_id = channel.write(phone.address, "i am home")
        update = InboundUpdate(
            channel.name, "later", phone.address, InboundKind.TEXT, "i am home", (text_id,)
        )
        assert await t.sidelight.intake.accept(update)
        await t.settle()
        t.clock.advance(timedelta(hours=2))
        await t.settle()
        assert (await counts(postgres_url))["alerts"] == 0


async def test_numbers_go_on(tmp_path: Path, sqlite_url: str, postgres_url: str) -> None:
    """A page that has seen event 7 is told of the next one, even if 7 itself is long forgotten."""
    async with town(tmp_path, sqlite_url) as t:
        await t.request_advocate(t.channel.phone())
        last = await t.sidelight.advocacy.last_event()
        async with t.sidelight.database.writing() as unit:
            await unit.connection.execute(text("DELETE FROM events"))
    assert last > 0
    await moved(sqlite_url, postgres_url)
    async with town(tmp_path, postgres_url) as t:
        async with t.sidelight.database.writing() as unit:
            await unit.events.publish("handoff.changed", uuid4(), t.clock.now())
        assert [event.id for event in await t.sidelight.advocacy.events(last)] == [last + 1]


async def test_into_a_new_database_only(tmp_path: Path, sqlite_url: str, postgres_url: str) -> None:
    """Nothing of another installation is mixed in; a second move is refused, too."""
    async with town(tmp_path, sqlite_url) as t:
        await t.write(t.channel.phone(), "hello")
    await moved(sqlite_url, postgres_url)
    before = await counts(postgres_url)
    with pytest.raises(ConfigurationError, match="not empty"):
        await moved(sqlite_url, postgres_url)
    assert await counts(postgres_url) == before


async def test_what_arrives_otherwise_does_not_count(
    tmp_path: Path, sqlite_url: str, template: str, postgres_server: PostgresServer
) -> None:
    """One value of one row that differs, and nothing is moved."""
    async with town(tmp_path, sqlite_url) as t:
        await t.write(t.channel.phone(), "hello")
    database = SqlDatabase(template)
    await schema.upgrade(database)
    await database.close()
    name = make_url(template).database or ""
    postgres_server.execute(
        "CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.due_at := NEW.due_at + 1; RETURN NEW; END $$",
        name,
    )
    postgres_server.execute(
        "CREATE TRIGGER later BEFORE INSERT ON timers FOR EACH ROW EXECUTE FUNCTION later()", name
    )
    before = await counts(sqlite_url)
    with pytest.raises(ConfigurationError, match="timers did not arrive"):
        await moved(sqlite_url, template)
    assert set((await counts(template)).values()) == {0}
    assert await counts(sqlite_url) == before


def run_move(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    """The command, in an installation in `folder` whose settings name `url`."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("BOT_DATA_DIR", str(folder))
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    return CliRunner().invoke(cli, ["move"])


async def prepared(folder: Path, url: str) -> None:
    """An embedded installation with somebody in it."""
    async with town(folder, url) as t:
        await t.write(t.channel.phone(), "hello")
        t.clock.advance(timedelta(seconds=1))


class TestCommand:
    """`sidelight move`."""

    def test_moves_and_puts_the_old_file_aside(
        self,
        tmp_path: Path,
        sqlite_url: str,
        postgres_url: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Only one database is left that could be served, and the key ring is where it was."""
        asyncio.run(prepared(tmp_path, sqlite_url))
        ring = (tmp_path / "keyring.json").read_bytes()
        result = run_move(tmp_path, postgres_url, monkeypatch)
        assert result.exit_code == 0, result.output
        assert "1 conversations" in result.output
        assert not list(tmp_path.glob("sidelight.db"))
        assert not list(tmp_path.glob("sidelight.db-*"))
        assert (tmp_path / "sidelight.db.moved").stat().st_size > 0
        assert (tmp_path / "keyring.json").read_bytes() == ring
        assert asyncio.run(counts(postgres_url))["conversations"] == 1
        again = run_move(tmp_path, postgres_url, monkeypatch)
        assert isinstance(again.exception, ConfigurationError)

    def test_not_beside_a_bot_that_runs(
        self,
        tmp_path: Path,
        sqlite_url: str,
        postgres_url: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """What it takes in meanwhile would be lost."""
        asyncio.run(prepared(tmp_path, sqlite_url))
        with alone(tmp_path):
            result = run_move(tmp_path, postgres_url, monkeypatch)
        assert "stop it" in str(result.exception)
        assert (tmp_path / "sidelight.db").exists()

    def test_names_what_is_missing(
        self, tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No ring, no PostgreSQL, no file: each with its mend."""
        assert "keys init" in str(run_move(tmp_path, sqlite_url, monkeypatch).exception)
        asyncio.run(prepared(tmp_path, sqlite_url))
        refused = run_move(tmp_path, sqlite_url, monkeypatch)
        assert "BOT_DATABASE_URL" in str(refused.exception)
        (tmp_path / "sidelight.db").unlink()
        url = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
        assert "--from" in str(run_move(tmp_path, url, monkeypatch).exception)
