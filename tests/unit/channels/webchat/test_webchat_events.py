"""What an open page is told."""

import io

import pytest

from bot.channels.webchat.limits import STREAMS_A_SESSION
from bot.conversation.transcript import topic
from bot.history.models import Author
from bot.ids import Address, Locale
from tests.fakes.webchat import PARTING, Chat
from tests.fakes.webchat_client import PageClient
from tests.unit.channels.webchat.conftest import Site


async def opened(site: Site, text: str = "hello") -> tuple[PageClient, Chat]:
    """A browser that has written, and its chat."""
    browser = site.browser()
    await browser.post(text)
    return browser, site.chats.chats[browser.address]


def texts(event: dict | None) -> list[str]:  # type: ignore[type-arg]
    assert event is not None
    return [entry["text"] for entry in event.get("add", [])]


async def test_a_page_gets_what_there_is_and_then_what_comes(site: Site) -> None:
    """The first event has all messages with language and words, the next only the news."""
    browser, chat = await opened(site)
    site.chats.say(chat, "Good day", buttons=(("a:b", "A"), ("c:d", "C")))
    async with browser.events() as stream:
        first = await stream.next()
        assert first is not None
        assert texts(first) == ["hello", "Good day"]
        assert first["add"][0]["ref"] == site.chats.updates[0].message_ids[0]
        assert [e["author"] for e in first["add"]] == ["person", "bot"]
        assert first["add"][1]["buttons"] == [
            [{"id": "a:b", "label": "A"}],
            [{"id": "c:d", "label": "C"}],
        ]
        assert (first["locale"], first["dir"]) == ("en", "ltr")
        assert first["words"]["exit"] == "webchat.exit [en]"
        site.chats.say(chat, "More", Author.ADVOCATE)
        site.signals.touch(topic(site.channel.name, browser.address))
        second = await stream.next()
        assert second is not None
        assert texts(second) == ["More"]
        assert second["add"][0]["author"] == "advocate"
        assert len(second["present"]) == 3
        assert "words" not in second


async def test_what_nobody_announced_is_found_all_the_same(site: Site) -> None:
    """Wake-ups can come too early or from another process: the page looks by itself."""
    browser, chat = await opened(site)
    async with browser.events() as stream:
        await stream.next()
        site.chats.say(chat, "unannounced")
        assert texts(await stream.next()) == ["unannounced"]


async def test_what_vanished_is_no_longer_named(site: Site) -> None:
    """A message that is gone on the server is missing from the list of those that exist."""
    browser, chat = await opened(site)
    secret = site.chats.say(chat, "goes")
    async with browser.events() as stream:
        first = await stream.next()
        assert first is not None
        assert str(secret.id) in first["present"]
        site.chats.drop(chat, secret)
        second = await stream.next()
        assert second is not None
        assert str(secret.id) not in second["present"]
        assert len(second["present"]) == 1
        del site.chats.chats[browser.address]
        third = await stream.next()
        assert third is not None
        assert third["present"] == []


async def test_a_page_that_comes_back_is_told_only_what_it_missed(site: Site) -> None:
    """With Last-Event-ID the messages up to it are not told again, but still named as present."""
    browser, chat = await opened(site)
    async with browser.events() as stream:
        await stream.next()
        last = stream.last_id
    site.chats.say(chat, "missed")
    async with browser.events(**{"last-event-id": last}) as stream:
        event = await stream.next()
        assert event is not None
        assert texts(event) == ["missed"]
        assert len(event["present"]) == 2


@pytest.mark.parametrize("last", ["", "-1", "x", "9" * 400, "١٢"])
async def test_a_strange_last_event_id_means_everything(site: Site, last: str) -> None:
    """An id that we never gave is as good as none."""
    browser, _ = await opened(site)
    headers = {"last-event-id": last} if last.isascii() else {}
    async with browser.events(**headers) as stream:
        assert texts(await stream.next()) == ["hello"]


