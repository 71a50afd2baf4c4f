"""The whole story, from “hola” to the empty database: over Telegram, and in a browser.

Real parts throughout: `sidelight serve`, the trained model, the Telegram adapter against a strict
stub of the Bot API, and web chat and console in Chromium. Hours are made of seconds.
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pyotp
from playwright.async_api import Browser, Page, expect

from bot.storage.tables import metadata
from tests.browser.webchat_app import browsing
from tests.functional.serving import Serving, serving
from tests.stub_telegram.control import stub_process

CANARY = "canaryzebrafinch"
KEPT = {
    "advocates",
    "desks",
    "tallies",
    "audit",
    "figures",
    "sessions",
    "presence",
    "tries",
    "events",
    "seen_updates",
    "channel_marks",
}
"""Tables that name nobody who was chatting: staff, their log, ids of events, hashes, counts."""


@asynccontextmanager
async def console(bot: Serving, browser: Browser) -> AsyncIterator[Page]:
    """An advocate who has signed in with password and one-time code."""
    printed = await bot.command("advocate", "add", "Ada", "--language", "es", "--print-secrets")
    password, secret = (line.partition(": ")[2] for line in printed.strip().splitlines()[-2:])
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await page.goto(f"{bot.url}/console")
    await page.fill("#signin-name", "Ada")
    await page.fill("#signin-password", password)
    await page.fill("#signin-totp", pyotp.TOTP(secret).now())
    await page.press("#signin-totp", "Enter")
    await expect(page.locator("#workspace")).to_be_visible()
    yield page
    await context.close()


async def talk(page: Page, text: str) -> None:
    """The advocate writes to whoever is open."""
    await page.fill("#draft", text)
    await page.press("#draft", "Enter")


async def vanished(folder: Path, within: float = 40.0) -> None:
    """Wait until no row is left of anybody who was chatting."""
    left: dict[str, int] = {}
    for _ in range(int(within / 0.5)):
        database = sqlite3.connect(f"file:{folder / 'sidelight.db'}?mode=ro", uri=True)
        left = {
            table.name: count
            for table in metadata.sorted_tables
            if table.name not in KEPT
            and (count := database.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0])
        }
        database.close()
        if not left:
            return
        await asyncio.sleep(0.5)
    raise AssertionError(f"still there: {left}")


def no_trace(*folders: Path) -> None:
    """No file below holds the canary: database, write-ahead log, key ring, logs."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                assert CANARY.encode() not in path.read_bytes(), path.name


