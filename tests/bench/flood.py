"""Others' answers while somebody floods the bot: one script, or a thousand accounts at once.

What one chat writes too fast is passed over. A thousand accounts that each write calmly are people
like all others, but that they write more of late: the others write half as much as each of them at
the most, and are as new as they are.
"""

import asyncio
import statistics

from tests.bench.turns import sidelight
from tests.stub_telegram.control import RemoteStub, stub_process

FLOODS = ((0, 0.0), (1, 1000.0), (1000, 50.0), (1000, 100.0), (1000, 200.0), (1000, 1000.0))
"""How many write, and their messages a second between them."""

OTHERS = 20
RATE = 10.0
MESSAGES = 100
LEAD = 1.0
"""Seconds by which a flood is ahead of the others."""

WORD = "/start"


async def rows() -> list[tuple[str, str]]:
    """Each flood against a bot of its own, one process on SQLite."""
    return [await _row(people, rate) for people, rate in FLOODS]


async def _row(people: int, rate: float) -> tuple[str, str]:
    async with stub_process("--no-validation") as stub, sidelight()(stub):
        others = asyncio.create_task(_others(stub))
        if not people:
            return "nobody floods", await others
        flood = {"people": people, "rate": rate, "seconds": LEAD + MESSAGES / RATE, "text": WORD}
        done = await stub.call("POST", "/flood", flood)
        told = f"{await others}; {done['written'] / done['seconds']:.0f} written a second"
        who = "one person" if people == 1 else f"{people:,} people"
        return f"{who}, {rate:,.0f} messages a second", told


async def _others(stub: RemoteStub) -> str:
    await asyncio.sleep(LEAD)
    load = {"people": OTHERS, "messages": MESSAGES, "rate": RATE, "text": WORD}
    answered = await stub.call("POST", "/load", load)
    lost = f", {answered['lost']} not answered in time" if answered["lost"] else ""
    if len(answered["latencies"]) < 2:
        return f"none answered{lost}"
    cuts = statistics.quantiles(answered["latencies"], n=100, method="inclusive")
    return f"others' p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms{lost}"
