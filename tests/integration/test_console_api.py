"""The console's API over HTTP, with the real services behind it."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pyotp
import pytest
from fastapi.routing import APIRoute

from bot.checkins.models import Alert, Checkin, Phase
from bot.console.app import PREFIXES, routers
from bot.console.context import Console as ConsoleContext
from bot.console.cookies import SessionCookie
from bot.console.feed import Feed
from bot.console.guard import permissions_of
from bot.console.lookout import Lookout
from bot.console.middleware import MAX_BODY
from bot.console.words import Words
from bot.dialogue.intents import Intent
from bot.ids import AlertId, CheckinId, HandoffId, Locale
from bot.staff.permissions import PERMISSIONS, Role
from tests.integration.console_parts import House, an_advocate, client, open_house

OPEN = {
    ("POST", "/api/v1/session"),
    ("POST", "/api/v1/session/challenge"),
    ("POST", "/api/v1/invitations/open"),
    ("POST", "/api/v1/invitations/accept"),
    ("GET", "/console"),
    ("GET", "/console/"),
    ("GET", "/console/join"),
    ("GET", "/console/overview"),
    ("GET", "/console/account"),
    ("GET", "/console/staff"),
    ("GET", "/console/rota"),
    ("GET", "/console/words/{locale}.json"),
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


def all_routes(house: House) -> list[APIRoute]:
    context = ConsoleContext(
        house.advocacy,
        house.staff,
        Feed(house.advocacy, house.signals),
        house.catalogue,
        Words.of(house.catalogue),
        house.settings,
        house.clock,
        SessionCookie.of(house.settings),
        house.hand,
        house.ledger,
        house.showcase,
        house.house,
        house.roster,
        Lookout(house.advocacy, house.staff),
    )
    found = [route for router in routers(context) for route in router.routes]
    assert all(isinstance(route, APIRoute) for route in found)
    return found  # type: ignore[return-value]


async def raise_alert(house: House, handoff_id: HandoffId, reason: str = "missed") -> AlertId:
    """A missed check-in of the person who has this handoff."""
    handoff = await house.advocacy.handoff(handoff_id)
    alert, checkin = AlertId(uuid4()), CheckinId(uuid4())
    now = house.clock.now()
    async with house.database.writing() as unit:
        await unit.checkins.add(
            Checkin(checkin, handoff.conversation_id, Phase.ESCALATED, now, b"", now)
        )
        await unit.alerts.add(
            Alert(alert, checkin, handoff.conversation_id, reason, Locale("en"), now)
        )
        await unit.events.publish("alert.raised", alert, now)
    return alert


async def test_every_route_asks_for_a_permission_or_is_open_by_decision(house: House) -> None:
    """The list of what is open stands here, so that a new one is noticed."""
    found_open = set()
    for route in all_routes(house):
        if not permissions_of(route):
            found_open |= {(method, route.path) for method in route.methods}
    assert found_open == OPEN


async def test_no_route_answers_without_a_session(house: House) -> None:
    """401 for each that is not open, whatever is sent."""
    browser = client(house)
    for route in all_routes(house):
        for method in route.methods:
            if (method, route.path) in OPEN:
                continue
            path = re.sub(r"\{\w+_id\}", str(uuid4()), route.path)
            answer = await browser.request(method, path, json={"text": "x", "to": str(uuid4())})
            assert answer.status_code == 401, (method, path)
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("role", list(Role))
async def test_every_route_is_denied_to_roles_without_its_permission(
    house: House, role: Role
) -> None:
    """403 exactly where the role's permissions lack the route's."""
    console = await an_advocate(house, role=role)
    tried = 0
    for route in all_routes(house):
        for permission in permissions_of(route):
            method = next(iter(route.methods))
            if route.path.endswith("/events") and permission in PERMISSIONS[role]:
                continue  # it would stream for ever; the stream has tests of its own
            if method == "DELETE" and "/session" in route.path:
                continue  # it would end the session in the middle of the walk
            path = re.sub(r"\{\w+_id\}", str(uuid4()), route.path)
            body = {"text": "x", "to": str(uuid4())} if method == "POST" else None
            answer = await console.http.request(method, path, json=body)
            allowed = permission in PERMISSIONS[role]
            assert (answer.status_code != 403) is allowed, (method, path, answer.text)
            tried += 1
    assert tried > 8


async def test_signing_in_gives_a_cookie_that_scripts_and_sites_cannot_use(tmp_path: Path) -> None:
    """HttpOnly and SameSite=Strict; over TLS also Secure and bound to the host."""
    async with open_house(tmp_path / "plain") as house:
        console = await an_advocate(house, signed_in=False)
        answer = await console.sign_in()
        assert answer.json() == {"name": "Robin", "role": "advocate"}
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("sidelight-console=")
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
        assert "Secure" not in cookie
    async with open_house(tmp_path / "tls", public_url="https://help.example") as house:
        console = await an_advocate(house, signed_in=False)
        cookie = (await console.sign_in()).headers["set-cookie"]
        assert cookie.startswith("__Host-sidelight-console=")
        assert {"HttpOnly", "SameSite=strict", "Path=/", "Secure"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


async def test_a_session_given_from_outside_is_never_taken_over(house: House) -> None:
    """A planted cookie is not made valid by signing in; the session is a new one."""
    console = await an_advocate(house, signed_in=False)
    console.http.cookies.set("sidelight-console", "planted")
    await console.sign_in()
    assert await house.staff.authenticate("planted") is None
    assert (await client(house).get("/api/v1/me")).status_code == 401


async def test_failing_to_sign_in_says_nothing_and_soon_has_to_wait(house: House) -> None:
    """401 alike for a known and an unknown name, then 429 with the seconds to wait."""
    await an_advocate(house, signed_in=False)
    browser = client(house)
    answers = []
    for name in ("Robin", "Nobody", "Robin", "Robin", "Robin", "Robin"):
        body = {"name": name, "password": "kettle lantern orchid", "totp": "000000"}
        answers.append(await browser.post("/api/v1/session", json=body))
    assert [a.status_code for a in answers] == [401, 401, 401, 401, 401, 429]
    assert answers[0].json() == answers[1].json()
    assert "set-cookie" not in answers[0].headers
    assert int(answers[-1].headers["retry-after"]) >= 1


async def test_signing_out_ends_the_session_on_the_server(house: House) -> None:
    """The cookie's copy is worth nothing afterwards."""
    console = await an_advocate(house)
    token = console.http.cookies["sidelight-console"]
    assert (await console.http.delete("/api/v1/session")).status_code == 204
    assert await house.staff.authenticate(token) is None


