"""Survivors who keep to a script, and what each must have seen in the end."""

import asyncio
import random
from collections.abc import Awaitable
from itertools import zip_longest
from typing import Any, TypeVar

from tests.stub_telegram.control import RemotePerson
from tests.stub_telegram.phones import Shown

WORDS = ("/menu", "/privacy", "/help", "/language")
"""What a survivor writes, over and over; each word has one answer, whatever was said before."""

VAGUE = "what was that again"
"""Here the model decides: with it and without it there is one answer, but not the same."""

UNANSWERED = 4
"""Messages after which a survivor waits for an answer."""

BETWEEN = (1.0, 3.0)
"""Seconds between what they write: whoever writes faster for long is taken for a flood."""

PATIENCE = 90.0
"""Seconds for something that no fault can keep from happening, on a machine that is busy."""


T = TypeVar("T")


async def named(what: str, doing: Awaitable[T]) -> T:
    """Await it; where it fails, the error says what it was."""
    try:
        return await doing
    except Exception as error:
        error.add_note(what)
        raise


async def presses(person: RemotePerson, button: str, within: float = PATIENCE) -> None:
    """Press a button as soon as it is there. Raises TimeoutError.

    A message whose sending was cut short is taken back and comes again, which may take a while
    when Telegram refuses it then: meanwhile nobody can press what is in it.
    """
    async with asyncio.timeout(within * 2):
        while True:
            await person.waits(lambda s: any(m.button(button) for m in s), within)
            try:
                await person.press(button)
            except LookupError:
                continue  # taken back in between
            return


def said(screen: list[Shown]) -> list[str]:
    """The bot's messages, in order."""
    return [message.text for message in screen if not message.mine]


class Survivor:
    """Writes WORDS; everything on the screen is entered in `expected` before it is there.

    With `vague`, also what the model is asked about; None stands for its answer.
    """

    def __init__(self, person: RemotePerson, *, vague: bool = False) -> None:
        self.person = person
        self.expected: list[str | None] = []
        self._vague = vague
        self._answers: dict[str, str] = {}

    async def begin(self) -> None:
        """In a calm hour: learn each word's answer, and agree on a check-in in two hours."""
        await self._answered(self.person.write("/start"))
        await self._answered(self.person.write("/checkin"))
        for button in ("checkin:2h", "checkin:cover_recipe", "checkin:yes"):
            await self._answered(presses(self.person, button))
        for word in WORDS:
            await self._answered(self.person.write(word))
        seen = said(await self.person.screen())
        self.expected = list(seen)
        self._answers = dict(zip(WORDS, seen[-len(WORDS) :], strict=True))

    async def _answered(self, act: Any) -> None:
        before = len(said(await self.person.screen()))
        await act
        await self.person.waits(lambda s: len(said(s)) > before, PATIENCE)

    async def go_on(self, chance: random.Random, until: asyncio.Event) -> None:
        """Write, sometimes before the last answers came; but nobody writes on into silence."""
        while not until.is_set():
            await asyncio.sleep(chance.uniform(*BETWEEN))
            if len(self.expected) - len(said(await self.person.screen())) >= UNANSWERED:
                continue
            for _ in range(chance.choice((1, 1, 1, 3))):
                word = chance.choice((*WORDS, VAGUE) if self._vague else WORDS)
                self.expected.append(self._answers.get(word))
                await self.person.write(word)

    async def has_seen_all(self) -> None:
        """Each answer once, in order."""
        enough = len(self.expected)
        try:
            await self.person.waits(lambda s: len(said(s)) >= enough, PATIENCE)
        except TimeoutError as error:
            error.add_note(self._first_wrong(said(await self.person.screen())))
            raise
        seen = said(await self.person.screen())
        assert len(seen) == enough, f"{len(seen)} answers to {enough}; {self._first_wrong(seen)}"
        assert not (wrong := self._first_wrong(seen)), wrong

    def _first_wrong(self, seen: list[str]) -> str:
        """Which answer is not as it should be, and how both begin; empty if none is."""
        for n, (found, wanted) in enumerate(zip_longest(seen, self.expected, fillvalue="")):
            if wanted is not None and found != wanted:
                return f"answer {n} is {found[:24]!r} instead of {wanted[:24]!r}"
        return ""
