"""Promise 5, whatever happens in whatever order: each check-in ends exactly once, not in silence.

People write, press, delete everything, are blackmailed, and are gone; updates come twice, turns
crash after everything was written but not committed, and the machine sleeps. The database itself
keeps the record of what became of each check-in, so that nothing that is tested writes it.
"""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from bot.conversation.carrying import EffectCarrier, Work
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.dialogue.effects import Effect
from bot.errors import TransientError
from bot.ids import Address
from tests.fakes.channel import FakeChannel, FakePhone
from tests.integration.town import Town, town

RECORD = (
    "CREATE TABLE record (seq INTEGER PRIMARY KEY, checkin, was, became)",
    "CREATE TRIGGER set_ AFTER INSERT ON checkins BEGIN"
    " INSERT INTO record (checkin, was, became) VALUES (new.id, '', new.phase); END",
    "CREATE TRIGGER moved AFTER UPDATE OF phase ON checkins WHEN old.phase <> new.phase BEGIN"
    " INSERT INTO record (checkin, was, became) VALUES (new.id, old.phase, new.phase); END",
    "CREATE TABLE told (seq INTEGER PRIMARY KEY, checkin, reason)",
    "CREATE TRIGGER raised AFTER INSERT ON alerts BEGIN"
    " INSERT INTO told (checkin, reason) VALUES (new.checkin_id, new.reason); END",
)
ENDS = {"confirmed", "cancelled", "escalated", "missed"}
AFTER_AN_END = {("escalated", "confirmed"), ("missed", "cancelled")}
"""All clear, and told on returning: nobody hears of these for the first time."""

WORDS = ("raincoat", "blue bicycle")
SET_UP = {
    "plain": (),
    "noted": ("checkin:change_miss", "checkin:miss_note"),
    "worded": ("checkin:change_words", *WORDS),
    "daily": ("checkin:change_repeat", "checkin:repeat_daily", "12:00", "zone:0"),
}
SAID = (
    *("i am home", "yes", "no", "hello", "umbrella", "30 minutes more"),
    *("cancel the check in", "delete it all", *WORDS),
)


class Crashed(TransientError):
    """The process died here."""