async def test_a_conversation_from_the_queue_to_the_end(house: House) -> None:
    """Waiting, claimed, both ways, delivered, closed; and the person is told."""
    console = await an_advocate(house)
    phone, handoff = await house.someone_waits(Intent.ASK_SHELTER)
    (waiting,) = (await console.http.get("/api/v1/handoffs?state=waiting")).json()
    assert waiting["id"] == str(handoff)
    assert waiting["topic_label"] == "Shelter"
    assert (waiting["place"], waiting["priority"], waiting["mine"]) == (1, "normal", False)
    claimed = await console.http.post(f"/api/v1/handoffs/{handoff}/claim")
    assert (claimed.status_code, claimed.json()["mine"]) == (200, True)
    await house.dispatcher.settled()
    await house.writes(phone, "are you there?")
    message = str(uuid4())
    for _ in range(2):
        body = {"id": message, "text": "Yes, I am here."}
        sent = await console.http.post(f"/api/v1/handoffs/{handoff}/messages", json=body)
        assert (sent.status_code, sent.json()) == (201, {"id": message})
    await house.dispatcher.settled()
    lines = (await console.http.get(f"/api/v1/handoffs/{handoff}/messages")).json()
    assert [(m["author"], m["text"], m["delivery"]) for m in lines] == [
        ("person", "are you there?", "received"),
        ("advocate", "Yes, I am here.", "sent"),
    ]
    assert phone.texts().count("Yes, I am here.") == 1
    later = await console.http.get(f"/api/v1/handoffs/{handoff}/messages?after={lines[0]['seq']}")
    assert [m["id"] for m in later.json()] == [message]
    assert (await console.http.post(f"/api/v1/handoffs/{handoff}/close")).status_code == 204
    await house.dispatcher.settled()
    assert "has ended" in phone.texts()[-1]
    closed = (await console.http.get("/api/v1/handoffs?state=closed")).json()
    assert [c["id"] for c in closed] == [str(handoff)]
    gone = await console.http.get(f"/api/v1/handoffs/{handoff}/messages")
    assert gone.status_code == 403


async def test_of_many_claims_exactly_one_is_200(tmp_path: Path, database_url: str) -> None:
    """Promise 6: a handoff has one advocate. The others get 409 and nothing else happens."""
    async with open_house(tmp_path, database_url=database_url) as house:
        consoles = [await an_advocate(house, f"Advocate {n}") for n in range(6)]
        for _ in range(3):
            _, handoff = await house.someone_waits()
            answers = await asyncio.gather(
                *(c.http.post(f"/api/v1/handoffs/{handoff}/claim") for c in consoles)
            )
            assert sorted(a.status_code for a in answers) == [200, 409, 409, 409, 409, 409]
            assert {a.json()["code"] for a in answers if a.status_code == 409} == {"already_taken"}
            seen = (await consoles[0].http.get("/api/v1/handoffs?state=claimed")).json()
            assert [h["id"] for h in seen].count(str(handoff)) == 1


