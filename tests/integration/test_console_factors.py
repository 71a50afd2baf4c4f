"""Passkeys, recovery codes, locked sessions and one's own account, over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from bot.staff.permissions import Role
from bot.staff.sessions import UNLOCK_TRIES
from bot.storage.backups import collect, put
from tests.fakes.authenticator import UP, FakeAuthenticator
from tests.integration.console_parts import Console, House, an_advocate, client, open_house

URL = "https://help.example"
PASSWORD = "kettle lantern orchid"


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_url=database_url, public_url=URL) as house:
        yield house


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("sidelight.db*")))


async def post(http: httpx.AsyncClient, path: str, **body: object) -> httpx.Response:
    return await http.post(f"/api/v1{path}", json=body)


async def wanted(http: httpx.AsyncClient, path: str = "/session/challenge") -> dict[str, Any]:
    found: dict[str, Any] = (await post(http, path)).json()["passkey"]
    return found


async def invited(house: House, name: str = "Robin") -> tuple[str, dict[str, Any]]:
    token = await house.staff.invite(name)
    offered = await post(client(house), "/invitations/open", token=token)
    return token, offered.json()


async def joined(house: House, name: str = "Robin") -> tuple[FakeAuthenticator, httpx.Response]:
    """Somebody who joined with a passkey alone."""
    device = FakeAuthenticator(URL)
    token, offered = await invited(house, name)
    answer = device.create(offered["passkey"])
    http = client(house)
    return device, await post(
        http, "/invitations/accept", token=token, password=PASSWORD, passkey=answer
    )


async def try_passkey(
    house: House, device: FakeAuthenticator, name: str = "Robin", password: str = PASSWORD
) -> int:
    http = client(house)
    answer = device.get(await wanted(http))
    done = await post(http, "/session", name=name, password=password, passkey=answer)
    return done.status_code


async def test_a_passkey_takes_the_place_of_the_app(house: House) -> None:
    """From the invitation to the next sign-in, with the password beside it."""
    device, answer = await joined(house)
    assert answer.status_code == 200
    assert await try_passkey(house, device) == 200
    assert await try_passkey(house, device, password="kettle lantern lamp") == 401


async def test_a_passkey_opens_its_owners_account_only(house: House) -> None:
    """Neither a colleague's, nor one that nobody knows."""
    device, _ = await joined(house)
    other, _ = await joined(house, "Alex")
    assert await try_passkey(house, other) == 401
    assert await try_passkey(house, FakeAuthenticator(URL)) == 401
    assert await try_passkey(house, device) == 200


async def test_an_answer_is_good_once_and_for_its_own_question(house: House) -> None:
    """Neither again, nor late, nor for a challenge that we did not make, nor of another kind."""
    device, _ = await joined(house)
    http = client(house)
    options = await wanted(http)
    answer = device.get(options)
    body = {"name": "Robin", "password": PASSWORD, "passkey": answer}
    assert (await post(http, "/session", **body)).status_code == 200
    assert (await post(client(house), "/session", **body)).status_code == 401
    again = device.get(options)
    body["passkey"] = again
    assert (await post(client(house), "/session", **body)).status_code == 401
    invented = {**options, "challenge": options["challenge"][:-2] + "AA"}
    body["passkey"] = device.get(invented)
    assert (await post(client(house), "/session", **body)).status_code == 401
    token, offered = await invited(house, "Alex")
    body["passkey"] = device.get({**options, "challenge": offered["passkey"]["challenge"]})
    assert (await post(client(house, "203.0.113.9"), "/session", **body)).status_code == 401
    late = await wanted(http)
    house.clock.move(timedelta(minutes=6))
    body["passkey"] = device.get(late)
    assert (await post(client(house, "203.0.113.9"), "/session", **body)).status_code == 401
    assert token


