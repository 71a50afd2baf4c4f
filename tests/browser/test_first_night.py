"""A new advocate's first night: from the invitation to the end of the first conversation.

Nobody explained anything: at each step what comes next is in sight, and on top. With a folder in
ADVOCATE_PICTURES (`make pictures`) each step is also drawn, small enough for the guide.
"""

import base64
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.dialogue.intents import Intent
from bot.ids import Locale
from tests.browser.test_console import DESKTOP, Scene, a_scene, one_time_code, raise_alert
from tests.fakes.channel import FakePhone
from tests.integration.console_parts import an_advocate
from tests.unit.directory.test_choosing import service

PICTURES = os.environ.get("ADVOCATE_PICTURES", "")
SMALL = 60_000
"""Bytes that a picture has at most."""
PHONE = {"width": 360, "height": 740}
PASSWORD = "kettle lantern orchid"

IN_REACH = """e => {
  const box = e.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const inside = Math.min(box.top, box.left, innerHeight - box.bottom, innerWidth - box.right) >= 0;
  const top = document.elementFromPoint(x, y);
  return inside && top !== null && (e.contains(top) || top.contains(e));
}"""
NO_WIDER = "document.documentElement.scrollWidth <= innerWidth"


@dataclass(frozen=True)
class Night:
    """One walk through the pages: on what, in which language, by day or by night."""

    name: str
    locale: str = "en"
    phone: bool = False
    dark: bool = False


NIGHTS = [Night("desktop"), Night("arabic", locale="ar", phone=True, dark=True)]
if PICTURES:
    NIGHTS += [Night("phone", phone=True), Night("spanish", locale="es", dark=True)]
SAID = {
    "en": ["Hi. I can’t talk long, they are in the garden.", "yes, the bathroom has a lock"],
    "ar": ["مرحبا، لا أستطيع الكلام طويلا", "رقم بيتي 12، والباب مقفل. ok?"],
    "es": ["Hola. No puedo hablar mucho.", "sí, en el baño (باب مقفل)"],
}
ANSWER = "I am here, and I am glad that you wrote. Can you lock a door, or step outside?"


@dataclass
class Walk:
    """One page on one night."""

    night: Night
    page: Page

    async def step(self, name: str, act: Locator | None = None) -> None:
        """What comes next is in sight and on top, nothing is cut off; drawn if that is wanted."""
        if act is not None:
            await expect(act).to_be_visible()
            assert await act.evaluate(IN_REACH), f"{name}: out of reach"
        assert await self.page.evaluate(NO_WIDER), f"{name}: wider than the screen"
        if PICTURES:
            await self._draw(name)

    async def _draw(self, name: str) -> None:
        session = await self.page.context.new_cdp_session(self.page)
        for quality in (82, 70, 55, 40):
            wanted = {"format": "webp", "quality": quality}
            drawn = await session.send("Page.captureScreenshot", wanted)
            content = base64.b64decode(drawn["data"])
            if len(content) <= SMALL:
                break
        (Path(PICTURES) / f"{self.night.name}-{name}.webp").write_bytes(content)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    known = [service("line"), service("shelter")]
    locales = ("en", "es", "ar")
    quiet = {"idle_lock_after": timedelta(), "country": "GB", "locales": locales}
    async with a_scene(tmp_path, services=known, **quiet) as scene:
        yield scene


async def invited(scene: Scene, night: Night) -> Walk:
    """A browser that opens the link of an invitation, and goes as far as the empty desk."""
    token = await scene.house.staff.invite("Robin Meadow", languages=(Locale("en"), Locale("ar")))
    context = await scene.browser.new_context(
        viewport=PHONE if night.phone else DESKTOP,
        is_mobile=night.phone,
        has_touch=night.phone,
        locale=night.locale,
        color_scheme="dark" if night.dark else "light",
    )
    page = await context.new_page()
    page.set_default_timeout(15000)
    page.on("pageerror", lambda error: scene.faults.append(f"error: {error}"))
    walk = Walk(night, page)
    await page.goto(f"{scene.url}/console/join#{token}")
    await walk.step("01-invitation", page.locator("#greeting"))
    await page.fill("#password", PASSWORD)
    await page.fill("#totp", await one_time_code(page))
    submit = page.locator("#join button[type=submit]")
    await submit.scroll_into_view_if_needed()
    await walk.step("02-password", submit)
    await submit.click()
    await expect(page.locator("#recovery-codes li")).to_have_count(10)
    await walk.step("03-codes", page.locator("#recovery-kept"))
    await page.click("#recovery-kept")
    await expect(page.locator("#status")).to_have_attribute("data-state", "live")
    await expect(page.locator("#desk")).to_be_visible()
    await walk.step("04-nobody-waits", page.locator("#desk-next"))
    return walk


