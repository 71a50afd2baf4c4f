"""A month of check-ins in a minute: the real core, over a database in memory, against everything.

Two processes share the database. They die between any two steps, both are down at times, the
platform is away, clocks are set wrong and right again, updates come twice or in another order.
Everything is drawn from one seed: the same seed gives the same month.
"""

import asyncio
import heapq
import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bot.content.responses import ResponseCatalogue
from bot.conversation import timers as kinds
from bot.conversation.accepting import IntakeService
from bot.conversation.alarms import Alarms
from bot.conversation.carrying import EffectCarrier
from bot.conversation.delivery import DeliveryService
from bot.conversation.errors import Overtaken
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.conversation.interfaces import (
    AddressUnreachable,
    ChannelTraits,
    ChannelUnavailable,
    OutgoingMessage,
)
from bot.conversation.invitations import Links, page_link
from bot.conversation.inviting import Inviter
from bot.conversation.outbound import Outbound
from bot.conversation.pairing import Pairings
from bot.conversation.rounds import Rounds
from bot.conversation.turns import TurnService
from bot.conversation.vanishing import VanishService
from bot.handoff.models import CloseKind
from bot.ids import Address, AdvocateId, ChannelName, ConversationId
from bot.scheduling.models import Timer
from bot.scheduling.worker import IDLE, LEASE, TimerWorker
from bot.settings import Settings
from tests.fakes.clock import FakeClock
from tests.simulation.hearing import ScriptedListener
from tests.simulation.plain import PlainVault
from tests.simulation.store import MemoryDatabase, Reading, Writing

CHANNEL = ChannelName("simulated")
SCAN = timedelta(seconds=1)
"""How soon housekeeping finds what a process left behind (`bot.conversation.keeping`)."""

ADVOCATE = AdvocateId(UUID(int=1))


class Died(BaseException):
    """kill -9, here."""


@dataclass(slots=True)
class Odds:
    """How often what goes wrong: a chance for each step, and a mean time between the others."""

    death: float = 0.0004
    """Of each transaction and each sending, before and after it."""
    down: timedelta = timedelta(days=3)
    away: timedelta = timedelta(days=2)
    jump: timedelta = timedelta(days=2)
    twice: float = 0.05
    swapped: float = 0.05


class Dispatcher:
    """Remembers who is to be worked on; stands in for `bot.conversation.dispatcher`."""

    def __init__(self) -> None:
        self.woken: dict[ConversationId, None] = {}
        self._beside: list[Coroutine[None, None, None]] = []

    def beside(self, doing: Coroutine[None, None, None]) -> None:
        """After the timers that led to it."""
        self._beside.append(doing)

    async def finish(self) -> None:
        """All that was to be done beside; if its process dies, the rest is not."""
        going, self._beside = self._beside, []
        try:
            for doing in going:
                await doing
        finally:
            for doing in going:
                doing.close()

    def wake(self, conversation_id: ConversationId, *, wrote: bool = False) -> None:
        """Soon."""
        self.woken[conversation_id] = None


@dataclass
class Phone:
    """What one person sees. `here_at` is when they last did something, by the shared clock."""

    blocked: bool = False
    here_at: datetime | None = None
    screen: dict[str, OutgoingMessage] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    """What a quiet phone was shown that is no cover text: always empty, or promise 1 is broken."""


