"""The pages of the office in a real browser: a colleague's whole way in and out, by keyboard."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.staff.permissions import Role
from tests.browser.test_console import Scene, a_scene, one_time_code
from tests.integration.console_parts import an_advocate

PASSWORD = "kettle lantern orchid"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path, named=True, idle_lock_after=timedelta(minutes=10)) as scene:
        yield scene


async def tab_to(page: Page, selector: str) -> None:
    """Go there by the Tab key alone. Fails where it can't be reached so."""
    for _ in range(120):
        if await page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{selector} can't be reached by the Tab key")


async def save(page: Page) -> None:
    """The Enter key has it saved, and it is said."""
    async with page.expect_response(lambda answer: answer.request.method == "PUT") as saved:
        await page.keyboard.press("Enter")
    assert (await saved.value).status == 204
    await expect(page.locator("#said")).to_contain_text("Saved")


async def test_from_an_admins_invitation_to_signing_out_everywhere(scene: Scene) -> None:
    """Invited on the page of the staff, joined, locked, unlocked, seen by the admin, and out."""
    admin = await scene.page(await an_advocate(scene.house, "Alex", Role.ADMIN))
    await admin.goto(f"{scene.url}/console/staff")
    await expect(admin.locator("#accounts li")).to_have_count(1)
    await tab_to(admin, "#invite-name")
    await admin.keyboard.type("Noor <b>Meadow</b>")
    await admin.keyboard.press("Enter")
    await expect(admin.locator("#link")).to_contain_text("/console/join#")
    link = await admin.locator("#link").inner_text()
    await expect(admin.locator("#accounts li")).to_have_count(2)
    page = await scene.page()
    await page.goto(link)
    await page.fill("#password", PASSWORD)
    await page.fill("#totp", await one_time_code(page))
    await page.keyboard.press("Enter")
    await expect(page.locator("#recovery-codes li")).to_have_count(10)
    code = await page.locator("#recovery-codes li").first.inner_text()
    await page.click("#recovery-kept")
    await expect(page.locator("#who")).to_have_text("Noor <b>Meadow</b>")
    await page.click("#signout")
    await page.fill("#signin-name", "Noor <b>Meadow</b>")
    await page.fill("#signin-password", PASSWORD)
    await page.fill("#signin-totp", code)
    await page.keyboard.press("Enter")
    await expect(page.locator("#status")).to_have_attribute("data-state", "live")
    await page.evaluate("fetch('/api/v1/session/lock', {method: 'POST'})")
    await page.reload()
    await page.fill("#lock-password", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#status")).to_have_attribute("data-state", "live")
    await page.goto(f"{scene.url}/console/account")
    await page.click("#everywhere")
    await page.click("#prove-yes")
    await expect(page.locator("#signin-form")).to_be_visible()
    await admin.reload()
    noor = admin.locator("#accounts li", has_text="Noor <b>Meadow</b>")
    await noor.locator("summary").click()
    await expect(noor.locator("summary")).to_contain_text("Advocate")
    scene.faults = [fault for fault in scene.faults if "401" not in fault and "423" not in fault]
    scene.expect_calm()


async def test_accounts_hours_settings_and_rota_by_keyboard(scene: Scene) -> None:
    """Each is found by the Tab key, changed, saved and said: no mouse."""
    await an_advocate(scene.house, "Robin")
    page = await scene.page(await an_advocate(scene.house, "Alex", Role.ADMIN))
    await page.goto(f"{scene.url}/console/staff")
    await expect(page.locator("#knobs input").first).to_be_visible()
    await tab_to(page, "#accounts li:nth-child(2) summary")
    await page.keyboard.press("Enter")
    await tab_to(page, "#accounts li:nth-child(2) input[type=number]")
    await page.keyboard.type("2")
    await save(page)
    await tab_to(page, "#hours-holidays")
    await page.keyboard.type("2030-01-01")
    await save(page)
    await tab_to(page, "#knobs input")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("7")
    await save(page)
    await page.goto(f"{scene.url}/console/rota")
    await expect(page.locator("#add-who option")).not_to_have_count(0)
    day = (scene.house.clock.now() + timedelta(days=2)).date()
    for field, hour in (("from", "09:00"), ("until", "12:00")):
        await tab_to(page, f"#add-{field}")
        await page.fill(f"#add-{field}", f"{day}T{hour}")
    await page.keyboard.press("Enter")
    await expect(page.locator("#shifts li")).to_have_count(1)
    await tab_to(page, "#shifts button")
    await page.keyboard.press("Enter")
    await expect(page.locator("#shifts li")).to_have_count(0)
    scene.expect_calm()


async def test_a_supervisor_sets_a_desk_and_of_two_each_sees_who_wrote(scene: Scene) -> None:
    """By keyboard on the overview; the advocate reads who did it; lines are told apart."""
    robin, sam = await an_advocate(scene.house), await an_advocate(scene.house, "Sam")
    boss = await an_advocate(scene.house, "Lee", Role.SUPERVISOR)
    page, _, handoff = await scene.talk(robin)
    me = (await sam.http.get("/api/v1/me")).json()["id"]
    path = f"/api/v1/handoffs/{handoff}"
    await robin.http.put(f"{path}/support", json={"advocate": me})
    await sam.http.post(f"{path}/messages", json={"text": "From Sam."})
    await expect(page.locator("#log .author")).to_have_text("Sam, your colleague")
    over = await scene.page(boss)
    await over.goto(f"{scene.url}/console/overview")
    duty = over.get_by_label("Duty of Robin")
    await duty.focus()
    await over.keyboard.press("b")
    await expect(page.locator("#desk-set-by")).to_contain_text("Set by Lee")
    await expect(page.locator("#duty input[value=break]")).to_be_checked()
    await page.click("#hand-open")
    await page.click("#hand-longer")
    await expect(page.locator("#hand-asked")).to_contain_text("only if they agree")
    scene.expect_calm()