async def test_of_many_uses_of_one_answer_one_is_taken(house: House) -> None:
    """Sent at once, too."""
    device, _ = await joined(house)
    answer = device.get(await wanted(client(house)))
    body = {"name": "Robin", "password": PASSWORD, "passkey": answer}
    tries = [post(client(house, f"203.0.113.{n}"), "/session", **body) for n in range(4)]
    statuses = sorted(done.status_code for done in await asyncio.gather(*tries))
    assert statuses == [200, 401, 401, 401]


async def test_a_page_of_another_site_a_copied_key_and_an_absent_owner_are_refused(
    house: House,
) -> None:
    """The origin, the device's own counter, and that somebody proved to it who they are."""
    device, _ = await joined(house)
    device.origin = "https://help.example.evil.example"
    assert await try_passkey(house, device) == 401
    device.origin = URL
    device.flags = UP
    assert await try_passkey(house, device) == 401
    device.flags |= 0x04
    assert await try_passkey(house, device) == 200
    device.uses = 1
    assert await try_passkey(house, device) == 401


@pytest.mark.parametrize(
    "answer",
    [
        {"id": "x"},
        {"id": 5, "response": 5},
        {"id": "x", "response": {"clientDataJSON": "e30"}},
        {"id": "x", "response": {"clientDataJSON": "bnVsbA"}},
        {"id": "x", "response": {"clientDataJSON": "%%%"}},
    ],
)
async def test_nonsense_for_an_answer_is_a_plain_refusal(
    house: House, answer: dict[str, Any]
) -> None:
    """Signing in and joining alike, and no fault of ours."""
    device, _ = await joined(house)
    body = {"name": "Robin", "password": PASSWORD, "passkey": answer}
    assert (await post(client(house), "/session", **body)).status_code == 401
    known = {**answer, "id": device.get(await wanted(client(house)))["id"]}
    body["passkey"] = known
    assert (await post(client(house), "/session", **body)).status_code == 401
    token, _ = await invited(house, "Alex")
    body = {"token": token, "password": PASSWORD, "passkey": answer}
    assert (await post(client(house), "/invitations/accept", **body)).status_code == 422


async def test_no_passkeys_where_the_address_is_a_number(tmp_path: Path) -> None:
    """Browsers make none there: nothing is offered that cannot work."""
    async with open_house(tmp_path, public_url="http://127.0.0.1:8080") as house:
        assert await wanted(client(house)) is None
        _, offered = await invited(house)
        assert offered["passkey"] is None


async def test_a_recovery_code_works_once_however_it_is_typed(house: House) -> None:
    """In place of the code, for its owner; new ones end the old."""
    _, answer = await joined(house)
    codes = answer.json()["recovery_codes"]

    async def use(code: str, name: str = "Robin") -> int:
        body = {"name": name, "password": PASSWORD, "totp": code}
        return (await post(client(house), "/session", **body)).status_code

    assert await use(codes[0].upper().replace("-", " ")) == 200
    assert await use(codes[0]) == 401
    await joined(house, "Alex")
    assert await use(codes[1], "Alex") == 401
    http = client(house)
    await post(http, "/session", name="Robin", password=PASSWORD, totp=codes[1])
    new = (await post(http, "/me/recovery-codes", password=PASSWORD)).json()["recovery_codes"]
    assert await use(codes[2]) == 401
    assert await use(new[0]) == 200
    left = (await http.get("/api/v1/me/factors")).json()
    assert left["recovery_left"] == 9


async def test_recovery_codes_lie_in_the_database_as_hashes(tmp_path: Path) -> None:
    """Whoever reads the file has none of them."""
    async with open_house(tmp_path, public_url=URL) as house:
        _, answer = await joined(house)
        stored = all_bytes(tmp_path)
        for code in answer.json()["recovery_codes"]:
            assert code.encode() not in stored
            assert code.replace("-", "").encode() not in stored