class Sky:
    """The platform: takes messages while it is there, and knows every phone."""

    name = CHANNEL
    traits = ChannelTraits(4096, keeps_messages=True, deletable_for=timedelta(hours=48))

    def __init__(self, world: "World") -> None:
        self._world = world
        self._ids = itertools.count(1)
        self.away = False
        self.phones: dict[str, Phone] = {}
        self.highest = 0

    def mark(self) -> str:
        """The latest message's number."""
        return str(self.highest)

    def _reach(self, address: Address) -> Phone:
        if self.away:
            raise ChannelUnavailable
        phone = self.phones[address]
        if phone.blocked:
            raise AddressUnreachable
        return phone

    async def send(self, address: Address, message: OutgoingMessage) -> tuple[str, ...]:
        """On the screen, though its sender may not live to hear of it."""
        world = self._world
        phone = self._reach(address)
        world.may_die()
        self.highest = next(self._ids)
        phone.screen[str(self.highest)] = message
        quiet = phone.here_at is None or world.clock.at - phone.here_at > world.settings.quiet_after
        if quiet and message.text not in world.covers:
            phone.told.append(message.text)
        world.shown(str(address), message)
        world.may_die()
        return (str(self.highest),)

    async def withdraw(self, address: Address, mark: str, spare: Collection[str] = ()) -> None:
        """Gone again."""
        phone = self._reach(address)
        for number in [n for n in phone.screen if int(n) > int(mark) and n not in spare]:
            del phone.screen[number]

    async def delete(
        self, address: Address, message_ids: Sequence[str], *, urgent: bool = False
    ) -> None:
        """Gone."""
        phone = self._reach(address)
        for number in message_ids:
            phone.screen.pop(number, None)


class MortalWriting(Writing):
    """A transaction of a process that may die in its midst."""

    def __init__(self, process: "Process") -> None:
        super().__init__(process.world.database)
        self._process = process

    async def __aexit__(self, error: type[BaseException] | None, *_more: object) -> None:
        if error is None:
            try:
                self._process.breathe()
                self._process.world.may_die()
            except Died:
                await super().__aexit__(Died)
                raise
        await super().__aexit__(error)
        if error is None:
            self._process.world.may_die()


class Process:
    """One `sidelight serve`, until it dies."""

    def __init__(self, world: "World", owner: str) -> None:
        self.world = world
        self.alive = True
        vault: Any = PlainVault()
        dispatcher: Any = Dispatcher()
        self.dispatcher: Dispatcher = dispatcher
        settings, clock, catalogue = world.settings, world.clock, world.catalogue
        channels: Any = {CHANNEL: world.sky}
        database: Any = self
        pairings = Pairings(vault)
        inviter = Inviter(pairings, lambda token: Links("", page_link("", token)))
        carrier = EffectCarrier(settings, catalogue, None, inviter)  # type: ignore[arg-type]
        listener: Any = ScriptedListener()
        self.intake = IntakeService(database, vault, clock, settings, dispatcher)
        self.turns = TurnService(
            database, vault, clock, settings, listener, carrier, channels, catalogue, inviter.calls
        )
        core = (database, vault, clock, settings)
        self.delivery = DeliveryService(*core, catalogue, channels, inviter.calls)
        handlers = Alarms(*core, dispatcher).handlers()
        vanish = VanishService(*core, catalogue, channels, pairings)
        handlers |= {kinds.VANISH: vanish.run, kinds.PLACE: self._advocate}
        handlers |= {kinds.OVERDUE: self._passed, kinds.UNHEEDED: self._passed}
        outbound = Outbound(database, clock, self.delivery, dispatcher)
        rounds = Rounds(*core, catalogue, channels, outbound, dispatcher).handlers()
        writing: Any = self.writing
        self.timers = TimerWorker(writing, clock, owner, handlers, rounds)

    async def run_due(self) -> None:
        """Timers that are due, and what they have sent."""
        await self.timers.run_due()
        await self.dispatcher.finish()

    def reading(self) -> Reading:
        """As the database, while alive."""
        self.breathe()
        return self.world.database.reading()

    def writing(self) -> "MortalWriting":
        """As the database; it may die before the commit, or right after it."""
        self.breathe()
        return MortalWriting(self)

    def breathe(self) -> None:
        """What was under way in a dead process goes no further."""
        if not self.alive:
            raise Died

    async def shred(self) -> None:
        """Nothing to shred."""

    async def _passed(self, timer: Timer) -> None:
        """Nobody is louder here."""
        async with self.writing() as unit:
            await unit.timers.settle(timer)

    async def _advocate(self, timer: Timer) -> None:
        """Somebody takes alert and handoff on, a while after they were raised, and is done."""
        async with self.writing() as unit:
            if not await unit.timers.settle(timer):
                return
            if (handoff := await unit.handoffs.get(timer.ref)) is None:
                return
            for alert in unit.alerts.of(handoff.conversation_id):
                await unit.alerts.acknowledge(alert.id, ADVOCATE, self.world.clock.at)
            await unit.handoffs.close(timer.ref, self.world.clock.at, CloseKind.LEFT)
            await unit.timers.schedule(kinds.VANISH, handoff.conversation_id, self.world.clock.at)

    async def work(self, conversation_id: ConversationId) -> datetime | None:
        """All that waits in a conversation; when to come back for more."""
        come_back_at, delivered = None, False
        while True:
            try:
                handled = await self.turns.run_next(conversation_id)
            except Overtaken:
                continue
            if delivered and not handled:
                return come_back_at
            come_back_at = await self.delivery.deliver(conversation_id)
            delivered = True
            if not handled:
                return come_back_at


