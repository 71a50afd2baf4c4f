"""The page, its headers, its session, and the way out."""

import asyncio
import io
import re
from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest

from bot.channels.webchat import webchat_routes
from bot.channels.webchat.leaving import Leaving
from bot.channels.webchat.pages import assets
from bot.channels.webchat.words import TEXTS
from bot.content.errors import UnknownText
from bot.conversation.interfaces import AddressUnreachable, OutgoingMessage
from bot.dialogue.events import IntentRecognised
from bot.dialogue.hearing import pressed
from bot.dialogue.intents import Intent
from tests.fakes.webchat import FakeCatalogue
from tests.unit.channels.webchat.conftest import Site


async def test_every_answer_forbids_what_the_page_does_not_need(site: Site) -> None:
    """Pages, assets, events and refusals all bring the strict headers."""
    browser = site.browser()
    answers = [
        await browser.http.get("/"),
        await browser.http.get("/cover"),
        await browser.http.get("/chat/static/main.js"),
        await browser.http.get("/chat/static/nothing.js"),
        await browser.http.get("/chat/events"),
        await browser.post("hello"),
        await browser.post(""),
        await browser.post("hello", **{"sec-fetch-site": "cross-site"}),
        await browser.http.post("/chat/exit"),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in answer.headers["permissions-policy"]
    assert [a.status_code for a in answers] == [200, 200, 200, 404, 204, 204, 400, 403, 204]


async def test_only_the_demo_may_frame_the_chat(open_site: Callable[..., Site]) -> None:
    """With the demo on, pages of the same origin may frame it; no other ever may."""
    answer = await open_site(demo=True).browser().http.get("/")
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


async def test_the_page_tells_nothing_and_loads_nothing_from_elsewhere(site: Site) -> None:
    """Before anything was said the page holds its own words alone, and local addresses only."""
    page = (await site.browser().http.get("/")).text
    assert "<title>webchat.title [en]</title>" in page
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert addresses
    assert all(a.startswith(("/chat/static/", "#")) for a in addresses)
    assert not re.search(r"<script(?![^>]*src=)|<style|style=|\son\w+=", page)
    for name, (content, _) in assets().items():
        text = content.decode()
        assert "innerHTML" not in text, name
        assert not re.search(r"https?://(?!www\.w3\.org/)", text), name


async def test_looking_at_the_page_begins_no_session(site: Site) -> None:
    """A mere look sets no cookie and stores nothing; there are no events to follow yet."""
    browser = site.browser()
    page = await browser.http.get("/")
    events = await browser.http.get("/chat/events")
    assert "set-cookie" not in page.headers
    assert events.status_code == 204
    assert site.chats.chats == {}


@pytest.mark.parametrize(
    ("public_url", "name", "secure"),
    [("https://help.example", "__Host-chat", True), ("http://127.0.0.1:8080", "chat", False)],
)
async def test_the_session_is_a_cookie_that_ends_with_the_browser(
    open_site: Callable[..., Site], public_url: str, name: str, secure: bool
) -> None:
    """The first message sets one cookie: out of scripts' reach, strict, without an end date."""
    answer = await open_site(public_url=public_url).browser().post("hello")
    cookies: SimpleCookie = SimpleCookie(answer.headers["set-cookie"])
    (morsel,) = cookies.values()
    assert morsel.key == name
    assert len(morsel.value) == 43
    assert (morsel["path"], morsel["samesite"]) == ("/", "strict")
    assert morsel["httponly"]
    assert bool(morsel["secure"]) is secure
    assert (morsel["max-age"], morsel["expires"], morsel["domain"]) == ("", "", "")


async def test_the_session_is_kept_from_then_on(site: Site) -> None:
    """Later messages come from the same address, and set no cookie again."""
    browser = site.browser()
    await browser.post("one")
    answer = await browser.post("two")
    assert "set-cookie" not in answer.headers
    assert {u.address for u in site.chats.updates} == {browser.address}


async def test_a_made_up_cookie_is_no_session(site: Site) -> None:
    """A value that is no token of ours is replaced, and never becomes an address."""
    browser = site.browser()
    browser.http.cookies.set("chat", "../../etc")
    answer = await browser.post("hello")
    assert "set-cookie" in answer.headers
    assert site.chats.updates[0].address != "../../etc"


async def test_the_page_speaks_the_conversations_language(site: Site) -> None:
    """The browser's language comes first, the conversation's own once there is one."""
    browser = site.browser(**{"accept-language": "es"})
    assert 'lang="es" dir="ltr"' in (await browser.http.get("/")).text
    await browser.post("hello")
    site.chats.chats[browser.address].locale = FakeCatalogue().locales[0]
    assert 'lang="en"' in (await browser.http.get("/")).text


def test_a_missing_word_is_found_at_the_start(open_site: Callable[..., Site]) -> None:
    """Routes are not built over a catalogue that lacks a word of the page."""

    class Lacking(FakeCatalogue):
        def render(self, key, locale, params, buttons=None, also=()):  # type: ignore[no-untyped-def]
            if key == "webchat.cover_tip":
                raise UnknownText(key)
            return super().render(key, locale, params, buttons, also)

    site = open_site()
    with pytest.raises(UnknownText, match=r"webchat\.cover_tip"):
        webchat_routes(site.channel, site.chats, site.chats, site.signals, Lacking(), site.settings)
    assert "webchat.cover_tip" in TEXTS


async def test_leaving_purges_and_lets_the_browser_forget(site: Site) -> None:
    """Exit is a press of the quick-exit button, and the answer clears everything of the site."""
    browser = site.browser()
    await browser.post("hello")
    address = browser.address
    answer = await browser.http.post("/chat/exit")
    assert answer.status_code == 204
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert 'chat="";' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]
    update = site.chats.updates[-1]
    assert update.address == address
    assert pressed(update.content) == IntentRecognised(Intent.QUICK_EXIT)


