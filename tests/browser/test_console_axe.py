"""axe-core over every page and view of the console: light, dark, wide, narrow, both directions."""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.dialogue.intents import Intent
from bot.staff.permissions import Role
from tests.browser.test_console import Scene, a_scene, one_time_code, raise_alert
from tests.integration.console_parts import Console, an_advocate

RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
PICTURES = os.environ.get("CONSOLE_PICTURES", "")
"""A folder for pictures of each view, for whoever wants to look at them."""


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path, named=True, locales=("en", "es", "ar"), country="GB") as scene:
        yield scene


class Looker:
    """Looks at one page after the other."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[str] = []
        self.seen: list[str] = []

    async def look(self, page: Page, view: str) -> None:
        """Notes what is wrong with what the page shows."""
        self.seen.append(view)
        results = await Axe().run(page, options=RULES)
        assert results.response["testEngine"]["name"] == "axe-core"
        for fault in results.response["violations"]:
            places = [" ".join(map(str, node["target"])) for node in fault["nodes"]]
            self.faults.append(f"{view}: {fault['id']}: {', '.join(places[:4])}")
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.faults.append(f"{view}: wider than the screen")
        if PICTURES:
            folder = Path(PICTURES)
            await page.screenshot(path=folder / f"{self.name}-{view}.png", full_page=True)


async def walk_in(scene: Scene, looker: Looker, **how: object) -> None:
    """Signing in, the invitation, and the codes after it."""
    page = await scene.page(**how)
    await expect(page.locator("#signin-form")).to_be_visible()
    await looker.look(page, "signin")
    token = await scene.house.staff.invite("Noor")
    await page.goto(f"{scene.url}/console/join#{token}")
    await expect(page.locator("#greeting")).to_be_visible()
    await looker.look(page, "join")
    await page.fill("#password", "kettle lantern orchid")
    await page.fill("#totp", await one_time_code(page))
    await page.click("#join button[type=submit]")
    await expect(page.locator("#recovery-codes li")).to_have_count(10)
    await looker.look(page, "recovery")
    await page.goto(f"{scene.url}/console/join#gone")
    await page.reload()
    await expect(page.locator("#invalid")).to_be_visible()
    await looker.look(page, "invalid")
    await page.context.close()


async def walk_work(scene: Scene, looker: Looker, robin: Console, **how: object) -> None:
    """The queue, a conversation with what is at hand, and the lock."""
    page = await scene.page(robin, **how)
    await expect(page.locator("#waiting-list li")).not_to_have_count(0)
    await looker.look(page, "queue")
    await page.locator("#mine-list button").first.click()
    await expect(page.locator("#log .theirs").first).to_be_visible()
    await looker.look(page, "talk")
    await page.click("#hand-open")
    await expect(page.locator("#hand-phrases li").first).to_be_visible()
    await looker.look(page, "hand")
    await page.evaluate("fetch('/api/v1/session/lock', {method: 'POST'})")
    await page.reload()
    await expect(page.locator("#lock")).to_be_visible()
    await looker.look(page, "lock")
    await page.context.close()


async def walk_office(scene: Scene, looker: Looker, alex: Console, **how: object) -> None:
    """The pages beside the conversations, as an admin sees them."""
    page = await scene.page(alex, **how)
    for path, ready in (
        ("overview", "#lines tr"),
        ("account", "#factors li"),
        ("staff", "#knobs input"),
        ("rota", "#gaps li"),
    ):
        await page.goto(f"{scene.url}/console/{path}")
        await expect(page.locator(ready).first).to_be_visible()
        if path == "staff":
            await page.locator("#accounts summary").first.click()
            await page.locator("[data-own=es]").check()
        await looker.look(page, path)
    await page.goto(f"{scene.url}/console/account")
    await expect(page.locator("#factors li")).to_have_count(1)
    await page.click("#codes")
    await expect(page.locator("#prove")).to_be_visible()
    await looker.look(page, "prove")


async def set_up(scene: Scene) -> tuple[Console, Console]:
    """An advocate at work and an admin; hours, a shift, an alert, people waiting."""
    house = scene.house
    robin = await an_advocate(house)
    alex = await an_advocate(house, "Alex", Role.ADMIN)
    person, handoff = await house.someone_waits(Intent.STRANGULATION)
    await robin.http.post(f"/api/v1/handoffs/{handoff}/claim")
    await house.dispatcher.settled()
    await house.writes(person, "hello مرحبا")
    _, other = await house.someone_waits(Intent.STALKING)
    await raise_alert(house, other)
    table = {"zone": "UTC", "hours": {"mon": "09:00-17:00", "thu": "09:00-17:00"}}
    await alex.http.put("/api/v1/hours", json=table)
    me = (await robin.http.get("/api/v1/me")).json()["id"]
    start = house.clock.now() + timedelta(days=1)
    shift = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=8)).isoformat()}
    added = await alex.http.post("/api/v1/shifts", json={"advocate_id": me, **shift})
    assert added.status_code == 204
    return robin, alex


@pytest.mark.parametrize(
    ("locale", "scheme", "phone"),
    [("en", "light", False), ("ar", "dark", True), ("es", "light", True)],
)
async def test_axe_finds_nothing_on_any_page(
    scene: Scene, locale: str, scheme: str, phone: bool
) -> None:
    """All of WCAG 2.2 AA that it can tell, and its best practices; nothing runs off the side."""
    looker = Looker(f"{locale}-{scheme}-{'phone' if phone else 'desktop'}")
    how = {"phone": phone, "locale": locale, "color_scheme": scheme}
    robin, alex = await set_up(scene)
    await walk_in(scene, looker, **how)
    await walk_office(scene, looker, alex, **how)
    await walk_work(scene, looker, robin, **how)
    assert looker.faults == []
    assert len(looker.seen) == 13


async def test_axe_would_find_something(scene: Scene) -> None:
    """A page that is made worse is found out."""
    page = await scene.page()
    await page.evaluate("document.querySelector('label[for=signin-name]').remove()")
    looker = Looker("worse")
    await looker.look(page, "signin")
    assert any("label" in fault for fault in looker.faults)