async def test_a_locked_session_shows_nothing_until_it_is_unlocked(house: House) -> None:
    """Every route but the few that it needs; the conversation is still theirs afterwards."""
    robin = await an_advocate(house)
    _, handoff = await house.someone_waits()
    await robin.http.post(f"/api/v1/handoffs/{handoff}/claim")
    messages = f"/api/v1/handoffs/{handoff}/messages"
    assert (await post(robin.http, "/session/lock")).status_code == 204
    for path in (messages, "/api/v1/handoffs?state=claimed", "/api/v1/alerts"):
        assert (await robin.http.get(path)).status_code == 423, path
    assert (
        await post(robin.http, "/me/recovery-codes", password=robin.password)
    ).status_code == 423
    assert (await robin.http.get("/api/v1/me")).json()["locked"] is True
    wrong = await post(robin.http, "/session/unlock", password="kettle lantern lamp")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in_refused")
    assert (await robin.http.get(messages)).status_code == 423
    assert (await post(robin.http, "/session/unlock", password=robin.password)).status_code == 204
    assert (await robin.http.get(messages)).status_code == 200


async def test_whoever_guesses_at_a_locked_session_ends_it(house: House) -> None:
    """And with it the way in: only signing in anew helps, which needs the second factor."""
    robin = await an_advocate(house)
    await post(robin.http, "/session/lock")
    house.clock.move(timedelta(seconds=30))
    for _ in range(UNLOCK_TRIES):
        await post(robin.http, "/session/unlock", password="a wrong password")
        house.clock.move(timedelta(seconds=10))
    right = await post(robin.http, "/session/unlock", password=robin.password)
    assert (right.status_code, right.json()["code"]) == (401, "unauthorized")


async def test_a_passkey_unlocks_its_owners_session_only(house: House) -> None:
    """Not a colleague's."""
    device, _ = await joined(house)
    other, _ = await joined(house, "Alex")
    http = client(house)
    answer = device.get(await wanted(http))
    await post(http, "/session", name="Robin", password=PASSWORD, passkey=answer)
    await post(http, "/session/lock")
    wrong = await post(http, "/session/unlock", passkey=other.get(await wanted(http)))
    assert wrong.status_code == 401
    right = await post(http, "/session/unlock", passkey=device.get(await wanted(http)))
    assert right.status_code == 204
    assert (await http.get("/api/v1/handoffs?state=waiting")).status_code == 200


async def test_a_session_of_which_no_page_was_open_is_locked(house: House) -> None:
    """A lid that was closed asks for the password, also when the page never said so."""
    robin = await an_advocate(house)
    house.clock.move(house.settings.idle_lock_after - timedelta(seconds=5))
    assert (await robin.http.get("/api/v1/alerts")).status_code == 200
    house.clock.move(house.settings.idle_lock_after + timedelta(seconds=25))
    assert (await robin.http.get("/api/v1/alerts")).status_code == 423
    assert (await robin.http.get("/api/v1/alerts")).status_code == 423
    assert (await post(robin.http, "/session/unlock", password=robin.password)).status_code == 204
    assert (await robin.http.get("/api/v1/alerts")).status_code == 200


async def test_an_unlocked_computer_is_not_enough_to_move_in(house: House) -> None:
    """Passkeys, recovery codes and password change with the password only."""
    robin = await an_advocate(house)
    device = FakeAuthenticator(URL)
    made = device.create(await wanted(robin.http, "/me/passkeys/challenge"))
    wrong = {"password": "kettle lantern lamp"}
    for path, body in (
        ("/me/passkeys", {**wrong, "passkey": made}),
        ("/me/passkeys/remove", {**wrong, "id": "x"}),
        ("/me/recovery-codes", wrong),
        ("/me/password", {**wrong, "new": "orchid lantern kettle"}),
    ):
        assert (await post(robin.http, path, **body)).status_code == 401, path
    house.clock.move(timedelta(seconds=30))
    right = {"password": robin.password, "passkey": made}
    assert (await post(robin.http, "/me/passkeys", **right)).status_code == 204
    again = {"password": robin.password, "passkey": made}
    assert (await post(robin.http, "/me/passkeys", **again)).status_code == 422


