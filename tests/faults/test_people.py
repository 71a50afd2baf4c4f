"""People at night press what they see, and say what they miss."""

from typing import NoReturn

import pytest

from tests.faults.people import Survivor, named, presses
from tests.stub_telegram import StubTelegram
from tests.stub_telegram.control import RemotePerson
from tests.stub_telegram.phones import Shown

WELL = "checkin:ok"


def question(number: int) -> Shown:
    return Shown(number, mine=False, text="A recipe", at=0, labels=[["Tasty"]], ids=[[WELL]])


class Looking(RemotePerson):
    """Somebody whose screen is another one at each look; `pressed` are the messages pressed."""

    def __init__(self, *screens: list[Shown]) -> None:
        self._screens = list(screens)
        self.pressed: list[int] = []

    async def screen(self) -> list[Shown]:
        return self._screens.pop(0) if len(self._screens) > 1 else self._screens[0]

    async def press(self, label_or_id: str) -> str:
        for message in await self.screen():
            if message.button(label_or_id):
                self.pressed.append(message.message_id)
                return ""
        raise LookupError


async def test_what_was_taken_back_is_pressed_when_it_comes_again() -> None:
    """A copy that got through without an answer goes, and the message comes a little later."""
    person = Looking([], [question(1)], [], [], [question(2)])
    await presses(person, WELL)
    assert person.pressed == [2]


async def test_what_does_not_come_again_is_missed() -> None:
    """A question that is lost on its way is a fault, and the screen is told of."""
    person = Looking([question(1)], [])
    with pytest.raises(TimeoutError, match="0 messages are there"):
        await presses(person, WELL, within=0.03)
    assert person.pressed == []


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (["a", "x", "c"], "answer 1 is 'x' instead of 'b'"),
        (["a", "b", "b", "c"], "4 answers to 3; answer 2 is 'b' instead of 'c'"),
    ],
)
async def test_the_first_wrong_answer_is_named(seen: list[str], told: str) -> None:
    """Out of order, or doubled."""
    survivor = Survivor(Looking([Shown(n, mine=False, text=t, at=0) for n, t in enumerate(seen)]))
    survivor.expected = ["a", "b", "c"]
    with pytest.raises(AssertionError, match=told):
        await survivor.has_seen_all()


async def test_an_error_says_whose_it_was() -> None:
    """Of several people at once."""

    async def fails() -> NoReturn:
        raise TimeoutError

    with pytest.raises(TimeoutError) as failed:
        await named("survivor 2", fails())
    assert failed.value.__notes__ == ["survivor 2"]


async def test_a_button_that_is_not_there_says_whether_it_ever_was() -> None:
    """A message that was lost is told apart from one that was deleted."""
    async with StubTelegram() as stub:
        person = stub.person()
        with pytest.raises(LookupError, match="'checkin:ok' never came; 0 messages"):
            person.press(WELL)
        person.history.append(question(5))
        person.hide(5)
        with pytest.raises(LookupError, match="'checkin:ok' was deleted; 0 messages"):
            person.press(WELL)
