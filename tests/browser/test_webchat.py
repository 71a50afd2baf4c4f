"""The web chat in Chromium: the page as people meet it."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from bot.history.models import Author
from bot.ids import Locale
from tests.browser.webchat_app import ARABIC, Site, Visitor, browsing, running, until, visiting

BLANK = "document.body.childElementCount === 0"


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all; each visitor gets a profile of their own."""
    async with browsing() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[Site]:
    """A web chat on loopback."""
    async with running() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(browser: Browser, site: Site) -> AsyncIterator[Visitor]:
    """Somebody with a phone."""
    async with visiting(browser, site) as opened:
        yield opened


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def focused(page: Page) -> str:
    """What has the focus: its id, or its text."""
    found: str = await page.evaluate(
        "document.activeElement.id || document.activeElement.innerText"
    )
    return found


async def left_behind(visitor: Visitor) -> dict[str, object]:
    """All that the browser still holds of the site."""
    held: dict[str, object] = await visitor.page.evaluate(
        """async () => ({
            local: localStorage.length,
            session: sessionStorage.length,
            databases: (await indexedDB.databases()).length,
            cookies: document.cookie,
            name: window.name,
            state: history.state,
        })"""
    )
    jar = await visitor.context.cookies()
    return {**held, "jar": [c["name"] for c in jar]}


NOTHING = {
    "local": 0,
    "session": 0,
    "databases": 0,
    "cookies": "",
    "name": "",
    "state": None,
    "jar": [],
}


async def test_before_anything_is_said_the_page_tells_nothing(visitor: Visitor) -> None:
    """A look shows a neutral title and icon and a start button, and leaves nothing behind."""
    await visitor.open()
    assert await visitor.page.title() == "Notes"
    icon = await visitor.page.get_attribute("link[rel=icon]", "href")
    assert icon == "/chat/static/icon.svg"
    shown = await visitor.page.inner_text("body")
    assert set(shown.split("\n")) - {""} <= {
        "Go to the message box",
        "Exit",
        "Leave this page at once. The Esc key, pressed twice, does the same.",
        "Ready when you are.",
        "Start",
        "Write a message",
    }
    assert await left_behind(visitor) == NOTHING


async def test_a_whole_chat_by_keyboard_alone(site: Site, visitor: Visitor) -> None:
    """Start, read, choose, write two lines, send: without a pointer, never losing the focus."""
    page = visitor.page
    await visitor.open()
    await press(page, "Tab")
    assert await focused(page) == "Go to the message box"
    await press(page, "Tab")
    assert await focused(page) == "exit"
    await press(page, "Tab")
    assert await focused(page) == "start-button"
    await press(page, "Enter")
    await expect(page.locator(".bot .bubble")).to_have_count(1)
    await expect(page.locator("#start")).to_be_hidden()
    assert await focused(page) == "log"
    await press(page, "Tab")
    assert await focused(page) == "In danger now"
    await press(page, "Tab", "Tab")
    assert await focused(page) == "Menu"
    await press(page, "Enter")
    await expect(page.locator(".bot .bubble")).to_have_count(2)
    assert (await visitor.texts())[1:] == ["Menu", "pressed intent:help_menu"]
    assert await focused(page) == "log", "the old buttons went, and took the focus nowhere"
    await press(page, "Tab")
    assert await focused(page) == "Next"
    await press(page, "Tab")
    assert await focused(page) == "text"
    await page.keyboard.type("one")
    await press(page, "Shift+Enter")
    await page.keyboard.type("two")
    await press(page, "Enter")
    await expect(page.locator(".bot .bubble")).to_have_count(3)
    assert (await visitor.texts())[3:] == ["one\ntwo", "heard one\ntwo"]
    assert await focused(page) == "text"
    assert await page.input_value("#text") == ""
    assert [u.content for u in site.chats.updates] == [
        "intent:greet",
        "intent:help_menu",
        "one\ntwo",
    ]


async def test_the_link_of_an_invitation_leaves_the_address_bar_at_once(
    site: Site, visitor: Visitor
) -> None:
    """What it holds is sent as a press, not as words, and no request's address has it."""
    token = "A" * 32
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    await visitor.page.goto(f"{site.url}/#{token}")

    async def came() -> bool:
        return [u.content for u in site.chats.updates] == [f"invite:{token}"]

    await until(came)
    assert await visitor.page.evaluate("location.hash") == ""
    assert not any(token in url.partition("#")[0] for url in asked)


