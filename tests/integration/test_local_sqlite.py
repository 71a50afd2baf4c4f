"""SQLite's quick statements run on the loop; whatever waits leaves the loop free."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.conversation.errors import DatabaseUnavailable
from bot.storage import local
from bot.storage.database import SqlDatabase
from bot.storage.local import LocalConnection


@pytest.fixture
def database(tmp_path: Path) -> SqlDatabase:
    """A file with one table."""
    path = tmp_path / "some.db"
    with sqlite3.connect(path) as plain:
        plain.execute("CREATE TABLE words (word TEXT UNIQUE)")
    plain.close()
    return SqlDatabase(f"sqlite+aiosqlite:///{path}")


async def words(database: SqlDatabase) -> list[str]:
    """What is committed."""
    async with database.reading() as unit:
        return list((await unit.connection.execute(text("SELECT word FROM words"))).scalars())


async def add(database: SqlDatabase, word: str) -> None:
    """Write a word."""
    async with database.writing() as unit:
        await unit.connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})


async def test_what_is_written_is_there_and_what_failed_is_not(database: SqlDatabase) -> None:
    """A transaction is all or nothing, and the connection serves on after a fault."""
    await add(database, "one")
    with pytest.raises(DatabaseUnavailable):
        await _add(database, "two", "one")
    await add(database, "three")
    assert await words(database) == ["one", "three"]
    await database.close()


async def test_the_loop_runs_on_while_another_process_holds_the_lock(
    database: SqlDatabase, tmp_path: Path
) -> None:
    """Who wants to write waits in a thread; who reads is answered meanwhile."""
    await add(database, "first")
    other = sqlite3.connect(tmp_path / "some.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO words VALUES ('theirs')")
    writing = asyncio.create_task(add(database, "ours"))
    for _ in range(20):
        await asyncio.sleep(0.01)
        assert await words(database) == ["first"]
    assert not writing.done()
    other.execute("COMMIT")
    await writing
    assert await words(database) == ["first", "theirs", "ours"]
    other.close()
    await database.close()


async def test_a_writer_cancelled_at_any_moment_leaves_the_connection_in_order(
    database: SqlDatabase,
) -> None:
    """Each of many cancelled transactions is there as a whole or not at all, and the next works."""
    for number in range(60):
        task = asyncio.create_task(_add(database, f"a{number}", f"b{number}"))
        await asyncio.sleep(number * 0.00005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await add(database, "last")
    found = await words(database)
    assert found[-1] == "last"
    firsts = {word[1:] for word in found if word.startswith("a")}
    assert firsts == {word[1:] for word in found if word.startswith("b")}
    await database.close()


async def _add(database: SqlDatabase, *several: str) -> None:
    async with database.writing() as unit:
        for word in several:
            await unit.connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})
            await asyncio.sleep(0)


async def test_the_log_is_cut_when_it_is_told_to(database: SqlDatabase, tmp_path: Path) -> None:
    """After a shredding the write-ahead log is empty."""
    await add(database, "gone")
    await database.shred()
    assert (tmp_path / "some.db-wal").stat().st_size == 0
    await database.close()


class CountedConnection(LocalConnection):
    """Counts the ways to the disk; `broken` ones do not arrive."""

    commits = 0
    broken = False

    async def commit(self) -> None:
        CountedConnection.commits += 1
        if self.broken:
            raise sqlite3.OperationalError("disk I/O error of canary")
        await super().commit()


@pytest.fixture
def counted(database: SqlDatabase, monkeypatch: pytest.MonkeyPatch) -> type[CountedConnection]:
    """The connections of `database`, counted."""
    monkeypatch.setattr(local, "LocalConnection", CountedConnection)
    monkeypatch.setattr(CountedConnection, "commits", 0)
    monkeypatch.setattr(CountedConnection, "broken", False)
    return CountedConnection


async def test_what_is_written_at_the_same_time_goes_to_the_disk_together(
    database: SqlDatabase, counted: type[CountedConnection], tmp_path: Path
) -> None:
    """A crowd needs few commits, and nobody goes on before theirs is done."""
    plain = sqlite3.connect(tmp_path / "some.db")

    async def one(number: int) -> None:
        await add(database, f"{number}")
        [(there,)] = plain.execute("SELECT count(*) FROM words WHERE word = ?", (f"{number}",))
        assert there == 1

    await asyncio.gather(*(one(number) for number in range(20)))
    assert await words(database) == [str(number) for number in range(20)]
    assert counted.commits <= 3
    plain.close()
    await database.close()


async def test_who_fails_takes_nobody_along(
    database: SqlDatabase, counted: type[CountedConnection]
) -> None:
    """Of transactions that would go to the disk together, one that fails leaves nothing."""
    await add(database, "taken")
    results = await asyncio.gather(
        add(database, "first"),
        _add(database, "gone", "taken"),
        add(database, "last"),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [
        type(None),
        DatabaseUnavailable,
        type(None),
    ]
    assert await words(database) == ["taken", "first", "last"]
    await database.close()


async def test_all_are_told_when_the_disk_fails(
    database: SqlDatabase, counted: type[CountedConnection]
) -> None:
    """A commit that does not arrive is a failure for everyone in it, and the next one is not."""
    await add(database, "before")
    counted.broken = True
    results = await asyncio.gather(
        *(add(database, f"lost {number}") for number in range(5)), return_exceptions=True
    )
    assert {type(result) for result in results} == {DatabaseUnavailable}
    assert not any("canary" in str(result) for result in results)
    counted.broken = False
    await add(database, "after")
    assert await words(database) == ["before", "after"]
    await database.close()


async def test_a_full_disk_fails_whom_it_must_and_nobody_silently(database: SqlDatabase) -> None:
    """Whoever was told that it is stored finds it; whoever was told that it is not, does not."""
    await add(database, "before")
    async with database.writing() as unit:
        await unit.connection.execute(text("PRAGMA max_page_count = 8"))
    big = ["small one", "x" * 100_000, "small two"]
    results = await asyncio.gather(*(add(database, word) for word in big), return_exceptions=True)
    told = [word for word, result in zip(big, results, strict=True) if result is None]
    assert isinstance(results[1], DatabaseUnavailable)
    assert await words(database) == ["before", *told]
    await add(database, "after")
    assert (await words(database))[-1] == "after"
    await database.close()


async def test_the_log_is_cut_between_those_who_write(
    database: SqlDatabase, tmp_path: Path
) -> None:
    """Whoever shreds gets a turn among many, and nothing of theirs is lost."""
    await asyncio.gather(
        *(add(database, f"{number}") for number in range(10)),
        database.shred(),
        *(add(database, f"later {number}") for number in range(10)),
    )
    assert len(await words(database)) == 20
    await database.close()
