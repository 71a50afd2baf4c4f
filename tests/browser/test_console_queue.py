"""The queue in a real browser: offers, passing on, helping, and lines that break."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, async_playwright, expect

from bot.handoff.models import HandoffState
from bot.ids import HandoffId
from bot.staff.permissions import Role
from tests.browser.test_console import ARGUMENTS, CHROMIUM, Scene, a_scene
from tests.integration.console_parts import Console, House, an_advocate, open_house, serving


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path) as scene:
        yield scene


async def two(scene: Scene) -> tuple[Page, Page, Console, Console]:
    """Robin's page and Sam's."""
    robin, sam = await an_advocate(scene.house), await an_advocate(scene.house, "Sam")
    return await scene.page(robin), await scene.page(sam), robin, sam


async def state(house: House, handoff: HandoffId) -> HandoffState:
    """Where a handoff stands."""
    return (await house.advocacy.handoff(handoff)).state


async def test_two_advocates_race_and_nobody_is_had_twice(scene: Scene) -> None:
    """For one person by claiming at once; then for two by asking for the next at once."""
    first, second, *_ = await two(scene)
    pages = (first, second)
    colleagues = await scene.house.staff.colleagues()
    await scene.house.someone_waits()
    both = asyncio.Barrier(2)

    async def at_once(route: Route) -> None:
        await both.wait()
        await route.continue_()

    for page in pages:
        await page.route("**/claim", at_once)
    await asyncio.gather(*(page.locator("#waiting-list button").click() for page in pages))
    for page in pages:
        await expect(page.locator("#waiting-list li")).to_have_count(0)
    [queued] = await scene.house.advocacy.handoffs(HandoffState.CLAIMED)
    names = {colleague.advocate.id: colleague.advocate.name for colleague in colleagues}
    winner, loser = pages if names[queued.handoff.advocate_id] == "Robin" else pages[::-1]
    await expect(winner.locator("#talk-open")).to_be_visible()
    await expect(loser.locator(".toast")).to_contain_text("Somebody else was quicker")
    await expect(loser.locator("#talk-open")).to_be_hidden()
    for _ in range(2):
        await scene.house.someone_waits()
    for page in pages:
        await expect(page.locator("#waiting-list li")).to_have_count(2)
    await asyncio.gather(*(page.locator("#desk-next").click() for page in pages))
    for page in pages:
        await expect(page.locator("#waiting-list li")).to_have_count(0)
        await expect(page.locator("#talk-open")).to_be_visible()
    shown = [await page.locator("#talk-name").inner_text() for page in pages]
    held = await scene.house.advocacy.handoffs(HandoffState.CLAIMED)
    assert len({q.handoff.advocate_id for q in held}) == 2
    assert len(held) == 3
    assert shown[0] != shown[1]


async def test_an_offer_goes_from_one_to_the_next_until_it_is_accepted(scene: Scene) -> None:
    """With the time that is left to decide; a break is not asked; the desk is set up in place."""
    first, second, *_ = await two(scene)
    await second.get_by_label("Break").check()
    await expect(second.locator("#duty [value=break]")).to_be_checked()
    await scene.house.someone_waits()
    offer = first.locator("#for-you-list li")
    await expect(offer).to_contain_text(re.compile(r"\d+ sec to decide"))
    await expect(second.locator("#for-you")).to_be_hidden()
    await second.get_by_label("On duty").check()
    await offer.get_by_role("button", name=re.compile("^Not now")).click()
    await expect(offer).to_have_count(0)
    await second.locator("#for-you-list").get_by_role("button", name=re.compile("^Accept")).click()
    await expect(second.locator("#talk-open")).to_be_visible()
    await expect(second.locator("#desk-holds")).to_have_text("1 of 3")
    await second.click("#desk-set")
    await second.select_option("#desk-capacity", "1")
    await second.get_by_label("Children").check()
    await second.get_by_role("button", name="Save").click()
    await expect(second.locator("#desk-holds")).to_have_text("1 of 1")
    await second.click("#desk-next")
    await expect(second.locator(".toast")).to_contain_text("as many people as you take on")
    scene.expect_calm()


async def test_a_warm_hand_over_with_a_note_and_back_as_support(scene: Scene) -> None:
    """The note is text, for advocates alone; then the first helps along, and steps out."""
    first, second, _, _ = await two(scene)
    person, handoff = await scene.house.someone_waits()
    await first.locator("#waiting-list button").click()
    await expect(first.locator("#talk-open")).to_be_visible()
    await first.click("#do-transfer")
    note = "<img src=x onerror=window.owned=1> prefers short messages"
    await first.fill("#transfer-note", note)
    await first.locator("dialog").get_by_role("button", name="Hand over").click()
    await expect(first.locator("#passing-text")).to_contain_text("You asked Sam to take over")
    await first.click("#passing-cancel")
    await expect(first.locator("#passing")).to_be_hidden()
    await expect(second.locator("#for-you")).to_be_hidden()
    await first.click("#do-transfer")
    await first.locator("dialog").get_by_role("button", name="Hand over").click()
    asked = second.locator("#for-you-list li")
    await expect(asked).to_contain_text("Robin asks you to take over")
    await asked.get_by_role("button").click()
    await expect(second.locator(".noted .words").first).to_have_text(note)
    await expect(first.locator("#blank-title")).to_contain_text("Sam")
    assert await second.evaluate("typeof window.owned") == "undefined"
    assert await second.locator("#log img").count() == 0

    await second.click("#do-more")
    await second.get_by_role("button", name=re.compile("^Ask a colleague in")).click()
    await second.get_by_role("button", name="Ask in").click()
    await expect(second.locator("#talk-tags")).to_contain_text("Robin helps")
    await first.locator("#mine-list button").click()
    await expect(first.locator("#talk-tags")).to_contain_text("You help Sam")
    await expect(first.locator("#do-close")).to_be_hidden()
    await first.fill("#draft", "Good evening.")
    await first.keyboard.press("Enter")
    await expect(second.locator("#log .bubble")).to_have_text("Good evening.")
    await first.click("#do-more")
    await first.get_by_role("button", name=re.compile("^Step out")).click()
    await expect(first.locator("#blank-title")).to_have_text("You have stepped out")
    await scene.house.dispatcher.settled()
    assert not any("short messages" in text for text in person.texts())
    assert (await scene.house.advocacy.handoff(handoff)).support_id is None
    scene.expect_calm()


async def test_an_end_with_a_reason_taken_up_again_and_somebody_blocked(scene: Scene) -> None:
    """What one ended stands in the list; what was blocked does not."""
    robin = await an_advocate(scene.house)
    page, person, handoff = await scene.talk(robin)
    await page.click("#do-close")
    await page.get_by_label("They stopped answering").check()
    await page.get_by_role("button", name="End it").click()
    await expect(page.locator("#blank-title")).to_have_text("The conversation has ended")
    await scene.house.dispatcher.settled()
    assert (await scene.house.advocacy.queue.figures())["closed.no_reply"] == 1
    await page.get_by_role("button", name="Back to the list").click()
    await page.locator("#ended summary").click()
    await page.locator("#ended-list").get_by_role("button").click()
    await expect(page.locator("#talk-open")).to_be_visible()
    await scene.house.writes(person, "still here")
    await expect(page.locator("#log .theirs .bubble")).to_have_text("still here")
    await page.click("#do-more")
    await page.get_by_role("button", name=re.compile("^Block and report")).click()
    await page.get_by_role("button", name="Block", exact=True).click()
    await expect(page.locator("#blank-title")).to_contain_text("is blocked")
    await expect(page.locator("#ended")).to_be_hidden()
    assert await state(scene.house, handoff) is HandoffState.CLOSED
    scene.expect_calm()


async def test_the_lid_is_closed_and_the_person_goes_back(tmp_path: Path) -> None:
    """A page that sleeps keeps nobody, though its line stays open; it says so on waking up."""
    async with a_scene(tmp_path, claim_ttl=timedelta(seconds=3)) as scene:
        house = scene.house
        page, person, handoff = await scene.talk(await an_advocate(house))
        cdp = await page.context.new_cdp_session(page)
        await cdp.send("Debugger.enable")
        await cdp.send("Debugger.pause")
        await asyncio.sleep(0.5)  # what it asked before is answered
        house.clock.move(house.settings.claim_ttl + timedelta(seconds=1))
        await asyncio.sleep(house.settings.claim_ttl.total_seconds() / 2)
        await house.run_timers()
        assert await state(house, handoff) is HandoffState.WAITING
        assert "queue" in person.texts()[-1]
        await cdp.send("Debugger.resume")
        await expect(page.locator("#blank-title")).to_contain_text("is back in the queue")
        await expect(page.locator(".toast.bad")).to_contain_text("went back into the queue")


async def test_who_keeps_a_page_open_keeps_the_person_and_is_nudged(tmp_path: Path) -> None:
    """Present, but silent: the advocate hears of it, then a supervisor; nobody is taken away."""
    ttl, silence = timedelta(seconds=3), timedelta(minutes=1)
    async with a_scene(tmp_path, claim_ttl=ttl, silence_after=silence) as scene:
        house = scene.house
        boss = await scene.page(await an_advocate(house, "Lee", Role.SUPERVISOR))
        page, _, handoff = await scene.talk(await an_advocate(house))
        for _ in range(2):
            house.clock.move(silence + timedelta(seconds=1))
            for _ in ("of one that was under way", "of one that began since"):
                async with page.expect_response("**/presence"):
                    pass
            await house.run_timers()
        await expect(page.locator(".toast.bad").first).to_contain_text("waiting for your answer")
        await expect(boss.locator(".toast.bad")).to_contain_text("no answer for a while")
        assert await state(house, handoff) is HandoffState.CLAIMED
        await page.reload()  # the clock was moved under the page
        await expect(page.locator("#mine-list")).to_contain_text("No answer for 2 min")
        await page.locator("#mine-list button").click()
        await page.fill("#draft", "Here I am.")
        await page.keyboard.press("Enter")
        await expect(page.locator("#mine-list")).not_to_contain_text("No answer")


async def test_the_server_is_restarted_while_one_writes(tmp_path: Path) -> None:
    """What was typed meanwhile goes out once, in order; what was written to one comes."""
    async with open_house(tmp_path) as house, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        async with serving(house) as url:
            scene = Scene(house, url, browser)
            page, person, _ = await scene.talk(await an_advocate(house))
        await expect(page.locator("#status")).to_have_attribute("data-state", "offline")
        for text in ("first", "second"):
            await page.fill("#draft", text)
            await page.keyboard.press("Enter")
        await expect(page.locator(".mine .delivery").last).to_have_text("Not sent: no connection")
        await house.writes(person, "are you there?")
        async with serving(house, int(url.rpartition(":")[2])):
            await expect(page.locator("#status")).to_have_attribute("data-state", "live")
            await expect(page.locator("#log .theirs .bubble")).to_have_text("are you there?")
            await expect(page.locator(".mine .delivery").last).to_have_text("Sent")
            await house.dispatcher.settled()
            assert [t for t in person.texts() if t in {"first", "second"}] == ["first", "second"]
        await browser.close()


async def test_a_key_right_after_a_dialog_closed_is_not_lost(scene: Scene) -> None:
    """The browser moves the focus out of it, and tells of the closing, only a moment later."""
    page, *_ = await scene.talk(await an_advocate(scene.house))
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.locator("dialog")).to_contain_text("Shortcuts")
    focused = await page.evaluate(
        """() => {
          const box = document.querySelector("dialog");
          const tick = box.querySelector("input");
          tick.focus();
          box.close();
          tick.dispatchEvent(new KeyboardEvent("keydown", { key: "m", bubbles: true }));
          return document.activeElement.id;
        }"""
    )
    assert focused == "draft"
    await page.keyboard.press("Escape")
    await page.evaluate("""() => document.querySelector("#help").click()""")
    await page.evaluate(
        """() => {
          document.querySelector("dialog[open]").close();
          document.querySelector("#do-close").click();
        }"""
    )
    await expect(page.locator("dialog[open]")).to_contain_text("End the conversation")
    await page.get_by_role("button", name="End it").click()
    await expect(page.locator("#blank-title")).to_have_text("The conversation has ended")
    scene.expect_calm()