async def test_the_skip_link_adds_no_page_to_go_back_to(visitor: Visitor) -> None:
    """It moves the focus alone: the history stays as it was."""
    await visitor.open()
    before = await visitor.page.evaluate("history.length")
    await press(visitor.page, "Tab", "Enter")
    assert await focused(visitor.page) == "text"
    assert await visitor.page.evaluate("history.length") == before
    assert "#" not in visitor.page.url


async def test_a_screen_reader_is_told_who_says_what(site: Site, visitor: Visitor) -> None:
    """New messages are announced politely, each with its author in words."""
    await visitor.start()
    await visitor.page.fill("#text", "hello")
    await visitor.page.click("#send")
    site.say("I am here", Author.ADVOCATE)
    await expect(visitor.page.locator(".advocate .bubble")).to_have_count(1)
    log = visitor.page.get_by_role("log", name="Messages")
    assert await log.get_attribute("aria-live") == "polite"
    tree = await log.aria_snapshot()
    for author, text in (("Bot", "Hello"), ("You", "hello"), ("Advocate", "I am here")):
        byline = rf"paragraph:\n\s+- text: {author}\n\s+- time: .*"
        assert re.search(rf"article:\n\s+- {byline}\n\s+- paragraph: \W?{text}", tree), tree
    assert await visitor.page.get_by_label("Write a message").is_visible()
    assert await visitor.page.get_by_role("button", name="Send").is_visible()
    assert await visitor.page.get_by_role("button", name="Exit").is_visible()


async def test_fingers_hit_every_button(visitor: Visitor) -> None:
    """Everything to tap is at least 44 by 44 pixels, and nothing runs out of a narrow screen."""
    await visitor.page.set_viewport_size({"width": 320, "height": 568})
    await visitor.start()
    for button in await visitor.page.locator("button:visible").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["width"] >= 44, await button.inner_text()
        assert box["height"] >= 44, await button.inner_text()
    assert await visitor.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert await visitor.page.evaluate("document.getElementById('log').scrollWidth") <= 320


async def test_the_way_out_is_always_in_sight(site: Site, visitor: Visitor) -> None:
    """However long the chat and however small the screen, the exit is at the same place."""
    await visitor.page.set_viewport_size({"width": 360, "height": 300})
    await visitor.start()
    before = await visitor.page.locator("#exit").bounding_box()
    for n in range(30):
        site.say(f"line {n}")
    await expect(visitor.page.locator(".bubble")).to_have_count(31)
    await visitor.page.mouse.wheel(0, 400)
    assert await visitor.page.locator("#exit").bounding_box() == before
    await expect(visitor.page.locator("#exit")).to_be_in_viewport(ratio=1)


async def assert_gone(site: Site, visitor: Visitor) -> None:
    """The page was replaced, everything purged, and Back leads past the chat."""
    page = visitor.page
    await page.wait_for_url("**/elsewhere")

    async def nothing_is_left() -> bool:
        asked = site.chats.updates[-1].content == "intent:quick_exit"
        return asked and await left_behind(visitor) == NOTHING

    await until(nothing_is_left)
    assert site.chat.entries == []
    assert await page.title() == "Weather"
    await page.go_back()
    await page.wait_for_url("**/before")
    await page.go_forward()
    await page.wait_for_url("**/elsewhere")


async def test_the_exit_button_leaves_nothing(site: Site, visitor: Visitor) -> None:
    """One click: purged, replaced, no cookie, no storage, nothing to go back to."""
    await visitor.page.goto(site.url + "/before")
    await visitor.start()
    await visitor.page.click("#exit")
    await assert_gone(site, visitor)


async def test_escape_pressed_twice_leaves(site: Site, visitor: Visitor) -> None:
    """Once says what a second press does; twice in a row leaves, even while writing."""
    await visitor.page.goto(site.url + "/before")
    await visitor.start()
    await visitor.page.focus("#text")
    await press(visitor.page, "Escape")
    await expect(visitor.page.locator("#notice")).to_have_text("Press Esc once more to leave.")
    assert visitor.page.url.endswith("/")
    await press(visitor.page, "Escape", "Escape")
    await assert_gone(site, visitor)


