"""What looks at everybody again and again costs the same however many people there are."""

import sqlite3
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import keeping, striking
from bot.vault.ledger import Ledger
from tests.bench.growth import fill
from tests.integration.town import Town, town

FEW, MANY = 100, 1000
WINDOW = 20
"""So many rows are looked at in one go here."""


class Steps:
    """Counts what SQLite does on the thread that answers people."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._here = threading.get_ident()
        self._done = 0
        connect = sqlite3.connect

        def watched(*args: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*args, **options)
            connection.set_progress_handler(self._step, 1)
            return connection

        monkeypatch.setattr(sqlite3, "connect", watched)

    def _step(self) -> int:
        self._done += threading.get_ident() == self._here
        return 0

    async def of(self, look: Callable[[], Awaitable[object]]) -> int:
        """Instructions of SQLite's virtual machine that `look` takes."""
        self._done = 0
        await look()
        return self._done


async def looks(folder: Path, people: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """What each look takes with so many people."""
    url = f"sqlite+aiosqlite:///{folder / 'sidelight.db'}"
    await fill(url, people)
    steps = Steps(monkeypatch)
    async with town(folder, url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        Ledger(t.sidelight.settings.keyring).note([b"over"])
        keeper, now = t.sidelight.keeper, t.clock.now()
        found = {
            "recover": await steps.of(keeper.recover),
            "scan": await steps.of(keeper.scan),
            "messages, the clock put back": await steps.of(lambda: _back(t)),
            "tidy": await steps.of(keeper.tidy),
            "tidy on": await steps.of(keeper.tidy),
            "strike out": await steps.of(keeper.strike_out),
            "strike out on": await steps.of(keeper.strike_out),
            "timers": await steps.of(t.sidelight.timer_worker.run_due),
            "figures": await steps.of(lambda: t.sidelight.database.backlog(now, now)),
            "keys": await steps.of(lambda: _old_keys(t)),
            "a turn": await steps.of(lambda: t.write(phone, "where can i sleep")),
        }
    monkeypatch.undo()
    return found


async def _back(t: Town) -> None:
    async with t.sidelight.database.writing() as unit:
        await unit.messages.hasten(t.clock.now())


async def _old_keys(t: Town) -> None:
    async with t.sidelight.database.reading() as unit:
        await unit.conversations.keys_before(10**6, WINDOW)


async def test_ten_times_the_people_cost_no_look_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for housekeeping: a go of it reads a bounded number of rows."""
    found = []
    for people in (FEW, MANY):
        monkeypatch.setattr(keeping, "WALK", WINDOW)
        monkeypatch.setattr(striking, "AT_ONCE", WINDOW)
        (folder := tmp_path / str(people)).mkdir()
        found.append(await looks(folder, people, monkeypatch))
    few, many = found
    assert all(few.values())
    assert {look: many[look] for look in few if many[look] > few[look] * 1.05} == {}
