"""Trains the model, unless one of the very same files is there already.

``nlu/.venv/bin/python nlu/train.py`` reports progress on stderr and prints the model's path on
stdout. Exit code 0: the model is there; 2: something in `nlu/` is wrong, and stderr says what.
SIGTERM ends it with all its processes and leaves nothing behind.
"""

import argparse
import contextlib
import io
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, List, NoReturn

from dataset import Example, find_problems, read_blocks, read_examples
from fingerprint import model_path
from quiet import say, silence

WRONG_INPUT = 2
STOPPED = 128 + signal.SIGTERM
GRACE_SECONDS = 5.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--force", action="store_true", help="train even if the model is there")
    parser.add_argument("--print-path", action="store_true", help="say where the model would be")
    parser.add_argument("--embedded", action="store_true", help="stop when stdin closes")
    arguments = parser.parse_args()
    folder: Path = arguments.folder.resolve()
    signal.signal(signal.SIGTERM, _stop)
    if arguments.embedded:
        threading.Thread(target=_stop_with_parent, daemon=True).start()

    path = model_path(folder)
    # A model of these very files is there only if nothing was wrong with them.
    if arguments.print_path or (path.exists() and not arguments.force):
        print(path)
        return 0
    problems = find_problems(folder)
    if problems:
        for problem in problems:
            say(problem)
        return WRONG_INPUT
    examples = read_examples(folder)
    locales = ", ".join(sorted({example.locale for example in examples}))
    say(f"{len(examples)} examples in {locales}; starting Rasa …")
    try:
        train(folder, examples, path)
    except Exception as error:  # Rasa raises many kinds; each is a mistake in config or data here
        reason = str(error).strip().splitlines() or ["no reason given"]
        say(f"training failed: {type(error).__name__}: {reason[0]}")
        return WRONG_INPUT
    print(path)
    return 0


def train(folder: Path, examples: List[Example], path: Path) -> None:
    """Train from the files of `folder` and put the model at `path`, whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    sys.path.insert(0, str(folder))
    silence()
    with (
        tempfile.TemporaryDirectory(prefix="sidelight-nlu-") as work,
        contextlib.redirect_stdout(io.StringIO()),
    ):
        from fitting import fit

        say("training …")
        started = time.monotonic()
        lists = [block for block in read_blocks(folder) if "intent" not in block]
        model = fit(folder, examples, lists, Path(work))
        unfinished = path.with_suffix(f".{os.getpid()}")
        try:
            shutil.move(model, unfinished)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    say(f"trained in {time.monotonic() - started:.0f} s.")


def _stop(*_: Any) -> NoReturn:
    """Leave by the way of an exception, which takes the temporary folder along."""
    for worker in multiprocessing.active_children():
        worker.terminate()  # the pool would wait for what they are at
    sys.exit(STOPPED)


def _stop_with_parent() -> None:
    """The parent holds the other end of stdin: it closes when the parent ends, however it does."""
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(STOPPED)


if __name__ == "__main__":
    sys.exit(main())
