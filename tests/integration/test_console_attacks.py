"""The console attacked over HTTP: forged requests, odd headers and paths, and guessing."""

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from bot.console.guard import SAFE_METHODS, permissions_of
from bot.console.middleware import MAX_BODY
from bot.staff.permissions import Role
from bot.staff.throttle import PAIR_FREE
from tests.integration.console_parts import House, an_advocate, client, open_house, serving
from tests.integration.test_console_api import all_routes

EVIL = "https://evil.example"
FORGED = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": EVIL},
    {"origin": "null"},
    {"origin": "https://help.example:8443"},
    {"origin": "http://help.example"},
    {"origin": "https://help.example.evil.example"},
    {"origin": "https://help.example@evil.example"},
    {"origin": EVIL, "sec-fetch-site": "same-origin"},
)
NO_JSON = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "text/plain; application/json",
    "",
)
OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, public_url="https://help.example") as house:
        yield house


def changing(house: House) -> list[tuple[str, str, bool]]:
    """Every route that changes something: method, path, and whether it needs a session."""
    return [
        (method, re.sub(r"\{\w+_id\}", str(uuid4()), route.path), bool(permissions_of(route)))
        for route in all_routes(house)
        for method in route.methods
        if method not in SAFE_METHODS
    ]


async def raw(url: str, request: bytes) -> bytes:
    """What a server answers to these very bytes."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(request)
        await writer.drain()
        return await asyncio.wait_for(reader.read(65536), 20)
    finally:
        writer.close()


async def test_no_other_site_can_have_anything_done(house: House) -> None:
    """403 on every route that changes something, for whoever is signed in, by each forged sign."""
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    routes = changing(house)
    assert len(routes) > 40
    for method, path, _ in routes:
        for forged in FORGED:
            answer = await admin.http.request(method, path, json={}, headers=forged)
            assert answer.status_code == 403, (method, path, forged)
            assert "another site" in answer.json()["detail"]
    assert (await admin.http.get("/api/v1/me")).status_code == 200


async def test_nothing_but_json_is_read(house: House) -> None:
    """What a form of another site could send is refused on every route that changes something."""
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    for method, path, _ in changing(house):
        for kind in NO_JSON:
            answer = await admin.http.request(
                method, path, content=b'{"duty": "on"}', headers={"content-type": kind}
            )
            assert answer.status_code == 415, (method, path, kind)


async def test_a_method_is_what_it_is(house: House) -> None:
    """No header and no parameter makes a request another one."""
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    for header in OVERRIDES:
        sent = {header: "DELETE"}
        answer = await admin.http.get("/api/v1/session?_method=DELETE", headers=sent)
        assert answer.status_code == 405
        answer = await admin.http.post("/api/v1/session?_method=DELETE", json={}, headers=sent)
        assert answer.status_code == 422
    for method in ("TRACE", "CONNECT", "PROPFIND"):
        assert (await admin.http.request(method, "/api/v1/me")).status_code in {403, 405, 415}
    assert (await admin.http.get("/api/v1/me")).status_code == 200


async def test_the_address_of_the_site_is_what_was_set(house: House) -> None:
    """Neither Host nor X-Forwarded-* gets into an invitation, a page, a header or a cookie."""
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    lies = {
        "host": "evil.example",
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "http",
        "x-forwarded-prefix": "/evil.example",
        "x-original-url": "/console/evil.example",
        "x-rewrite-url": "/evil.example",
        "forwarded": "host=evil.example",
    }
    invited = await admin.http.post("/api/v1/staff", json={"name": "Kim"}, headers=lies)
    assert invited.json()["link"].startswith("https://help.example/console/join#")
    for path in ("/console", "/console/staff", "/console/", "/api/v1/me", "/api/openapi.json"):
        answer = await admin.http.get(path, headers=lies)
        assert "evil" not in answer.text + str(answer.headers), path


async def test_claiming_other_addresses_gets_nobody_more_guesses(house: House) -> None:
    """What a client says of where it comes from is not what is counted."""
    await an_advocate(house, signed_in=False)
    http = client(house)
    answers = []
    for number in range(PAIR_FREE + 1):
        claims = {"x-forwarded-for": f"198.51.100.{number}", "x-real-ip": f"198.51.100.{number}"}
        body = {"name": "Robin", "password": "kettle lantern", "totp": "000000"}
        answers.append(await http.post("/api/v1/session", json=body, headers=claims))
    assert [a.status_code for a in answers] == [401] * PAIR_FREE + [429]


@pytest.mark.parametrize("factor", ["recovery", "passkey", "totp"])
async def test_guessing_a_second_factor_soon_has_to_wait(house: House, factor: str) -> None:
    """Also with the right password: recovery codes, passkeys and codes count alike."""
    robin = await an_advocate(house, signed_in=False)
    http = client(house)
    guesses: list[dict[str, object]] = [
        {
            "recovery": {"totp": f"aaaa-bbbb-cccc-dd{number:02}"},
            "passkey": {"passkey": {"id": f"key{number}", "type": "public-key", "response": {}}},
            "totp": {"totp": f"{number:06}"},
        }[factor]
        for number in range(PAIR_FREE + 1)
    ]
    wrong = {"name": robin.name, "password": robin.password}
    answers = [await http.post("/api/v1/session", json={**wrong, **guess}) for guess in guesses]
    assert [a.status_code for a in answers] == [401] * PAIR_FREE + [429]
    assert (await robin.sign_in(client(house, "203.0.113.9"))).status_code == 200


async def test_a_session_is_a_new_one_after_each_step_that_raises_it(house: House) -> None:
    """Signing in and changing the password: what somebody planted, or had seen, opens nothing."""
    robin = await an_advocate(house)
    name = next(iter(robin.http.cookies))
    first = robin.http.cookies[name]
    body = {"password": robin.password, "new": "kettle lantern orchid"}
    assert (await robin.http.post("/api/v1/me/password", json=body)).status_code == 204
    assert robin.http.cookies[name] != first
    thief = client(house)
    for planted in (first, "planted", "", "x" * 5000, "ä"):
        sent = {"cookie": f"{name}={planted}".encode()}
        assert (await thief.get("/api/v1/me", headers=sent)).status_code == 401
    # A cookie of the same name for a wider domain comes first in some browsers.
    twice = f"{name}=planted; {name}={robin.http.cookies[name]}"
    assert (await thief.get("/api/v1/me", headers={"cookie": twice})).status_code in {200, 401}
    plain = name.removeprefix("__Host-")
    assert plain != name
    fake = {"cookie": f"{plain}={robin.http.cookies[name]}"}
    assert (await thief.get("/api/v1/me", headers=fake)).status_code == 401


@pytest.mark.parametrize(
    "number", ["-1", "9" * 18, "9" * 400, "1e3", "0x10", "٣", "1; DROP TABLE events", "NaN"]
)
async def test_an_odd_last_event_id_is_no_fault(house: House, number: str) -> None:
    """The stream begins as for somebody who says nothing, and replays nothing twice."""
    robin = await an_advocate(house)
    async with serving(house) as url:
        cookie = "; ".join(f"{k}={v}" for k, v in robin.http.cookies.items())
        headers = [("cookie", cookie.encode()), ("last-event-id", number.encode())]
        async with (
            httpx.AsyncClient(base_url=url) as http,
            http.stream("GET", "/api/v1/events", headers=headers) as stream,
        ):
            assert stream.status_code == 200
            async for line in stream.aiter_lines():
                if line.startswith("event:"):
                    assert line == "event: ready"
                    break


async def test_bytes_that_no_browser_sends_are_refused(house: House) -> None:
    """Endless headers, lengths that lie, paths that climb; and it goes on serving."""
    async with serving(house) as url:
        endless = b"GET /console HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"a" * 200_000 + b"\r\n\r\n"
        post = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        two = post + b"Content-Length: 2\r\nContent-Length: 9\r\n\r\n{}"
        both = post + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        negative = post + b"Content-Length: -5\r\n\r\n{}"
        huge = post + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % (MAX_BODY + 1)
        for request in (endless, two, both, negative, huge):
            answer = await raw(url, request)
            assert not answer or int(answer.split()[1]) in range(400, 500), answer[:80]
        for path in (
            "/console/static/../app.py",
            "/console/static/..%2fapp.py",
            "/console/static/%2e%2e%2fapp.py",
            "/console/static/..%5capp.py",
            "/console/static/%2fetc%2fpasswd",
            "/console/static//etc/passwd",
            "/console%2fstaff",
            "//console/staff",
            "/api%2fv1/me",
            "/api/v1%2fme",
            "/api/v1/me%00",
            "/api/v1/../../console/app.py",
            "/console/words/..%2f..%2fapp.json",
            "/API/v1/me",
            "http://evil.example/api/v1/me",
        ):
            told = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            answer = await raw(url, told.encode())
            assert int(answer.split()[1]) in {400, 401, 404}, (path, answer[:80])
            assert b"root:" not in answer
            assert b"import " not in answer
        assert b" 200 " in (await raw(url, b"GET /console HTTP/1.0\r\n\r\n")).splitlines()[0]


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\uff1d1+1"])
async def test_a_table_holds_no_formula(house: House, name: str) -> None:
    """Names are chosen by people, and read by spreadsheets."""
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    await an_advocate(house, name)
    text = (await admin.http.get("/api/v1/audit.csv")).text.removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text)))
    assert len({len(row) for row in rows}) == 1
    cells = [cell for row in rows for cell in row]
    assert f"'{name}" in cells
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r\uff1d\uff0b\uff0d\uff20")]