async def test_over_telegram(tmp_path: Path, nlu_url: str) -> None:
    """Hola, options, an advocate, a check-in that is missed, and nothing left."""
    async with (
        stub_process() as stub,
        browsing() as browser,
        serving(
            tmp_path,
            BOT_TELEGRAM_TOKEN=stub.token,
            BOT_TELEGRAM_API_URL=stub.url,
            BOT_NLU_URL=nlu_url,
            BOT_NLU_TIMEOUT="5",
            BOT_MESSAGE_TTL="600",
            BOT_COVER_TTL="2",
            BOT_CHECKIN_REMIND_AFTER="1",
            BOT_CHECKIN_ESCALATE_AFTER="3",
        ) as bot,
    ):
        await bot.start()
        person = await stub.person(first_name=CANARY, language="es")
        await person.write("hola")
        await person.sees("programa informático")
        await person.write("donde puedo dormir esta noche con mis hijos")
        await person.sees("refugio")
        async with console(bot, browser) as page:
            await person.write("quiero hablar con una persona de verdad")
            await person.waits(lambda s: any(m.button("handoff:share") for m in s))
            await person.press("handoff:share")
            await person.sees("1")
            waiting = page.locator("#waiting-list li")
            await expect(waiting).to_have_count(1)
            await waiting.get_by_role("button", name=re.compile("Claim")).click()
            await person.waits(lambda s: "persona" in [m for m in s if not m.mine][-1].text)
            await person.write(f"me llamo {CANARY} y tengo miedo")
            await expect(page.locator("#log")).to_contain_text(f"me llamo {CANARY}")
            await talk(page, "Estoy aquí. Te leo.")
            await person.sees("Estoy aquí. Te leo.")
            await page.click("#do-close")
            await page.get_by_role("dialog").get_by_role("button").first.wait_for()
            await page.locator(
                "dialog[open] button.primary, dialog[open] button.ending"
            ).first.click()
            await expect(page.locator("#mine-list li")).to_have_count(0)

            await person.write("escríbeme en 1 minuto para ver si estoy bien")
            await person.waits(lambda s: any(m.button("checkin:cover_recipe") for m in s))
            await person.press("checkin:cover_recipe")
            await person.waits(lambda s: any(m.button("checkin:yes") for m in s))
            await person.press("checkin:yes")
            before = len([m for m in await person.history() if not m.mine])
            await person.write("/clear")
            await person.waits(lambda s: not [m for m in s if m.mine])
            await person.waits(lambda s: s == [], within=15)
            pinged = await person.waits(lambda s: len(s) >= 2, within=90)
            assert all(m.button("checkin:ok") for m in pinged)
            assert all(m.silent and m.protected for m in pinged)
            alert = page.locator("#alerts-list li")
            await expect(alert).to_have_count(1, timeout=15_000)
            await alert.get_by_role("button").first.click()
            await person.press("checkin:ok")
            await expect(page.locator("#alerts, #handled").first).to_be_attached()
            assert len([m for m in await person.history() if not m.mine]) > before
            await page.click("#do-close")
            await page.locator(
                "dialog[open] button.primary, dialog[open] button.ending"
            ).first.click()
            await expect(page.locator("#mine-list li")).to_have_count(0)
        await person.write("/clear")
        await person.waits(lambda s: s == [], within=15)
        await vanished(bot.folder / "data")
        assert await bot.stop() == 0
        assert await stub.violations() == []
    no_trace(tmp_path)


async def test_in_a_browser(tmp_path: Path, nlu_url: str) -> None:
    """The same bot as a page: hola, danger, an advocate, and out by the exit."""
    async with (
        browsing() as browser,
        serving(
            tmp_path,
            BOT_NLU_URL=nlu_url,
            BOT_NLU_TIMEOUT="5",
            BOT_COVER_TTL="2",
            BOT_EXIT_URL="about:blank",
        ) as bot,
    ):
        await bot.start()
        context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="es-ES")
        phone = await context.new_page()
        await phone.goto(bot.url)
        await phone.click("#start-button")
        await phone.locator(".bot .bubble").first.wait_for()

        async def write(text: str, answer: str) -> None:
            await phone.fill("textarea", text)
            await phone.press("textarea", "Enter")
            await expect(phone.locator(".bot .bubble").last).to_contain_text(answer)

        await write("hola", "")
        await write("mi ex me amenaza con un cuchillo", "¿")
        async with console(bot, browser) as page:
            await write("quiero hablar con alguien", "persona")
            await phone.locator("button", has_text="Sí").first.click()
            waiting = page.locator("#waiting-list li")
            await expect(waiting).to_have_count(1)
            await waiting.get_by_role("button", name=re.compile("Claim")).click()
            await talk(page, "Hola, soy Ada.")
            await expect(phone.locator(".bubble", has_text="Hola, soy Ada.")).to_be_visible()
            await phone.fill("textarea", f"soy {CANARY}")
            await phone.press("textarea", "Enter")
            await expect(page.locator("#log")).to_contain_text(CANARY)
            await phone.keyboard.press("Escape")
            await phone.keyboard.press("Escape")
            await phone.wait_for_url("about:blank")
            await expect(page.locator("#log")).not_to_contain_text(CANARY)
        assert await context.cookies() == []
        await context.close()
        await vanished(bot.folder / "data")
        assert await bot.stop() == 0
    no_trace(tmp_path)
