"""People who agree on check-ins, answer them or not, and do all the rest that people do."""

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.conversation.intake import InboundKind, InboundUpdate
from bot.conversation.interfaces import OutgoingMessage
from bot.ids import Address
from tests.simulation.hearing import AT, MORE, ZONE
from tests.simulation.world import CHANNEL, Phone, World

ZONES = (
    *("Europe/Berlin", "Europe/London", "America/New_York", "America/Santiago"),
    *("Australia/Sydney", "Asia/Kolkata", "Africa/Cairo", "America/Sao_Paulo", "UTC"),
)
SAFE, DANGER = "raincoat", "blue bicycle"
OWN_NAME = "A."
LINK, CODE = re.compile(r"#([\w-]{32})(?![\w-])"), re.compile(r"voice: (\d{4})\b")
STEP = timedelta(seconds=4)
"""Between two things that somebody does while setting something up."""

REACTIONS = (
    (60, InboundKind.BUTTON, "checkin:ok"),
    (6, InboundKind.TEXT, SAFE),
    (2, InboundKind.TEXT, DANGER),
    (4, InboundKind.TEXT, "umbrella"),
    (4, InboundKind.BUTTON, "checkin:not_ok"),
    (6, InboundKind.TEXT, MORE),
    (6, InboundKind.TEXT, "i am home"),
    (2, InboundKind.TEXT, "i am not ok"),
    (2, InboundKind.TEXT, "delete it all"),
    (4, InboundKind.TEXT, "cancel it"),
)
"""What people do when a cover text comes, with its weight."""


class Person:
    """Somebody with a phone, and chances of their own."""

    def __init__(self, world: World, address: str, chance: random.Random) -> None:
        self.address = Address(address)
        self.phone = world.sky.phones[self.address] = Phone()
        self._world = world
        self._chance = chance

    def does(self, kind: InboundKind, content: str) -> None:
        """Writes or presses; who had blocked the bot has it back by that."""
        if kind is not InboundKind.BLOCKED:
            self.phone.blocked = False
        world = self._world
        ids = (f"{self.address}-{world.number()}",) if kind is InboundKind.TEXT else ()
        world.platform_delivers(
            InboundUpdate(CHANNEL, world.number(), self.address, kind, content, ids)
        )

    def _blocks(self) -> None:
        self.phone.blocked = True
        self.does(InboundKind.BLOCKED, "")

    def _at(self, when: datetime, act: Callable[[], None]) -> None:
        self._world.at(when, act)

    def _steps(self, *steps: str) -> None:
        for number, step in enumerate(steps):
            button = step.startswith(("checkin:", "contact:"))
            kind = InboundKind.BUTTON if button else InboundKind.TEXT
            wait = number * STEP
            self._world.after(wait, lambda kind=kind, step=step: self.does(kind, step))


class Friend(Person):
    """Stands by for `whom`, mostly, and is not always there."""

    def __init__(self, world: World, whom: str, number: int, chance: random.Random) -> None:
        super().__init__(world, f"friend-{number}", chance)
        self._whom = whom

    def plan_month(self, days: int) -> None:
        """Some want it no longer, some block the bot."""
        act = self._chance.choice((self._withdraws, self._blocks, None, None, None, None))
        if act is not None:
            begins = self._world.truth
            self._at(begins + timedelta(days=days) * self._chance.random(), act)

    def is_given(self, token: str, code: str) -> None:
        """A link, and the number that goes another way."""
        self._steps(f"/start {token}", "contact:willing", code, "contact:accept")

    def sees(self, message: OutgoingMessage) -> None:
        """A note came; most react to it."""
        buttons = {button.id for row in message.buttons for button in row}
        if "contact:seen" in buttons and self._chance.random() < 0.6:
            wait = timedelta(minutes=self._chance.expovariate(1 / 5))
            self._world.after(wait, self._has_seen)

    def _has_seen(self) -> None:
        self._world.seen[self._whom] = self._world.clock.at
        self.does(InboundKind.BUTTON, "contact:seen")

    def _withdraws(self) -> None:
        self.does(InboundKind.BUTTON, "contact:withdraw")


