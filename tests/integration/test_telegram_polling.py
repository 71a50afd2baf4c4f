"""Long polling against the stub Bot API server."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.conversation.intake import InboundKind, InboundUpdate
from tests.integration.telegram_parts import Line, address, line, polling
from tests.stub_telegram import cut_after, garbled, refused, stalled_after, until


@pytest.fixture
async def tg() -> AsyncIterator[Line]:
    async with line() as opened:
        yield opened


async def test_updates_arrive_in_order(tg: Line) -> None:
    """What people write before and while the bot polls arrives, once, in its order."""
    person = tg.stub.person(language="es")
    person.write("before")
    async with polling(tg.poller()):
        await tg.intake.has(1)
        person.write("one")
        person.write("two")
        assert await tg.intake.has(3) == ["before", "one", "two"]
    assert {update.language for update in tg.intake.accepted} == {"es"}


async def test_updates_that_come_in_any_order_and_twice_are_stored_once_in_theirs(tg: Line) -> None:
    """By their numbers: what a person wrote first is read first."""
    person = tg.stub.person()
    tg.stub.duplicates, tg.stub.reordered = 2, True
    written = [f"{number}" for number in range(15)]
    for text in written:
        person.write(text)
    async with polling(tg.poller()):
        assert await tg.intake.has(len(written)) == written
        await until(lambda: not tg.stub.updates)
    assert tg.intake.contents() == written


async def test_whoever_writes_without_end_is_told_once_and_keeps_nobody_waiting(tg: Line) -> None:
    """A thousand messages of one chat are a few updates; what others write comes through."""
    loud, other = tg.stub.person(), tg.stub.person()
    written = {str(loud.write(f"{number}")) for number in range(1000)}
    other.write("am I heard?")
    async with polling(tg.poller()):
        await until(lambda: "am I heard?" in tg.intake.contents())
    assert tg.intake.tries < 60
    of_loud = [u for u in tg.intake.accepted if u.address == address(loud)]
    assert {i for u in of_loud for i in u.message_ids} == written
    contents = [u.content for u in of_loud]
    assert contents.count("too_many") == 1
    assert contents[:20] == [f"{number}" for number in range(20)]


async def test_what_was_passed_over_and_not_stored_comes_again(tg: Line) -> None:
    """Also what is not read must be on record, to be deleted."""
    person = tg.stub.person()
    written = {str(person.write(f"{number}")) for number in range(30)}
    down = True
    tg.intake.fails = lambda update: down and update.kind is InboundKind.MEDIA
    async with polling(tg.poller()):
        await until(lambda: tg.intake.tries > 22)
        assert tg.stub.updates
        down = False
        await until(lambda: not tg.stub.updates)
    assert {i for u in tg.intake.accepted for i in u.message_ids} == written


async def test_an_update_is_acknowledged_only_when_it_is_stored(tg: Line) -> None:
    """While storage fails nothing is acknowledged, and then everything arrives once, in order."""
    failures = 4

    def fails(update: InboundUpdate) -> bool:
        return tg.intake.tries <= failures

    tg.intake.fails = fails
    person = tg.stub.person()
    for text in ("one", "two", "three"):
        person.write(text)
    async with polling(tg.poller()):
        assert await tg.intake.has(3) == ["one", "two", "three"]
    assert tg.intake.tries > failures


async def test_a_bot_that_dies_before_it_acknowledges_gets_the_update_again(tg: Line) -> None:
    """A new poller is given what the old one had stored but not acknowledged."""
    tg.stub.person().write("hola")
    tg.intake.returns.clear()
    async with polling(tg.poller()):
        await tg.intake.has(1)
    assert len(tg.stub.updates) == 1
    tg.intake.returns.set()
    tries = tg.intake.tries
    async with polling(tg.poller()):
        await until(lambda: not tg.stub.updates)
    assert tg.intake.tries > tries
    assert tg.intake.contents() == ["hola"]


async def test_one_chat_that_cannot_be_stored_does_not_stop_the_others(tg: Line) -> None:
    """An update that fails holds back its own chat in order, and nobody else's."""
    stuck, other = tg.stub.person(), tg.stub.person()
    healed = False

    def fails(update: InboundUpdate) -> bool:
        return not healed and update.address == address(stuck)

    tg.intake.fails = fails
    stuck.write("stuck one")
    stuck.write("stuck two")
    other.write("free one")
    async with polling(tg.poller()):
        await tg.intake.has(1)
        other.write("free two")
        assert await tg.intake.has(2) == ["free one", "free two"]
        healed = True
        assert (await tg.intake.has(4))[2:] == ["stuck one", "stuck two"]


async def test_an_update_that_never_can_be_stored_is_let_go_at_last(tg: Line) -> None:
    """After ten tries during which new ones passed, the line moves on; its chat goes on too."""
    stuck, other = tg.stub.person(), tg.stub.person()
    tg.intake.fails = lambda update: update.content == "poison"
    stuck.write("poison")
    async with polling(tg.poller(pause=0.001)):
        for number in range(10):
            other.write(f"{number}")
            await tg.intake.has(number + 1)
        stuck.write("after")
        assert (await tg.intake.has(11))[-1] == "after"


async def test_nothing_is_let_go_while_storage_is_down(tg: Line) -> None:
    """However often storage fails, no update is given up as long as no new one passes."""
    down = True
    tg.intake.fails = lambda _: down
    people = [tg.stub.person() for _ in range(5)]
    for person in people:
        person.write("hola")
    async with polling(tg.poller(pause=0.0001)):
        await until(lambda: tg.intake.tries >= 36)
        down = False
        assert await tg.intake.has(5) == ["hola"] * 5