async def test_a_conversation_is_open_to_its_holder_only(house: House) -> None:
    """403 for a colleague, 404 for what doesn't exist, on every way to it."""
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    _, handoff = await house.someone_waits()
    await robin.http.post(f"/api/v1/handoffs/{handoff}/claim")
    me = (await sam.http.get("/api/v1/me")).json()["id"]
    for target, status in ((handoff, 403), (uuid4(), 404)):
        path = f"/api/v1/handoffs/{target}"
        answers = [
            await sam.http.get(f"{path}/messages"),
            await sam.http.post(f"{path}/messages", json={"text": "hello"}),
            await sam.http.post(f"{path}/release"),
            await sam.http.post(f"{path}/close"),
            await sam.http.post(f"{path}/transfer", json={"to": me}),
        ]
        assert [a.status_code for a in answers] == [status] * 5
    assert (await sam.http.post(f"/api/v1/handoffs/{uuid4()}/claim")).status_code == 404


async def test_handing_over_and_putting_back(house: House) -> None:
    """The next advocate reads on; the one before can't; a returned person keeps their place."""
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    phone, first = await house.someone_waits()
    _, second = await house.someone_waits()
    path = f"/api/v1/handoffs/{first}"
    await robin.http.post(f"{path}/claim")
    await house.dispatcher.settled()
    await house.writes(phone, "hello")
    to = {c["name"]: c["id"] for c in (await robin.http.get("/api/v1/advocates")).json()}
    assert set(to) == {"Robin", "Sam"}
    for nobody in (str(uuid4()), (await admin.http.get("/api/v1/me")).json()["id"]):
        refused = await robin.http.post(f"{path}/transfer", json={"to": nobody})
        assert refused.status_code == 422
    passed = await robin.http.post(f"{path}/transfer", json={"to": to["Sam"]})
    assert passed.status_code == 204
    assert (await robin.http.get(f"{path}/messages")).status_code == 403
    assert [m["text"] for m in (await sam.http.get(f"{path}/messages")).json()] == ["hello"]
    assert (await sam.http.post(f"{path}/release")).status_code == 204
    waiting = (await sam.http.get("/api/v1/handoffs?state=waiting")).json()
    assert [w["id"] for w in waiting] == [str(first), str(second)]


async def test_an_alert_is_taken_once_and_brings_the_person(house: House) -> None:
    """200 for the first, with the handoff; 409 for the next; 404 for what is none."""
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    _, handoff = await house.someone_waits()
    alert = await raise_alert(house, handoff)
    (seen,) = (await robin.http.get("/api/v1/alerts")).json()
    assert seen["handoff_id"] == str(handoff)
    assert seen["reason_label"] == "No answer to a check-in"
    assert seen["acknowledged_by"] is None
    path = f"/api/v1/alerts/{alert}/acknowledge"
    answers = await asyncio.gather(robin.http.post(path), sam.http.post(path))
    assert sorted(a.status_code for a in answers) == [200, 409]
    taken = next(a for a in answers if a.status_code == 200)
    assert taken.json() == {"handoff_id": str(handoff)}
    (seen,) = (await robin.http.get("/api/v1/alerts")).json()
    assert seen["acknowledged_by"]["name"] in {"Robin", "Sam"}
    assert (await sam.http.post(f"/api/v1/alerts/{uuid4()}/acknowledge")).status_code == 404


async def test_labels_come_in_the_browsers_language(tmp_path: Path) -> None:
    """The console's own words in Spanish, for a Spanish browser."""
    async with open_house(tmp_path, locales=("en", "es")) as house:
        console = await an_advocate(house)
        _, handoff = await house.someone_waits()
        await raise_alert(house, handoff)
        spanish = {"accept-language": "es"}
        (seen,) = (await console.http.get("/api/v1/alerts", headers=spanish)).json()
        assert seen["reason_label"] == "Sin respuesta a un mensaje acordado"
        page = await console.http.get("/console", headers=spanish)
        assert '<html lang="es" dir="ltr">' in page.text