async def test_the_bots_own_exit_button_leaves_as_well(site: Site, visitor: Visitor) -> None:
    """The button below a message is the same exit."""
    await visitor.page.goto(site.url + "/before")
    await visitor.start()
    await visitor.page.get_by_role("button", name="Leave now").click()
    await assert_gone(site, visitor)


async def test_a_typed_word_leaves_as_well(site: Site, visitor: Visitor) -> None:
    """When the bot takes its leave, the page goes too."""
    await visitor.page.goto(site.url + "/before")
    await visitor.start()

    def part(update, chat):  # type: ignore[no-untyped-def]
        site.chats.drop(chat)
        if update.content == "exit":
            parting = site.catalogue.render("quick_exit.cover", chat.locale, {})
            site.chats.say(chat, parting.text, cover=True)

    site.chats.answer = part
    await visitor.page.fill("#text", "exit")
    await visitor.page.keyboard.press("Enter")
    await assert_gone(site, visitor)


async def test_leaving_in_one_tab_takes_the_others_along(site: Site, visitor: Visitor) -> None:
    """Every open page of the session is blanked and replaced."""
    await visitor.start()
    second = await visitor.context.new_page()
    await second.goto(site.url)
    await expect(second.locator(".bot .bubble")).to_have_count(1)
    await visitor.page.click("#exit")
    await second.wait_for_url("**/elsewhere")
    await visitor.page.wait_for_url("**/elsewhere")


FILL = """async () => {
    localStorage.setItem("a", "b");
    document.cookie = "other=1; path=/";
    const kept = await caches.open("kept");
    await kept.put("/chat/static/icon.svg", new Response("x"));
    await new Promise((done) => {
        const opening = indexedDB.open("base");
        opening.onsuccess = () => { opening.result.close(); done(); };
    });
}"""


async def test_the_browser_forgets_whatever_it_holds_of_the_site(
    site: Site, visitor: Visitor
) -> None:
    """Also what an extension, or a page of the organisation's on the same address, left there."""
    await visitor.start()
    await visitor.page.evaluate(FILL)
    before = await left_behind(visitor)
    assert (before["local"], before["databases"], before["cookies"]) == (1, 1, "other=1")
    await visitor.page.click("#exit")
    await visitor.page.wait_for_url("**/elsewhere")

    async def nothing_is_left() -> bool:
        caches = await visitor.page.evaluate("caches.keys()")
        return caches == [] and await left_behind(visitor) == NOTHING

    await until(nothing_is_left)


async def test_while_people_talk_the_tab_stays_as_it_was(site: Site, visitor: Visitor) -> None:
    """No count of messages in the title, no dot on the icon, no address that tells."""
    await visitor.start()
    looks = "[document.title, document.querySelector('link[rel=icon]').href, location.pathname]"
    before = await visitor.page.evaluate(looks)
    for number in range(3):
        site.say(f"what tells {number}", Author.ADVOCATE)
    await expect(visitor.page.locator(".advocate .bubble")).to_have_count(3)
    assert await visitor.page.evaluate(looks) == before
    assert before == ["Notes", f"{site.url}/chat/static/icon.svg", "/"]


async def test_a_tab_that_had_gone_on_brings_nothing_back(site: Site) -> None:
    """Left in one tab, its back button in another leads to no message, in a browser that keeps
    pages aside to show them again at once."""
    async with browsing(keeps_pages=True) as browser, visiting(browser, site) as visitor:
        await visitor.start()
        second = await visitor.context.new_page()
        await second.goto(site.url)
        await expect(second.locator(".bot .bubble")).to_have_count(1)
        await second.goto(site.url + "/before")
        await visitor.page.click("#exit")
        await visitor.page.wait_for_url("**/elsewhere")
        await second.go_back()
        welcome = site.catalogue.render("welcome.greeting", Locale("en"), {}).text
        for _ in range(10):
            assert welcome[:20] not in await second.content()
            await asyncio.sleep(0.05)
        await visitor.page.go_back()
        assert welcome[:20] not in await visitor.page.content()


