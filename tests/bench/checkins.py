"""Check-ins that are due in the same minute, on real databases, with workers that are killed.

A check-in is late by the time from when it was due to when its question was handed to the channel,
which takes it at once: how many a platform takes in a minute is its own affair. Telegram's limit
for a bot is about 30 a second (core.telegram.org/bots/faq), so that 10,000 take it more than five
minutes.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert

from bot.checkins.models import Phase
from bot.checkins.plan import dump_plan
from bot.conversation import timers as kinds
from bot.conversation.codec import dump_state
from bot.conversation.sealing import Envelope
from bot.dialogue.plan import CheckinPlan
from bot.dialogue.state import DialogueState
from bot.ids import ConversationId, Locale
from bot.settings import ROOT
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.storage.tables import checkins, conversations, timers
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault
from tests.bench.checkin_worker import CHANNEL, settings_for
from tests.postgres import running_postgres

DUE = 10_000
FUTURE = 100_000
MINUTE = 60.0
WARM = 30.0
"""Seconds for workers to be up before the first check-in is due."""

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the check-ins of one run; `late` in seconds, in order, `cpu` in all."""

    late: list[float]
    lost: int
    doubled: int
    cpu: float = 0.0

    def __str__(self) -> str:
        p50, p99, worst = (self.late[int((len(self.late) - 1) * q)] for q in (0.5, 0.99, 1))
        counts = f"{self.lost} lost, {self.doubled} doubled"
        each = f"{self.cpu / len(self.late) * 1000:.1f} ms of CPU each"
        return f"p50 {p50:6.2f} s, p99 {p99:6.2f} s, worst {worst:6.2f} s; {counts}; {each}"


async def fill(url: str, folder: Path, due: list[datetime]) -> dict[str, datetime]:
    """One person with one check-in for each of `due`; when each address is to be asked."""
    settings = settings_for(url, folder)
    if not settings.keyring.exists():
        KeyRing.create(settings.keyring)
    vault, database = Vault(KeyRing.load(settings.keyring)), SqlDatabase(url)
    await schema.upgrade(database)
    state, plan = dump_state(DialogueState(Locale("en"), welcomed=True)), dump_plan(CheckinPlan())
    now = datetime.now(UTC)
    expected = {f"bench-{number}": at for number, at in enumerate(due)}
    people, planned, armed = [], [], []
    for address, at in expected.items():
        person, checkin = ConversationId(uuid4()), uuid4()
        envelope, key = Envelope.new(vault, person)
        people.append(
            {
                "id": person,
                "channel": CHANNEL,
                "address_index": vault.blind_index("bench", address),
                "address": envelope.seal(address, "conversations.address"),
                "state": envelope.seal(state, "conversations.state"),
                "key_epoch": key.epoch,
                "key_wrapped": key.wrapped,
                "created_at": now,
                "message_ttl": 3600,
                "last_inbound_at": now - timedelta(hours=1),
                "version": 0,
                "nudged": False,
                "unreachable": False,
            }
        )
        planned.append(
            {
                "id": checkin,
                "conversation_id": person,
                "phase": Phase.SCHEDULED,
                "due_at": at,
                "plan": envelope.seal(plan, "checkins.plan", checkin),
                "created_at": now,
                "asked_at": None,
            }
        )
        for kind, wait in ((kinds.DUE, timedelta()), (kinds.ESCALATE, timedelta(minutes=30))):
            armed.append({"id": uuid4(), "kind": kind, "ref": checkin, "due_at": at + wait})
    async with database.writing() as unit:
        for table, rows in ((conversations, people), (checkins, planned), (timers, armed)):
            for start in range(0, len(rows), 1000):
                await unit.connection.execute(insert(table), rows[start : start + 1000])
    await database.close()
    return expected


async def start(url: str, folder: Path) -> Process:
    """A worker that is ready; its compiled modules are kept, as an installation keeps them."""
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.checkin_worker", url, str(folder)),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=PIPE,
    )
    assert worker.stdout is not None
    said = await asyncio.wait_for(worker.stdout.readline(), 60)
    assert said == b"ready\n", "the worker did not start"
    return worker


@asynccontextmanager
async def working(url: str, folder: Path, count: int) -> AsyncIterator[list[Process]]:
    """Workers that are ready; what still runs at the end is ended."""
    workers = [await start(url, folder) for _ in range(count)]
    try:
        yield workers
    finally:
        for worker in workers:
            if worker.returncode is None:
                worker.kill()
                await worker.wait()


