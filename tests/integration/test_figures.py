"""`/metrics`: what waits and how it goes, in figures that point at nobody."""

import asyncio
from datetime import timedelta
from pathlib import Path

import aiohttp
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.conversation import timers
from bot.conversation.errors import DatabaseUnavailable
from bot.conversation.interfaces import ChannelUnavailable
from bot.errors import ConfigurationError
from bot.serving.figures import Figures, figures
from bot.serving.roles import Role
from bot.serving.understanding import Understanding
from bot.serving.web import web_app
from tests.functional.serving import NO_MODEL, free_port
from tests.integration.town import Town, town

CANARY = "canaryzebrafinch"
WORDS = {
    *("stored", "known", "failed", "ok", "unavailable", "unreachable", "refused", "error"),
    *("cancelled", "urgent", "normal", "fake", "webchat", "telegram"),
    *(timers.VANISH, timers.CLAIM_EXPIRY, timers.SILENCE, timers.PLACE, timers.CALL_BACK),
    *(timers.DUE, timers.REMIND, timers.ESCALATE),
}
"""Every value that a label of ours may have, but for numbers."""


class Seen:
    """One look at the figures."""

    def __init__(self, text: bytes) -> None:
        self.text = text.decode()
        self._samples = [
            sample
            for family in text_string_to_metric_families(self.text)
            for sample in family.samples
        ]

    def __call__(self, name: str, **labels: str) -> float:
        """The value under that name; 0 where it was never counted."""
        return sum(
            sample.value
            for sample in self._samples
            if sample.name == f"sidelight_{name}" and labels.items() <= sample.labels.items()
        )

    def labels(self) -> set[str]:
        """Every value of every label of ours."""
        return {
            value
            for sample in self._samples
            if sample.name.startswith("sidelight_")
            for label, value in sample.labels.items()
            if label != "le"
        }


def understanding(t: Town) -> Understanding:
    """A model that never comes."""
    return Understanding(t.sidelight.settings.model_copy(update={"nlu_url": NO_MODEL}))


async def look(t: Town) -> Seen:
    """What Prometheus would get now."""
    return Seen(await Figures(t.sidelight, understanding(t)).text())


async def test_a_day_leaves_counts_and_nothing_of_anybody(
    tmp_path: Path, database_url: str
) -> None:
    """Turns, sending, a queue and failures are counted; no name, word, address or id is told."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, f"hello {CANARY}")
        await t.write(phone, f"my name is {CANARY}")
        handoff = await t.request_advocate(phone)
        seen = await look(t)
        assert seen("updates_total", outcome="stored") == 4
        assert seen("send_seconds_count", outcome="ok") >= 4
        assert seen("work_seconds_count") >= 4
        assert seen("nlu_seconds_count") >= 1
        assert seen("handoffs_waiting", priority="normal") == 1
        assert seen("advocates_on_duty") == 0
        assert seen("timers", kind="vanish") == 1
        assert seen("database_up") == 1
        for secret in (CANARY, str(phone.address), str(handoff)):
            assert secret not in seen.text
        assert seen.labels() <= WORDS

        await t.sidelight.advocacy.claim(handoff, t.advocate())
        later = await look(t)
        assert later("handoffs_waiting") == 0
        assert later("handoffs_claimed") == 1


async def test_lateness_is_told(tmp_path: Path, database_url: str) -> None:
    """Of a check-in that nobody asked, a deletion that nobody did, and somebody who waits."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "check on me in two hours")
        await t.press(phone, "checkin:cover_recipe")
        await t.press(phone, "checkin:yes")
        before = await look(t)
        assert before("timers", kind="checkin_due") == 1
        assert before("checkin_overdue_seconds") == 0
        assert before("deletion_overdue_seconds") == 0
        t.clock.advance(timedelta(hours=2, seconds=90))
        late = await look(t)
        assert 85 <= late("checkin_overdue_seconds") <= 95
        assert 85 <= late("timer_overdue_seconds", kind="checkin_due") <= 95
        assert late("deletion_overdue_seconds") > 3600
        await t.settle()
        done = await look(t)
        assert done("checkin_overdue_seconds") == 0
        assert done("timer_lateness_seconds_count", kind="checkin_due") == 1
        assert done("timer_lateness_seconds_sum", kind="checkin_due") >= 85


async def test_failures_are_counted(tmp_path: Path, sqlite_url: str) -> None:
    """A channel that is away, and a message that waits for it."""
    async with town(tmp_path, sqlite_url) as t:
        phone = t.channel.phone()
        t.channel.fail(ChannelUnavailable())
        await t.write(phone, "hello")
        t.clock.advance(timedelta(seconds=0.5))
        seen = await look(t)
        assert seen("send_seconds_count", outcome="unavailable") == 1
        assert seen("unsent_messages") == 1
        assert seen("unsent_oldest_seconds") > 0


async def test_a_database_that_is_away_is_told(tmp_path: Path, sqlite_url: str) -> None:
    """The figures are answered all the same, and those of the database are not made up."""
    async with town(tmp_path, sqlite_url) as t:
        await t.request_advocate(t.channel.phone())

        async def away(*_: object) -> None:
            raise DatabaseUnavailable("away")

        t.sidelight.database.backlog = away  # type: ignore[method-assign,assignment]
        seen = await look(t)
        assert seen("database_up") == 0
        assert "sidelight_handoffs_waiting{" not in seen.text


async def test_they_have_a_port_of_their_own(tmp_path: Path, sqlite_url: str) -> None:
    """Nothing else is there, and they are nowhere else; a taken port is told with its mend."""
    port = free_port()
    async with town(tmp_path, sqlite_url, metrics_port=port) as t:
        settings = t.sidelight.settings
        async with (
            figures(settings, t.sidelight, understanding(t)),
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http,
        ):
            async with http.get("/metrics") as answer:
                assert answer.status == 200
                assert answer.content_type == "text/plain"
                assert Seen(await answer.read())("database_up") == 1
            for path in ("/", "/healthz", "/console", "/api/v1/handoffs"):
                async with http.get(path) as answer:
                    assert answer.status == 404
            with pytest.raises(ConfigurationError, match="BOT_METRICS_PORT"):
                async with figures(settings, t.sidelight, understanding(t)):
                    await asyncio.sleep(0)
        public = httpx.ASGITransport(web_app(t.sidelight, frozenset(Role)))
        async with httpx.AsyncClient(transport=public, base_url="http://chat.test") as people:
            assert (await people.get("/healthz")).status_code == 200
            assert (await people.get("/metrics")).status_code == 404


async def test_they_are_off_unless_asked_for(tmp_path: Path, sqlite_url: str) -> None:
    """No port, no listener."""
    async with town(tmp_path, sqlite_url) as t:
        assert t.sidelight.settings.metrics_port == 0
        before = asyncio.all_tasks()
        async with figures(t.sidelight.settings, t.sidelight, understanding(t)):
            assert asyncio.all_tasks() == before