async def test_without_a_network_the_page_is_blanked_and_left(site: Site, visitor: Visitor) -> None:
    """The exit does not wait for anything: the messages are gone from the screen at once."""
    await visitor.start()
    await site.cut()
    texts = await visitor.page.evaluate(
        "() => { document.getElementById('exit').click(); return document.body.innerText; }"
    )
    assert texts == ""

    async def is_elsewhere() -> bool:
        return visitor.page.url.rstrip("/") != site.url

    await until(is_elsewhere)
    await site.mend()


async def test_a_page_that_was_kept_aside_comes_back_empty(visitor: Visitor) -> None:
    """Whatever the browser kept for its back button, no message is on it, and it leaves."""
    await visitor.start()
    await visitor.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert await visitor.page.evaluate(BLANK)
    await visitor.page.evaluate(
        "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    )
    await visitor.page.wait_for_url("**/elsewhere")


async def test_a_reload_brings_the_conversation_back(site: Site, visitor: Visitor) -> None:
    """While the person is there, a reloaded page shows what the server still holds."""
    await visitor.start()
    await visitor.page.fill("#text", "hello")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.page.locator(".bubble")).to_have_count(3)
    before = await visitor.texts()
    await visitor.page.reload()
    await visitor.wait_for_texts(*before)


async def test_a_reload_after_a_while_shows_nothing_until_the_person_writes(
    site: Site, visitor: Visitor
) -> None:
    """Promise 1: opened again later, the page is as neutral as at first, but for cover texts."""
    await visitor.start()
    welcome = site.chat.entries[0].message.text
    site.say("what tells")
    await expect(visitor.page.locator(".bubble")).to_have_count(2)
    site.chat.quiet = True
    await visitor.page.reload()
    site.chats.say(site.chat, "Your parcel is here", cover=True)
    site.wake()
    await visitor.wait_for_texts("Your parcel is here")
    assert "what tells" not in await visitor.page.content()
    await visitor.page.fill("#text", "I am here")
    await visitor.page.keyboard.press("Enter")
    await visitor.wait_for_texts(
        "Your parcel is here", welcome, "what tells", "I am here", "heard I am here"
    )


async def test_what_vanishes_on_the_server_vanishes_from_the_page(
    site: Site, visitor: Visitor
) -> None:
    """Messages go when their time has come; with the last one the page is neutral again."""
    await visitor.start()
    await visitor.page.fill("#text", "hello")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.page.locator(".bubble")).to_have_count(3)
    site.chats.drop(site.chat, site.chat.entries[0])
    site.wake()
    await visitor.wait_for_texts("hello", "heard hello")
    site.chats.drop(site.chat)
    await visitor.wait_for_texts()
    await expect(visitor.page.locator("#start")).to_be_visible()
    assert "hello" not in await visitor.page.content()


async def test_a_choice_vanishes_with_the_message_that_offered_it(
    site: Site, visitor: Visitor
) -> None:
    """What a button said is on the page alone, and goes with its question."""
    await visitor.start()
    await visitor.page.get_by_role("button", name="Menu").click()
    await visitor.wait_for_texts(
        site.chat.entries[0].message.text, "Menu", "pressed intent:help_menu"
    )
    site.chats.drop(site.chat, site.chat.entries[0])
    site.wake()
    await visitor.wait_for_texts("pressed intent:help_menu")


async def test_a_message_that_was_purged_at_once_does_not_stay(
    site: Site, visitor: Visitor
) -> None:
    """ "Delete everything" is itself deleted, though the page showed it before the server did."""
    await visitor.start()

    def clear(update, chat):  # type: ignore[no-untyped-def]
        site.chats.drop(chat)
        site.chats.say(chat, "All gone.", cover=True)

    site.chats.answer = clear
    await visitor.page.fill("#text", "delete everything")
    await visitor.page.keyboard.press("Enter")
    await visitor.wait_for_texts("All gone.")


async def test_a_line_that_drops_as_soon_as_it_is_back_is_told_of(
    site: Site, visitor: Visitor
) -> None:
    """And the word stays for as long as it is true."""
    told = visitor.page.locator("#connection")
    await visitor.start()
    await site.cut()
    await expect(told).to_contain_text("No connection at the moment")
    await site.mend()
    await expect(told).not_to_contain_text("No connection at the moment")
    await site.cut()
    await visitor.page.wait_for_timeout(4_000)
    await expect(told).to_contain_text("No connection at the moment", timeout=100)


