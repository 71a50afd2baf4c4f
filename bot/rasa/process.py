"""The model's server as a child of this process: started, watched, and never left behind."""

import asyncio
import shutil
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Self

from bot.conversation.interfaces import NluUnavailable
from bot.errors import ConfigurationError
from bot.logs import Told, logger
from bot.rasa.child import end, nlu_environment, nlu_python, sayings
from bot.rasa.client import RasaNluClient

_log = logger(__name__)

WRONG_INPUT = 2
"""The server's exit code for a model it cannot use: it would not help to try again soon."""

FIRST_BACKOFF_SECONDS = 0.5
LONGEST_BACKOFF_SECONDS = 30.0
STABLE_SECONDS = 60.0
"""Who has run for so long is restarted as soon as if for the first time."""


class NluProcess:
    """Runs `nlu/server.py` on a unix socket in a private folder, and restarts it when it dies.

    It sits in a process group of its own, so that Ctrl-C reaches it through `stop` alone; and it
    ends by itself when this process is gone, since its stdin closes then.
    """

    def __init__(self, nlu_dir: Path, model: Path) -> None:
        self._nlu_dir = nlu_dir
        self._model = model
        self._folder: Path | None = None
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._refusal = ""

    @property
    def url(self) -> str:
        """Where to ask it, for `RasaNluClient`. Known once `start` has returned."""
        assert self._folder is not None, "start first"
        return f"unix://{self._folder / 'nlu.sock'}"

    @property
    def pid(self) -> int | None:
        """The server that runs now, if any."""
        if self._process is None or self._process.returncode is not None:
            return None
        return self._process.pid

    async def start(self) -> None:
        """Start the server; it is ready some seconds later (`wait_ready`).

        Raises ConfigurationError where its Python or the model is missing.
        """
        nlu_python(self._nlu_dir)
        if not self._model.is_file():
            raise ConfigurationError(
                f"There is no model at {self._model}: run `sidelight nlu train`."
            )
        self._folder = Path(tempfile.mkdtemp(prefix="sidelight-nlu-"))
        try:
            self._process = await self._spawn()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._watch = asyncio.create_task(self._keep_running(self._process), name="nlu-watch")

    async def wait_ready(self, within: timedelta = timedelta(seconds=90)) -> None:
        """Return when the model answers.

        Raises ConfigurationError when the server cannot use the model, NluUnavailable when it is
        not ready in time.
        """
        client = RasaNluClient(self.url)
        try:
            async with asyncio.timeout(within.total_seconds()):
                while True:
                    if self._refusal:
                        raise ConfigurationError(f"The model's server: {self._refusal}")
                    with suppress(NluUnavailable):
                        await client.model()
                        return
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise NluUnavailable("the model was not ready in time") from None
        finally:
            await client.close()

    async def stop(self) -> None:
        """End the server and remove its folder. May be called twice, and before `start`."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
            self._watch = None
        if self._process is not None:
            await end(self._process)
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _spawn(self) -> Process:
        assert self._folder is not None
        return await asyncio.create_subprocess_exec(
            nlu_python(self._nlu_dir),
            str(self._nlu_dir / "server.py"),
            "--embedded",
            f"--model={self._model}",
            f"--socket={self._folder / 'nlu.sock'}",
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=PIPE,
            cwd=self._nlu_dir,
            env=nlu_environment(),
            start_new_session=True,
        )

    async def _keep_running(self, process: Process) -> None:
        backoff = FIRST_BACKOFF_SECONDS
        while True:
            if await self._outlived(process) > STABLE_SECONDS:
                backoff = FIRST_BACKOFF_SECONDS
            while True:
                await asyncio.sleep(backoff)
                backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)
                try:
                    self._process = process = await self._spawn()
                    break
                except (OSError, ConfigurationError) as error:
                    _log.warning("the model's server cannot be started", error=error)

    async def _outlived(self, process: Process) -> float:
        """Wait until `process` has ended; for how many seconds it ran."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        last = "no reason given"
        async for last in sayings(process):
            _log.info("the model's server says", reason=Told(last))
        code = await process.wait()
        self._process = None
        self._refusal = last if code == WRONG_INPUT else ""
        _log.warning("the model's server ended", code=code, reason=Told(last))
        return loop.time() - started
