"""`sidelight` as processes that are forked: for tests that start it over and over.

Most of a start is reading libraries, word lists, texts and services, which are the same each time.
A mother process reads them once and forks whenever it is told to; what it forks is a process as
any, with its own environment, and killed as any.
"""

import asyncio
import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from bot import bootstrap, cli
from bot.clock import Clock
from bot.directory.places import PlaceFinder
from bot.safety.language import LanguageDetector
from bot.safety.net import SafetyNet
from bot.serving import runner
from bot.settings import load_settings
from tests.functional.serving import ROOT, Serving


class Mother:
    """The process that forks."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    async def fork(
        self, *arguments: str, environment: Mapping[str, str], folder: Path, log: Path
    ) -> int:
        """Run `sidelight` with `arguments`; its process id."""
        given = {"environment": dict(environment), "folder": str(folder), "log": str(log)}
        return await self._ask({"arguments": arguments, **given})

    async def wait(self, pid: int) -> int:
        """Wait for the end of a process that is about to end; its exit code."""
        return await self._ask({"wait": pid})

    async def _ask(self, question: dict[str, Any]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._turn:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            line = await asyncio.wait_for(self._process.stdout.readline(), 90)
        assert line, "the mother process has ended"
        return int(line)


@asynccontextmanager
async def mother(
    module: str = "tests.functional.forking", **settings: str
) -> AsyncIterator[Mother]:
    """One that has read all, for as long as the block; whatever it forked ends with it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        cwd=ROOT,
        env={**os.environ, "BOT_LOCALES": "en,es", **settings, "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Mother(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


class Forked(Serving):
    """A bot that is started by forking; all else is as with `Serving`."""

    def __init__(self, by: Mother, folder: Path, *, roles: str = "", **settings: str) -> None:
        super().__init__(folder, roles=roles, **settings)
        self._by = by
        self._pid = 0

    @property
    def pid(self) -> int:
        return self._pid

    @property
    def runs(self) -> bool:
        if not self._pid:
            return False
        return "\nState:\tZ" not in Path(f"/proc/{self._pid}/status").read_text()

    async def command(self, *arguments: str) -> str:
        log = self.folder / f"command-{self.port}.log"
        log.unlink(missing_ok=True)
        pid = await self._fork(*arguments, log=log)
        code, printed = await self._by.wait(pid), log.read_text()
        assert code == 0, printed
        return printed

    async def start(self, within: float = 60.0) -> None:
        self._pid = await self._fork(*self._arguments, log=self.log)
        await self._answers(within)

    async def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        assert await self._ended() == -signal.SIGKILL

    async def stop(self) -> int:
        os.kill(self._pid, signal.SIGTERM)
        return await self._ended()

    async def _fork(self, *arguments: str, log: Path) -> int:
        given = {"environment": self.environment, "folder": self.folder, "log": log}
        return await self._by.fork(*arguments, **given)  # type: ignore[arg-type]

    async def _ended(self) -> int:
        code = await self._by.wait(self._pid)
        self._pid = 0
        return code


def attend(clock: Clock | None = None) -> None:
    """Be a mother process, until nobody asks any more."""
    settings = load_settings()
    runner.build = partial(  # type: ignore[assignment]
        runner.build,
        clock=clock,
        net=SafetyNet.load(settings.nlu_dir / "safety", settings.locales),
        detector=LanguageDetector.load(settings.nlu_dir / "languages", settings.locales),
    )
    catalogue, directory = bootstrap.load_catalogue, bootstrap.load_directory

    @cache
    def read(environment: frozenset[tuple[str, str]]) -> tuple[Any, Any]:
        with _environment(dict(environment)):
            settings = load_settings()
        # Else each start would begin to build it, and many a builder outlive who was killed.
        PlaceFinder(settings.places_dir).prepare()
        return catalogue(settings), directory(settings)

    children: set[int] = set()
    for line in sys.stdin:
        question = json.loads(line)
        if (pid := question.get("wait")) is not None:
            _, status = os.waitpid(pid, 0)
            children.discard(pid)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        if question["arguments"][0] == "serve":
            given = {k: v for k, v in question["environment"].items() if k != "BOT_PORT"}
            texts, services = read(frozenset(given.items()))
            bootstrap.load_catalogue = lambda _, texts=texts: texts
            bootstrap.load_directory = lambda _, services=services: services
        # Whoever is forked need not look through what was read, and so not copy it either.
        gc.freeze()
        if (pid := os.fork()) == 0:
            _run(**question)
        children.add(pid)
        print(pid, flush=True)
    for pid in children:
        os.kill(pid, signal.SIGKILL)


@contextmanager
def _environment(given: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(given)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _run(arguments: list[str], environment: dict[str, str], folder: str, log: str) -> None:
    """What a forked process does, from its first moment to its last."""
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(written, 1)
        os.dup2(written, 2)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["sidelight", *arguments]
        cli.main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    attend()
