"""A Bot API server for tests, with people holding phones on its other side.

Every request, answer and update is checked against aiogram's generated models, so that the
adapter and this stub can't agree on a mistake: what doesn't fit is kept in `stub.violations`,
which the fixtures of the tests assert to be empty.

Inside one process::

    async with StubTelegram() as stub:
        api = TelegramApi(stub.token, stub.url)
        person = stub.person()
        person.write("hola")
        shown = await person.sees("bot")        # waits until a message with these words is there
        person.press("Menu")                    # by label or by id
        stub.script("sendMessage", refused(429, retry_after=2), cut_after())
        assert [m.text for m in person.screen()] == [...]

As a process of its own, for a bot that is one too (`BOT_TELEGRAM_API_URL` is `stub.url`)::

    async with stub_process() as stub:          # or: python -m tests.stub_telegram --help
        person = await stub.person()
        await person.write("hola")
        await person.sees("bot")
        assert await stub.violations() == []
"""

from tests.stub_telegram.control import RemotePerson, RemoteStub, stub_process
from tests.stub_telegram.faults import (
    Fault,
    cut_after,
    cut_before,
    delayed,
    garbled,
    refused,
    stalled_after,
)
from tests.stub_telegram.phones import Group, Person, Shown
from tests.stub_telegram.server import StubTelegram
from tests.stub_telegram.waiting import until

__all__ = [
    "Fault",
    "Group",
    "Person",
    "RemotePerson",
    "RemoteStub",
    "Shown",
    "StubTelegram",
    "cut_after",
    "cut_before",
    "delayed",
    "garbled",
    "refused",
    "stalled_after",
    "stub_process",
    "until",
]
