"""Trains the model, unless one of the very same files is there already.

``nlu/.venv/bin/python nlu/train.py`` reports progress on stderr and prints the model's path on
stdout. Exit code 0: the model is there; 2: something in `nlu/` is wrong, and stderr says what.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from dataset import find_problems, read_blocks, read_examples
from fingerprint import model_path
from quiet import say, silence

WRONG_INPUT = 2


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--force", action="store_true", help="train even if the model is there")
    parser.add_argument("--print-path", action="store_true", help="say where the model would be")
    arguments = parser.parse_args()
    folder: Path = arguments.folder.resolve()

    problems = find_problems(folder)
    path = model_path(folder)
    if arguments.print_path or (path.exists() and not arguments.force and not problems):
        print(path)
        return 0
    if problems:
        for problem in problems:
            say(problem)
        return WRONG_INPUT
    examples = read_examples(folder)
    locales = ", ".join(sorted({example.locale for example in examples}))
    say(f"{len(examples)} examples in {locales}; starting Rasa …")
    try:
        train(folder, path)
    except Exception as error:  # Rasa raises many kinds; each is a mistake in config or data here
        reason = str(error).strip().splitlines() or ["no reason given"]
        say(f"training failed: {type(error).__name__}: {reason[0]}")
        return WRONG_INPUT
    print(path)
    return 0


def train(folder: Path, path: Path) -> None:
    """Train from the files of `folder` and put the model at `path`, whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    sys.path.insert(0, str(folder))
    with tempfile.TemporaryDirectory(prefix="sidelight-nlu-") as work:
        os.environ["RASA_CACHE_DIRECTORY"] = f"{work}/cache"
        silence()
        with contextlib.redirect_stdout(io.StringIO()):
            from rasa.model_training import train as rasa_train

            say("training …")
            started = time.monotonic()
            # Rasa may write its defaults into the configuration: it is given a copy. And it
            # compares all it has read with each further file: it is given one.
            config = shutil.copy(folder / "config.yml", work)
            data = Path(work) / "data.yml"
            blocks = json.dumps(read_blocks(folder), ensure_ascii=False)  # JSON is YAML, too
            data.write_text(f'version: "3.1"\nnlu: {blocks}\n', encoding="utf-8")
            result = rasa_train(
                domain=str(folder / "domain.yml"),
                config=config,
                training_files=[str(data)],
                output=work,
                fixed_model_name="model",
            )
        if result.model is None:
            raise RuntimeError("Rasa made no model of this configuration and data.")
        unfinished = path.with_suffix(f".{os.getpid()}")
        shutil.move(result.model, unfinished)
        unfinished.replace(path)
    say(f"trained in {time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    sys.exit(main())