async def queue(scene: Scene, walk: Walk) -> tuple[FakePhone, FakePhone]:
    """Three people wait: one in danger, one of another language, one who shared nothing."""
    endangered, _ = await scene.house.someone_waits(Intent.THREATS_WEAPON)
    other, _ = await scene.house.someone_waits(Intent.ASK_SHELTER)
    await scene.house.someone_waits()
    await expect(walk.page.locator("#waiting-list li")).to_have_count(3)
    return endangered, other


async def first_talk(scene: Scene, walk: Walk, person: FakePhone) -> None:
    """Claim the first, read, answer, and look at what is at hand."""
    page, house, said = walk.page, scene.house, SAID[walk.night.locale]
    await page.locator("#waiting-list li").first.get_by_role("button").click()
    await expect(page.locator("#talk-open")).to_be_visible()
    await house.dispatcher.settled()
    await walk.step("06-claimed", page.locator("#draft"))
    await house.writes(person, said[0])
    await expect(page.locator("#log .theirs .bubble")).to_have_text(said[0])
    await page.fill("#draft", ANSWER)
    await walk.step("07-answering", page.locator("#send"))
    await page.click("#send")
    await expect(page.locator(".mine .delivery[data-state=sent]")).to_be_visible()
    await house.writes(person, said[1])
    await expect(page.locator("#log .theirs")).to_have_count(2)
    await walk.step("08-talking", page.locator("#draft"))
    await page.click("#hand-open")
    await expect(page.locator("#hand-phrases li").first).to_be_visible()
    await walk.step("09-at-hand", page.locator("#hand-close"))
    await page.click("#hand-close")


async def quiet_phone(scene: Scene, walk: Walk) -> None:
    """The person does not write any more; what is written now waits."""
    page = walk.page
    scene.house.clock.move(scene.house.settings.quiet_after + timedelta(seconds=1))
    await page.fill("#draft", "I am still here when you are back.")
    await page.click("#send")
    await expect(page.locator(".mine .delivery[data-state=held]")).to_be_visible()
    await expect(page.locator("#held-cover")).not_to_be_empty()
    await walk.step("10-quiet-phone", page.locator("#held"))


async def ends_it(walk: Walk) -> None:
    """Hand over, or rather not; then the end."""
    page = walk.page
    await page.click("#do-transfer")
    await expect(page.locator("dialog[open]")).to_be_visible()
    await walk.step("12-hand-over", page.locator("dialog[open] h2"))
    await page.keyboard.press("Escape")
    await page.click("#do-close")
    await walk.step("13-end", page.locator("dialog[open] .primary"))
    await page.locator("dialog[open] .primary").click()
    await expect(page.locator("#blank-title")).to_be_visible()
    await walk.step("14-ended", page.locator("#blank-actions button").last)


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.name)
async def test_a_new_advocate_finds_the_way_alone(scene: Scene, night: Night) -> None:
    """From the link to the end of the first conversation, each next step in sight and on top."""
    walk = await invited(scene, night)
    page = walk.page
    await an_advocate(scene.house, "Noor Haddad")
    endangered, _ = await queue(scene, walk)
    first = page.locator("#waiting-list li").first
    await expect(first).to_have_class(re.compile("is-urgent"))
    await walk.step("05-people-wait", first.get_by_role("button"))
    await first_talk(scene, walk, endangered)
    await quiet_phone(scene, walk)
    if night.phone:
        await page.click("#talk-back")
    _, alarmed = await scene.house.someone_waits()
    await raise_alert(scene.house, alarmed)
    take = page.locator("#alerts-list button")
    await expect(take).to_be_visible()
    await walk.step("11-alert", take)
    if night.phone:
        await page.locator("#mine-list button").click()
    await ends_it(walk)
    assert scene.faults == []
    assert scene.elsewhere == []
