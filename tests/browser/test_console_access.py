"""The console for everybody: names, contrast, focus, direction, and what a phone shows."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.dialogue.intents import Intent
from bot.staff.permissions import Role
from tests.browser.test_console import PHONE, Scene, a_scene, raise_alert
from tests.integration.console_parts import an_advocate
from tests.unit.directory.test_choosing import service

FAULTS = """() => {
  const found = [];
  const seen = (e) => e.checkVisibility({checkVisibilityCSS: true}) && e.getClientRects().length;
  const said = (e) => {
    const by = (e.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean);
    const named = by.map((id) => document.getElementById(id)?.textContent || "").join(" ");
    const label = e.labels?.length ? e.labels[0].textContent : "";
    const own = e.matches("button, a, summary, h1, h2, h3, th") ? e.textContent : "";
    return (e.getAttribute("aria-label") || named || label || own).trim();
  };
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids)) {
    if (ids.filter((i) => i === id).length > 1) found.push("twice " + id);
  }
  const asked = "button, a[href], input, select, textarea, summary, [role=region], nav, aside";
  for (const e of document.querySelectorAll(asked)) {
    if (seen(e) && !said(e)) found.push("no name: " + e.outerHTML.slice(0, 80));
  }
  for (const e of document.querySelectorAll("[tabindex]")) {
    if (e.tabIndex > 0) found.push("order changed: " + e.id);
  }
  for (const e of document.querySelectorAll("h1, h2, h3")) {
    if (seen(e) && !e.textContent.trim()) found.push("empty heading " + e.id);
  }
  const colour = (text) => {
    const parts = text.match(/[\\d.]+/g).map(Number);
    return text.startsWith("color(srgb") ? [...parts.slice(0, 3).map((p) => p * 255), parts[3] ?? 1]
      : [...parts.slice(0, 3), parts[3] ?? 1];
  };
  const light = (c) => {
    const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = c.map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const c = colour(getComputedStyle(at).backgroundColor);
      if (c[3] > 0.99) return c;
    }
    return [255, 255, 255, 1];
  };
  let texts = 0;
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !seen(e) || e.closest(":disabled, [inert], .unseen, svg, option, script")) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(colour(style.color)), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    texts += 1;
    if (ratio < (large ? 3 : 4.5)) {
      found.push(`contrast ${ratio.toFixed(2)}: ${e.className} ${e.textContent.slice(0, 30)}`);
    }
  }
  if (texts < 5) found.push("nothing was looked at");
  const small = [...document.querySelectorAll("button, select, summary, input, a.quiet, a.plain")]
    .filter((e) => seen(e) && !e.matches(".link, .unseen, .skip"))
    .filter((e) => e.getBoundingClientRect().height < 24 || e.getBoundingClientRect().width < 24);
  for (const e of small) found.push("small target: " + (e.id || e.className));
  if (document.documentElement.scrollWidth > innerWidth) found.push("wider than the screen");
  return found;
}"""


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    locales = ("en", "es", "ar")
    async with a_scene(
        tmp_path, services=[service("line")], locales=locales, country="GB"
    ) as scene:
        yield scene


async def busy(scene: Scene, role: Role = Role.SUPERVISOR) -> tuple[Page, object]:
    """Somebody with a conversation, an alert, and people waiting."""
    robin = await an_advocate(scene.house, role=role)
    person, handoff = await scene.house.someone_waits(Intent.STRANGULATION)
    await robin.http.post(f"/api/v1/handoffs/{handoff}/claim")
    await scene.house.dispatcher.settled()
    await scene.house.writes(person, "hello مرحبا")
    _, other = await scene.house.someone_waits(Intent.STALKING)
    await raise_alert(scene.house, other)
    return person, robin


@pytest.mark.parametrize(
    ("locale", "scheme", "phone"),
    [("en", "light", True), ("es", "dark", True), ("ar", "light", True), ("en", "dark", False)],
)
async def test_names_contrast_and_targets_hold_on_every_view(
    scene: Scene, locale: str, scheme: str, phone: bool
) -> None:
    """Of the essential rules of WCAG 2.2 AA that a program can look at, none is broken."""
    _, robin = await busy(scene)
    page = await scene.page(robin, phone=phone, locale=locale, color_scheme=scheme)
    expected = "rtl" if locale == "ar" else "ltr"
    await expect(page.locator("html")).to_have_attribute("dir", expected)
    await expect(page.locator("#alerts-list li")).to_have_count(1)
    assert await page.evaluate(FAULTS) == []
    await page.locator("#mine-list button").click()
    await expect(page.locator("#log .theirs")).to_have_count(1)
    assert await page.evaluate(FAULTS) == []
    await page.click("#hand-open")
    await expect(page.locator("#hand-phrases li").first).to_be_visible()
    await expect(page.locator("#hand-list li")).to_have_count(1)
    assert await page.evaluate(FAULTS) == []
    await page.goto(f"{scene.url}/console/overview")
    await expect(page.locator("#staff li")).to_have_count(1)
    assert await page.evaluate(FAULTS) == []
    scene.expect_calm()


async def test_what_is_hidden_is_gone_at_once_also_while_writing(scene: Scene) -> None:
    """F2 covers everything, the tab's title tells nothing, and the draft is there again."""
    _, robin = await busy(scene)
    page = await scene.page(robin)
    await page.locator("#mine-list button").click()
    await page.fill("#draft", "half a sentence")
    await page.keyboard.press("F2")
    await expect(page.locator("#hidden")).to_be_visible()
    await expect(page.locator("#log .theirs")).to_be_hidden()
    await expect(page).to_have_title("…")
    await scene.house.someone_waits()
    await page.wait_for_timeout(1500)
    await expect(page).to_have_title("…")
    await page.keyboard.press("F2")
    await expect(page.locator("#log .theirs")).to_be_visible()
    await expect(page.locator("#draft")).to_have_value("half a sentence")
    scene.expect_calm()


