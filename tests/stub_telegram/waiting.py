"""Waiting for something to become true."""

import asyncio
import time
from collections.abc import Callable


async def until(holds: Callable[[], bool], within: float = 5.0) -> None:
    """Return once `holds()` is true. Raises TimeoutError after `within` seconds."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"did not come true in {within} s")
        await asyncio.sleep(0.005)
