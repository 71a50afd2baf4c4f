"""The log, the figures, the board and the outcome of alerts, over HTTP and on a real database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from bot.checkins.plan import dump_plan
from bot.conversation.sealing import Envelope
from bot.dialogue.intents import Intent
from bot.dialogue.plan import CheckinPlan
from bot.staff.audit import FEWEST, Act, veiled
from bot.staff.permissions import Role
from bot.storage.records import audit
from bot.storage.tables import checkins
from tests.integration.console_parts import House, an_advocate, open_house
from tests.integration.test_console_api import raise_alert


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_url=database_url) as house:
        yield house


async def test_what_is_done_to_a_person_stands_in_the_log(house: House) -> None:
    """Who, what, when and to which handoff; no name, text or pseudonym of the person."""
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    robin = await an_advocate(house)
    person, handoff = await house.someone_waits(Intent.ASK_SHELTER)
    name = (await house.advocacy.handoff(handoff)).pseudonym
    await robin.http.post(f"/api/v1/handoffs/{handoff}/claim")
    await house.writes(person, "canary words")
    await robin.http.post(f"/api/v1/handoffs/{handoff}/close")
    shown = await admin.http.get("/api/v1/audit")
    lines = [(line["advocate"], line["act"], line["subject"]) for line in shown.json()["lines"]]
    assert lines[:3] == [
        ("Alex", Act.READ, None),
        ("Robin", Act.CLOSED, str(handoff)),
        ("Robin", Act.CLAIMED, str(handoff)),
    ]
    assert shown.json()["broken_at"] is None
    table = (await admin.http.get("/api/v1/audit.csv")).text
    assert table.splitlines()[0] == "\ufeffseq,at,advocate,act,subject,link"
    for secret in ("canary", name, "shelter"):
        assert secret not in shown.text + table


async def test_a_line_that_is_changed_or_taken_out_shows(house: House) -> None:
    """The chain names the first line that is not what it was."""
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    for _ in range(4):
        await admin.http.get("/api/v1/audit")
    async with house.database.writing() as unit:
        await unit.connection.execute(delete(audit).where(audit.c.seq == 3))
    assert (await admin.http.get("/api/v1/audit")).json()["broken_at"] == 3
    async with house.database.writing() as unit:
        await unit.connection.execute(
            update(audit).where(audit.c.seq == 2).values(advocate_id=uuid4())
        )
    assert (await admin.http.get("/api/v1/audit")).json()["broken_at"] == 2


async def test_lines_side_by_side_make_one_chain(house: House) -> None:
    """Nobody's line gets lost, and none stands twice."""
    await an_advocate(house)
    (robin,) = await house.staff.colleagues()
    await asyncio.gather(*(house.ledger.note(robin.advocate.id, Act.READ) for _ in range(20)))
    lines, broken = await house.ledger.lines()
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    assert sum(line.act is Act.READ for line in lines) == 20
    assert broken is None


async def test_small_counts_are_not_shown(house: House) -> None:
    """Four people are nobody's business; seven are shown as five."""
    boss = await an_advocate(house, "Lee", Role.SUPERVISOR)
    for count, intent in ((FEWEST - 1, Intent.ASK_SHELTER), (FEWEST + 2, Intent.STALKING)):
        for _ in range(count):
            _, handoff = await house.someone_waits(intent)
            await boss.http.post(f"/api/v1/handoffs/{handoff}/claim")
    found = (await boss.http.get("/api/v1/figures")).json()["figures"]
    counts = {(figure["kind"], figure["name"]): figure["count"] for figure in found}
    assert counts["topic", Intent.ASK_SHELTER] is None
    assert counts["topic", Intent.STALKING] == FEWEST
    assert counts["outcome", Act.CLAIMED] == 2 * FEWEST
    table = (await boss.http.get("/api/v1/figures.csv")).text.splitlines()
    assert f"topic,{Intent.ASK_SHELTER}," in table
    assert veiled(FEWEST - 1) is None


async def test_a_supervisor_gives_a_person_to_somebody_else(house: House) -> None:
    """The former holder reads no more, the new one does; an advocate may not do it."""
    boss = await an_advocate(house, "Lee", Role.SUPERVISOR)
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    person, handoff = await house.someone_waits()
    to = {c.advocate.name: str(c.advocate.id) for c in await house.staff.colleagues()}["Sam"]
    path = f"/api/v1/handoffs/{handoff}"
    assert (await boss.http.post(f"{path}/reassign", json={"to": to})).status_code == 409
    await robin.http.post(f"{path}/claim")
    refused = await robin.http.post(f"{path}/reassign", json={"to": to})
    assert refused.status_code == 403
    board = (await boss.http.get("/api/v1/board")).json()
    assert [h["advocate"]["name"] for h in board["claimed"]] == ["Robin"]
    assert (await boss.http.post(f"{path}/reassign", json={"to": to})).status_code == 204
    await house.writes(person, "hello?")
    assert (await robin.http.get(f"{path}/messages")).status_code == 403
    assert (await sam.http.get(f"{path}/messages")).json()[-1]["text"] == "hello?"
    assert (await boss.http.get(f"{path}/messages")).status_code == 403