async def test_a_beacon_is_enough_to_leave(site: Site) -> None:
    """Any media type will do: a browser may send the exit while the page goes away."""
    browser = site.browser()
    await browser.post("hello")
    answer = await browser.http.post(
        "/chat/exit", content=b"x", headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 204
    assert len(site.chats.updates) == 2


async def test_leaving_before_anything_was_said_stores_nothing(site: Site) -> None:
    """Without a session, or without a conversation, there is nothing to purge."""
    browser = site.browser()
    assert (await browser.http.post("/chat/exit")).status_code == 204
    browser.http.cookies.set("chat", "a" * 43)
    assert (await browser.http.post("/chat/exit")).status_code == 204
    assert site.chats.updates == []


async def test_the_demos_exit_leaves_the_console_logged_in(open_site: Callable[..., Site]) -> None:
    """The console has the same origin in the demo: its cookie stays."""
    answer = await open_site(demo=True).browser().http.post("/chat/exit")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "Max-Age=0" in answer.headers["set-cookie"]


async def test_nothing_begins_again_after_leaving(site: Site) -> None:
    """A message that was on its way is not taken, and no new session begins for it."""
    browser = site.browser()
    await browser.post("hello")
    old = {"cookie": f"chat={browser.address}"}
    address = browser.address
    await browser.http.post("/chat/exit")
    late = await browser.post("late", **old)
    assert late.status_code == 410
    assert "set-cookie" not in late.headers
    assert "late" not in [u.content for u in site.chats.updates]
    assert (await browser.http.get("/chat/events", headers=old)).status_code == 204
    with pytest.raises(AddressUnreachable):
        await site.channel.send(address, OutgoingMessage("1", "anything"))


async def test_whoever_comes_after_an_exit_begins_anew(site: Site) -> None:
    """When the answer to the exit was lost, the next look at the page drops the old session."""
    browser = site.browser()
    await browser.post("hello")
    site.channel.departures.add(browser.address)
    page = await browser.http.get("/")
    assert "Max-Age=0" in page.headers["set-cookie"]
    assert (await browser.post("new")).status_code == 204
    assert len(site.chats.chats) == 2


async def test_a_message_that_overtook_the_exit_is_purged_as_well(site: Site) -> None:
    """Stored in the same moment as the exit, a message is followed by another purge."""
    browser = site.browser()
    await browser.post("hello")
    address, old = browser.address, {"cookie": f"chat={browser.address}"}
    site.chats.answer = lambda update, chat: site.channel.departures.add(address)
    late = await browser.post("late", **old)
    assert late.status_code == 410
    assert [u.content for u in site.chats.updates] == ["hello", "late", "intent:quick_exit"]


async def test_a_purge_that_cannot_be_stored_is_asked_for_again(site: Site) -> None:
    """The exit answers at once, and insists until the purge is stored."""
    browser = site.browser()
    await browser.post("hello")
    address = browser.address
    site.chats.failures = 3
    leaving = Leaving(site.chats, site.chats, retries=(0.0, 0.0, 0.0, 0.0))
    assert not await leaving.ask(address)
    await leaving.insist(address)
    assert [u.content for u in site.chats.updates] == ["hello", "intent:quick_exit"]


async def test_purges_are_not_asked_for_ever(site: Site, told: io.StringIO) -> None:
    """When nothing can be stored for long it says so, without saying for whom."""
    browser = site.browser()
    await browser.post("hello")
    site.chats.failures = 100
    await Leaving(site.chats, site.chats, retries=(0.0, 0.0)).insist(browser.address)
    assert "never stored" in told.getvalue()
    assert browser.address not in told.getvalue()


async def test_the_exit_does_not_wait_for_the_purge(site: Site) -> None:
    """While nothing can be stored, the browser is told to forget all the same."""
    browser = site.browser()
    await browser.post("hello")
    site.chats.failures = 1
    async with asyncio.timeout(5):
        answer = await browser.http.post("/chat/exit")
    assert answer.status_code == 204
    assert "clear-site-data" in answer.headers
