"""The queue against a model of it, on a real database: whatever advocates do in whatever order.

People come, in danger or not; advocates are asked, accept, decline and do not answer, claim, take
the next, put back, pass on, take over, end and take up again; time passes.
"""

import asyncio
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.conversation.advocacy import AlreadyTaken, NotYours
from bot.dialogue.intents import Intent
from bot.handoff.models import HandoffState
from bot.ids import AdvocateId, HandoffId, Locale
from tests.integration.console_parts import MovableClock, open_house

STAFF = tuple(AdvocateId(uuid4()) for _ in range(3))
EN = [Locale("en")]
WHO = st.sampled_from(STAFF)
WHICH = st.integers(0, 5)
LONG = timedelta(minutes=50)
"""Within it, what was ended can be taken up again for certain."""


class Bench:
    """One house for all runs, in a loop of its own."""

    def __init__(self, folder: Path) -> None:
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.clock = MovableClock()
        opening = open_house(folder, self.clock, message_ttl=timedelta(hours=2))
        self.house = self.run(self.stack.enter_async_context(opening))
        self.service = self.house.advocacy

    def run(self, doing: Awaitable[Any]) -> Any:
        async def done() -> Any:
            return await doing

        return self.runner.run(done())

    def tried(self, doing: Awaitable[Any]) -> bool:
        """Whether it was done, and not refused."""
        try:
            self.run(doing)
        except (AlreadyTaken, NotYours):
            return False
        return True

    def close(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()


def machine(bench: Bench) -> type[RuleBasedStateMachine]:
    """The model, and what happens to both."""
    service, queue, handover = bench.service, bench.service.queue, bench.service.handover
    limits = bench.house.settings

    class Queue(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.waiting: list[tuple[bool, int, HandoffId]] = []  # calm, came, who: the order
            self.came: dict[HandoffId, tuple[bool, int, HandoffId]] = {}
            self.holder: dict[HandoffId, AdvocateId] = {}
            self.ended: dict[HandoffId, tuple[AdvocateId, datetime]] = {}
            self.asked: dict[HandoffId, AdvocateId] = {}
            self.offered: dict[HandoffId, tuple[AdvocateId, datetime]] = {}
            self.passed: dict[tuple[AdvocateId, HandoffId], tuple[datetime, bool]] = {}

        def now(self) -> datetime:
            return bench.clock.now()

        def who_waits(self, which: int) -> HandoffId | None:
            return sorted(self.waiting)[which % len(self.waiting)][2] if self.waiting else None

        def who_is_held(self, which: int) -> HandoffId | None:
            held = sorted(self.holder, key=lambda one: self.came[one])
            return held[which % len(held)] if held else None

        def standing(self, who: AdvocateId) -> HandoffId | None:
            return next(
                (
                    one
                    for _, _, one in sorted(self.waiting)
                    if one in self.offered
                    and self.offered[one][0] == who
                    and self.offered[one][1] > self.now()
                ),
                None,
            )

        def is_full(self, who: AdvocateId) -> bool:
            return list(self.holder.values()).count(who) >= limits.capacity

        def is_passed(self, who: AdvocateId, one: HandoffId, *, declined: bool) -> bool:
            until, said_no = self.passed.get((who, one), (self.now(), False))
            return until > self.now() and (said_no or not declined)

        def taken(self, one: HandoffId, who: AdvocateId) -> None:
            self.waiting.remove(self.came[one])
            self.offered.pop(one, None)
            self.holder[one] = who

        @initialize(dangers=st.tuples(st.booleans(), st.booleans()))
        def some_are_there(self, dangers: tuple[bool, bool]) -> None:
            for danger in dangers:
                self.somebody_comes(danger)

        @rule(danger=st.booleans())
        @precondition(lambda self: len(self.came) < 5)
        def somebody_comes(self, danger: bool) -> None:
            topic = Intent.THREATS_WEAPON if danger else None
            _, one = bench.run(bench.house.someone_waits(topic))
            self.came[one] = (not danger, len(self.came), one)
            self.waiting.append(self.came[one])

        @rule(who=WHO, which=WHICH)
        def claims(self, who: AdvocateId, which: int) -> None:
            for one in (self.who_is_held(which), self.who_waits(which)):
                if one is None:
                    continue
                assert bench.tried(service.claim(one, who)) is (one not in self.holder)
                if one not in self.holder:
                    self.taken(one, who)

        @rule(who=WHO)
        def takes_the_next(self, who: AdvocateId) -> None:
            free = [
                one
                for _, _, one in sorted(self.waiting)
                if not self.is_passed(who, one, declined=True)
            ]
            mine = self.standing(who)
            expected = mine if mine in free else next(iter(free), None)
            if self.is_full(who):
                expected = None
            found = bench.run(queue.claim_next(who, EN))
            assert (found and found.id) == expected
            if expected is not None:
                self.taken(expected, who)

        @rule(who=WHO)
        def is_asked(self, who: AdvocateId) -> None:
            expected = self.standing(who)
            fresh = expected is None and not self.is_full(who)
            if fresh:
                expected = next(
                    (
                        one
                        for _, _, one in sorted(self.waiting)
                        if not self.is_passed(who, one, declined=False)
                        and (one not in self.offered or self.offered[one][1] <= self.now())
                    ),
                    None,
                )
            found = bench.run(queue.offer(who, EN))
            assert (found and found.handoff.id) == expected
            if fresh and expected is not None:
                self.offered[expected] = (who, found.until)
                again = found.until + limits.match_fallback_after
                self.passed[who, expected] = (again, False)

        @rule(who=WHO, which=WHICH)
        def declines(self, who: AdvocateId, which: int) -> None:
            one = self.who_waits(which)
            if one is None:
                return
            bench.run(queue.decline(one, who))
            if self.offered.get(one, (None,))[0] == who:
                del self.offered[one]
            self.passed[who, one] = (self.now() + limits.match_fallback_after, True)

        @rule(who=WHO, which=WHICH)
        def puts_back(self, who: AdvocateId, which: int) -> None:
            one = self.who_is_held(which)
            if one is None:
                return
            assert bench.tried(service.release(one, who)) is (self.holder[one] == who)
            if self.holder[one] == who:
                del self.holder[one]
                self.asked.pop(one, None)
                self.waiting.append(self.came[one])

        @rule(who=WHO, to=WHO, which=WHICH, warm=st.booleans())
        def passes_on(self, who: AdvocateId, to: AdvocateId, which: int, warm: bool) -> None:
            one = self.who_is_held(which)
            if one is None or who == to:
                return
            way = handover.ask_to_take_over if warm else handover.hand_to
            assert bench.tried(way(one, who, to)) is (self.holder[one] == who)
            if self.holder[one] == who:
                self.asked.pop(one, None)
                if warm:
                    self.asked[one] = to
                else:
                    self.holder[one] = to

        @rule(who=WHO, which=WHICH)
        def takes_over(self, who: AdvocateId, which: int) -> None:
            one = self.who_is_held(which)
            if one is None:
                return
            may = self.asked.get(one) == who
            assert bench.tried(handover.take_over(one, who)) is may
            if may:
                del self.asked[one]
                self.holder[one] = who

        @rule(who=WHO, which=WHICH)
        def ends(self, who: AdvocateId, which: int) -> None:
            one = self.who_is_held(which)
            if one is None:
                return
            assert bench.tried(service.close(one, who)) is (self.holder[one] == who)
            if self.holder[one] == who:
                del self.holder[one]
                self.asked.pop(one, None)
                self.ended[one] = (who, self.now())

        @rule(who=WHO, which=WHICH)
        def takes_up_again(self, who: AdvocateId, which: int) -> None:
            ended = sorted(self.ended, key=lambda one: self.came[one])
            if not ended:
                return
            one = ended[which % len(ended)]
            if self.now() - self.ended[one][1] > LONG:
                return
            may = self.ended[one][0] == who
            assert bench.tried(handover.reopen(one, who)) is may
            if may:
                del self.ended[one]
                self.holder[one] = who

        @rule(by=st.sampled_from((limits.offer_ttl, limits.match_fallback_after)))
        def time_passes(self, by: timedelta) -> None:
            bench.clock.move(by + timedelta(seconds=1))

        @invariant()
        def the_queue_is_in_order_and_everybody_has_one_advocate(self) -> None:
            found = bench.run(service.handoffs(HandoffState.WAITING))
            waits = [queued.handoff.id for queued in found]
            assert waits == [one for _, _, one in sorted(self.waiting)]
            claimed = bench.run(service.handoffs(HandoffState.CLAIMED))
            assert {q.handoff.id: q.handoff.advocate_id for q in claimed} == self.holder

        def teardown(self) -> None:
            for one in self.came:
                conversation = bench.run(service.handoff(one)).conversation_id
                bench.run(self.forget(conversation))

        async def forget(self, conversation: Any) -> None:
            async with bench.house.database.writing() as unit:
                await unit.handoffs.delete_of(conversation)

    return Queue


def test_the_queue_does_what_its_model_does(tmp_path: Path) -> None:
    """Order, offers, claims and passing on: never two advocates, never none unnoticed."""
    bench = Bench(tmp_path)
    try:
        run_state_machine_as_test(
            machine(bench),
            settings=settings(
                max_examples=12,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        bench.close()
