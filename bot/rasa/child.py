"""Processes of the NLU: with which Python, what they may know, what they say, how they end."""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from bot.errors import ConfigurationError

GRACE_SECONDS = 5.0

_PASSED_ON = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")
_PREFIX = "nlu: "


def nlu_python(nlu_dir: Path) -> Path:
    """The interpreter with Rasa. Raises ConfigurationError, with the mend, where there is none."""
    python = nlu_dir / ".venv" / "bin" / "python"
    if not python.exists():
        raise ConfigurationError(
            f"{nlu_dir / '.venv'} is missing: run `make nlu` to install Rasa,"
            " or set BOT_NLU_URL to a server elsewhere."
        )
    return python


def nlu_environment() -> dict[str, str]:
    """The environment for such a process: no setting and no secret of the bot's goes along."""
    return {
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


async def sayings(process: Process) -> AsyncIterator[str]:
    """The sentences that our own code writes to stderr, until it closes.

    They are fixed and safe to log (``nlu/quiet.py``); whatever a library writes is dropped.
    """
    assert process.stderr is not None
    while True:
        try:
            raw = await process.stderr.readline()
        except ValueError:  # a line beyond the reader's limit: not one of ours
            continue
        if not raw:
            return
        line = raw.decode(errors="replace").rstrip()
        if line.startswith(_PREFIX):
            yield line.removeprefix(_PREFIX)


async def end(process: Process) -> None:
    """Ask the process to end, and make it when it does not."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), GRACE_SECONDS)
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
