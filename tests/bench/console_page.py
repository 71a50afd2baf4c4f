"""An advocate's console without a screen: it asks for what the page's script asks for."""

import asyncio
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import aiohttp

PAUSE_EACH, PAUSE_AT_MOST = 0.010, 4.0
CALM, SHORT = 5, 25
"""Seconds between looks at the queue, and when they may be fewer: as in `loading.js`."""
OFFER_EVERY = 15.0
OFFER_SPREAD = 0.5
"""Seconds: as in `desk.js`."""
CAPACITY = 3
"""The usual one: whoever has so many people is offered nobody."""


@dataclass(slots=True)
class Outcome:
    """What was measured: seconds, and who got whom."""

    claims: list[float] = field(default_factory=list)
    messages: list[float] = field(default_factory=list)
    winners: Counter[UUID] = field(default_factory=Counter)
    odd: Counter[int] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    took: float = 0.0
    cpu: float = 0.0

    def rows(self, where: str, people: int, sent: int) -> list[tuple[str, str]]:
        """As the table has them."""
        twice = sum(count > 1 for count in self.winners.values())
        counts = f"{people - len(self.winners)} not claimed, {twice} claimed twice"
        odd = "".join(f", {count} × {status}" for status, count in sorted(self.odd.items()))
        lost = f"{sent - len(self.messages)} of {sent} not arrived"
        rest = f"{self.asked['queue']} looks, {self.asked['offer']} offers"
        return [
            (f"{where}: claim", f"{spread(self.claims)}; {counts}{odd}"),
            (f"{where}: message, phone to console", f"{spread(self.messages)}; {lost}"),
            (
                f"{where}: {people:,} claims in {self.took:.1f} s",
                f"{self.cpu / self.took:.2f} cores; {rest}",
            ),
        ]


def spread(seconds: Sequence[float]) -> str:
    """The middle, the 99th percentile and the worst, in milliseconds."""
    if len(seconds) < 2:
        return "none"
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    p50, p99, worst = cuts[49] * 1000, cuts[98] * 1000, max(seconds) * 1000
    return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, worst {worst:.0f} ms"