def notes(folder: Path) -> list[tuple[str, float, float | None]]:
    """What was sent to whom and when, in order; or taken back, with the time since when."""
    lines = (
        line.split() for each in folder.glob("sent-*") for line in each.read_text().split("\n")
    )
    found = [
        (line[0], float(line[1]), float(line[2]) if line[2:] else None) for line in lines if line
    ]
    return sorted(found, key=lambda note: note[1])


def asked(folder: Path) -> int:
    """How many people have been asked."""
    return len({address for address, _, since in notes(folder) if since is None})


def judged(folder: Path, expected: dict[str, datetime], cpu: float) -> Outcome:
    """Every check-in against what was sent, and what the phones were left with."""
    first: dict[str, float] = {}
    left: dict[str, list[float]] = {address: [] for address in expected}
    for address, at, since in notes(folder):
        if since is None:
            first.setdefault(address, at)
            left[address].append(at)
        else:
            left[address] = [sent for sent in left[address] if sent < since]
    late = sorted(first[each] - at.timestamp() for each, at in expected.items() if each in first)
    return Outcome(
        late,
        lost=sum(not shown for shown in left.values()),
        doubled=sum(len(shown) > 1 for shown in left.values()),
        cpu=cpu,
    )


async def minute(url: str, workers: int, *, kill: bool, count: int = DUE) -> Outcome:
    """`count` check-ins due within a minute; with `kill`, a worker dies in the middle of it.

    Where it was the only one, it is started again, as a service manager does.
    """
    with tempfile.TemporaryDirectory(prefix="sidelight-bench-") as name:
        folder = Path(name)
        url = url or f"sqlite+aiosqlite:///{folder / 'bench.db'}"
        begin = time.time() + WARM + count / 1000
        due = [datetime.fromtimestamp(begin + MINUTE * n / count, UTC) for n in range(count)]
        expected = await fill(url, folder, due)
        async with working(url, folder, workers) as running:
            spare = begin - time.time()
            assert spare > 0, "the workers were not ready in time"
            spent = -sum(_cpu(worker.pid) for worker in running)
            if kill:
                await asyncio.sleep(spare + MINUTE / 2)
                spent += _cpu(running[0].pid)
                running[0].kill()
                await running[0].wait()
                if workers == 1:
                    running.append(await start(url, folder))
            deadline = begin + MINUTE * 5
            while time.time() < deadline:
                if time.time() > begin + MINUTE and asked(folder) == count:
                    break
                await asyncio.sleep(2)
            await asyncio.sleep(3)
            spent += sum(_cpu(worker.pid) for worker in running if worker.returncode is None)
        return judged(folder, expected, spent)


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def idle(url: str, count: int = FUTURE, seconds: float = 30) -> float:
    """The share of a core that a worker takes while `count` check-ins lie in the future."""
    with tempfile.TemporaryDirectory(prefix="sidelight-bench-") as name:
        folder = Path(name)
        url = url or f"sqlite+aiosqlite:///{folder / 'bench.db'}"
        later = datetime.now(UTC) + timedelta(days=1)
        await fill(url, folder, [later + timedelta(seconds=n) for n in range(count)])
        async with working(url, folder, 1) as [worker]:
            await asyncio.sleep(5)
            before, started = _cpu(worker.pid), time.monotonic()
            await asyncio.sleep(seconds)
            return (_cpu(worker.pid) - before) / (time.monotonic() - started)


async def rows(count: int = DUE, future: int = FUTURE) -> list[Row]:
    """The figures, by what they are of."""
    found: list[Row] = []
    with running_postgres() as server:

        def fresh() -> str:
            return server.url(server.create_database())

        for kill in (False, True):
            how = "a worker killed" if kill else "no faults"
            one = await minute("", 1, kill=kill, count=count)
            found.append((f"{count:,} in a minute, SQLite, {how}", str(one)))
            two = await minute(fresh(), 2, kill=kill, count=count)
            found.append((f"{count:,} in a minute, PostgreSQL, 2 workers, {how}", str(two)))
        for engine, url in (("SQLite", ""), ("PostgreSQL", fresh())):
            share = await idle(url, future)
            found.append(
                (f"idle, {future:,} check-ins to come, {engine}", f"{share:.2%} of a core")
            )
    return found


async def main() -> None:
    """Print them alone: `python -m tests.bench.checkins`."""
    parser = argparse.ArgumentParser(description="Check-ins due in the same minute.")
    parser.add_argument("--due", type=int, default=DUE)
    parser.add_argument("--future", type=int, default=FUTURE)
    given = parser.parse_args()
    for what, figure in await rows(given.due, given.future):
        print(f"{what:60} {figure}")


if __name__ == "__main__":
    asyncio.run(main())