class World:
    """Everything. `truth` is the time that nobody knows; `clock` is what the database shows."""

    def __init__(
        self,
        seed: str,
        settings: Settings,
        catalogue: ResponseCatalogue,
        covers: frozenset[str],
        begins: datetime,
        odds: Odds,
    ) -> None:
        self.chance = random.Random(seed)
        self.settings, self.catalogue, self.covers, self.odds = settings, catalogue, covers, odds
        self.truth = begins
        self.clock = FakeClock(begins)
        self.skew = timedelta()
        self.database = MemoryDatabase(self.clock)
        self.sky = Sky(self)
        self.troubles: list[tuple[datetime, datetime]] = []
        """Spans, by the shared clock, in which something may be late."""
        self.seen: dict[str, datetime] = {}
        """When, by the shared clock, a friend pressed that they have seen the note of whom."""
        self.tally: Counter[str] = Counter()
        self.calm = False
        self._agenda: list[tuple[datetime, int, Any]] = []
        self._order = itertools.count()
        self._numbers = itertools.count(1)
        self._waiting: list[InboundUpdate] = []
        self._down = 0
        self.shown: Any = lambda _address, _message: None
        self._dying: Process | None = None
        self._owners = itertools.count(1)
        self.processes = [self._process() for _ in range(2)]

    def _process(self) -> Process:
        return Process(self, f"process-{next(self._owners)}")

    def may_die(self) -> None:
        """At every step, seldom."""
        if not self.calm and self.chance.random() < self.odds.death:
            raise Died

    def at(self, when: datetime, act: Any) -> None:
        """Have `act` happen at `when` by the truth: a call, perhaps a coroutine's."""
        heapq.heappush(self._agenda, (when, next(self._order), act))

    def after(self, wait: timedelta, act: Any) -> None:
        """The same, from now."""
        self.at(self.truth + wait, act)

    def trouble(self, lasts: timedelta) -> None:
        """From now on, and so long, deadlines may be missed by as much."""
        self.troubles.append((self.clock.at, self.clock.at + lasts))

    def faults(self) -> None:
        """Let things go wrong from now on, until it is calm."""
        self._again(self.odds.down, self._all_down)
        self._again(self.odds.away, self._sky_away)
        self._again(self.odds.jump, self._clock_jumps)

    def _again(self, mean: timedelta, act: Any) -> None:
        def once() -> None:
            if not self.calm:
                act()
                self._again(mean, act)

        self.after(mean * self.chance.expovariate(1), once)

    def _all_down(self) -> None:
        self.tally["outages"] += 1
        lasts = timedelta(minutes=self.chance.choice((1, 5, 20, 90, 600)))
        self.trouble(lasts + timedelta(minutes=1))
        for process in list(self.processes):
            self._kill(process, lasts)

    def _sky_away(self) -> None:
        if self.sky.away:
            return
        self.tally["platform away"] += 1
        lasts = timedelta(minutes=self.chance.choice((1, 10, 45)))
        self.sky.away = True
        self.after(lasts, self._sky_back)

    def _sky_back(self) -> None:
        self.sky.away = False

    def _clock_jumps(self) -> None:
        self.tally["clock jumps"] += 1
        jump = timedelta(seconds=self.chance.choice((-600, -61, -5, 5, 61, 600)))
        if jump > timedelta(0):
            self.trouble(jump + timedelta(seconds=5))
        else:
            # What holds things up now does so for as long as before, by the new time, too.
            old = self.clock.at
            self.troubles += [(old + jump, end) for _, end in self.troubles if end > old + jump]
        self.skew += jump

    def _kill(self, process: Process, lasts: timedelta) -> None:
        self.tally["deaths"] += 1
        process.alive = False
        self.processes.remove(process)
        left = dict(process.dispatcher.woken)

        def restarted() -> None:
            self.processes.append(self._process())

        self.after(lasts, restarted)
        # Housekeeping of whoever lives, or will, finds what was left.
        self.after(max(SCAN, lasts if not self.processes else SCAN), lambda: self._found(left))

    def _found(self, left: dict[ConversationId, None]) -> None:
        """What was woken, and what was to be woken after a commit, had its process lived."""
        unit = self.database.unit
        left |= dict.fromkeys(item.conversation_id for item in unit.inbox.rows.values())
        left |= dict.fromkeys(unit.messages.unsent.values())
        for conversation_id in left:
            self.wake(conversation_id)

    def wake(self, conversation_id: ConversationId) -> None:
        """Some process is to work on it; where none lives, it is found later."""
        if self.processes:
            self.chance.choice(self.processes).dispatcher.wake(conversation_id)
        else:
            self.after(SCAN, lambda: self.wake(conversation_id))

    def platform_delivers(self, update: InboundUpdate) -> None:
        """An update waits at the platform until somebody takes it."""
        self._waiting.append(update)
        if len(self._waiting) > 1 and self.chance.random() < self.odds.swapped:
            self._waiting[-1], self._waiting[-2] = self._waiting[-2], self._waiting[-1]
            self.tally["swapped"] += 1
        if self.chance.random() < self.odds.twice:
            self._waiting.append(update)
            self.tally["twice"] += 1

    def number(self) -> str:
        """A new update's id."""
        return str(next(self._numbers))

    async def run(self, until: datetime) -> None:
        """Let time pass."""
        while (next_at := self._next_at()) <= until:
            self.truth = max(self.truth, next_at)
            self.clock.at = self.truth + self.skew
            while self._agenda and self._agenda[0][0] <= self.truth:
                heapq.heappop(self._agenda)[2]()
                self.clock.at = self.truth + self.skew
            await self._let_work()
        self.truth = until

    def _next_at(self) -> datetime:
        times = [self._agenda[0][0]] if self._agenda else []
        if self.processes and (row := self.database.unit.timers.first()) is not None:
            looked = timedelta(seconds=self.chance.random() * IDLE)
            times.append(max(self.truth, row.next_at - self.skew) + looked)
        return min(times, default=datetime.max.replace(tzinfo=UTC))

    async def _let_work(self) -> None:
        """All that is to be done now, by whoever lives."""
        while self.processes:
            process = self.chance.choice(self.processes)
            if self._waiting:
                update = self._waiting[0]
                if await self._unless_it_dies(process, process.intake.accept(update)):
                    self._waiting.pop(0)
                    if update.kind is not InboundKind.BLOCKED:
                        self.sky.phones[update.address].here_at = self.clock.at
            elif woken := next((p for p in self.processes if p.dispatcher.woken), None):
                conversation_id = next(iter(woken.dispatcher.woken))
                if await self._unless_it_dies(woken, self._work(woken, conversation_id)):
                    woken.dispatcher.woken.pop(conversation_id, None)
            elif (row := self.database.unit.timers.first()) and row.next_at <= self.clock.at:
                await self._unless_it_dies(process, process.run_due())
            else:
                return

    async def _work(self, process: Process, conversation_id: ConversationId) -> None:
        come_back_at = await process.work(conversation_id)
        if come_back_at is not None:
            wait = max(timedelta(milliseconds=1), come_back_at - self.clock.at)
            self.after(wait, lambda: self.wake(conversation_id))

    async def _unless_it_dies(self, process: Process, doing: Awaitable[object]) -> bool:
        try:
            await doing
        except Died:
            await asyncio.sleep(0)  # so that what went on beside it is dead as well
            # Its timers are free again after their lease; then the others catch up.
            lasts = timedelta(seconds=self.chance.choice((2, 10, 60)))
            self.trouble(LEASE + lasts + timedelta(seconds=5))
            self._kill(process, lasts)
            return False
        return True
