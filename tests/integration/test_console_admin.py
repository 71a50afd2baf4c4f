"""Accounts, hours, live settings and the rota, over HTTP and on a real database."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from bot.conversation.house import KNOBS, House
from bot.dialogue.intents import Intent
from bot.handoff.models import HandoffState
from bot.settings import LIVE
from bot.staff.permissions import Role
from tests.integration.console_parts import Console, an_advocate, client, open_house
from tests.integration.console_parts import House as Building

PASSWORD = "kettle lantern orchid"


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[Building]:
    async with open_house(tmp_path, database_url=database_url, locales=("en", "es")) as house:
        yield house


@pytest.fixture
async def admin(house: Building) -> Console:
    return await an_advocate(house, "Alex", Role.ADMIN)


async def account(admin: Console, name: str) -> dict[str, Any]:
    found = (await admin.http.get("/api/v1/staff")).json()["accounts"]
    return next(each for each in found if each["name"] == name)


async def act(admin: Console, name: str, what: str) -> httpx.Response:
    who = await account(admin, name)
    return await admin.http.post(f"/api/v1/staff/{who['id']}/{what}")


async def join(house: Building, link: str) -> int:
    token = link.partition("#")[2]
    http = client(house)
    opened = await http.post("/api/v1/invitations/open", json={"token": token})
    if opened.status_code != 200:
        return opened.status_code
    code = pyotp.TOTP(opened.json()["secret"]).at(house.clock.now())
    body = {"token": token, "password": PASSWORD, "totp": code}
    return (await http.post("/api/v1/invitations/accept", json=body)).status_code


async def test_from_an_invitation_to_an_account_with_languages_and_skills(
    house: Building, admin: Console
) -> None:
    """The link works once; what is set is what the queue goes by."""
    body = {"name": "Sam", "role": "advocate", "languages": ["es"]}
    invited = await admin.http.post("/api/v1/staff", json=body)
    assert invited.status_code == 201
    assert (await account(admin, "Sam"))["state"] == "invited"
    assert await join(house, invited.json()["link"]) == 200
    sam = await account(admin, "Sam")
    assert (sam["state"], sam["authenticator"], sam["languages"]) == ("active", True, ["es"])
    change = {
        "role": "supervisor",
        "languages": ["en", "es"],
        "skills": ["children"],
        "capacity": 2,
    }
    path = f"/api/v1/staff/{sam['id']}"
    assert (await admin.http.put(path, json=change)).status_code == 204
    assert (await account(admin, "Sam")).items() >= change.items()
    taken = await admin.http.post("/api/v1/staff", json=body)
    assert (taken.status_code, taken.json()["code"]) == (422, "wrong_name")
    unknown = {**change, "languages": ["xx"]}
    assert (await admin.http.put(path, json=unknown)).status_code == 422


async def test_switching_an_account_off_ends_it_at_once(house: Building, admin: Console) -> None:
    """Sessions, sign-in and invitations; whoever they had goes back; switched on, all is well."""
    robin = await an_advocate(house)
    _, handoff = await house.someone_waits()
    await robin.http.post(f"/api/v1/handoffs/{handoff}/claim")
    assert (await act(admin, "Robin", "disable")).status_code == 204
    assert (await robin.http.get("/api/v1/me")).status_code == 401
    house.clock.move(house.settings.claim_ttl + timedelta(seconds=30))
    assert (await robin.sign_in(client(house))).status_code == 401
    await house.run_timers()
    waiting = await house.advocacy.handoffs(HandoffState.WAITING)
    assert [queued.handoff.id for queued in waiting] == [handoff]
    assert (await act(admin, "Robin", "enable")).status_code == 204
    house.clock.move(timedelta(seconds=30))
    assert (await robin.sign_in()).status_code == 200


async def test_a_reset_leaves_nothing_that_opens(house: Building, admin: Console) -> None:
    """Neither session, password and code, nor recovery codes: only the new link."""
    robin = await an_advocate(house)
    body = {"password": robin.password}
    codes = (await robin.http.post("/api/v1/me/recovery-codes", json=body)).json()
    answer = await act(admin, "Robin", "reset")
    assert (await robin.http.get("/api/v1/me")).status_code == 401
    house.clock.move(timedelta(seconds=30))
    assert (await robin.sign_in(client(house))).status_code == 401
    old = {**body, "name": "Robin", "totp": codes["recovery_codes"][0]}
    assert (await client(house).post("/api/v1/session", json=old)).status_code == 401
    assert await join(house, answer.json()["link"]) == 200
    assert await join(house, answer.json()["link"]) == 404


async def test_an_admin_always_remains(house: Building, admin: Console) -> None:
    """Nobody switches off, resets or demotes themselves."""
    for what in ("disable", "reset"):
        refused = await act(admin, "Alex", what)
        assert (refused.status_code, refused.json()["code"]) == (409, "not_this_one")
    me = await account(admin, "Alex")
    change = {"role": "advocate", "languages": ["en"], "skills": []}
    assert (await admin.http.put(f"/api/v1/staff/{me['id']}", json=change)).status_code == 409
    assert (await account(admin, "Alex"))["role"] == "admin"


async def test_accounts_tell_no_secret(house: Building, admin: Console) -> None:
    """Neither hash nor TOTP secret."""
    robin = await an_advocate(house)
    text = (await admin.http.get("/api/v1/staff")).text
    assert robin.secret not in text
    assert "argon2" not in text


async def test_what_admins_do_stands_in_the_log(house: Building, admin: Console) -> None:
    """Who did it, to which account."""
    await an_advocate(house)
    robin = await account(admin, "Robin")
    await act(admin, "Robin", "disable")
    await act(admin, "Robin", "enable")
    lines = (await admin.http.get("/api/v1/audit")).json()["lines"]
    done = {(line["act"], line["subject"]) for line in lines if line["advocate"] == "Alex"}
    assert {("disabled", robin["id"]), ("enabled", robin["id"])} <= done


async def test_hours_that_an_admin_sets_hold_from_the_next_message(
    house: Building, admin: Console
) -> None:
    """Somebody who asks outside of them is told; what is wrong is refused and changes nothing."""
    now = house.clock.now()
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(now + timedelta(days=2)).weekday()]
    table = {"zone": "UTC", "hours": {day: "09:00-17:00"}, "holidays": [], "languages": {}}
    phone = house.channel.phone()
    await house.presses(phone, f"intent:{Intent.GREET}")
    assert (await admin.http.put("/api/v1/hours", json=table)).status_code == 204
    await house.presses(phone, f"intent:{Intent.TALK_TO_HUMAN}")
    assert await house.advocacy.handoffs(HandoffState.WAITING) == ()
    found = (await admin.http.get("/api/v1/hours")).json()
    assert (found["hours"], found["spoken"]) == ({day: "09:00-17:00"}, ["en", "es"])
    for wrong in (
        {"zone": "Nowhere/Atall"},
        {"hours": {"mon": "9 to 5"}},
        {"hours": {"day": "09:00-17:00"}},
        {"holidays": ["2026-02-30"]},
        {"languages": {"es": {"mon": "25:00-26:00"}}},
    ):
        refused = await admin.http.put("/api/v1/hours", json={**table, **wrong})
        assert refused.status_code == 422, wrong
    assert (await admin.http.get("/api/v1/hours")).json() == found


async def test_settings_turn_live_and_back(house: Building, admin: Console) -> None:
    """At once here, at the next look in another process, and never beyond their bounds."""
    usual = house.settings.silence_after
    path = "/api/v1/settings"
    turned = {"values": {"silence_after": 7, "capacity": 5}}
    assert (await admin.http.put(path, json=turned)).status_code == 204
    assert house.settings.silence_after == timedelta(minutes=7)
    assert house.settings.capacity == 5
    other = house.settings.model_copy(update={"silence_after": usual, "capacity": 3})
    await House(house.database, other).refresh()
    assert (other.silence_after, other.capacity) == (timedelta(minutes=7), 5)
    for wrong in ({"silence_after": 0}, {"capacity": 1000}):
        refused = await admin.http.put(path, json={"values": wrong})
        assert refused.status_code == 422
    assert house.settings.capacity == 5
    await admin.http.put(path, json={"values": {"silence_after": None}})
    assert house.settings.silence_after == usual
    shown = {each["name"]: each["value"] for each in (await admin.http.get(path)).json()}
    assert (shown["silence_after"], shown["capacity"]) == (None, 5)


def test_every_live_setting_has_a_knob() -> None:
    """And no knob turns what is not meant to be."""
    assert {knob.name for knob in KNOBS} == set(LIVE)


async def test_the_rota_shows_shifts_and_the_gaps_within_opening_hours(
    house: Building, admin: Console
) -> None:
    """By language: who speaks none of it covers none of it."""
    await an_advocate(house)
    robin = (await account(admin, "Robin"))["id"]
    await admin.http.put(
        f"/api/v1/staff/{robin}", json={"role": "advocate", "languages": ["es"], "skills": []}
    )
    noon = house.clock.now().astimezone(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    start = noon + timedelta(days=2)
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[start.weekday()]
    table = {"zone": "UTC", "hours": {day: "12:00-18:00"}}
    assert (await admin.http.put("/api/v1/hours", json=table)).status_code == 204
    shift = {
        "advocate_id": robin,
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=4)).isoformat(),
    }
    assert (await admin.http.post("/api/v1/shifts", json=shift)).status_code == 204
    rota = (await admin.http.get("/api/v1/rota")).json()
    assert [each["advocate"]["name"] for each in rota["shifts"]] == ["Robin"]

    def gaps(locale: str) -> list[float]:
        lengths = []
        for gap in rota["gaps"]:
            ends, starts = (datetime.fromisoformat(gap[k]) for k in ("ends_at", "starts_at"))
            if gap["locale"] == locale:
                lengths.append((ends - starts) / timedelta(hours=1))
        return lengths

    assert gaps("es") == [2, 6]
    assert gaps("en") == [6, 6]
    for wrong in (
        {"ends_at": shift["starts_at"]},
        {"ends_at": (start + timedelta(hours=25)).isoformat()},
        {"starts_at": "2026-11-22T10:00:00"},
        {"advocate_id": (await account(admin, "Alex"))["id"]},
    ):
        refused = await admin.http.post("/api/v1/shifts", json={**shift, **wrong})
        assert refused.status_code == 422, wrong
    house.clock.move(start - house.clock.now() + timedelta(minutes=1))
    assert [str(who) for who in await house.roster.on_now()] == [robin]
    gone = f"/api/v1/shifts/{rota['shifts'][0]['id']}"
    await admin.sign_in()
    assert (await admin.http.delete(gone)).status_code == 204
    assert (await admin.http.delete(gone)).status_code == 404


async def test_advocates_read_the_rota_and_change_nothing(house: Building, admin: Console) -> None:
    """Neither shifts, accounts, hours nor settings."""
    robin = await an_advocate(house)
    assert (await robin.http.get("/api/v1/rota")).status_code == 200
    who = (await account(admin, "Robin"))["id"]
    for method, path in (
        ("POST", "/api/v1/shifts"),
        ("GET", "/api/v1/staff"),
        ("PUT", f"/api/v1/staff/{who}"),
        ("POST", f"/api/v1/staff/{who}/reset"),
        ("PUT", "/api/v1/hours"),
        ("PUT", "/api/v1/settings"),
    ):
        assert (await robin.http.request(method, path, json={})).status_code == 403, path