class House:
    """One town for all runs, each with a phone of its own."""

    def __init__(self, folder: Path, channel: FakeChannel | None = None) -> None:
        self.channel = channel
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = folder
        self.crashes = 0
        self.town: Town = self.run(self._open())

    async def _open(self) -> Town:
        url = f"sqlite+aiosqlite:///{self.folder / 'machine.db'}"
        opened = await self.stack.enter_async_context(
            town(self.folder, url, self.channel, lock_after=timedelta(0))
        )
        async with opened.sidelight.database.writing() as unit:
            for statement in RECORD:
                await unit.timers._db.execute(text(statement))  # type: ignore[attr-defined]
        return opened

    def run(self, doing: Awaitable[Any]) -> Any:
        """In the house's own loop, which goes on between the calls."""

        async def done() -> Any:
            return await doing

        return self.runner.run(done())

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database says."""
        async with self.town.sidelight.database.reading() as unit:
            found = await unit.timers._db.execute(text(query))  # type: ignore[attr-defined]
            return [tuple(row) for row in found]

    async def settle(self) -> None:
        """Until a crashed turn was taken again, too."""
        for _ in range(3):
            await self.town.settle()

    def close(self) -> None:
        """Everything down."""
        self.run(self.stack.aclose())
        self.runner.close()


@contextmanager
def crashing(house: House) -> Iterator[None]:
    """Turns of this house can die after the last row was written."""
    carry = EffectCarrier.carry

    async def dying(self: EffectCarrier, work: Work, effects: tuple[Effect, ...]) -> None:
        await carry(self, work, effects)
        if house.crashes:
            house.crashes -= 1
            raise Crashed

    EffectCarrier.carry = dying  # type: ignore[method-assign]
    try:
        yield
    finally:
        EffectCarrier.carry = carry  # type: ignore[method-assign]


class Person(RuleBasedStateMachine):
    """One person, from the first check-in until long after the last."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self.phone: FakePhone = self.house.town.channel.phone()
        self.from_ = self.house.run(self.house.rows("SELECT max(seq) FROM record"))[0][0] or 0
        self.kinds: set[str] = set()

    @rule(kind=st.sampled_from(sorted(SET_UP)))
    @precondition(lambda self: len(self.kinds) < 3)
    def agree(self, kind: str) -> None:
        """A check-in in two hours."""
        self.kinds.add(kind)
        steps = ("check on me in two hours", "checkin:cover_recipe", *SET_UP[kind], "checkin:yes")
        self.house.run(self._walk(steps))

    @rule(words=st.sampled_from(SAID), twice=st.booleans())
    def say(self, words: str, *, twice: bool) -> None:
        """Anything, perhaps delivered twice."""
        self.house.run(self._update(InboundKind.TEXT, words, twice=twice))

    @rule(which=st.integers(0, 7))
    def press(self, which: int) -> None:
        """A button of a check-in that is on the screen."""
        shown = [b.id for m in self.phone.screen() for row in m.buttons for b in row]
        own = [b for b in shown if b.startswith(("checkin:", "pick:"))]
        if own:
            self.house.run(self._update(InboundKind.BUTTON, own[which % len(own)]))

    @rule(minutes=st.sampled_from([1, 6, 31, 91, 119, 1500]))
    def wait(self, minutes: int) -> None:
        """Time passes; a long while at once is an outage."""
        self.house.town.clock.advance(timedelta(minutes=minutes))
        self.house.run(self.house.settle())

    @rule(times=st.integers(1, 2))
    def crash(self, times: int) -> None:
        """The next turns die just before they are committed."""
        self.house.crashes = times

    @rule()
    def vanish(self) -> None:
        """The phone is unreachable from now on."""
        self.phone.reachable = False

    def teardown(self) -> None:
        """Nobody answers any more: all must end by itself."""
        for minutes in (121, 31, 31, 31):
            self.wait(minutes)
        self.house.run(self._check())

    async def _walk(self, steps: tuple[str, ...]) -> None:
        for step in steps:
            kind = InboundKind.BUTTON if ":" in step[4:] else InboundKind.TEXT
            await self._update(kind, step)

    async def _update(self, kind: InboundKind, content: str, *, twice: bool = False) -> None:
        house = self.house.town
        number = f"machine-{next(house._updates)}"
        for _ in range(1 + twice):
            await house.sidelight.intake.accept(
                InboundUpdate(
                    house.channel.name, number, Address(self.phone.address), kind, content
                )
            )
        await self.house.settle()

    async def _check(self) -> None:
        moves = await self.house.rows(
            f"SELECT checkin, was, became FROM record WHERE seq > {self.from_} ORDER BY seq"
        )
        told = await self.house.rows("SELECT checkin, reason FROM told")
        timers = await self.house.rows("SELECT ref, kind FROM timers")
        for checkin in {move[0] for move in moves}:
            steps = [(was, became) for id_, was, became in moves if id_ == checkin]
            ends = [s for s in steps if s[1] in ENDS and s not in AFTER_AN_END]
            alerts = [reason for id_, reason in told if id_ == checkin]
            assert len(ends) <= 1, f"ended more than once: {steps}"
            assert len(alerts) == [s[1] for s in ends].count("escalated"), (steps, alerts)
            if not ends:
                assert "daily" in self.kinds, f"never ended: {steps}"
                armed = {kind for ref, kind in timers if ref == checkin}
                paused = steps[-1][1] == "paused"
                assert paused or {"checkin_due", "checkin_escalate"} <= armed, steps
            if ends and ends[0][1] == "missed":
                assert "noted" in self.kinds, f"a silence that nobody chose: {steps}"
            if "missed" in alerts:
                assert ("scheduled", "awaiting_reply") in steps, "told without having asked"


def test_every_checkin_ends_exactly_once_and_never_in_silence(tmp_path: Path) -> None:
    """Whatever people, phones and processes do."""
    house = House(tmp_path)
    Person.house = house
    try:
        with crashing(house):
            run_state_machine_as_test(
                Person,
                settings=settings(
                    max_examples=25,
                    stateful_step_count=14,
                    deadline=None,
                    derandomize=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        recorded = house.run(house.rows("SELECT DISTINCT became FROM record"))
        assert {became for (became,) in recorded} >= ENDS, "the machine did not reach everything"
    finally:
        house.close()