async def test_a_draft_is_there_after_a_reload_and_nothing_in_the_browser(scene: Scene) -> None:
    """Kept sealed by the server, and gone once it was sent."""
    _, robin = await busy(scene)
    page = await scene.page(robin)
    await page.locator("#mine-list button").click()
    async with page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.ok):
        await page.fill("#draft", "a canary that")
    async with page.expect_response(
        lambda answer: answer.url.endswith("/draft") and answer.request.method == "PUT"
    ):
        await page.keyboard.type(" sings")
    await page.reload()
    await page.locator("#mine-list button").click()
    await expect(page.locator("#draft")).to_have_value("a canary that sings")
    kept = await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "canary" not in kept
    async with page.expect_response(
        lambda answer: answer.url.endswith("/draft") and answer.request.method == "PUT"
    ):
        await page.keyboard.press("Enter")
    await expect(page.locator(".mine .bubble")).to_have_text("a canary that sings")
    await page.reload()
    await page.locator("#mine-list button").click()
    await expect(page.locator("#log .mine")).to_have_count(1)
    await expect(page.locator("#draft")).to_have_value("")
    scene.expect_calm()


async def test_a_phrase_and_a_service_go_into_the_message_on_a_phone(scene: Scene) -> None:
    """Searched, read and put in with a thumb; the advocate sends it."""
    person, robin = await busy(scene)
    page = await scene.page(robin, phone=True)
    await page.locator("#mine-list button").tap()
    await page.locator("#hand-open").tap()
    await expect(page.locator("#hand-risk")).to_have_text("Pressure on the neck")
    await page.fill("#hand-search", "safe for you to write")
    await expect(page.locator("#hand-phrases li")).to_have_count(1)
    await page.locator("#hand-phrases button").tap()
    await expect(page.locator("#hand")).to_be_hidden()
    await page.locator("#hand-open").tap()
    await page.locator("#hand-list button").first.tap()
    draft = await page.locator("#draft").input_value()
    assert draft.startswith("Before we go on: is it safe")
    assert "\n\nline\n" in draft
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    await page.locator("#send").tap()
    await expect(page.locator(".mine .delivery")).to_have_text("Sent")
    assert draft in person.texts()
    scene.expect_calm()


async def test_an_alert_rings_without_a_word_and_its_outcome_is_said(scene: Scene) -> None:
    """Unless the sound was switched off."""
    robin = await an_advocate(scene.house)
    page = await scene.page(robin)
    _, handoff = await scene.house.someone_waits()
    await expect(page.locator("body")).to_have_attribute("data-rang", "1")
    await raise_alert(scene.house, handoff)
    await expect(page.locator("body")).to_have_attribute("data-rang", "2")
    await page.locator("#alerts-list button").click()
    outcome = page.locator("#handled-list select")
    async with page.expect_response(lambda answer: answer.url.endswith("/outcome")):
        await outcome.select_option("safe")
    await expect(outcome).to_have_value("safe")
    (alert,) = (await robin.http.get("/api/v1/alerts")).json()
    assert alert["outcome"] == "safe"
    await page.click("#sound")
    await scene.house.someone_waits()
    await expect(page.locator("#waiting-list li")).to_have_count(1)
    await expect(page.locator("body")).to_have_attribute("data-rang", "2")
    scene.expect_calm()


async def test_a_supervisor_reassigns_and_an_admin_reads_the_log(scene: Scene) -> None:
    """Live, without any text of the person."""
    _, boss = await busy(scene)
    await an_advocate(scene.house, "سلمى")
    page = await scene.page(boss)
    await page.click("#overview")
    await expect(page.locator("#waiting")).to_have_text("1")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.locator("#staff select:not(.duty-of)").select_option(label="سلمى")
    hers = page.locator("#staff li", has_text="سلمى")
    await expect(hers.locator("select:not(.duty-of)")).to_have_count(1)
    await expect(page.locator("#audit")).to_be_hidden()
    admin = await an_advocate(scene.house, "Alex", Role.ADMIN)
    page = await scene.page(admin)
    await page.goto(f"{scene.url}/console/overview")
    await expect(page.locator("#chain")).to_contain_text("The chain is whole")
    await expect(page.locator("#lines tr", has_text="Reassigned a person")).to_have_count(1)
    assert "hello" not in await page.locator("body").inner_text()
    scene.expect_calm()


async def test_focus_goes_in_the_order_of_the_page_and_is_seen(scene: Scene) -> None:
    """By the Tab key alone, from the bar over the lists to the message box."""
    _, robin = await busy(scene)
    page = await scene.page(robin)
    await page.locator("#mine-list button").click()
    await page.evaluate("document.activeElement.blur()")
    places: list[int] = []
    for _ in range(40):
        await page.keyboard.press("Tab")
        at, outlined = await page.evaluate(
            """() => {
              const e = document.activeElement;
              const all = [...document.querySelectorAll("*")];
              return [e === document.body ? -1 : all.indexOf(e), getComputedStyle(e).outlineStyle];
            }"""
        )
        if at in places:
            break
        if at < 0:
            continue  # round the browser's own bar
        assert outlined != "none"
        places.append(at)
    assert len(places) > 10
    start = places.index(min(places))
    turned = places[start:] + places[:start]
    assert turned == sorted(turned)