async def test_the_only_second_factor_cannot_be_removed(house: House) -> None:
    """One of two can, and the removed one opens nothing."""
    device, _ = await joined(house)
    http = client(house)
    answer = device.get(await wanted(http))
    await post(http, "/session", name="Robin", password=PASSWORD, passkey=answer)
    remove = {"password": PASSWORD, "id": answer["id"]}
    refused = await post(http, "/me/passkeys/remove", **remove)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_factor")
    second = FakeAuthenticator(URL)
    made = second.create(await wanted(http, "/me/passkeys/challenge"))
    await post(http, "/me/passkeys", password=PASSWORD, passkey=made)
    assert (await post(http, "/me/passkeys/remove", **remove)).status_code == 204
    assert await try_passkey(house, device) == 401
    assert await try_passkey(house, second) == 200


async def elsewhere(house: House, robin: Console) -> httpx.AsyncClient:
    """A second browser of the same advocate."""
    house.clock.move(timedelta(seconds=30))
    http = client(house, "203.0.113.7")
    assert (await robin.sign_in(http)).status_code == 200
    return http


async def test_a_new_password_ends_all_other_sessions(house: House) -> None:
    """The one that changed it goes on; the old password is worth nothing."""
    robin = await an_advocate(house)
    other = await elsewhere(house, robin)
    weak = await post(robin.http, "/me/password", password=robin.password, new="password1234")
    assert weak.json()["code"] == "weak_password_common"
    body = {"password": robin.password, "new": PASSWORD}
    assert (await post(robin.http, "/me/password", **body)).status_code == 204
    assert (await other.get("/api/v1/me")).status_code == 401
    assert (await robin.http.get("/api/v1/me")).status_code == 200
    house.clock.move(timedelta(seconds=30))
    assert (await robin.sign_in(client(house))).status_code == 401


async def test_signing_out_everywhere_ends_them_all(house: House) -> None:
    """This one too."""
    robin = await an_advocate(house)
    other = await elsewhere(house, robin)
    assert (await other.delete("/api/v1/sessions")).status_code == 204
    for http in (other, robin.http):
        assert (await http.get("/api/v1/me")).status_code == 401


async def test_a_new_invitation_ends_passkeys_and_recovery_codes(house: House) -> None:
    """Who found the phone, or the note with the codes, is out."""
    device, answer = await joined(house)
    token = await house.staff.invite_again("Robin")
    offered = (await post(client(house), "/invitations/open", token=token)).json()
    code = pyotp.TOTP(offered["secret"]).at(house.clock.now())
    body = {"token": token, "password": PASSWORD, "totp": code}
    assert (await post(client(house), "/invitations/accept", **body)).status_code == 200
    assert await try_passkey(house, device) == 401
    old = answer.json()["recovery_codes"][0]
    done = await post(client(house), "/session", name="Robin", password=PASSWORD, totp=old)
    assert done.status_code == 401


async def test_changing_ones_sign_in_stands_in_the_log(house: House) -> None:
    """What was done, not with what."""
    robin = await an_advocate(house)
    await post(robin.http, "/me/recovery-codes", password=robin.password)
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    lines = (await admin.http.get("/api/v1/audit")).json()["lines"]
    assert "secured" in {line["act"] for line in lines if line["advocate"] == "Robin"}


async def test_what_a_backup_brings_back_signs_in(house: House, tmp_path: Path) -> None:
    """Into another database, beside another ring: by passkey, and by a recovery code."""
    device, answer = await joined(house)
    payload = json.loads(json.dumps(await collect(house.database, house.vault)))
    async with open_house(tmp_path / "new", public_url=URL) as new:
        counts = await put(new.database, new.vault, payload, None, timedelta(minutes=30))
        assert counts == (1, 0)
        assert await try_passkey(new, device) == 200
        code = answer.json()["recovery_codes"][0]
        body = {"name": "Robin", "password": PASSWORD, "totp": code}
        assert (await post(client(new), "/session", **body)).status_code == 200
