"""From the version before to this one and back, with people who write all the while.

`python -m tests.deploy versions [--before REF]`: the version before is, unless told, the one before
the newest revision of the schema. On one PostgreSQL and one Telegram (a stub):

1. the older version serves, and people write;
2. `sidelight db upgrade` of the newer one, while the older goes on; the newer one starts beside it,
   and when that is ready the older is stopped: nobody sees a word lost, doubled or out of order;
3. back: the newer one is stopped, `sidelight db downgrade` takes its revision back, the older one
   starts, and what people wrote meanwhile is answered.
"""

import asyncio
import io
import subprocess
import tarfile
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.settings import ROOT
from tests.deploy.roots import StepFailed
from tests.functional.serving import Serving
from tests.functional.test_processes import PEOPLE, Crowd, know_the_answers
from tests.postgres import running_postgres
from tests.stub_telegram.control import RemotePerson, stub_process


class Readers(Crowd):
    """A crowd that knows an answer by its likeness: two versions may put it differently."""

    def __init__(self, people: list[RemotePerson], said: dict[str, str]) -> None:
        super().__init__(people, said)
        self._known = list(said.values())

    def told(self, answer: str) -> str:
        """The answer of the older version that it is most like."""
        return max(self._known, key=lambda one: SequenceMatcher(None, one, answer).ratio())


class OfVersion(Serving):
    """`sidelight` of a tree of its own."""

    tree = ROOT

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "PYTHONPATH": str(self.tree)}


def before() -> str:
    """The commit before the one that brought the newest revision of the schema."""
    newest = sorted((ROOT / "bot/storage/migrations/versions").glob("0*.py"))[-1]
    added = ["log", "--diff-filter=A", "--format=%H", "-1", "--", str(newest)]
    commit = _git(*added).decode().strip()
    if not commit:
        raise StepFailed(
            f"the history does not say when {newest.name} came: name one with --before"
        )
    return f"{commit}^"


def check(ref: str | None) -> None:
    """Raises StepFailed, or AssertionError with what somebody saw."""
    ref = ref or before()
    with TemporaryDirectory() as folder, running_postgres() as server:
        older = Path(folder) / "older"
        with tarfile.open(fileobj=io.BytesIO(_git("archive", ref))) as archive:
            archive.extractall(older, filter="data")
        print(f"  the version before: {_git('log', '-1', '--format=%h %s', ref).decode().strip()}")
        asyncio.run(_there_and_back(Path(folder), older, server.url(server.create_database())))


async def _there_and_back(folder: Path, tree: Path, database: str) -> None:
    async with stub_process() as stub:
        shared = {
            "BOT_DATABASE_URL": database,
            "BOT_TELEGRAM_TOKEN": stub.token,
            "BOT_TELEGRAM_API_URL": stub.url,
            "BOT_QUIET_AFTER": "3600",
            "BOT_MESSAGE_TTL": "7200",
            "BOT_LOCALES": "en",
            "BOT_RESPONSES_OVERLAY": "",
        }
        old = OfVersion(folder, roles="chat,worker", **shared)
        old.tree = tree
        new = OfVersion(folder, roles="chat,worker", **shared)
        try:
            await old.command("keys", "init")
            await old.command("db", "upgrade")
            await old.start(within=150)
            people = [await stub.person() for _ in range(PEOPLE)]
            crowd = Readers(people, await know_the_answers(people))
            await crowd.begin()

            writing = asyncio.create_task(crowd.write(60, pause=0.5))
            await new.command("db", "upgrade")
            await new.start(within=150)
            assert await old.stop() == 0
            await writing
            await crowd.sees_all(within=60)
            print("  there: upgraded beside the older one, nobody missed a word")

            assert await new.stop() == 0
            await crowd.write(4)
            print(f"  {(await new.command('db', 'downgrade', '--yes')).strip()}")
            await old.start(within=150)
            await crowd.sees_all(within=90)
            await crowd.write(8)
            await crowd.sees_all(within=60)
            print("  back: what was written meanwhile is answered, nothing twice")
            assert await stub.violations() == []
        finally:
            for process in (old, new):
                if process.runs:
                    await process.stop()


def _git(*arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True)
    if done.returncode != 0:
        raise StepFailed(done.stderr.decode())
    return done.stdout
