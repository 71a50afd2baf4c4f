"""A bot under a steady load for long: what its process takes of memory, and how soon it answers.

By turns people write what the model understands, and press buttons. Each minute another hundred
come, so that conversations pile up as far as they live, and their messages vanish meanwhile.
"""

import statistics
from bisect import bisect
from collections.abc import Sequence

from tests.bench.turns import BUTTON, UNDERSTOOD, megabytes, sidelight
from tests.functional.serving import Serving
from tests.stub_telegram.control import stub_process

RATE = 25.0
"""Messages a second: all over, Telegram advises at most 30 for one bot."""
MINUTE = 60
PEOPLE = 100
TTL = 600
"""Seconds until messages vanish."""
ALLOWED = 1.05
"""What the last quarter may take of memory, in proportion to the second."""


async def steady(minutes: int, nlu_url: str) -> None:
    """Print each minute. Raises SystemExit where an answer was lost, or memory grows."""
    taken: list[float] = []
    start = sidelight(nlu_url, BOT_MESSAGE_TTL=str(TTL))
    async with stub_process("--no-validation") as stub, start(stub) as bot:
        assert isinstance(bot, Serving)
        for minute in range(minutes):
            written = {"text": "/start", "press": BUTTON} if minute % 2 else {"text": UNDERSTOOD}
            crowd = {"people": PEOPLE, "messages": int(RATE * MINUTE), "rate": RATE}
            loaded = await stub.call("POST", "/load", {**crowd, **written})
            taken.append(megabytes(bot.pid))
            latencies = sorted(loaded["latencies"])
            p99 = latencies[int(len(latencies) * 0.99)] * 1000
            late = len(latencies) - bisect(latencies, 1.0)
            print(
                f"minute {minute + 1}: {taken[-1]:.0f} MB; answers p99 {p99:.0f} ms,"
                f" {late} later than a second, {loaded['lost']} lost",
                flush=True,
            )
            if loaded["lost"]:
                raise SystemExit("answers were lost")
    if grown := _grown(taken):
        raise SystemExit(grown)


def _grown(taken: Sequence[float]) -> str:
    """What is to be said of memory, if it is not flat."""
    quarter = len(taken) // 4
    if not quarter:
        return ""
    early, late = statistics.mean(taken[quarter : 2 * quarter]), statistics.mean(taken[-quarter:])
    grows = late > early * ALLOWED
    return f"memory grows: {early:.0f} MB in the second quarter, {late:.0f} in the last" * grows