async def test_held_messages_say_so(house: House) -> None:
    """On a phone that has been quiet, what is written waits, and the console knows."""
    console = await an_advocate(house)
    phone, handoff = await house.someone_waits()
    path = f"/api/v1/handoffs/{handoff}"
    await console.http.post(f"{path}/claim")
    await house.dispatcher.settled()
    house.clock.move(house.settings.quiet_after + timedelta(seconds=1))
    await console.http.post(f"{path}/messages", json={"text": "Still here."})
    await house.dispatcher.settled()
    (line,) = (await console.http.get(f"{path}/messages")).json()
    assert (line["text"], line["delivery"]) == ("Still here.", "held")
    assert "Still here." not in phone.texts()
    await house.writes(phone, "back")
    lines = (await console.http.get(f"{path}/messages")).json()
    assert [m["delivery"] for m in lines if m["author"] == "advocate"] == ["sent"]
    assert "Still here." in phone.texts()


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 422),
        ("  \n ", 422),
        ("x" * 4000, 201),
        ("x" * 4001, 422),
        ("a\x00b", 422),
        ("a\x1b[31m", 422),
        ("😀" * 4000, 201),
        ("line\nbreak\tand tab", 201),
        ("<script>alert(1)</script>", 201),
    ],
)
async def test_texts_that_can_be_sent_and_those_that_cannot(
    house: House, text: str, status: int
) -> None:
    """1 to 4,000 characters without control characters; the refusal doesn't repeat them."""
    console = await an_advocate(house)
    _, handoff = await house.someone_waits()
    await console.http.post(f"/api/v1/handoffs/{handoff}/claim")
    answer = await console.http.post(f"/api/v1/handoffs/{handoff}/messages", json={"text": text})
    assert answer.status_code == status
    if status == 422:
        assert "text" in answer.json()["detail"]
        assert "\x1b" not in answer.text


async def test_half_a_character_is_refused(house: House) -> None:
    """JSON can hold a lone surrogate, which no channel can carry."""
    console = await an_advocate(house)
    _, handoff = await house.someone_waits()
    await console.http.post(f"/api/v1/handoffs/{handoff}/claim")
    answer = await console.http.post(
        f"/api/v1/handoffs/{handoff}/messages",
        content=b'{"text": "a\\ud800b"}',
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 422),
        ({"content": b"[]", "headers": {"content-type": "application/json"}}, 422),
        ({"json": {"id": "not an id", "text": "hi"}}, 422),
        ({"json": {"text": 7}}, 422),
        ({"data": {"text": "hi"}}, 415),
        ({"content": b"text=hi", "headers": {"content-type": "text/plain"}}, 415),
        ({"content": b'{"text":"hi"}'}, 415),
        ({"json": {"text": "x" * MAX_BODY}}, 413),
        ({"json": {"text": "hi"}, "headers": {"sec-fetch-site": "cross-site"}}, 403),
        ({"json": {"text": "hi"}, "headers": {"origin": "https://evil.example"}}, 403),
    ],
)
async def test_wrong_requests_are_told_what_is_wrong(
    house: House, sent: dict[str, object], status: int
) -> None:
    """And nothing of them is carried out."""
    console = await an_advocate(house)
    _, handoff = await house.someone_waits()
    await console.http.post(f"/api/v1/handoffs/{handoff}/claim")
    answer = await console.http.post(f"/api/v1/handoffs/{handoff}/messages", **sent)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert (await console.http.get(f"/api/v1/handoffs/{handoff}/messages")).json() == []


