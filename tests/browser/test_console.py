"""The console in a real browser: an advocate's work, from the invitation to the end of a talk."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from socket import socket
from uuid import uuid4

import pyotp
import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright, expect

from bot.checkins.models import Alert, Checkin, Phase
from bot.dialogue.intents import Intent
from bot.ids import AlertId, CheckinId, HandoffId, Locale
from bot.staff.passwords import random_password
from bot.staff.permissions import Role
from tests.fakes.channel import FakePhone
from tests.integration.console_parts import Console, House, an_advocate, open_house, serving

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 780}


@dataclass
class Scene:
    """A house, its address, a browser, and all that went wrong in its pages."""

    house: House
    url: str
    browser: Browser
    faults: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    async def page(
        self, console: Console | None = None, *, phone: bool = False, **options: object
    ) -> Page:
        """A new browser of somebody, signed in as `console` if given."""
        context: BrowserContext = await self.browser.new_context(
            viewport=PHONE if phone else DESKTOP, is_mobile=phone, has_touch=phone, **options
        )
        if console is not None:
            token = console.http.cookies["sidelight-console"]
            cookie = {"name": "sidelight-console", "value": token, "url": self.url}
            await context.add_cookies([cookie])
        page = await context.new_page()
        page.set_default_timeout(15000)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on(
            "console",
            lambda line: self.faults.append(line.text) if line.type == "error" else None,
        )
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith(self.url) else self.elsewhere.append(request.url)
            ),
        )
        await page.goto(f"{self.url}/console")
        if console is not None:
            await expect(page.locator("#status")).to_have_attribute("data-state", "live")
        return page

    async def talk(
        self, console: Console, *, phone: bool = False, intent: Intent | None = None
    ) -> tuple[Page, FakePhone, HandoffId]:
        """A page with a conversation that was just claimed."""
        person, handoff = await self.house.someone_waits(intent)
        page = await self.page(console, phone=phone)
        await page.locator("#waiting-list button").first.click()
        await expect(page.locator("#talk-open")).to_be_visible()
        await self.house.dispatcher.settled()
        return page, person, handoff

    def expect_calm(self) -> None:
        """Nothing went wrong, and nothing was asked of anybody else."""
        assert self.faults == []
        assert self.elsewhere == []


@asynccontextmanager
async def a_scene(folder: Path, *, named: bool = False, **settings: object) -> AsyncIterator[Scene]:
    """`named`: under a name instead of a number, as passkeys need it."""
    port = 0
    if named:
        with socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        settings["public_url"] = f"http://localhost:{port}"
    async with (
        open_house(folder, **settings) as house,
        serving(house, port) as url,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield Scene(house, house.settings.public_url if named else url, browser)
        finally:
            await browser.close()


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    # Some move the clock by more than a page may be silent: locking has tests of its own.
    async with a_scene(tmp_path, idle_lock_after=timedelta()) as scene:
        yield scene


async def one_time_code(page: Page) -> str:
    """What an authenticator shows, once the page of an invitation has told it the secret."""
    told = page.locator("#secret")
    await expect(told).not_to_be_empty()
    return pyotp.TOTP((await told.inner_text()).replace(" ", "")).now()


async def raise_alert(house: House, handoff_id: HandoffId) -> None:
    handoff = await house.advocacy.handoff(handoff_id)
    alert, checkin, now = AlertId(uuid4()), CheckinId(uuid4()), house.clock.now()
    async with house.database.writing() as unit:
        await unit.checkins.add(
            Checkin(checkin, handoff.conversation_id, Phase.ESCALATED, now, b"", now)
        )
        await unit.alerts.add(
            Alert(alert, checkin, handoff.conversation_id, "missed", Locale("en"), now)
        )
        await unit.events.publish("alert.raised", alert, now)


async def test_from_the_invitation_to_the_first_conversation(scene: Scene) -> None:
    """A new advocate joins, claims, talks live without a reload, and ends it."""
    house = scene.house
    token = await house.staff.invite("Robin Meadow")
    page = await scene.page()
    await expect(page.locator("#signin-form")).to_be_visible()
    await page.goto(f"{scene.url}/console/join#{token}")
    await expect(page.locator("#greeting")).to_have_text("Welcome, Robin Meadow")
    assert token not in page.url
    await page.fill("#password", random_password())
    await page.fill("#totp", await one_time_code(page))
    await page.click("#join button[type=submit]")
    await expect(page.locator("#recovery-codes li")).to_have_count(10)
    await page.click("#recovery-kept")
    await expect(page.locator("#status")).to_have_attribute("data-state", "live")
    await page.evaluate("window.loadedOnce = true")

    person, _ = await house.someone_waits(Intent.ASK_SHELTER)
    card = page.locator("#waiting-list li")
    await expect(card).to_contain_text("Shelter")
    await expect(page).to_have_title("(1) Console")
    await card.get_by_role("button", name=re.compile("^Claim")).click()
    await house.dispatcher.settled()
    await house.writes(person, "are you there?")
    await expect(page.locator("#log .theirs .bubble")).to_have_text("are you there?")
    await page.keyboard.type("Yes, I am here.")
    await page.keyboard.press("Enter")
    await expect(page.locator("#log .mine .delivery")).to_have_text("Sent")
    await expect(page.locator("#log .mine .vanishes")).to_contain_text("vanishes in")
    assert "Yes, I am here." in person.texts()

    await page.click("#do-close")
    await page.get_by_role("button", name="End it").click()
    await expect(page.locator("#blank-title")).to_have_text("The conversation has ended")
    await house.dispatcher.settled()
    assert "has ended" in person.texts()[-1]
    assert "are you there?" not in await page.locator("body").inner_text()
    assert await page.evaluate("window.loadedOnce")
    assert page.url == f"{scene.url}/console"
    scene.expect_calm()


async def test_signing_in_by_hand_and_out_again(scene: Scene) -> None:
    """Name, password, code; a wrong try is told calmly; signing out leaves nothing."""
    console = await an_advocate(scene.house, signed_in=False)
    page = await scene.page()
    await page.fill("#signin-name", "robin")
    await page.fill("#signin-password", random_password())
    await page.fill("#signin-totp", console.code())
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("is wrong")
    await page.fill("#signin-password", console.password)
    await page.fill("#signin-totp", console.code())
    await page.keyboard.press("Enter")
    await expect(page.locator("#who")).to_have_text("Robin")
    await page.click("#signout")
    await expect(page.locator("#signin-form")).to_be_visible()
    await page.reload()
    await expect(page.locator("#signin-form")).to_be_visible()
    scene.faults = [fault for fault in scene.faults if "401" not in fault]
    scene.expect_calm()


async def test_an_invitation_that_does_not_hold_is_said_plainly(scene: Scene) -> None:
    """With what to do about it."""
    page = await scene.page()
    await page.goto(f"{scene.url}/console/join#invented")
    await expect(page.locator("#invalid")).to_contain_text("does not work")
    await expect(page.locator("#join")).to_be_hidden()


async def test_two_pages_race_for_one_person(scene: Scene) -> None:
    """One gets the conversation, the other a calm word, and the card goes."""
    first = await an_advocate(scene.house)
    second = await an_advocate(scene.house, "Sam")
    _, handoff = await scene.house.someone_waits()
    pages = [await scene.page(first), await scene.page(second)]
    for page in pages:
        await expect(page.locator("#waiting-list li")).to_have_count(1)
    first_was_there = asyncio.Event()

    async def later(route: Route) -> None:
        await first_was_there.wait()
        await route.continue_()

    await pages[1].route("**/claim", later)
    await pages[1].locator("#waiting-list button").click()
    await pages[0].locator("#waiting-list button").click()
    await expect(pages[0].locator("#talk-open")).to_be_visible()
    first_was_there.set()
    await expect(pages[1].locator(".toast", has_text="Somebody else was quicker")).to_be_visible()
    await expect(pages[1].locator("#waiting-list li")).to_have_count(0)
    await expect(pages[1].locator("#others-list li")).to_have_count(1)
    assert (await scene.house.advocacy.handoff(handoff)).advocate_id is not None


async def test_what_people_write_is_shown_as_text(scene: Scene) -> None:
    """Markup, scripts and odd marks stay words, in messages and names alike; nothing runs."""
    console = await an_advocate(scene.house)
    await an_advocate(scene.house, "<img src=x onerror=alert(1)>", signed_in=False)
    page, person, _ = await scene.talk(console)
    texts = [
        "<script>window.owned = 1</script>",
        "<img src=x onerror='window.owned = 1'>",
        '"><svg onload=window.owned=1>',
        "javascript:window.owned=1 {{7*7}} ${7*7} &lt;b&gt;",
        "\u202eevil\u202c <b>bold</b>",
    ]
    for text in texts:
        await scene.house.writes(person, text)
    bubbles = page.locator("#log .theirs .bubble")
    await expect(bubbles).to_have_count(len(texts))
    assert await bubbles.all_text_contents() == texts
    await page.fill("#draft", "<b onclick=window.owned=1>mine</b>")
    await page.keyboard.press("Enter")
    own = page.locator("#log .mine .bubble")
    await expect(own).to_have_text("<b onclick=window.owned=1>mine</b>")
    await page.click("#do-transfer")
    await expect(page.locator("dialog")).to_contain_text("<img src=x onerror=alert(1)>")
    assert await page.locator("#log img, #log script, #log b, dialog img").count() == 0
    assert await page.evaluate("typeof window.owned") == "undefined"
    scene.expect_calm()


async def test_a_quiet_phone_and_a_vanished_message_are_shown_as_such(scene: Scene) -> None:
    """Held until safe, then sent; and once its time is over, the text is gone from the page."""
    house = scene.house
    console = await an_advocate(house)
    page, person, _ = await scene.talk(console)
    house.clock.move(house.settings.quiet_after + timedelta(seconds=1))
    await page.fill("#draft", "Still here when you are back.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .delivery")).to_have_text("Waits until it is safe")
    await expect(page.locator("#held")).to_contain_text("Their phone is quiet")
    await house.writes(person, "back")
    await expect(page.locator(".mine .delivery")).to_have_text("Sent")
    await expect(page.locator("#held")).to_be_hidden()
    house.clock.move(house.settings.message_ttl + timedelta(seconds=5))
    await house.run_timers()
    await page.reload()
    await expect(page.locator("#status")).to_have_attribute("data-state", "live")
    assert "Still here" not in await page.locator("body").inner_text()


async def test_a_text_leaves_the_open_page_at_its_deadline(tmp_path: Path) -> None:
    """Without a reload, and without waiting for the server to say so."""
    async with a_scene(tmp_path, message_ttl=timedelta(seconds=10)) as scene:
        console = await an_advocate(scene.house)
        page, person, _ = await scene.talk(console)
        await scene.house.writes(person, "gone in a moment")
        await expect(page.locator("#log .theirs .bubble")).to_have_text("gone in a moment")
        vanished = page.locator("#log .gone")
        await expect(vanished).to_have_text("A message has vanished", timeout=20000)
        assert "gone in a moment" not in await page.content()


async def test_the_network_is_cut_in_the_middle_of_a_sentence(scene: Scene) -> None:
    """The draft stays, the message says that it did not get out, and goes out once, later."""
    console = await an_advocate(scene.house)
    page, person, _ = await scene.talk(console)
    await page.context.set_offline(True)
    await page.fill("#draft", "Can you hear me?")
    await page.keyboard.press("Enter")
    await page.fill("#draft", "half a sent")
    await expect(page.locator(".mine .delivery")).to_have_text("Not sent: no connection")
    await scene.house.writes(person, "hello? are you there?")
    await page.context.set_offline(False)
    await expect(page.locator(".mine .delivery")).to_have_text("Sent", timeout=20000)
    await expect(page.locator("#log .theirs .bubble")).to_have_text("hello? are you there?")
    await expect(page.locator("#draft")).to_have_value("half a sent")
    assert person.texts().count("Can you hear me?") == 1


async def test_the_session_ends_while_a_draft_stands(scene: Scene) -> None:
    """Nothing of anybody stays on the screen; after signing in again the draft is there."""
    console = await an_advocate(scene.house)
    page, person, _ = await scene.talk(console)
    await scene.house.writes(person, "something private")
    await expect(page.locator("#log .theirs .bubble")).to_have_text("something private")
    await page.fill("#draft", "my draft")
    robin = await scene.house.staff.authenticate(console.http.cookies["sidelight-console"])
    assert robin is not None
    await scene.house.staff.sign_out_everywhere(robin.id)
    await scene.house.writes(person, "and more")
    await expect(page.locator("#signin-again")).to_be_visible()
    assert "something private" not in await page.locator("body").inner_text()
    scene.house.clock.move(timedelta(seconds=40))
    await page.fill("#signin-name", "Robin")
    await page.fill("#signin-password", console.password)
    await page.fill("#signin-totp", console.code())
    await page.keyboard.press("Enter")
    await expect(page.locator("#log .theirs .bubble").first).to_have_text("something private")
    await expect(page.locator("#draft")).to_have_value("my draft")


async def test_a_lost_claim_and_a_person_who_leaves_are_said_plainly(scene: Scene) -> None:
    """Back in the queue, or ended by the person: never a conversation that nobody reads."""
    console = await an_advocate(scene.house)
    page, person, handoff = await scene.talk(console)
    held = await scene.house.advocacy.handoff(handoff)
    assert held.advocate_id is not None
    await scene.house.advocacy.release(handoff, held.advocate_id)
    await expect(page.locator("#blank-title")).to_contain_text("is back in the queue")
    await page.locator("#blank-actions .primary").click()
    await expect(page.locator("#talk-open")).to_be_visible()
    await scene.house.dispatcher.settled()
    await scene.house.presses(person, "handoff:leave")
    await expect(page.locator("#blank-title")).to_contain_text("has ended the conversation")


async def test_an_alert_is_taken_on_with_its_person(scene: Scene) -> None:
    """On top, with its reason in words; one press brings the conversation."""
    console = await an_advocate(scene.house)
    page = await scene.page(console)
    await expect(page.locator("#alerts")).to_be_hidden()
    _, handoff = await scene.house.someone_waits()
    await raise_alert(scene.house, handoff)
    await expect(page.locator("#alerts-list")).to_contain_text("No answer to a check-in")
    await expect(page).to_have_title("(2) Console")
    await page.locator("#alerts-list button").click()
    await expect(page.locator("#talk-open")).to_be_visible()
    await expect(page.locator("#alerts")).to_be_hidden()
    await expect(page.locator("#handled-count")).to_have_text("1")
    scene.expect_calm()


async def test_all_of_it_by_keyboard(scene: Scene) -> None:
    """j, k, c, m, e and ? do what they say, and do nothing while one writes."""
    console = await an_advocate(scene.house)
    people = [await scene.house.someone_waits() for _ in range(3)]
    page = await scene.page(console)
    await expect(page.locator("#waiting-list li")).to_have_count(3)
    await expect(page.locator("#for-you-list li")).to_have_count(1)
    for _ in ("the one on offer", "the first who waits", "the second"):
        await page.keyboard.press("j")
    await page.keyboard.press("c")
    await expect(page.locator("#talk-open")).to_be_visible()
    second = await scene.house.advocacy.handoff(people[1][1])
    await expect(page.locator("#talk-name")).to_have_text(second.pseudonym)
    await expect(page.locator("#draft")).to_be_focused()
    await page.keyboard.type("jacket e?")
    await expect(page.locator("#draft")).to_have_value("jacket e?")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two lines")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".mine .bubble")).to_have_text("jacket e?\ntwo lines")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.locator("dialog")).to_contain_text("Shortcuts")
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog")).to_be_hidden()
    await page.keyboard.press("m")
    await expect(page.locator("#draft")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await expect(page.locator("dialog")).to_contain_text("End the conversation")
    await page.get_by_role("button", name="End it").press("Enter")
    await expect(page.locator("#blank-title")).to_have_text("The conversation has ended")
    scene.expect_calm()


async def test_a_phone_shows_one_thing_at_a_time_and_goes_back(scene: Scene) -> None:
    """The list, or the conversation; the phone's own “back” leads to the list."""
    console = await an_advocate(scene.house)
    page, person, _ = await scene.talk(console, phone=True, intent=Intent.THREATS_WEAPON)
    await expect(page.locator("#lists")).to_be_hidden()
    await scene.house.writes(person, "a " * 200 + "unbreakable" * 30)
    await expect(page.locator("#log .theirs .bubble")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    await page.fill("#draft", "A line")
    await page.keyboard.press("Enter")
    await expect(page.locator("#draft")).to_have_value("A line\n")
    await page.locator("#send").tap()
    await expect(page.locator(".mine .delivery")).to_have_text("Sent")
    small = await page.locator("#talk-open button:visible, #talk-open textarea").evaluate_all(
        "found => found.filter(e => e.getBoundingClientRect().height < 44"
        " && !e.classList.contains('link')).map(e => e.id || e.className)"
    )
    assert small == []
    await page.go_back()
    await expect(page.locator("#lists")).to_be_visible()
    await scene.house.writes(person, "more")
    await expect(page.locator("#mine-list .new")).to_have_text("1")
    await page.locator("#mine-list button").tap()
    await expect(page.locator("#log .theirs")).to_have_count(2)
    await page.locator("#talk-back").tap()
    await expect(page.locator("#mine-list .new")).to_have_text("")
    scene.expect_calm()


async def test_unread_marks_stay_read_across_a_reload(scene: Scene) -> None:
    """And nothing that anybody wrote is kept in the browser's storage."""
    console = await an_advocate(scene.house)
    page, person, _ = await scene.talk(console)
    await scene.house.writes(person, "canary words")
    await expect(page.locator("#log .theirs .bubble")).to_have_text("canary words")
    await page.reload()
    await expect(page.locator("#mine-list li")).to_have_count(1)
    await expect(page.locator("#mine-list .new")).to_have_text("")
    kept = await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "canary" not in kept
    assert re.fullmatch(r'\[\{\},\{"seen/[0-9a-f-]{36}":"\d+"\}\]', kept)


async def test_an_admin_sees_the_queue_and_can_take_nobody(scene: Scene) -> None:
    """What the role may not do is not offered."""
    admin = await an_advocate(scene.house, "Alex", Role.ADMIN)
    await scene.house.someone_waits()
    page = await scene.page(admin)
    await expect(page.locator("#waiting-list li")).to_have_count(1)
    await expect(page.locator("#waiting-list button")).to_have_count(0)
    await page.keyboard.press("c")
    await expect(page.locator("#talk-open")).to_be_hidden()
    scene.expect_calm()


async def test_the_console_speaks_spanish_to_a_spanish_browser(tmp_path: Path) -> None:
    """All of what is visible, in the queue and in a conversation."""
    async with a_scene(tmp_path, locales=("en", "es")) as scene:
        console = await an_advocate(scene.house)
        await scene.house.someone_waits()
        page = await scene.page(console, locale="es-ES")
        await expect(page.locator("#waiting-title")).to_contain_text("En espera")
        await page.get_by_role("button", name=re.compile("^Atender a")).click()
        await expect(page.locator("#do-close")).to_have_text("Terminar")
        scene.expect_calm()
