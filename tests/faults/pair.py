"""Somebody who asked a person they trust to stand by, and that person."""

import asyncio
import re

from tests.faults.people import PATIENCE, presses, said
from tests.stub_telegram.control import RemotePerson
from tests.stub_telegram.phones import Shown

NOTE = "A.: Please call me when you read this."


class Pair:
    """Ana's check-in will be missed, and then Eva gets a note: once, whatever fails."""

    def __init__(self, ana: RemotePerson, eva: RemotePerson) -> None:
        self._ana = ana
        self._eva = eva

    async def begin(self) -> None:
        """In a calm hour: agree on a check-in in two hours, and on Eva, who accepts."""
        await self._ana.write("/checkin")
        for label in ("In 2 hours", "A recipe", "If I do not answer", "A person I trust"):
            await presses(self._ana, label)
        await presses(self._ana, "Yes, do that")
        await self._ana.sees("What should I call you", PATIENCE)
        await self._ana.write("A.")
        await presses(self._ana, "That they call")
        await presses(self._ana, "Yes, that is right")
        token, code = await self._link()
        await self._eva.write(f"/start {token}")
        await presses(self._eva, "Yes, go on")
        await self._eva.sees("Which number", PATIENCE)
        await self._eva.write(code)
        await presses(self._eva, "Yes, I accept")
        await self._ana.sees("Your contact has accepted", PATIENCE)

    async def is_asked(self) -> None:
        """Ana's phone shows the cover text, once; nobody answers."""
        screen = await self._ana.waits(_asked, PATIENCE)
        assert sum(m.button("checkin:ok") is not None for m in screen) == 1

    async def eva_is_told(self) -> None:
        """One note, and Eva says that she has seen it. A copy that was not noted is taken back and
        sent anew, so that for a moment there may be none or two."""
        await self._eva.sees(NOTE, PATIENCE)
        await presses(self._eva, "I have seen it")
        for pause in (1, 0):
            await self._eva.waits(lambda screen: said(screen).count(NOTE) == 1, PATIENCE)
            await asyncio.sleep(pause)

    async def _link(self) -> tuple[str, str]:
        screen = await self._ana.sees("https://t.me/", PATIENCE)
        words = "\n".join(said(screen))
        token = re.search(r"\?start=([\w-]{32})", words)
        code = re.search(r"by voice: (\d{4})", words)
        assert token is not None
        assert code is not None
        return token[1], code[1]


def _asked(screen: list[Shown]) -> bool:
    return any(message.button("checkin:ok") for message in screen)