async def test_a_message_held_back_comes_after_younger_ones(site: Site) -> None:
    """What becomes visible late is told, though its place is before what was told already."""
    browser, chat = await opened(site)
    nudge = site.chats.say(chat, "nudge", seq=100)
    async with browser.events() as stream:
        assert texts(await stream.next()) == ["hello", "nudge"]
        site.chats.say(chat, "held back", seq=50)
        assert texts(await stream.next()) == ["held back"]
        assert nudge in chat.entries


async def test_a_page_opened_while_nobody_is_there_shows_nothing_that_was_said(
    site: Site,
) -> None:
    """Promise 1: only cover texts, until the person writes; then everything."""
    browser, chat = await opened(site, "what I said")
    site.chats.say(chat, "what tells")
    cover = site.chats.say(chat, "Your parcel is here", cover=True)
    chat.quiet = True
    async with browser.events() as stream:
        first = await stream.next()
        assert first is not None
        assert texts(first) == ["Your parcel is here"]
        assert first["present"] == [str(cover.id)]
        assert "what" not in stream.raw
        assert "what" not in (await browser.http.get("/")).text
        await browser.post("I am here")
        second = await stream.next()
        assert texts(second) == ["what I said", "what tells", "I am here"]


async def test_words_of_parting_send_every_page_away(site: Site) -> None:
    """Whoever leaves by a typed word leaves the page, too; so does a page opened afterwards."""
    browser, chat = await opened(site, "exit")
    chat.entries.clear()
    site.chats.say(chat, PARTING, cover=True)
    async with browser.events() as stream:
        event = await stream.next()
        assert event is not None
        assert event["leave"] is True


async def test_leaving_in_one_tab_empties_the_others(site: Site) -> None:
    """An open stream of a session that was left says so, and ends."""
    browser, _ = await opened(site)
    async with browser.events() as stream:
        await stream.next()
        await browser.http.post("/chat/exit")
        assert await stream.next() == {"leave": True, "present": []}
        assert await stream.next() is None


async def test_a_new_language_brings_its_words(site: Site) -> None:
    """When the conversation changes language the page hears the new words, once."""
    browser, chat = await opened(site)
    async with browser.events() as stream:
        await stream.next()
        chat.locale = Locale("es")
        event = await stream.next()
        assert event is not None
        assert (event["locale"], event["words"]["send"]) == ("es", "webchat.send [es]")


async def test_each_session_sees_its_own(site: Site) -> None:
    """Nothing of one conversation is told to another page."""
    one, _ = await opened(site, "mine")
    other, _ = await opened(site, "theirs")
    async with one.events() as stream:
        assert texts(await stream.next()) == ["mine"]
    async with other.events() as stream:
        assert texts(await stream.next()) == ["theirs"]


async def test_streams_are_limited_and_given_back(site: Site) -> None:
    """A session has a few streams at most, and closing one makes room."""
    browser, _ = await opened(site)
    streams = [browser.events() for _ in range(STREAMS_A_SESSION)]
    for stream in streams:
        await stream.__aenter__()
        await stream.next()
    assert (await browser.http.get("/chat/events")).status_code == 429
    for stream in streams:
        await stream.__aexit__(None, None, None)
    async with browser.events() as stream:
        assert stream.status == 200
        assert stream.headers["content-security-policy"].startswith("default-src 'none'")
        assert texts(await stream.next()) == ["hello"]


async def test_no_log_line_holds_what_is_streamed(site: Site, told: io.StringIO) -> None:
    """Neither our log nor the library's holds a message or a token, at any level."""
    browser, chat = await opened(site, "canary-words")
    async with browser.events() as stream:
        await stream.next()
        chat.entries.append(None)  # type: ignore[arg-type]
        assert await stream.next() is None
    assert "could not be kept up to date" in told.getvalue()
    assert "canary-words" not in told.getvalue()
    assert browser.address not in told.getvalue()


def test_an_address_is_never_in_an_error(site: Site) -> None:
    """What a channel raises for an unknown address does not name it."""
    from bot.conversation.interfaces import AddressUnreachable

    with pytest.raises(AddressUnreachable) as caught:
        site.channel._look(Address("canary"))
    assert "canary" not in str(caught.value)