async def test_nothing_is_lost_or_doubled_when_the_line_drops(site: Site, visitor: Visitor) -> None:
    """Written during an outage, sent once it is over, in order; what was missed arrives."""
    page = visitor.page
    await visitor.start()
    welcome = site.chat.entries[0].message.text
    await site.cut()
    for text in ("one", "two"):
        await page.fill("#text", text)
        await page.keyboard.press("Enter")
    await expect(page.locator(".state").first).to_have_text(
        "Not sent yet. It goes out as soon as there is a connection."
    )
    await expect(page.locator("#connection")).to_contain_text("No connection at the moment")
    site.chats.say(site.chat, "said meanwhile", Author.ADVOCATE)
    await site.mend()
    await expect(page.locator(".bubble", has_text="heard two")).to_have_count(1, timeout=20_000)
    await expect(page.locator("#connection")).not_to_contain_text("No connection")
    said = await visitor.texts()
    assert sorted(said) == sorted(
        [welcome, "one", "two", "said meanwhile", "heard one", "heard two"]
    )
    assert said.index("one") < said.index("two")
    assert [u.content for u in site.chats.updates] == ["intent:greet", "one", "two"]
    await page.reload()
    await visitor.wait_for_texts(welcome, "said meanwhile", "one", "heard one", "two", "heard two")


async def test_a_lost_answer_does_not_double_the_message(site: Site, visitor: Visitor) -> None:
    """Stored, but the confirmation was lost: sent again under the same id, it is seen once."""
    await visitor.start()
    welcome = site.chat.entries[0].message.text
    site.chats.lost = 1
    await visitor.page.fill("#text", "once")
    await visitor.page.keyboard.press("Enter")
    await visitor.wait_for_texts(welcome, "once", "heard once")
    await asyncio.sleep(1.5)
    assert await visitor.texts() == [welcome, "once", "heard once"]
    assert [u.content for u in site.chats.updates] == ["intent:greet", "once"]


async def test_a_message_held_back_during_an_outage_is_not_missed(
    site: Site, visitor: Visitor
) -> None:
    """Released while the page was cut off, and older than what it has: the page asks for all."""
    await visitor.start()
    nudge = site.chats.say(site.chat, "nudge", seq=1000)
    site.wake()
    await expect(visitor.page.locator(".bubble")).to_have_count(2)
    await site.cut()
    site.chats.say(site.chat, "held back", Author.ADVOCATE, seq=500)
    await site.mend()
    await expect(visitor.page.locator(".bubble", has_text="held back")).to_have_count(
        1, timeout=20_000
    )
    assert nudge.message.text in await visitor.texts()


NASTY = (
    "<script>window.broken = 1</script>",
    "<img src=x onerror='window.broken = 1'>",
    '"><svg onload="window.broken = 1">',
    "javascript:window.broken=1",
    "{{ 7 * 7 }} ${7 * 7}",
    "‮txet desrever‬",
    "</textarea></body>",
)


async def test_markup_is_text_whoever_wrote_it(site: Site, visitor: Visitor) -> None:
    """Nothing that is said, or that a button is called, is ever taken for a page."""
    await visitor.start()
    chat = site.chat
    site.chats.drop(chat)
    for text in NASTY:
        site.chats.say(chat, text, Author.ADVOCATE, buttons=(("a:b", text),))
    await expect(visitor.page.locator(".bubble")).to_have_count(len(NASTY))
    await visitor.page.fill("#text", NASTY[1])
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.page.locator(".bubble")).to_have_count(len(NASTY) + 2)
    assert (await visitor.texts())[: len(NASTY)] == list(NASTY)
    assert await visitor.page.locator(".chip").last.inner_text() == NASTY[-1]
    assert await visitor.page.evaluate("window.broken === undefined")
    assert await visitor.page.locator("#log script, #log img, #log svg[onload]").count() == 0


async def test_the_browser_enforces_the_policy(visitor: Visitor) -> None:
    """The policy is real: inline code and foreign markup are refused by the browser itself."""
    await visitor.open()
    outcome = await visitor.page.evaluate(
        """() => {
            const script = document.createElement("script");
            try { script.text = "window.broken = 1"; document.body.append(script); }
            catch { /* refused */ }
            try { document.body.innerHTML = "<b>x</b>"; return "taken"; }
            catch { return window.broken === 1 ? "broken" : "refused"; }
        }"""
    )
    assert outcome == "refused"
    assert any("Trusted" in c or "trusted" in c for c in visitor.complaints)
    visitor.complaints.clear()


