"""Promises 2, 4 and 5 while everything fails: see `scene`."""

import random
from pathlib import Path

from tests.faults.scene import night

SECONDS = 2.0
"""Of troubles in each part; in the first, each kind comes once however long it takes."""


async def test_a_night_of_troubles_on_one_machine(tmp_path: Path) -> None:
    """Lost 0, doubled 0, out of order 0, check-ins without an end 0, late deletions 0."""
    seed = random.SystemRandom().randrange(10**6)
    async with night(tmp_path, seed) as (scene, _):
        try:
            await scene.pass_by(SECONDS)
        except (AssertionError, TimeoutError) as error:
            raise AssertionError(f"seed {seed}") from error
