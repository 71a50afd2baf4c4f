"""A crowd that writes, timed from within the stub: from each message to the bot's answer."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.stub_telegram.phones import Person
    from tests.stub_telegram.server import StubTelegram

PATIENCE = 30.0
"""Seconds after which an answer counts as lost: an echo bot gives up on calls that time out."""
SEED = 7
SLICE = 0.005
"""Seconds of a flood that are written at once."""
CALM = 15
"""Messages in a row that no bot takes for a flood."""


class _Writer:
    """Somebody whose answers are told apart by their order."""

    def __init__(self, person: "Person", text: str, press: str) -> None:
        self._person = person
        self._text = text
        self._press = press
        self._waiting: deque[asyncio.Future[None]] = deque()
        person.on_answer = self._answered

    def _answered(self) -> None:
        if self._waiting and not (first := self._waiting.popleft()).done():
            first.set_result(None)

    async def begin(self) -> None:
        """Write for the first time: the answer has the buttons."""
        await self._answer_to(lambda: self._person.write(self._text))

    async def seconds(self) -> float | None:
        """Until the bot's answer; None if there is none."""
        started = time.perf_counter()
        try:
            if self._press:
                await self._answer_to(lambda: self._person.press(self._press))
            else:
                await self._answer_to(lambda: self._person.write(self._text))
        except TimeoutError:
            return None
        return time.perf_counter() - started

    async def _answer_to(self, act: Callable[[], object]) -> None:
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        act()
        await asyncio.wait_for(answer, PATIENCE)


async def run_load(
    stub: "StubTelegram", people: int, messages: int, text: str, rate: float = 0.0, press: str = ""
) -> dict[str, object]:
    """`people` at a time write `messages` in all; each waits for the answer before writing again.

    With `rate`, so many are written a second, at random instants, whoever still waits. With
    `press`, a button of the last answer is pressed instead of writing. Whoever has written CALM
    messages makes room for somebody else. Everybody has written once before the clock starts.
    Returns `seconds` in all, `latencies` in seconds of what was answered, and how many were `lost`.
    """
    each = messages // people
    after_each_other = 1 if rate else -(-each // CALM)
    crowd = [_Writer(stub.person(), text, press) for _ in range(people * after_each_other)]
    await asyncio.gather(*(writer.begin() for writer in crowd))
    found: list[float | None] = []

    async def one(writer: _Writer) -> None:
        found.append(await writer.seconds())

    async def several(place: int) -> None:
        for number in range(each):
            await one(crowd[place + people * (number // CALM)])

    started = time.perf_counter()
    if rate:
        await _at_rate(crowd, messages, rate, one)
    else:
        await asyncio.gather(*map(several, range(people)))
    latencies = [seconds for seconds in found if seconds is not None]
    return {
        "seconds": time.perf_counter() - started,
        "latencies": latencies,
        "lost": len(found) - len(latencies),
    }


async def run_flood(
    stub: "StubTelegram", people: int, rate: float, seconds: float, text: str
) -> dict[str, object]:
    """`people` write by turns, `rate` messages a second between them, and wait for nothing.

    Returns how many were `written` in how many `seconds`, and how many updates are `left`.
    """
    crowd = [stub.person() for _ in range(people)]
    started, written = time.perf_counter(), 0
    while (now := time.perf_counter() - started) < seconds:
        for number in range(written, int(now * rate)):
            crowd[number % people].write(text)
            written = number + 1
        await asyncio.sleep(SLICE)
    return {"seconds": now, "written": written, "left": len(stub.updates)}


async def _at_rate(
    crowd: list[_Writer], messages: int, rate: float, one: Callable[[_Writer], Awaitable[None]]
) -> None:
    chance = random.Random(SEED)
    due, under_way = time.perf_counter(), []
    for number in range(messages):
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        under_way.append(asyncio.ensure_future(one(crowd[number % len(crowd)])))
        due += chance.expovariate(rate)
    await asyncio.gather(*under_way)