class Page:
    """Keeps its stream, looks when it is told to, answers beats, asks for somebody to take on."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str, seen: Outcome) -> None:
        self._http = http
        self._api = f"{url}/api/v1"
        self._headers = {"Cookie": f"sidelight-console={token}", "Accept-Language": "en"}
        self._outcome = seen
        self._tasks = set[asyncio.Task[object]]()
        self._looking = self._again = False
        self._soon: asyncio.TimerHandle | None = None
        self._looked_at = 0.0
        self._shown, self._waiting, self._claimed = set[str](), 0, 0
        self._offer = ""
        self._free = asyncio.Event()
        self.holds: set[UUID] = set()
        self.awaited: dict[str, float] = {}
        self.ready = asyncio.Event()

    async def call(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        """One request; its status and body."""
        asked = self._http.request(
            *(method, self._api + path),
            headers=self._headers,
            json=body,
            skip_auto_headers=("Content-Type",) if body is None else (),
        )
        async with asked as answer:
            if answer.status >= 400 and answer.status != 409:
                self._outcome.odd[answer.status] += 1
            return answer.status, await answer.read()

    async def run(self) -> None:
        """Live until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._ask())
        finally:
            if self._soon is not None:
                self._soon.cancel()
            under_way = list(self._tasks)
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _listen(self) -> None:
        url, rest = f"{self._api}/events?answered=true", b""
        async with self._http.get(url, headers=self._headers, timeout=_NEVER) as stream:
            assert stream.status == 200, stream.status
            while chunk := await stream.content.readany():
                *events, rest = (rest + chunk).split(b"\r\n\r\n")
                for event in events:
                    self._heard(event)

    def _heard(self, event: bytes) -> None:
        kind = event.partition(b"event: ")[2].partition(b"\r\n")[0]
        if kind == b"ready":
            self._begin(self._load())
        elif kind == b"beat":
            self._begin(self.call("POST", "/presence"))
        elif kind == b"message" or kind.startswith(b"handoff."):
            data = event.partition(b"data: ")[2].partition(b"\r\n")[0]
            subject = UUID(json.loads(data)["subject"])
            if kind == b"message":
                if subject in self.holds:
                    self._begin(self.read(subject))
            elif subject in self.holds and kind != b"handoff.claimed":
                self._begin(self.look())
            else:
                calm = kind in {b"handoff.claimed", b"handoff.closed"}
                if calm:
                    self._waits_no_longer(str(subject))
                self._look_soon(calm=calm)

    def _begin(self, job: Coroutine[object, object, object]) -> None:
        task = asyncio.create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _load(self) -> None:
        await self.look()
        for path in ("/alerts", "/desk", "/desk/ended"):
            await self.call("GET", path)
        self.ready.set()

    def _waits_no_longer(self, handoff: str) -> None:
        if handoff in self._shown:
            self._shown.remove(handoff)
            self._waiting -= 1
        if handoff == self._offer:
            self._offer = ""
            self._free.set()

    def _look_soon(self, *, calm: bool) -> None:
        loop = asyncio.get_running_loop()
        pause = min(PAUSE_AT_MOST, PAUSE_EACH * (self._waiting + self._claimed))
        if calm and len(self._shown) >= min(SHORT, self._waiting):
            pause *= CALM
        at = max(loop.time() + pause * random.random(), self._looked_at + pause)
        if self._soon is None or at < self._soon.when():
            if self._soon is not None:
                self._soon.cancel()
            self._soon = loop.call_at(at, lambda: self._begin(self.look()))

    async def look(self) -> None:
        """At the queue; asked again meanwhile, once more after it."""
        self._again = True
        if self._looking:
            return
        self._looking = True
        while self._again:
            self._again = False
            self._looked_at = asyncio.get_running_loop().time()
            if self._soon is not None:
                self._soon.cancel()
                self._soon = None
            also = [str(each) for each in self.holds] + [self._offer] * bool(self._offer)
            self._outcome.asked["queue"] += 1
            _, body = await self.call("GET", f"/queue?{'&'.join(f'also={id_}' for id_ in also)}")
            found = json.loads(body)
            self._shown = {handoff["id"] for handoff in found["waiting"]}
            self._waiting, self._claimed = found["waiting_count"], found["claimed_count"]
            if self._offer and self._offer not in self._shown:
                self._offer = ""
                self._free.set()
        self._looking = False

    async def _ask(self) -> None:
        await self.ready.wait()
        while len(self.holds) < CAPACITY:
            await asyncio.sleep(random.random() * OFFER_SPREAD)
            self._outcome.asked["offer"] += 1
            _, body = await self.call("POST", "/desk/offer")
            found = json.loads(body).get("handoff")
            self._offer = found["id"] if found else ""
            self._free.clear()
            with suppress(TimeoutError):
                every = OFFER_EVERY * (0.75 + random.random() / 2)
                async with asyncio.timeout(every * (1 + bool(found))):
                    await self._free.wait()

    async def read(self, handoff: UUID) -> None:
        """A conversation's messages, and which of those that are awaited are among them."""
        _, body = await self.call("GET", f"/handoffs/{handoff}/messages")
        now = time.perf_counter()
        for text in [text for text in self.awaited if text.encode() in body]:
            self._outcome.messages.append(now - self.awaited.pop(text))

    async def claim(self, handoff: UUID, at: float) -> bool:
        """Take somebody on, and open the conversation as the page does."""
        status, _ = await self.call("POST", f"/handoffs/{handoff}/claim")
        self._outcome.claims.append(time.perf_counter() - at)
        if status != 200:
            return False
        self._outcome.winners[handoff] += 1
        self.holds.add(handoff)
        if self._looking:
            self._begin(self.look())
        else:
            self._waits_no_longer(str(handoff))
        self._begin(self.read(handoff))
        self._begin(self.call("GET", f"/handoffs/{handoff}/draft"))
        return True


_NEVER = aiohttp.ClientTimeout(total=None)
