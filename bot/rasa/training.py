"""Trains the model in the NLU's own environment, unless it is there already."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path

from bot.errors import ConfigurationError
from bot.rasa.child import end, nlu_environment, nlu_python, sayings


async def train(nlu_dir: Path, report: Callable[[str], None], *, force: bool = False) -> Path:
    """The path of the model for the files as they stand, trained now if need be.

    `report` is given one line of progress at a time. Raises ConfigurationError with the reasons
    where data, domain or configuration are wrong. Cancelling it ends the training,
    and so does the end of this process, since the training's stdin closes then.
    """
    process = await asyncio.create_subprocess_exec(
        nlu_python(nlu_dir),
        str(nlu_dir / "train.py"),
        "--embedded",
        *(["--force"] if force else []),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=nlu_environment(),
        start_new_session=True,
    )
    try:
        said, printed = await asyncio.gather(_follow(process, report), _printed(process))
        code = await process.wait()
    finally:
        await end(process)
    if code != 0 or not printed:
        reason = "\n".join(said[-10:]) or "run nlu/train.py by hand to see why"
        raise ConfigurationError(f"The model cannot be trained:\n{reason}")
    return Path(printed)


async def _follow(process: Process, report: Callable[[str], None]) -> list[str]:
    said = []
    async for sentence in sayings(process):
        said.append(sentence)
        report(sentence)
    return said


async def _printed(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.read()).decode(errors="replace").strip()