async def test_malformed_updates_do_not_stop_the_line(tg: Line) -> None:
    """Whatever comes in between, what people write arrives."""
    person = tg.stub.person()
    person.write("one")
    broken_ones: list[object] = [
        {"message": None},
        {"message": {"text": "canary-text", "chat": []}},
        {"callback_query": {"id": {}, "message": 5}},
        {"update_id": 1},
        {"message": {"text": "x" * 300_000}},
        {"unheard_of": {"deep": [[[[[[[]]]]]]]}},
    ]
    for broken in broken_ones:
        tg.stub.push_raw(broken)
    person.write("two")
    async with polling(tg.poller()):
        assert await tg.intake.has(2) == ["one", "two"]
        person.write("three")
        assert (await tg.intake.has(3))[-1] == "three"


async def test_things_without_a_number_do_not_stop_the_line(tg: Line) -> None:
    """Entries of a batch that are not even updates are passed over."""
    tg.stub.push_raw("not an update")
    tg.stub.push_raw({"update_id": "7", "message": {}})
    person = tg.stub.person()
    person.write("one")
    async with polling(tg.poller()):
        assert await tg.intake.has(1) == ["one"]


async def test_duplicates_are_accepted_once(tg: Line) -> None:
    """An update that is delivered three times is one update."""
    tg.stub.duplicates = 3
    person = tg.stub.person()
    person.write("one")
    person.write("two")
    async with polling(tg.poller()):
        assert await tg.intake.has(2) == ["one", "two"]
        await until(lambda: not tg.stub.updates)
    assert tg.intake.contents() == ["one", "two"]


async def test_a_webhook_in_the_way_is_removed(tg: Line) -> None:
    """Polling takes away a webhook that is set at the start or later."""
    await tg.api.use_webhook("http://127.0.0.1:9/nobody", "x" * 20)
    person = tg.stub.person()
    async with polling(tg.poller()):
        person.write("one")
        await tg.intake.has(1)
        tg.stub.webhook.aim("http://127.0.0.1:9/nobody", None)
        person.write("two")
        assert await tg.intake.has(2) == ["one", "two"]
    assert tg.stub.webhook.url == ""


async def test_failures_of_the_platform_are_waited_out(tg: Line) -> None:
    """Errors, cut connections and nonsense cost time and nothing else."""
    tg.stub.script(
        "getUpdates",
        refused(500),
        refused(502),
        refused(409, "Conflict: terminated by other getUpdates request"),
        refused(401, "Unauthorized"),
        refused(400),
        cut_after(times=2),
        garbled(),
        garbled('{"ok": true}'),
        garbled('{"ok": true, "result": 5}'),
        garbled("<html>", status=504),
    )
    tg.stub.person().write("hola")
    async with polling(tg.poller(pause=0.001)):
        assert await tg.intake.has(1) == ["hola"]


async def test_an_outage_is_waited_out(tg: Line) -> None:
    """With nobody listening at all, the poller goes on and takes up where it was."""
    person = tg.stub.person()
    async with polling(tg.poller()):
        person.write("one")
        await tg.intake.has(1)
        await tg.stub.stop()
        person.write("two")
        await asyncio.sleep(0.1)
        await tg.stub.start()
        assert await tg.intake.has(2) == ["one", "two"]


async def test_a_limit_is_kept(tg: Line) -> None:
    """After a 429 nothing is asked before its time."""
    tg.stub.script("getUpdates", refused(429, retry_after=1))
    tg.stub.person().write("hola")
    began = time.monotonic()
    async with polling(tg.poller()):
        await tg.intake.has(1)
    assert time.monotonic() - began >= 1.0


async def test_polling_ends_at_once_when_cancelled(tg: Line) -> None:
    """A poller in the middle of a long wait can be cancelled without waiting for it."""
    task = asyncio.create_task(tg.poller(wait=30).run())
    await until(lambda: bool(tg.stub.counts["getUpdates"]))
    task.cancel()
    began = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 5


async def test_a_button_stops_turning_and_brings_its_id(tg: Line) -> None:
    """A tap is answered without a word as soon as it is taken in."""
    person = tg.stub.person()
    async with polling(tg.poller()):
        query = person.press_raw("menu:more")
        await tg.intake.has(1)
        await until(lambda: query not in person.turning)
    assert tg.intake.accepted[0].kind is InboundKind.BUTTON
    answer = next(call for call in tg.stub.calls if call.method == "answerCallbackQuery")
    assert answer.params == {"callback_query_id": query}


async def test_answering_a_button_holds_nothing_up(tg: Line) -> None:
    """An answer that stalls or is refused neither delays nor breaks the intake."""
    tg.stub.script("answerCallbackQuery", stalled_after(60), refused(400), refused(429))
    person = tg.stub.person()
    async with polling(tg.poller()):
        for _ in range(3):
            person.press_raw("x")
        person.write("hola")
        assert await tg.intake.has(4, within=5) == ["x", "x", "x", "hola"]


async def test_a_group_is_left_without_a_word(tg: Line) -> None:
    """Whoever adds the bot to a group sees it leave, and nothing is said or stored."""
    group, person = tg.stub.group(), tg.stub.person()
    async with polling(tg.poller()):
        group.add_bot(person)
        await group.loses_bot()
        person.write("hola")
        assert await tg.intake.has(1) == ["hola"]
    assert group.heard == []
    assert tg.stub.counts["sendMessage"] == 0


async def test_blocking_arrives(tg: Line) -> None:
    """The intake learns that somebody blocked the bot."""
    person = tg.stub.person()
    async with polling(tg.poller()):
        person.block()
        await tg.intake.has(1)
    assert tg.intake.accepted[0].kind is InboundKind.BLOCKED
    assert tg.intake.accepted[0].address == address(person)