async def test_a_supervisor_puts_a_person_back_into_the_queue(house: House) -> None:
    """At their old place, ahead of who came later; the person is told, and it is logged."""
    boss, robin = await an_advocate(house, "Lee", Role.SUPERVISOR), await an_advocate(house)
    person, handoff = await house.someone_waits()
    await robin.http.post(f"/api/v1/handoffs/{handoff}/claim")
    await house.someone_waits()
    path = f"/api/v1/handoffs/{handoff}/reassign"
    assert (await boss.http.post(path, json={"to": None})).status_code == 204
    await house.dispatcher.settled()
    waiting = (await boss.http.get("/api/v1/handoffs")).json()
    assert waiting[0]["id"] == str(handoff)
    assert "place 1" in person.screen()[-1].text
    assert (await boss.http.post(path, json={})).status_code == 422


async def test_a_supervisor_sets_the_desk_of_who_went_off(house: House) -> None:
    """Nobody is offered to them, they see who did it until they choose, and it is logged."""
    boss, robin = await an_advocate(house, "Lee", Role.SUPERVISOR), await an_advocate(house)
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    await house.someone_waits()
    who = {c.advocate.name: c.advocate.id for c in await house.staff.colleagues()}["Robin"]
    path, rest = f"/api/v1/advocates/{who}/desk", {"duty": "break"}
    for other in (robin, admin):
        assert (await other.http.patch(path, json=rest)).status_code == 403
    assert (await boss.http.patch(path, json=rest)).status_code == 204
    desk = (await robin.http.get("/api/v1/desk")).json()
    assert (desk["duty"], desk["set_by"]["name"], desk["room"]) == ("break", "Lee", 0)
    assert (await robin.http.post("/api/v1/desk/offer")).json()["handoff"] is None
    on = (await robin.http.patch("/api/v1/desk", json={"duty": "on"})).json()
    assert (on["duty"], on["set_by"]) == ("on", None)
    gone = await boss.http.patch(f"/api/v1/advocates/{uuid4()}/desk", json=rest)
    assert gone.status_code == 404
    lines = (await admin.http.get("/api/v1/audit")).json()["lines"]
    assert [(line["advocate"], line["subject"]) for line in lines if line["act"] == "desk"] == [
        ("Lee", str(who))
    ]


async def test_what_came_of_an_alert_is_said_by_whoever_took_it_on(house: House) -> None:
    """And by nobody else."""
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    _, handoff = await house.someone_waits()
    path = f"/api/v1/alerts/{await raise_alert(house, handoff)}"
    await robin.http.post(f"{path}/acknowledge")
    refused = await sam.http.post(f"{path}/outcome", json={"outcome": "safe"})
    assert refused.status_code == 403
    for outcome in ("unreached", "safe"):
        said = await robin.http.post(f"{path}/outcome", json={"outcome": outcome})
        assert said.status_code == 204
    (seen,) = (await sam.http.get("/api/v1/alerts")).json()
    assert seen["outcome"] == "safe"
    odd = await robin.http.post(f"{path}/outcome", json={"outcome": "claimed"})
    assert odd.status_code == 422


async def test_a_note_in_the_persons_own_words_is_not_for_admins(house: House) -> None:
    """Whoever may take care of it reads it; who looks after accounts does not."""
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    robin = await an_advocate(house)
    _, handoff = await house.someone_waits()
    alert = await raise_alert(house, handoff)
    async with house.database.writing() as unit:
        raised = await unit.alerts.get(alert)
        conversation = await unit.conversations.get(raised.conversation_id)
        envelope = Envelope.of(house.vault, conversation)
        plan = dump_plan(CheckinPlan(note="canary words"))
        sealed = envelope.seal(plan, "checkins.plan", raised.checkin_id)
        await unit.connection.execute(
            update(checkins).where(checkins.c.id == raised.checkin_id).values(plan=sealed)
        )
    assert "canary words" in (await robin.http.get("/api/v1/alerts")).text
    assert "canary" not in (await admin.http.get("/api/v1/alerts")).text
