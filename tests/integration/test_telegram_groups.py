"""Groups and channels on the stub: the bot leaves at once, also when that fails at first."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.telegram_parts import Line, line, polling
from tests.stub_telegram import cut_before, refused, until


@pytest.fixture
async def tg() -> AsyncIterator[Line]:
    async with line() as opened:
        yield opened


def methods(tg: Line) -> set[str]:
    """What the bot called besides asking for updates."""
    return {call.method for call in tg.stub.calls} - {"getUpdates", "deleteWebhook"}


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_it_leaves_although_leaving_fails_at_first(tg: Line, kind: str) -> None:
    """Errors, limits and cut lines only put it off; not a word is said or stored meanwhile."""
    group, person = tg.stub.group(kind), tg.stub.person()
    tg.stub.script(
        "leaveChat", refused(500), cut_before(), refused(502), refused(429, retry_after=1)
    )
    async with polling(tg.poller()):
        group.add_bot(person)
        await group.loses_bot()
    assert tg.stub.counts["leaveChat"] == 5
    assert methods(tg) == {"leaveChat"}
    assert tg.intake.accepted == []


async def test_words_in_a_group_make_it_leave(tg: Line) -> None:
    """A bot that was added while nobody listened leaves with the first thing it hears."""
    group, person = tg.stub.group(), tg.stub.person()
    group.has_bot = True
    said = {
        "message_id": 5,
        "date": tg.stub.now(),
        "chat": group.chat(),
        "from": person.user(),
        "text": "canary",
    }
    async with polling(tg.poller()):
        tg.stub.push({"message": said})
        await group.loses_bot()
    assert methods(tg) == {"leaveChat"}
    assert tg.intake.accepted == []


async def test_one_group_is_left_once_however_much_is_said_in_it(tg: Line) -> None:
    """While leaving is under way, nothing more is started for the same group."""
    group, person = tg.stub.group(), tg.stub.person()
    tg.stub.script("leaveChat", refused(500), refused(500))
    async with polling(tg.poller()):
        for _ in range(20):
            group.add_bot(person)
        await group.loses_bot()
        await until(lambda: not tg.stub.updates)
    assert tg.stub.counts["leaveChat"] <= 4


async def test_a_group_that_is_gone_is_not_asked_again(tg: Line) -> None:
    """Thrown out meanwhile: one try, and people are served as ever."""
    group, person = tg.stub.group(), tg.stub.person()
    tg.stub.script("leaveChat", refused(403, "Forbidden: bot was kicked from the group chat"))
    async with polling(tg.poller()):
        group.add_bot(person)
        person.write("hola")
        await tg.intake.has(1)
        await until(lambda: tg.stub.counts["leaveChat"] == 1)
    assert tg.stub.counts["leaveChat"] == 1


async def test_inline_and_business_updates_are_not_answered(tg: Line) -> None:
    """Whatever mode somebody switched on: nothing is stored, and no call is made for it."""
    person = tg.stub.person()
    said = {
        "message_id": 5,
        "date": tg.stub.now(),
        "chat": person.chat(),
        "from": person.user(),
        "text": "canary",
        "business_connection_id": "b",
    }
    async with polling(tg.poller()):
        tg.stub.push({"business_message": said})
        query = {"id": "1", "from": person.user(), "query": "canary", "offset": ""}
        tg.stub.push({"inline_query": query})
        person.write("hola")
        await tg.intake.has(1)
    assert tg.intake.contents() == ["hola"]
    assert methods(tg) == set()
