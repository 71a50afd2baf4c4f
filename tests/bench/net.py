"""The safety net's speed: CPU time, as the least of several runs, on texts of 500 characters."""

import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.safety.net import SafetyNet
from bot.settings import ROOT

LINES = ROOT / "tests" / "unit" / "safety" / "lines"
CHARACTERS = 500
TEXTS = 10
RUNS = 7


def _least(run: Callable[[], object]) -> float:
    """Milliseconds of CPU."""
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times) * 1000


def _texts(file: Path, danger: bool) -> list[str]:
    lines = (line.split(" | ", 1) for line in file.read_text(encoding="utf-8").splitlines())
    pairs = [line for line in lines if len(line) == 2]
    chosen = [text for expected, text in pairs if (expected[0] not in "-n") == danger]
    mix = random.Random(file.stem)
    return [". ".join(mix.choices(chosen, k=CHARACTERS // 8))[:CHARACTERS] for _ in range(TEXTS)]


def rows() -> list[tuple[str, float]]:
    """What was measured, and the milliseconds of CPU that it took: the mean of several texts."""
    folder = ROOT / "nlu" / "safety"
    started = time.process_time()
    net = SafetyNet.load(folder)
    found = [("all lexicons loaded", (time.process_time() - started) * 1000)]
    for file in sorted(LINES.glob("*.txt")):
        for kind, danger in (("danger", True), ("harmless", False)):
            times = [_least(partial(net.hear, text)) for text in _texts(file, danger)]
            found.append((f"{CHARACTERS} characters of {kind}, {file.stem}", sum(times) / TEXTS))
    hostile = "he is not going to kill me not "
    for size in (4_096, 8_192):
        text = (hostile * size)[:size]
        found.append((f"{size} characters of denials", _least(partial(net.hear, text))))
    return found