async def test_too_long_a_message_is_given_back_with_a_reason(site: Site, visitor: Visitor) -> None:
    """It stays in the box, is not shown as said, and a line says what can be done."""
    await visitor.start()
    before = await visitor.texts()
    await visitor.page.fill("#text", "a" * 4001)
    await visitor.page.click("#send")
    await expect(visitor.page.locator("#notice")).to_contain_text("too long for one message")
    assert len(await visitor.page.input_value("#text")) == 4001
    assert await visitor.texts() == before
    assert [u.content for u in site.chats.updates] == ["intent:greet"]


async def test_what_the_server_refuses_is_given_back_as_well(site: Site, visitor: Visitor) -> None:
    """The page's own count may be wrong: the server's refusal has its reason shown, too."""
    await visitor.page.route("**/", _without_limit)
    await visitor.start()
    await visitor.page.fill("#text", "a" * 4001)
    await visitor.page.click("#send")
    await expect(visitor.page.locator("#notice")).to_contain_text("too long for one message")
    assert len(await visitor.page.input_value("#text")) == 4001
    await expect(visitor.page.locator(".person .bubble")).to_have_count(0)


async def _without_limit(route: Route) -> None:
    answer = await route.fetch()
    page = (await answer.text()).replace('data-max-text="4000"', 'data-max-text="9999"')
    await route.fulfill(response=answer, body=page)


async def test_blocked_cookies_are_explained(site: Site, visitor: Visitor) -> None:
    """Without a cookie no answer can come: the page says so instead of waiting."""

    async def forget(route: Route) -> None:
        answer = await route.fetch()
        await visitor.context.clear_cookies()
        headers = {k: v for k, v in answer.headers.items() if k != "set-cookie"}
        await route.fulfill(status=answer.status, headers=headers)

    await visitor.page.route("**/chat/messages", forget)
    await visitor.open()
    await visitor.page.click("#start-button")
    await expect(visitor.page.locator("#notice")).to_contain_text("blocks cookies")


async def test_the_page_speaks_spanish(browser: Browser, site: Site) -> None:
    """A browser set to Spanish gets the page and the conversation in Spanish."""
    async with visiting(browser, site, locale="es-MX") as visitor:
        await visitor.start()
        assert await visitor.page.get_attribute("html", "lang") == "es"
        assert await visitor.page.inner_text("#exit") == "Salir"
        assert await visitor.page.title() == "Notas"
        assert "Hola" in (await visitor.texts())[0]


