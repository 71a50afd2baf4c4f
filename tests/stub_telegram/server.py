"""The Bot API server itself: state, HTTP, delivery of updates."""

import asyncio
import itertools
import json
import random
import secrets
import time
from collections import Counter, deque
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.stub_telegram import methods, models
from tests.stub_telegram.delivery import WebhookDelivery
from tests.stub_telegram.faults import Fault, Script, refused
from tests.stub_telegram.limits import Limits
from tests.stub_telegram.phones import Group, Person


@dataclass(frozen=True, slots=True)
class Call:
    """One call that the bot made."""

    method: str
    params: dict[str, Any]
    status: int
    at: float = 0.0
    """When it was answered, in Unix seconds of the machine."""


class StubTelegram:
    """A Bot API server on loopback, and the people who use its one bot.

    `strict` validates all that passes; turn it off only to measure speed. `duplicates` is how
    many times each update is delivered, and while `reordered` those that wait together come in any
    order. With `limits` calls beyond Telegram's are answered 429.
    """

    def __init__(
        self, token: str | None = None, *, strict: bool = True, limits: Limits | None = None
    ) -> None:
        bot_id = 10_000_000 + secrets.randbelow(10_000_000)
        self.token = token or f"{bot_id}:{secrets.token_urlsafe(26)}"
        self.bot_id = bot_id
        self.strict = strict
        self.duplicates = 1
        self.reordered = False
        self.limits = limits
        self.violations: list[str] = []
        self.calls: deque[Call] = deque(maxlen=100_000)
        self.counts: Counter[str] = Counter()
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.profile: dict[str, dict[str, Any]] = {}
        self.switches: dict[str, bool] = {}
        """What @BotFather has switched on, by the field of getMe."""
        self.queries: dict[str, Person] = {}
        self.updates: deque[dict[str, Any]] = deque()
        self.webhook = WebhookDelivery(self)
        self.port = 0
        self._script = Script()
        self._skipped = 0.0
        self._message_ids = itertools.count(1_000 + secrets.randbelow(1_000_000))
        self._update_ids = itertools.count(100_000_000 + secrets.randbelow(1_000_000))
        self._people_ids = itertools.count(100_000_000 + secrets.randbelow(800_000_000), 7)
        self._news = asyncio.Event()
        self._poll: asyncio.Event | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The base URL, as python-telegram-bot wants it: the token is appended."""
        return f"http://127.0.0.1:{self.port}/bot"

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1."""
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port or self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening; people and messages remain, and `start` goes on with them."""
        await self.webhook.stop()
        self.end_poll()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    # People and time

    def person(self, first_name: str = "Somebody", language: str | None = "en") -> Person:
        """Somebody new with a phone."""
        person = Person(self, next(self._people_ids), first_name, language)
        self.people[person.id] = person
        return person

    def group(self, kind: str = "supergroup") -> Group:
        """A new group (``group``, ``supergroup`` or ``channel``)."""
        group = Group(self, -1_000_000_000_000 - next(self._people_ids), kind)
        self.groups[group.id] = group
        return group

    def now(self) -> int:
        """The present in Unix seconds, as far as time was advanced."""
        return int(time.time() + self._skipped)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._skipped += seconds

    def script(self, method: str, *faults: Fault) -> None:
        """Let the next calls of `method` go wrong."""
        self._script.add(method, *faults)

    def all_well(self) -> None:
        """Forget faults that were scripted and have not happened."""
        self._script.clear()

    # What phones and methods use

    def new_message_id(self) -> int:
        """The next number of the account, over all private chats."""
        return next(self._message_ids)

    def new_query(self, person: Person) -> str:
        """A button starts turning."""
        query_id = str(secrets.randbits(62))
        self.queries[query_id] = person
        person.turning.add(query_id)
        return query_id

    def bot_user(self) -> dict[str, Any]:
        """The bot, as Telegram describes it."""
        return {
            "id": self.bot_id,
            "is_bot": True,
            "first_name": "Stub",
            "username": "stub_bot",
        }

    def push(self, content: dict[str, Any]) -> int:
        """Queue an update with the next number. Returns the number."""
        update = {"update_id": next(self._update_ids), **content}
        if self.strict:
            self.violations += models.faults_of_update(update)
        self.push_raw(update)
        return int(update["update_id"])

    def push_raw(self, update: Any) -> None:
        """Queue anything as an update, unchecked; a dict without a number gets the next one."""
        if isinstance(update, dict) and "update_id" not in update:
            update = {"update_id": next(self._update_ids), **update}
        self.updates.extend([update] * self.duplicates)
        self.wake()

    def wake(self) -> None:
        """Tell whoever waits that there are updates."""
        self._news.set()
        self._news = asyncio.Event()
        self.webhook.wake()

    def end_poll(self) -> None:
        """Let a getUpdates that waits now end with a conflict."""
        if self._poll is not None:
            self._poll.set()
            self._poll = None

    async def wait_for_updates(self, offset: int, limit: int, within: float) -> list[Any]:
        """The updates from `offset` on; those before it are forgotten. One waiter at a time."""
        self.end_poll()
        mine = self._poll = asyncio.Event()
        self.updates = deque(u for u in self.updates if _number(u) >= offset)
        deadline = time.monotonic() + within
        while not self.updates and not mine.is_set():
            left = deadline - time.monotonic()
            if left <= 0:
                break
            waits = [asyncio.ensure_future(e.wait()) for e in (self._news, mine)]
            await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
        if mine.is_set():
            raise methods.Refusal(
                409,
                "Conflict: terminated by other getUpdates request or by setWebhook request",
            )
        if self._poll is mine:
            self._poll = None
        batch = list(itertools.islice(self.updates, limit))
        if self.reordered:
            random.shuffle(batch)
        return batch

    # HTTP

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = models.METHODS.get(request.match_info["method"].lower())
        if request.match_info["token"] != self.token:
            return _refusal(401, "Unauthorized")
        if method is None:
            self.violations.append("a call of a method that does not exist")
            return _refusal(404, "Not Found")
        name = method.__api_method__
        params = models.decode(method, await _params(request))
        self.counts[name] += 1
        if self.strict and (faults := models.faults_of_request(method, params)):
            self.violations += faults
            return _refusal(400, "Bad Request: this is not a call of the Bot API")
        fault = self._script.next_for(name, params.get("chat_id"))
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.cut == "before":
            return _cut(request)
        if fault.status is None and self.limits is not None:
            chat = params.get("chat_id")
            if (seconds := self.limits.retry_after(name, chat)) is not None:
                fault = refused(429, retry_after=seconds)
        status, answer = 200, {"ok": True, "result": None}
        try:
            if fault.status is not None:
                raise methods.Refusal(fault.status, fault.description, fault.retry_after)
            answer["result"] = await methods.carry_out(self, name, params)
        except methods.Refusal as refusal:
            status, answer = refusal.status, refusal.answer()
        self.calls.append(Call(name, params, status, time.time()))
        if self.strict and not (name == "getUpdates" and status == 200):
            # The updates were checked when they were queued, or are wrong on purpose.
            self.violations += models.faults_of_answer(method, answer)
        if fault.cut == "after":
            return _cut(request)
        if fault.stall:
            await asyncio.sleep(fault.stall)
        if fault.body is not None:
            return web.Response(status=status, text=fault.body)
        return web.json_response(answer, status=status)


def _number(update: Any) -> float:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else float("inf")


def _refusal(status: int, description: str) -> web.Response:
    return web.json_response(methods.Refusal(status, description).answer(), status=status)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _params(request: web.Request) -> dict[str, Any]:
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        params |= json.loads(await request.read() or b"{}")
    elif request.can_read_body:
        params |= dict((await request.post()).items())
    return params
