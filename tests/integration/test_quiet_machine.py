"""Promise 1, whatever happens in whatever order: a quiet phone sees cover text, and one nudge.

A person writes, asks for an advocate, agrees on check-ins, and falls silent; advocates write and
vanish; timers come due; turns crash, the platform is away, answers get lost, updates arrive late.
The channel itself looks at each message as it reaches the phone, and knows nothing of our reckoning
but when the person last gave a sign of life, and which silence they chose.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from bot.conversation.advocacy import AlreadyTaken, NotYours
from bot.conversation.intake import InboundKind
from bot.conversation.interfaces import ChannelUnavailable, OutgoingMessage
from bot.handoff.models import HandoffState
from bot.ids import Address, Locale
from tests.fakes.channel import FakeChannel, FakePhone
from tests.integration.test_checkin_machine import House, crashing

QUIET = {
    "privacy:quiet_1m": timedelta(minutes=1),
    "privacy:quiet_5m": timedelta(minutes=5),
    "privacy:quiet_30m": timedelta(minutes=30),
}
SAID = ("hello", "where can i sleep", "what is kept", "i am home", "delete it all", "yes")
CHECKIN = ("check on me in two hours", "checkin:cover_recipe", "checkin:yes")


class WatchedChannel(FakeChannel):
    """Notes what a phone shows that it must not show, and how often it was nudged."""

    def __init__(self) -> None:
        super().__init__()
        self.house: House
        self.harmless: frozenset[str] = frozenset()
        self.nudge = ""
        self.alive: dict[Address, datetime] = {}
        self.chosen: dict[Address, timedelta] = {}
        self.nudges: dict[Address, int] = {}
        self.real = self.held_back = 0

    async def send(self, address: Address, message: OutgoingMessage) -> tuple[str, ...]:
        ids = await super().send(address, message)
        clock = self.house.town.clock
        silence = clock.now() - self.alive[address]
        chosen = self.chosen.get(address, timedelta(minutes=5))
        if message.text == self.nudge:
            self.nudges[address] = self.nudges.get(address, 0) + 1
            self.held_back += 1
            assert self.nudges[address] == 1, "one nudge for any number of messages"
        elif message.text not in self.harmless:
            self.real += 1
            assert silence <= chosen, f"a real word after a silence of {silence}"
        return ids


class Person(RuleBasedStateMachine):
    """One person and their phone, in a house that many use."""

    house: House
    channel: WatchedChannel

    def __init__(self) -> None:
        super().__init__()
        self.phone: FakePhone = self.channel.phone()
        self.advocate = self.house.town.advocate()

    @rule(words=st.sampled_from(SAID), late=st.sampled_from([0, 0, 3, 45]))
    def write(self, words: str, late: int) -> None:
        """Words, perhaps delivered only minutes after they were written."""
        self._hear(InboundKind.TEXT, words, late)

    @rule()
    def look(self) -> None:
        """The tap that says: it is safe now."""
        self._hear(InboundKind.BUTTON, "flow:show")

    @rule(button=st.sampled_from(sorted(QUIET)))
    def choose(self, button: str) -> None:
        """Another silence."""
        self._hear(InboundKind.BUTTON, button)
        self.channel.chosen[self.phone.address] = QUIET[button]

    @rule()
    def agree(self) -> None:
        """A check-in in two hours."""
        for step in CHECKIN:
            self._hear(InboundKind.BUTTON if ":" in step else InboundKind.TEXT, step)

    @rule()
    def ask_for_somebody(self) -> None:
        """Into the queue; an advocate takes them at once."""
        self._hear(InboundKind.TEXT, "a person please")
        self._hear(InboundKind.BUTTON, "handoff:share")
        self.house.run(self._claim())

    @rule(times=st.integers(1, 3))
    def be_written_to(self, times: int) -> None:
        """The advocate writes, whether the phone is quiet or not."""
        self.house.run(self._say(times))

    @rule(minutes=st.sampled_from([0.9, 2, 4, 6, 14, 31, 130]))
    def wait(self, minutes: float) -> None:
        """Time passes; a long while at once is an outage of ours."""
        self.house.town.clock.advance(timedelta(minutes=minutes))
        self.house.run(self.house.settle())

    @rule(times=st.integers(1, 2))
    def crash(self, times: int) -> None:
        """The next turns die just before they are committed."""
        self.house.crashes = times

    @rule(failures=st.integers(1, 3))
    def lose_the_platform(self, failures: int) -> None:
        """The next calls are not taken."""
        self.channel.fail(*[ChannelUnavailable(timedelta(seconds=90))] * failures)

    def _hear(self, kind: InboundKind, content: str, late: int = 0) -> None:
        address, clock = self.phone.address, self.house.town.clock
        at = clock.now() - timedelta(minutes=late)
        self.channel.alive[address] = max(at, self.channel.alive.get(address, at))
        self.channel.nudges[address] = 0
        self.house.run(self._update(kind, content, at))

    async def _update(self, kind: InboundKind, content: str, at: datetime) -> None:
        town = self.house.town
        await town.arrive(self.phone, kind, content, (), at)
        await self.house.settle()

    async def _claim(self) -> None:
        advocacy = self.house.town.sidelight.advocacy
        for waiting in await advocacy.handoffs(HandoffState.WAITING):
            with suppress(AlreadyTaken, NotYours):
                await advocacy.claim(waiting.handoff.id, self.advocate)
        await self.house.settle()

    async def _say(self, times: int) -> None:
        town = self.house.town
        await town.sidelight.advocacy.present(self.advocate)
        for claimed in await town.sidelight.advocacy.handoffs(HandoffState.CLAIMED):
            if claimed.handoff.advocate_id == self.advocate:
                for number in range(times):
                    await town.say(claimed.handoff.id, self.advocate, f"real word {number}")
        await self.house.settle()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house whose channel watches."""
    channel = WatchedChannel()
    opened = House(tmp_path, channel)
    channel.house = opened
    catalogue, en = opened.town.sidelight.catalogue, Locale("en")
    flows = ("cover", "cover_recipe", "cover_plant", "cover_study")
    channel.harmless = frozenset(
        text for flow in flows for text in catalogue.templates(flow, en).values()
    )
    parting = catalogue.templates("privacy", en)
    channel.harmless |= {parting["cleared"], parting["cleared.reminder_kept"]}
    channel.nudge = catalogue.templates("cover", en)["nudge"]
    Person.house, Person.channel = opened, channel
    yield opened
    opened.close()


def test_no_real_word_outside_a_live_conversation(house: House) -> None:
    """Not one, and never a second nudge before the person came back."""
    with crashing(house):
        run_state_machine_as_test(
            Person,
            settings=settings(
                max_examples=8,
                stateful_step_count=14,
                deadline=None,
                derandomize=True,
                # Shrinking would take many minutes; the steps that failed are printed as they were.
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert Person.channel.real > 30
    assert Person.channel.held_back > 3, "the machine did not reach a quiet phone"