async def test_a_change_of_language_turns_the_page_around(site: Site, visitor: Visitor) -> None:
    """Words and direction follow the conversation; each text keeps its own direction."""
    await visitor.start()
    exit_before = await visitor.page.locator("#exit").bounding_box()
    site.chat.locale = ARABIC
    site.chats.say(site.chat, "مرحبا (116 006)")
    site.chats.say(site.chat, "plain English")
    site.wake()
    await expect(visitor.page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(visitor.page.locator("#exit")).to_have_text(re.compile("خروج"))
    await expect(visitor.page.locator("#text")).to_have_attribute("placeholder", "اكتب رسالة")
    exit_after = await visitor.page.locator("#exit").bounding_box()
    assert exit_before is not None
    assert exit_after is not None
    assert exit_after["x"] < 100 < exit_before["x"]
    ways = await visitor.page.locator(".bubble").evaluate_all(
        "all => all.slice(-2).map(e => getComputedStyle(e).direction)"
    )
    assert ways == ["rtl", "ltr"]


async def test_nothing_moves_where_motion_is_not_wanted(browser: Browser, site: Site) -> None:
    """With reduced motion set, no animation runs."""
    async with visiting(browser, site, reduced_motion="reduce") as visitor:
        await visitor.start()
        names = await visitor.page.evaluate("document.getAnimations().map(a => a.animationName)")
        assert names == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_can_be_read(browser: Browser, site: Site, scheme: str) -> None:
    """Text stands out from its ground by 4.5 to 1 at least (WCAG 2.2, 1.4.3), icons by 3."""
    async with visiting(browser, site, color_scheme=scheme) as visitor:
        await visitor.start()
        await visitor.page.fill("#text", "hello")
        await visitor.page.keyboard.press("Enter")
        site.say("I am here", Author.ADVOCATE)
        await expect(visitor.page.locator(".advocate .bubble")).to_have_count(1)
        await visitor.page.evaluate("document.getAnimations().forEach(a => a.finish())")
        ratios = await visitor.page.evaluate(CONTRAST)
    assert len(ratios) > 8
    faint = [(name, ratio) for name, ratio, least in ratios if ratio < least]
    assert faint == []


CONTRAST = """() => {
    const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (rgb) => rgb.slice(0, 3)
        .map((v) => v / 255)
        .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = (element) => {
        for (let e = element; e; e = e.parentElement) {
            const colour = parse(getComputedStyle(e).backgroundColor);
            if (colour.length < 4 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
    };
    const found = [];
    for (const e of document.querySelectorAll("body *")) {
        const written = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
        if (!written && !["TEXTAREA", "svg"].includes(e.tagName)) continue;
        if (!e.checkVisibility() || e.closest(".unseen, .skip, .start")) continue;
        const both = [light(parse(getComputedStyle(e).color)), light(ground(e))];
        const ratio = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
        found.push([e.outerHTML.slice(0, 60), ratio, e.tagName === "svg" ? 3 : 4.5]);
    }
    return found;
}"""


async def test_in_the_demo_the_exit_replaces_the_frame_alone(browser: Browser) -> None:
    """Framed by a page of the same origin, leaving turns the frame to its exit page."""
    async with running(demo=True) as site, visiting(browser, site) as visitor:
        await visitor.page.goto(site.url + "/elsewhere")
        await visitor.page.evaluate(
            """() => {
                const frame = document.createElement("iframe");
                frame.src = "/";
                document.body.append(frame);
            }"""
        )
        frame = visitor.page.frame_locator("iframe")
        await frame.locator("#start-button").click()
        await expect(frame.locator(".bot .bubble")).to_have_count(1)
        await frame.locator("#exit").click()
        await expect(frame.locator("h1")).to_have_text("Sunny")
        assert await visitor.page.title() == "Weather"
        assert visitor.page.url == site.url + "/elsewhere"


async def test_a_draft_bears_a_ribbon_while_it_is_spoken(site: Site, visitor: Visitor) -> None:
    """It comes and goes with the language, and leaves the exit where it is."""
    site.catalogue.drafts = frozenset({ARABIC})
    await visitor.start()
    ribbon, exit_ = visitor.page.locator(".draft"), visitor.page.locator("#exit")
    await expect(ribbon).to_be_hidden()
    before = await exit_.bounding_box()
    english, site.chat.locale = site.chat.locale, ARABIC
    site.wake()
    await expect(ribbon).to_have_text("مسودة ترجمة: لم تُراجع")
    await expect(ribbon).to_be_visible()
    after = await exit_.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == before["y"]
    site.chat.locale = english
    site.wake()
    await expect(ribbon).to_be_hidden()


async def test_the_cover_page_tells_nothing(site: Site, visitor: Visitor) -> None:
    """It is a recipe, whole and in the browser's language, and leads nowhere."""
    await visitor.page.goto(site.url + "/cover")
    assert await visitor.page.title() == "Lentil soup with lemon"
    assert await visitor.page.locator("li").count() == 13
    assert await visitor.page.locator("a, button, script").count() == 0


async def test_the_exit_stays_on_the_screen(visitor: Visitor, site: Site) -> None:
    """However much was said, scrolled and typed, the page itself never scrolls."""
    await visitor.start()
    for number in range(30):
        site.say(f"message {number} " * 20)
    await expect(visitor.page.locator(".bubble").last).to_contain_text("message 29")
    await visitor.page.evaluate(
        "document.querySelectorAll('.message').forEach(m => m.scrollIntoView())"
    )
    await visitor.page.focus("#text")
    await visitor.page.evaluate("document.querySelector('#text').scrollIntoView()")
    assert await visitor.page.evaluate("document.scrollingElement.scrollTop") == 0
    await expect(visitor.page.locator("#exit")).to_be_in_viewport(ratio=1)
