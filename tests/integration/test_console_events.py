"""The live stream: what changed, replayed where it was cut, and presence while it is open."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.conversation.advocacy import CONSOLE
from bot.dialogue.intents import Intent
from bot.handoff.models import HandoffState
from bot.staff.permissions import Role
from tests.integration.console_parts import Console, House, an_advocate, open_house, serving

Event = tuple[str, str | None, dict[str, str]]
"""Kind, id and data of one server-sent event."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


@asynccontextmanager
async def listening(
    console: Console, url: str, last_event_id: str = ""
) -> AsyncIterator[AsyncIterator[Event]]:
    """An open stream, as its events."""
    headers = {"cookie": f"sidelight-console={console.http.cookies['sidelight-console']}"}
    if last_event_id:
        headers["last-event-id"] = last_event_id
    async with (
        httpx.AsyncClient(base_url=url, timeout=10) as http,
        http.stream("GET", "/api/v1/events", headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield parsed(answer)


async def parsed(answer: httpx.Response) -> AsyncIterator[Event]:
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        if "event" in fields:
            yield fields["event"], fields.get("id"), json.loads(fields["data"])
        fields = {}


async def next_of(events: AsyncIterator[Event], *kinds: str) -> Event:
    """The next event of one of these kinds. Raises TimeoutError after ten seconds."""
    async with asyncio.timeout(10):
        while True:
            event = await anext(events)
            if event[0] in kinds:
                return event


async def test_what_happens_arrives_at_once_and_names_ids_only(house: House) -> None:
    """Waiting, claimed, a message: each by its kind and the id of its handoff."""
    console = await an_advocate(house)
    async with serving(house) as url, listening(console, url) as events:
        ready = await next_of(events, "ready")
        assert ready[2] == {}
        phone, handoff = await house.someone_waits(Intent.ASK_SHELTER)
        kinds = []
        waiting = await next_of(events, "handoff.waiting")
        assert waiting[2] == {"subject": str(handoff)}
        await console.http.post(f"/api/v1/handoffs/{handoff}/claim")
        await house.dispatcher.settled()
        await house.writes(phone, "canary words")
        for _ in range(2):
            event = await next_of(events, "handoff.claimed", "message")
            kinds.append(event[0])
            assert set(event[2]) == {"subject"}
        assert kinds == ["handoff.claimed", "message"]


async def test_a_cut_stream_replays_what_it_missed_and_nothing_else(house: House) -> None:
    """By Last-Event-ID: each event after it, once, in order, and then what comes."""
    console = await an_advocate(house)
    handoffs = []
    async with serving(house) as url:
        async with listening(console, url) as events:
            await next_of(events, "ready")
            handoffs.append((await house.someone_waits())[1])
            _, last, _ = await next_of(events, "handoff.waiting")
        assert last is not None
        for _ in range(3):
            handoffs.append((await house.someone_waits())[1])
        async with listening(console, url, last) as events:
            assert (await next_of(events, "ready"))[1] == last
            seen = [await next_of(events, "handoff.waiting") for _ in range(3)]
            assert [e[2]["subject"] for e in seen] == [str(h) for h in handoffs[1:]]
            numbers = [int(e[1] or 0) for e in seen]
            assert numbers == sorted(set(numbers))
            assert numbers[0] > int(last)
            handoffs.append((await house.someone_waits())[1])
            newest = await next_of(events, "handoff.waiting")
            assert newest[2] == {"subject": str(handoffs[-1])}


async def test_that_a_message_is_held_is_told_however_late_it_turns_out(house: House) -> None:
    """Once when it was written, and again when the phone proved quiet; for each message."""
    console = await an_advocate(house)
    _, handoff = await house.someone_waits()
    path = f"/api/v1/handoffs/{handoff}"
    await console.http.post(f"{path}/claim")
    await house.dispatcher.settled()
    house.clock.move(house.settings.quiet_after + timedelta(seconds=1))
    async with serving(house) as url, listening(console, url) as events:
        await next_of(events, "ready")
        for text in ("Still here.", "And later too."):
            await console.http.post(f"{path}/messages", json={"text": text})
            for _ in range(2):
                assert (await next_of(events, "message"))[2] == {"subject": str(handoff)}
        lines = (await console.http.get(f"{path}/messages")).json()
        assert [m["delivery"] for m in lines] == ["held", "held"]


@pytest.mark.parametrize("odd", ["99999999", "-4", "abc", "1" * 5000])
async def test_an_odd_last_event_id_begins_from_now(house: House, odd: str) -> None:
    """Another database's number, or none at all: nothing old, and nothing new is missed."""
    console = await an_advocate(house)
    await house.someone_waits()
    async with serving(house) as url, listening(console, url, odd) as events:
        await next_of(events, "ready")
        _, handoff = await house.someone_waits()
        event = await next_of(events, "handoff.waiting")
        assert event[2] == {"subject": str(handoff)}


async def test_events_of_another_process_are_seen(house: House) -> None:
    """Without a wake-up in this process, the look at the table finds them within seconds."""
    console = await an_advocate(house)
    _, handoff = await house.someone_waits()
    async with serving(house) as url, listening(console, url) as events:
        await next_of(events, "ready")
        before = house.signals.generation(CONSOLE)
        async with house.database.writing() as unit:
            await unit.events.publish("alert.raised", handoff, house.clock.now())
        event = await next_of(events, "alert.raised")
        assert event[2] == {"subject": str(handoff)}
        assert house.signals.generation(CONSOLE) == before


async def test_an_open_stream_keeps_presence_and_claims(tmp_path: Path) -> None:
    """Three beats in a claim's time. Once it is closed, the claim runs out; the person is told."""
    async with open_house(tmp_path, claim_ttl=timedelta(seconds=0.9)) as house:
        console = await an_advocate(house)
        phone, handoff = await house.someone_waits()
        async with serving(house) as url:
            async with listening(console, url) as events:
                await next_of(events, "ready")
                await console.http.post(f"/api/v1/handoffs/{handoff}/claim")
                for _ in range(5):
                    await next_of(events, "beat")
                await house.run_timers()
                held = await house.advocacy.handoff(handoff)
                assert held.state is HandoffState.CLAIMED
                assert held.lease_until is not None
                assert held.lease_until > house.clock.now()
            house.clock.move(timedelta(seconds=2))
            await house.run_timers()
        assert (await house.advocacy.handoff(handoff)).state is HandoffState.WAITING
        assert any("no longer here" in text for text in phone.texts())


async def test_an_admin_who_looks_on_is_not_counted_as_on_duty(house: House) -> None:
    """A person must not be told that an advocate is there when only an admin is."""
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    async with serving(house) as url, listening(admin, url) as events:
        await next_of(events, "ready")
        async with house.database.reading() as unit:
            assert await unit.presence.on_duty(house.clock.now() - timedelta(hours=1)) == 0


async def test_a_stream_ends_with_its_session(tmp_path: Path) -> None:
    """Signing out elsewhere is told to the page, and nothing comes after it."""
    async with open_house(tmp_path, claim_ttl=timedelta(seconds=0.6)) as house:
        console = await an_advocate(house)
        async with serving(house) as url, listening(console, url) as events:
            await next_of(events, "ready")
            await console.http.delete("/api/v1/session")
            assert (await next_of(events, "signed_out"))[2] == {}
            with pytest.raises(StopAsyncIteration):
                await anext(events)


async def test_many_streams_share_one_look_at_the_database(house: House) -> None:
    """Twenty open pages ask no more often than one."""
    console = await an_advocate(house)
    looks = 0
    ask = house.advocacy.events

    async def counted(after: int):  # type: ignore[no-untyped-def]
        nonlocal looks
        looks += 1
        return await ask(after)

    house.advocacy.events = counted  # type: ignore[method-assign]
    async with serving(house) as url, asyncio.timeout(20):
        streams = [listening(console, url) for _ in range(20)]
        events = [await stream.__aenter__() for stream in streams]
        for stream in events:
            await next_of(stream, "ready")
        opened = looks
        _, handoff = await house.someone_waits()
        house.signals.touch(CONSOLE)
        for stream in events:
            assert (await next_of(stream, "handoff.waiting"))[2] == {"subject": str(handoff)}
        assert looks - opened < 20
        for stream in streams:
            await stream.__aexit__(None, None, None)
