"""Passkeys, recovery codes, locking and one's own account, in a real browser."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_console import Scene, a_scene
from tests.integration.console_parts import an_advocate

PASSWORD = "kettle lantern orchid"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path, named=True, idle_lock_after=timedelta(minutes=10)) as scene:
        yield scene


async def give_device(page: Page) -> None:
    """A security device inside the browser, whose owner always touches it."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def go_idle(page: Page) -> None:
    """Nobody touches anything for eleven minutes."""
    await page.clock.fast_forward(11 * 60 * 1000)


async def test_a_passkey_from_the_invitation_to_unlocking(scene: Scene) -> None:
    """Join with it, sign out, sign in with it, and open the lock with it."""
    token = await scene.house.staff.invite("Robin Meadow")
    page = await scene.page()
    await give_device(page)
    await page.goto(f"{scene.url}/console/join#{token}")
    await page.fill("#password", PASSWORD)
    await page.click("#use-passkey")
    codes = page.locator("#recovery-codes li")
    await expect(codes).to_have_count(10)
    first = await codes.first.inner_text()
    await page.click("#recovery-kept")
    await expect(page.locator("#status")).to_have_attribute("data-state", "live")
    assert first not in await page.content()
    await page.click("#signout")
    await page.fill("#signin-name", "Robin Meadow")
    await page.fill("#signin-password", PASSWORD)
    await page.click("#signin-passkey")
    await expect(page.locator("#who")).to_have_text("Robin Meadow")
    await page.evaluate("fetch('/api/v1/session/lock', {method: 'POST'})")
    await page.reload()
    await expect(page.locator("#lock")).to_be_visible()
    await page.click("#lock-passkey")
    await expect(page.locator("#status")).to_have_attribute("data-state", "live")
    await page.click("#signout")
    await page.fill("#signin-name", "Robin Meadow")
    await page.fill("#signin-password", PASSWORD)
    await page.fill("#signin-totp", first)
    await page.keyboard.press("Enter")
    await expect(page.locator("#who")).to_have_text("Robin Meadow")
    # What was under way when it was locked from elsewhere is refused, and that is all right.
    scene.faults = [fault for fault in scene.faults if "423" not in fault]
    scene.expect_calm()


async def test_an_idle_page_covers_itself_and_keeps_conversation_and_draft(scene: Scene) -> None:
    """Nothing of anybody on the screen; the claim is kept; the password brings all back."""
    robin = await an_advocate(scene.house)
    person, _ = await scene.house.someone_waits()
    page = await scene.page(robin)
    await page.clock.install()
    await page.reload()
    await page.locator("#waiting-list button").first.click()
    await scene.house.writes(person, "something private")
    await expect(page.locator("#log .theirs .bubble")).to_have_text("something private")
    await page.fill("#draft", "half a sentence")
    await go_idle(page)
    await expect(page.locator("#lock")).to_be_visible()
    await expect(page.locator("#lock-password")).to_be_focused()
    assert "something private" not in await page.locator("body").inner_text()
    assert (await robin.http.get("/api/v1/handoffs?state=claimed")).status_code == 423
    await page.fill("#lock-password", "not the password")
    await page.keyboard.press("Enter")
    await expect(page.locator("#lock-error")).to_contain_text("not right")
    await page.fill("#lock-password", robin.password)
    await page.keyboard.press("Enter")
    await expect(page.locator("#lock")).to_be_hidden()
    await page.locator("#mine-list button").first.click()
    await expect(page.locator("#log .theirs .bubble")).to_have_text("something private")
    await expect(page.locator("#draft")).to_have_value("half a sentence")


async def test_a_touch_in_another_tab_counts(scene: Scene) -> None:
    """Whoever reads the overview is not away."""
    robin = await an_advocate(scene.house)
    page = await scene.page(robin)
    await page.clock.install()
    await page.reload()
    await expect(page.locator("#status")).to_have_attribute("data-state", "live")
    other = await page.context.new_page()
    await other.goto(f"{scene.url}/console/account")
    await expect(other.locator("#recovery-left")).to_be_visible()
    await page.clock.fast_forward(9 * 60 * 1000)
    await other.keyboard.press("Shift")
    await page.wait_for_timeout(200)
    await page.clock.fast_forward(5 * 60 * 1000)
    await expect(page.locator("#lock")).to_be_hidden()
    await page.clock.fast_forward(6 * 60 * 1000)
    await expect(page.locator("#lock")).to_be_visible()


async def test_ones_own_account_by_keyboard(scene: Scene) -> None:
    """Add and remove a passkey, new codes, a new password, out everywhere: no mouse."""
    robin = await an_advocate(scene.house)
    page = await scene.page(robin)
    await give_device(page)
    await page.focus("#account")
    await page.keyboard.press("Enter")
    await expect(page.locator("#factors li")).to_have_count(1)

    async def prove(button: str, password: str) -> None:
        await page.focus(button)
        await page.keyboard.press("Enter")
        await expect(page.locator("#prove-password")).to_be_focused()
        await page.keyboard.type(password)
        await page.keyboard.press("Enter")

    await prove("#add-passkey", "not the password")
    await expect(page.locator("#said")).to_contain_text("password is wrong")
    await prove("#add-passkey", robin.password)
    await expect(page.locator("#factors li")).to_have_count(2)
    await prove("#codes", robin.password)
    await expect(page.locator("#recovery-codes li")).to_have_count(10)
    await page.keyboard.press("Tab")
    await expect(page.locator("#recovery-copy")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#recovery")).to_be_hidden()
    await expect(page.locator("#recovery-left")).to_contain_text("10")
    await prove("#factors button", robin.password)
    await expect(page.locator("#factors li")).to_have_count(1)
    await page.fill("#new-password", PASSWORD)
    await prove("#password-form button", robin.password)
    await expect(page.locator("#said")).to_contain_text("Saved")
    await page.focus("#everywhere")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.focus("#prove-yes")
    await page.keyboard.press("Enter")
    await expect(page.locator("#signin-form")).to_be_visible()
