"""Markup in every text that somebody writes for, or into, the console: it stays words."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from sqlalchemy import update

from bot.checkins.plan import dump_plan
from bot.content.catalogue import Rendered
from bot.content.responses import ResponseCatalogue
from bot.conversation.sealing import Envelope
from bot.dialogue.intents import Intent
from bot.dialogue.plan import CheckinPlan
from bot.ids import Locale
from bot.staff.permissions import Role
from bot.storage.tables import checkins, handoffs
from tests.browser.test_console import Scene, a_scene
from tests.integration import console_parts
from tests.integration.console_parts import an_advocate
from tests.integration.test_console_api import raise_alert
from tests.unit.directory.test_choosing import service

BAD = '"\'><img src=x onerror="window.bad=1"><script>window.bad=1</script>'


class HostileCatalogue:
    """What a translator who means harm could hand in, if no check stood before it."""

    def __init__(self, honest: ResponseCatalogue) -> None:
        self._honest = honest

    def __getattr__(self, name: str) -> Any:
        return getattr(self._honest, name)

    def templates(self, flow: str, locale: Locale) -> Mapping[str, str]:
        found = self._honest.templates(flow, locale)
        return {key: f"{text} {BAD}" for key, text in found.items()}

    def label(self, button: str, locale: Locale) -> str:
        return f"{self._honest.label(button, locale)} {BAD}"

    def render(self, *arguments: Any, **named: Any) -> Rendered:
        rendered = self._honest.render(*arguments, **named)
        return replace(rendered, text=f"{rendered.text} {BAD}")


@pytest.fixture
async def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    honest = console_parts.english()
    monkeypatch.setattr(console_parts, "catalogue", lambda _locales: HostileCatalogue(honest))
    services = [service("line").model_copy(update={"name": BAD})]
    async with a_scene(tmp_path, services=services, country="GB") as scene:
        yield scene


async def test_nothing_that_is_written_is_carried_out(scene: Scene) -> None:
    """Words, labels, phrases, services, names, notes, messages and pseudonyms, on every page."""
    house = scene.house
    name = "<img src=x onerror=bad()>"
    robin = await an_advocate(house, f"R {name}")
    sam = await an_advocate(house, f"S {name}", Role.SUPERVISOR)
    admin = await an_advocate(house, f"A {name}", Role.ADMIN)
    person, handoff = await house.someone_waits(Intent.STALKING)
    path = f"/api/v1/handoffs/{handoff}"
    await robin.http.post(f"{path}/claim")
    me = (await sam.http.get("/api/v1/me")).json()["id"]
    await robin.http.put(f"{path}/support", json={"advocate": me})
    await house.writes(person, BAD)
    await sam.http.post(f"{path}/messages", json={"text": BAD})
    ask = {"to": me, "note": BAD, "warm": True}
    assert (await robin.http.post(f"{path}/transfer", json=ask)).status_code == 204
    alert = await raise_alert(house, handoff)
    async with house.database.writing() as unit:
        raised = await unit.alerts.get(alert)
        conversation = await unit.conversations.get(raised.conversation_id)
        sealed = Envelope.of(house.vault, conversation).seal(
            dump_plan(CheckinPlan(note=BAD)), "checkins.plan", raised.checkin_id
        )
        noted = update(checkins).where(checkins.c.id == raised.checkin_id).values(plan=sealed)
        await unit.connection.execute(noted)
        await unit.connection.execute(update(handoffs).values(pseudonym=name))
    page = await scene.page(robin)
    await expect(page.locator("#alerts-list li")).to_contain_text("onerror")
    await page.locator("#mine-list button").first.click()
    await expect(page.locator("#log .theirs .bubble")).to_have_text(BAD)
    await expect(page.locator("#log .author")).to_contain_text(name)
    await expect(page.locator("#log .noted .words")).to_have_text(BAD)
    await page.click("#hand-open")
    await expect(page.locator("#hand-phrases li").first).to_contain_text("onerror")
    await expect(page.locator("#hand-list li").first).to_contain_text("onerror")
    pages = [page]
    for who, where, ready in (
        (sam, "overview", "#staff li"),
        (admin, "overview", "#lines tr"),
        (admin, "staff", "#accounts li"),
        (admin, "rota", "#add-who option"),
        (admin, "account", "#factors li"),
    ):
        office = await scene.page(who)
        await office.goto(f"{scene.url}/console/{where}")
        await expect(office.locator(ready).first).to_be_attached()
        pages.append(office)
    for each in pages:
        assert await each.locator("img, script:not([src])").count() == 0
        assert await each.evaluate("window.bad") is None
    scene.expect_calm()
