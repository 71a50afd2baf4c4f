"""`make soak`: the bot is killed at random points again and again, and nobody may notice.

`make soak ARGS="--rounds 20"`: rounds of a hundred kills each, until one fails.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from tests.functional.test_kill import KILLS, test_a_hundred_kills_lose_and_repeat_nothing


def main() -> None:
    """Run the rounds; an AssertionError with the seed ends them."""
    parser = argparse.ArgumentParser(description="Kill the bot again and again.")
    parser.add_argument("--rounds", type=int, default=10)
    for number in range(1, parser.parse_args().rounds + 1):
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(test_a_hundred_kills_lose_and_repeat_nothing(Path(folder)))
        print(
            f"round {number}: {KILLS} kills, nothing lost, nothing doubled,"
            f" {time.monotonic() - started:.0f} s"
        )


if __name__ == "__main__":
    main()