class Someone(Person):
    """One person who agrees on check-ins, and their friend."""

    def __init__(self, world: World, number: int, chance: random.Random) -> None:
        super().__init__(world, f"person-{number}", chance)
        self.friend = Friend(world, self.address, number, chance)
        self._zone = chance.choice(ZONES)
        self._silent_until = world.truth

    def plan_month(self, days: int) -> None:
        """Decide what is done when."""
        chance, begins = self._chance, self._world.truth
        for _ in range(chance.choice((0, 1, 1, 2, 2, 3))):
            self._at(begins + timedelta(days=days) * chance.random(), self._agree_once)
        if chance.random() < 0.05:
            self._at(begins + timedelta(days=days / 2) * chance.random(), self._agree_daily)
        for _ in range(chance.choice((0, 0, 1, 2))):
            acts = (self._hello, self._press_something, self._block, self._cancel, self._parts)
            act = chance.choice(acts)
            self._at(begins + timedelta(days=days) * chance.random(), act)

    def sees(self, message: OutgoingMessage) -> None:
        """Something came: a link is passed on, a cover text is answered, mostly."""
        if (link := LINK.search(message.text)) and (code := CODE.search(message.text)):
            self.friend.is_given(link[1], code[1])
        buttons = {button.id for row in message.buttons for button in row}
        if "checkin:ok" not in buttons or self._world.truth < self._silent_until:
            return
        if self._chance.random() < 0.2:
            self._silent_until = self._world.truth + timedelta(minutes=50)
            return
        weights = [weight for weight, _, _ in REACTIONS]
        [(_, kind, content)] = self._chance.choices(REACTIONS, weights)
        wait = timedelta(minutes=self._chance.expovariate(1 / 4))
        self._world.after(wait, lambda: self.does(kind, content))

    def _agree(self, wait: timedelta, *more: str) -> None:
        due_at = self._world.clock.at + wait
        cover = self._chance.choice(("parcel", "recipe", "study", "plants", "weather", "gym"))
        steps = [f"{AT}{due_at.isoformat()}", f"checkin:cover_{cover}", *more]
        if self._chance.random() < 0.25:
            steps += ["checkin:change_miss", "checkin:miss_note"]
        if self._chance.random() < 0.3:
            steps += ["checkin:change_words", SAFE, DANGER]
        if self._chance.random() < 0.2:
            steps += ["checkin:change_miss", "checkin:miss_contact", "checkin:yes"]
            self._steps(*steps, OWN_NAME, "contact:words_call", "contact:approve")
        else:
            self._steps(*steps, "checkin:yes")

    def _agree_once(self) -> None:
        self._agree(timedelta(minutes=30 + self._chance.random() * 1200))

    def _agree_daily(self) -> None:
        zone = f"{ZONE}{self._zone}"
        self._agree(timedelta(hours=3), "checkin:change_repeat", "checkin:repeat_daily", zone)

    def _hello(self) -> None:
        self.does(InboundKind.TEXT, "hello")

    def _cancel(self) -> None:
        self.does(InboundKind.TEXT, "cancel it")

    def _parts(self) -> None:
        self.does(InboundKind.BUTTON, "contact:remove")

    def _block(self) -> None:
        self._blocks()
        self._world.after(timedelta(hours=self._chance.random() * 72), self._hello)

    def _press_something(self) -> None:
        """Looks at what is set, and presses what is there, twice."""
        self.does(InboundKind.BUTTON, "checkin:list")

        def press() -> None:
            shown = [b.id for m in self.phone.screen.values() for row in m.buttons for b in row]
            own = [b for b in shown if b.startswith(("checkin:", "pick:"))]
            if own:
                self.does(InboundKind.BUTTON, self._chance.choice(own))

        for number in range(1, 4):
            self._world.after(number * STEP, press)