async def test_a_long_body_in_pieces_is_refused_too(house: House) -> None:
    """Without a length announced, the bytes are counted."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    console = await an_advocate(house)
    answer = await console.http.post(
        "/api/v1/session", content=endless(), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413


async def test_odd_paths_and_states_are_plain_errors(house: House) -> None:
    """404, 405 and 422 as problems, never a page of code."""
    console = await an_advocate(house)
    for method, path, status in (
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/api/v1/handoffs?state=lost", 422),
        ("POST", "/api/v1/handoffs/not-an-id/claim", 422),
        ("PUT", "/api/v1/session", 405),
        ("GET", "/console/static/../app.py", 404),
        ("GET", "/console/static/%2e%2e/app.py", 404),
        ("GET", "/console/words/..%2f..%2fapp.json", 404),
    ):
        answer = await console.http.request(method, path)
        assert answer.status_code == status, path
        assert "Traceback" not in answer.text


async def test_joining_by_invitation_over_http(house: House) -> None:
    """See the secret, set the password, be in; a weak one is told why."""
    token = await house.staff.invite("Robin")
    browser = client(house)
    offered = (await browser.post("/api/v1/invitations/open", json={"token": token})).json()
    assert offered["name"] == "Robin"
    assert offered["otpauth"].startswith("otpauth://totp/")
    code = pyotp.TOTP(offered["secret"]).at(house.clock.now())
    weak = {"token": token, "password": "password1234", "totp": code}
    refused = await browser.post("/api/v1/invitations/accept", json=weak)
    assert (refused.status_code, refused.json()["code"]) == (422, "weak_password_common")
    good = {"token": token, "password": "kettle lantern orchid", "totp": code}
    joined = await browser.post("/api/v1/invitations/accept", json=good)
    assert joined.json().items() >= {"name": "Robin", "role": "advocate"}.items()
    assert len(set(joined.json()["recovery_codes"])) == 10
    assert (await browser.get("/api/v1/me")).json()["name"] == "Robin"
    again = await browser.post("/api/v1/invitations/open", json={"token": token})
    assert (again.status_code, again.json()["code"]) == (404, "invitation_invalid")


async def test_nothing_of_a_person_but_the_pseudonym_reaches_the_console(house: House) -> None:
    """Neither the conversation's id, nor the address, nor what was written before."""
    console = await an_advocate(house)
    phone = house.channel.phone("canary-address-4711")
    await house.writes(phone, "canary words from before")
    await house.presses(phone, f"intent:{Intent.TALK_TO_HUMAN}")
    await house.presses(phone, "handoff:share_nothing")
    (waiting,) = (await console.http.get("/api/v1/handoffs")).json()
    handoff = await house.advocacy.handoff(HandoffId(UUID(waiting["id"])))
    await raise_alert(house, handoff.id)
    await console.http.post(f"/api/v1/handoffs/{handoff.id}/claim")
    await house.dispatcher.settled()
    seen = ""
    for path in ("handoffs?state=claimed", "alerts", f"handoffs/{handoff.id}/messages", "me"):
        seen += (await console.http.get(f"/api/v1/{path}")).text
    assert handoff.pseudonym in seen
    for secret in (str(handoff.conversation_id), "canary", "4711"):
        assert secret not in seen


async def test_every_answer_carries_the_strict_headers(tmp_path: Path) -> None:
    """Pages, files, API and errors alike; the demo may frame the console, nobody else."""
    async with open_house(tmp_path / "real") as house:
        browser = client(house)
        for path in (
            "/console",
            "/console/join",
            "/console/overview",
            "/console/static/console.js",
            "/api/v1/me",
        ):
            answer = await browser.get(path)
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] in {"no-store", "no-cache"}
        assert (await browser.get("/console")).headers["cache-control"] == "no-store"
    async with open_house(tmp_path / "demo", demo=True) as house:
        policy = (await client(house).get("/console")).headers["content-security-policy"]
        assert "frame-ancestors 'self'" in policy


async def test_the_openapi_names_the_contract(house: House) -> None:
    """All of the API under /api/v1, each with the session it needs; no page shows it."""
    browser = client(house)
    schema = (await browser.get("/api/openapi.json")).json()
    promised = {
        "/api/v1/session": {"post", "delete"},
        "/api/v1/me": {"get"},
        "/api/v1/handoffs": {"get"},
        "/api/v1/handoffs/{handoff_id}/claim": {"post"},
        "/api/v1/handoffs/{handoff_id}/messages": {"get", "post"},
        "/api/v1/handoffs/{handoff_id}/release": {"post"},
        "/api/v1/handoffs/{handoff_id}/transfer": {"post"},
        "/api/v1/handoffs/{handoff_id}/close": {"post"},
        "/api/v1/alerts": {"get"},
        "/api/v1/alerts/{alert_id}/acknowledge": {"post"},
        "/api/v1/events": {"get"},
        "/api/v1/advocates": {"get"},
    }
    for path, methods in promised.items():
        assert methods <= set(schema["paths"][path])
    assert all(path.startswith(PREFIXES) for path in schema["paths"])
    assert schema["paths"]["/api/v1/me"]["get"]["security"] == [{"session": []}]
    assert "security" not in schema["paths"]["/api/v1/session"]["post"]
    for path in ("/docs", "/redoc", "/api/docs"):
        assert (await browser.get(path)).status_code == 404


async def test_an_unforeseen_fault_is_answered_and_logged_without_its_words(
    house: House, told: io.StringIO
) -> None:
    """Its message may quote what a person wrote."""
    console = await an_advocate(house)

    async def broken(*_args: object) -> None:
        raise RuntimeError("canary words of a person")

    house.advocacy.alerts = broken  # type: ignore[method-assign,assignment]
    answer = await console.http.get("/api/v1/alerts")
    assert answer.status_code == 500
    assert answer.json()["detail"] == "this failed on our side"
    assert "RuntimeError" in told.getvalue()
    assert "canary" not in told.getvalue() + answer.text
