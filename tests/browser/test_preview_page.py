"""The preview in Chromium: messages side by side, on a desk and on a phone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, FloatRect, Page, expect

from bot.preview.app import preview_app
from bot.preview.reading import Place
from bot.preview.watching import Watcher
from bot.signals import Signals
from tests.browser.webchat_app import _listen, browsing, until
from tests.unit.content.seeding import Seeded

pytestmark = pytest.mark.asyncio(loop_scope="module")

DESK, PHONE = 1280, 360
MESSAGE = "#privacy\\.overview"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all."""
    async with browsing() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def tree(tmp_path: Path) -> Seeded:
    """A small tree in four languages."""
    return Seeded(tmp_path)


@pytest_asyncio.fixture(loop_scope="module")
async def url(tree: Seeded) -> AsyncIterator[str]:
    """The preview on loopback."""
    signals, place = Signals(), Place(tree.responses)
    app = preview_app(Watcher(place, lambda tag: (), signals), signals, place)
    listener = _listen(0)
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving
    listener.close()


@pytest_asyncio.fixture(loop_scope="module", params=[DESK, PHONE])
async def page(browser: Browser, url: str, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page of each width, before the site; whatever the browser complains of fails the test."""
    assert url
    context = await browser.new_context(viewport={"width": request.param, "height": 800})
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    yield opened
    await context.close()
    assert complaints == []


async def box(page: Page, selector: str) -> FloatRect:
    """Where the first element stands."""
    found = await page.locator(selector).first.bounding_box()
    assert found is not None
    return found


async def test_english_and_arabic_stand_side_by_side_each_its_own_way(page: Page, url: str) -> None:
    """Next to each other on a desk, below each other on a phone; Arabic begins on the right."""
    await page.goto(f"{url}/ar")
    english = await box(page, f"{MESSAGE} .phone:nth-child(1) .screen")
    arabic = await box(page, f"{MESSAGE} .phone:nth-child(2) .screen")
    assert (english["width"], arabic["width"]) == (360, 360)
    if page.viewport_size == {"width": DESK, "height": 800}:
        assert english["y"] == arabic["y"]
    else:
        assert english["y"] < arabic["y"]
    left = await box(page, f"{MESSAGE} .phone:nth-child(1) .bubble")
    right = await box(page, f"{MESSAGE} .phone:nth-child(2) .bubble")
    assert left["x"] - english["x"] < 20
    assert arabic["x"] + 360 - right["x"] - right["width"] < 20


@pytest.mark.parametrize("tag", ["ar", "en-XA", "ar-XB", "longest"])
async def test_nothing_is_wider_than_the_page(page: Page, url: str, tag: str) -> None:
    """Whatever the words are, on either phone."""
    for phone in ("telegram", "web"):
        await page.goto(f"{url}/{tag}?phone={phone}")
        overflow = await page.evaluate(
            """() => [...document.querySelectorAll(".bubble, .key, .note, dd, h3")].filter((e) => {
                const inner = e.getBoundingClientRect();
                const outer = e.closest(".card").getBoundingClientRect();
                return inner.right > outer.right + 1 || inner.left < outer.left - 1;
            }).length + Math.max(0, document.documentElement.scrollWidth - innerWidth)"""
        )
        assert overflow == 0


async def test_buttons_stand_as_the_phone_has_them(page: Page, url: str) -> None:
    """On Telegram a row shares the width; in the web chat each is as wide as its words."""
    await page.goto(f"{url}/es")
    keys = page.locator(f"{MESSAGE} .phone:nth-child(2) .key")
    boxes = [await keys.nth(i).bounding_box() for i in range(2)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert abs(boxes[0]["width"] - boxes[1]["width"]) < 1
    await page.get_by_role("radio", name="Web chat").check()
    boxes = [await keys.nth(i).bounding_box() for i in range(2)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["width"] < boxes[1]["width"]


async def test_what_is_saved_is_seen_without_a_touch(page: Page, url: str, tree: Seeded) -> None:
    """The words change in their place, are told, and the page does not jump."""
    await page.goto(f"{url}/es#danger.fire")
    bubble = page.locator("#danger\\.fire .phone:nth-child(2) .bubble")
    await expect(bubble).to_have_text("Sal ahora, por favor.")
    top = await page.evaluate("scrollY")
    path = tree.path("es")
    path.write_text(path.read_text("utf-8").replace("Sal ahora, por favor.", "Sal ya."), "utf-8")
    await expect(bubble).to_have_text("Sal ya.")
    await expect(page.locator("#live")).to_have_text("Changed: danger.fire")
    assert abs(await page.evaluate("scrollY") - top) < 2


async def test_a_damaged_file_is_told_in_its_place_and_mended(
    page: Page, url: str, tree: Seeded
) -> None:
    """File and line appear above the messages, and go when the file is whole again."""
    await page.goto(f"{url}/es")
    path = tree.path("es")
    whole = path.read_text("utf-8")
    path.write_text(whole.replace('"Sal ahora, por favor."', '"Sal ahora'), "utf-8")
    line = path.read_text("utf-8").split("\n").index('msgstr "Sal ahora') + 1
    await expect(page.locator(".faults code")).to_have_text(
        f"responses/locales/es/LC_MESSAGES/responses.po:{line}"
    )
    await expect(page.locator("#live")).to_have_text("A file cannot be read: see where")
    await expect(page.locator(MESSAGE)).to_be_visible()
    path.write_text(whole, "utf-8")
    await expect(page.locator(".faults")).to_have_count(0)
    await expect(page.locator("#live")).to_have_text("Saved. Nothing is different here.")


async def test_the_contents_lead_to_a_topic(page: Page, url: str) -> None:
    """Beside the messages on a desk; on a phone a sheet, which goes when a topic is chosen."""
    await page.goto(f"{url}/es")
    contents = page.locator("#contents")
    if page.viewport_size == {"width": PHONE, "height": 800}:
        await expect(contents).to_be_hidden()
        await page.click(".contents-button")
    await contents.get_by_role("link", name="Money").click()

    async def arrived() -> bool:
        return 0 <= (await box(page, "#topic-topics-ask_money"))["y"] < 150

    await until(arrived)
    if page.viewport_size == {"width": PHONE, "height": 800}:
        await expect(contents).to_be_hidden()


async def test_filters_and_search_narrow_what_is_shown(page: Page, url: str) -> None:
    """And keep each other."""
    await page.goto(f"{url}/es")
    await page.get_by_role("link", name="Safety-critical").click()
    await expect(page.locator(".card .critical").first).to_be_visible()
    await page.get_by_role("searchbox").fill("paquete")
    await page.get_by_role("searchbox").press("Enter")
    await expect(page.locator(".card")).to_have_count(1)
    assert "show=critical" in page.url
    await page.get_by_role("link", name="العربية").click()
    await expect(page.locator(".count")).to_contain_text("0 of")
