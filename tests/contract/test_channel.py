"""What every channel promises, checked for each of them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from traceback import TracebackException

import pytest

from bot.content.catalogue import Button
from bot.conversation.interfaces import (
    AddressUnreachable,
    ChannelUnavailable,
    OutgoingMessage,
)
from tests.contract.channels import HARNESSES, LOSSY, ChannelHarness

NAME = "canary-name"
TEXT = "canary-text"


@pytest.fixture(params=HARNESSES)
async def harness(request: pytest.FixtureRequest) -> AsyncIterator[ChannelHarness]:
    """One channel after the other."""
    async with HARNESSES[request.param]() as opened:
        yield opened


lossy = pytest.mark.parametrize("harness", LOSSY, indirect=True)


def message(text: str = TEXT, key: str = "1") -> OutgoingMessage:
    buttons = ((Button("menu:more", "More"), Button("menu:stop", "Stop")), (Button("a", "Ä"),))
    return OutgoingMessage(key, text, buttons)


async def test_a_message_is_seen_once_with_its_buttons(harness: ChannelHarness) -> None:
    """A sent message is on the phone, once, above its rows of buttons, and has an id."""
    person = await harness.person(NAME)
    before = await person.texts()
    ids = await harness.channel.send(person.address, message("مرحبا\n\nhola <b>& 👩🏽‍🚒"))
    assert len(ids) >= 1
    assert await person.texts() == [*before, "مرحبا\n\nhola <b>& 👩🏽‍🚒"]
    assert await person.labels() == [["More", "Stop"], ["Ä"]]


async def test_what_is_sent_to_one_is_seen_by_nobody_else(harness: ChannelHarness) -> None:
    """A message reaches the person it is addressed to alone."""
    person, other = await harness.person(NAME), await harness.person("other")
    before = await other.texts()
    await harness.channel.send(person.address, message())
    assert await other.texts() == before


async def test_deletion_takes_both_sides_away(harness: ChannelHarness) -> None:
    """Sent and received messages disappear, the others stay."""
    person = await harness.person(NAME)
    before = await person.texts()
    received = await person.write("from me")
    kept = await person.write("stays")
    sent = await harness.channel.send(person.address, message())
    assert await person.texts() == [*before, "from me", "stays", TEXT]
    await harness.channel.delete(person.address, [received, *sent])
    assert await person.texts() == [*before, "stays"]
    assert kept not in sent


async def test_deleting_twice_is_no_error(harness: ChannelHarness) -> None:
    """Ids that are gone, never existed or make no sense are passed over."""
    person = await harness.person(NAME)
    before = await person.texts()
    sent = await harness.channel.send(person.address, message())
    await harness.channel.delete(person.address, sent)
    await harness.channel.delete(person.address, [*sent, "999999", "no-id-at-all"])
    await harness.channel.delete(person.address, [])
    assert await person.texts() == before


async def test_hundreds_of_messages_are_deleted_in_one_call(harness: ChannelHarness) -> None:
    """However many ids are given, and whatever a platform takes at once, all go."""
    person = await harness.person(NAME)
    before = await person.texts()
    ids = [await person.write(f"{n}") for n in range(230)]
    await harness.channel.delete(person.address, ids)
    assert await person.texts() == before


@lossy
async def test_a_send_whose_answer_was_lost_is_seen_once_after_all(harness: ChannelHarness) -> None:
    """An uncertain send is withdrawn and repeated: one copy stays, and nothing else goes."""
    person, other = await harness.person(NAME), await harness.person("other")
    earlier = await harness.channel.send(person.address, message("earlier"))
    before, others = await person.texts(), await other.texts()
    mark = harness.channel.mark()
    await harness.lose_next_answer()
    with pytest.raises(ChannelUnavailable) as caught:
        await harness.channel.send(person.address, message())
    assert caught.value.uncertain
    await person.write("meanwhile")
    await harness.channel.send(other.address, message("to the other"))
    await harness.channel.withdraw(person.address, mark)
    again = await harness.channel.send(person.address, message())
    assert await person.texts() == [*before, "meanwhile", TEXT]
    assert await other.texts() == [*others, "to the other"]
    assert not set(again) & set(earlier)


@lossy
async def test_withdrawing_what_never_arrived_changes_nothing(harness: ChannelHarness) -> None:
    """A withdrawal after a send that did not happen takes nothing away."""
    person = await harness.person(NAME)
    before = await person.texts()
    mark = harness.channel.mark()
    await harness.break_next_send()
    with pytest.raises(ChannelUnavailable):
        await harness.channel.send(person.address, message())
    await harness.channel.withdraw(person.address, mark)
    assert await person.texts() == before
    await harness.channel.send(person.address, message())
    assert await person.texts() == [*before, TEXT]


@lossy
async def test_a_limit_says_how_long_to_wait(harness: ChannelHarness) -> None:
    """A refusal for coming too fast carries the wait, and is certain not to have been sent."""
    person = await harness.person(NAME)
    before = await person.texts()
    await harness.limit_next_send(7)
    with pytest.raises(ChannelUnavailable) as caught:
        await harness.channel.send(person.address, message())
    assert caught.value.retry_after == timedelta(seconds=7)
    assert not caught.value.uncertain
    assert await person.texts() == before


async def test_who_is_gone_is_unreachable(harness: ChannelHarness) -> None:
    """Sending to and deleting for somebody who left raises AddressUnreachable."""
    person = await harness.person(NAME)
    await person.go_away()
    with pytest.raises(AddressUnreachable):
        await harness.channel.send(person.address, message())
    with pytest.raises(AddressUnreachable):
        await harness.channel.delete(person.address, ["1"])
    with pytest.raises(AddressUnreachable):
        await harness.channel.send(await harness.nobody(), message())


@lossy
async def test_errors_hold_nothing_of_the_message_or_the_person(harness: ChannelHarness) -> None:
    """No error, cause, context or traceback has a text, name, address or secret in it."""
    person = await harness.person(NAME)
    errors: list[BaseException] = []

    async def catch() -> None:
        with pytest.raises((ChannelUnavailable, AddressUnreachable)) as caught:
            await harness.channel.send(person.address, message())
        errors.append(caught.value)

    await harness.lose_next_answer()
    await catch()
    await harness.break_next_send()
    await catch()
    await harness.limit_next_send(3)
    await catch()
    await person.go_away()
    await catch()
    for error in errors:
        assert error.__cause__ is None
        assert error.__context__ is None
        told = "".join(TracebackException.from_exception(error).format()) + repr(vars(error))
        for secret in [TEXT, NAME, str(person.address), *harness.secrets()]:
            assert secret not in told


async def test_a_channel_says_what_it_is(harness: ChannelHarness) -> None:
    """The name is fit to be stored, and the traits can be kept."""
    assert harness.channel.name
    assert harness.channel.traits.max_text >= 1000
    assert harness.channel.traits.deletable_for is None or (
        harness.channel.traits.deletable_for >= timedelta(hours=1)
    )
