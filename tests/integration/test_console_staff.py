"""Accounts on a real database: inviting, joining, signing in and out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from bot.staff.accounts import INVITATION_TTL
from bot.staff.errors import (
    DemoOnly,
    InvitationInvalid,
    SignInRefused,
    TooManyTries,
    UnknownAdvocate,
    WeakPassword,
    WrongCode,
    WrongName,
)
from bot.staff.models import InvitationToken
from bot.staff.passwords import random_password
from bot.staff.permissions import Role
from bot.staff.service import invitation_link
from bot.staff.sessions import IDLE_SHARE
from bot.staff.throttle import NAME_FREE, PAIR_FREE
from tests.integration.console_parts import House, MovableClock, open_house

HOME = "203.0.113.1"


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_url=database_url) as house:
        yield house


def code(house: House, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(house.clock.now() + timedelta(seconds=30 * steps))


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("sidelight.db*")))


async def test_an_invited_advocate_joins_and_signs_in_later(house: House) -> None:
    """One link leads from nothing to a working account."""
    token = await house.staff.invite("Robin", Role.ADVOCATE)
    offered = await house.staff.enrolment(token)
    again = await house.staff.enrolment(token)
    assert again.secret == offered.secret
    password = random_password()
    joined = await house.staff.join(token, password, code(house, offered.secret))
    assert (await house.staff.authenticate(joined.token)).name == "Robin"
    house.clock.move(timedelta(minutes=1))
    signed_in = await house.staff.sign_in("robin", password, code(house, offered.secret), HOME)
    assert signed_in.advocate.id == joined.advocate.id


async def test_an_invitation_works_once_and_for_seven_days(house: House) -> None:
    """Used, replaced, expired or invented: all are the same refusal."""
    used = await house.staff.invite("Robin")
    secret = (await house.staff.enrolment(used)).secret
    await house.staff.join(used, random_password(), code(house, secret))
    replaced = await house.staff.invite("Sam")
    current = await house.staff.invite("Sam")
    for token in (used, replaced, InvitationToken("invented")):
        with pytest.raises(InvitationInvalid):
            await house.staff.enrolment(token)
        with pytest.raises(InvitationInvalid):
            await house.staff.join(token, random_password(), "000000")
    assert (await house.staff.enrolment(current)).name == "Sam"
    house.clock.move(INVITATION_TTL)
    with pytest.raises(InvitationInvalid):
        await house.staff.enrolment(current)


async def test_a_weak_password_or_wrong_code_leaves_the_invitation_valid(house: House) -> None:
    """A mistake on the first page must not cost a new invitation."""
    token = await house.staff.invite("Robin")
    secret = (await house.staff.enrolment(token)).secret
    with pytest.raises(WeakPassword):
        await house.staff.join(token, "password1234", code(house, secret))
    with pytest.raises(WrongCode):
        await house.staff.join(token, random_password(), code(house, secret, steps=20))
    assert await house.staff.join(token, random_password(), code(house, secret))


async def test_a_new_invitation_replaces_phone_and_password_and_ends_sessions(
    house: House,
) -> None:
    """Who lost their phone gets in again, and whoever found it doesn't."""
    password, secret = await house.staff.add_with_secrets("Robin")
    old = await house.staff.sign_in("Robin", password, code(house, secret), HOME)
    token = await house.staff.invite_again("ROBIN")
    offered = (await house.staff.enrolment(token)).secret
    assert offered != secret
    renewed = await house.staff.join(token, random_password(), code(house, offered))
    assert await house.staff.authenticate(old.token) is None
    assert (await house.staff.authenticate(renewed.token)).id == old.advocate.id
    house.clock.move(timedelta(minutes=1))
    with pytest.raises(SignInRefused):
        await house.staff.sign_in("Robin", password, code(house, secret), HOME)
    with pytest.raises(UnknownAdvocate):
        await house.staff.invite_again("Nobody")


async def test_a_name_is_given_once(house: House) -> None:
    """Also when it is written differently."""
    await house.staff.add_with_secrets("Robin Meadow")
    for name in ("Robin Meadow", "robin  meadow", "ROBIN MEADOW"):
        with pytest.raises(WrongName):
            await house.staff.invite(name)
        with pytest.raises(WrongName):
            await house.staff.add_with_secrets(name)


async def test_a_code_is_accepted_once(house: House) -> None:
    """Whoever looks over a shoulder comes too late; older codes than the last one count as used."""
    password, secret = await house.staff.add_with_secrets("Robin")
    now = code(house, secret)
    assert await house.staff.sign_in("Robin", password, now, HOME)
    for typed in (now, code(house, secret, steps=-1)):
        with pytest.raises(SignInRefused):
            await house.staff.sign_in("Robin", password, typed, HOME)
    house.clock.move(timedelta(seconds=30))
    assert await house.staff.sign_in("Robin", password, code(house, secret, steps=1), HOME)


async def test_a_wrong_password_does_not_use_a_code_up(house: House) -> None:
    """Nobody can spoil somebody's code without the password."""
    password, secret = await house.staff.add_with_secrets("Robin")
    typed = code(house, secret)
    with pytest.raises(SignInRefused):
        await house.staff.sign_in("Robin", random_password(), typed, HOME)
    assert await house.staff.sign_in("Robin", password, typed, HOME)


async def test_every_failure_is_told_alike(house: House) -> None:
    """Unknown name, wrong password, wrong code, not joined yet: one answer for all."""
    password, secret = await house.staff.add_with_secrets("Robin")
    await house.staff.invite("Sam")
    told = set()
    for name, secret_word, typed in (
        ("Nobody", password, code(house, secret)),
        ("Robin", random_password(), code(house, secret)),
        ("Robin", password, code(house, secret, steps=9)),
        ("Sam", "", code(house, secret)),
    ):
        with pytest.raises(SignInRefused) as refused:
            await house.staff.sign_in(name, secret_word, typed, HOME)
        told.add(str(refused.value))
    assert len(told) == 1


async def test_guessing_must_wait_and_others_need_not(house: House) -> None:
    """The guesser's address waits, even with the right words; the owner at home does not."""
    password, secret = await house.staff.add_with_secrets("Robin")
    for _ in range(PAIR_FREE):
        with pytest.raises(SignInRefused):
            await house.staff.sign_in("Robin", random_password(), "000000", "198.51.100.7")
    with pytest.raises(TooManyTries) as slow:
        await house.staff.sign_in("Robin", password, code(house, secret), "198.51.100.7")
    assert timedelta(0) < slow.value.retry_after <= timedelta(seconds=1)
    assert await house.staff.sign_in("Robin", password, code(house, secret), HOME)


async def test_a_name_under_attack_from_everywhere_answers_later_but_answers(
    house: House,
) -> None:
    """A bounded pause, and its owner is in."""
    password, secret = await house.staff.add_with_secrets("Robin")
    for index in range(NAME_FREE + 3):
        with pytest.raises(SignInRefused):
            await house.staff.sign_in("Robin", random_password(), "000000", f"bot-{index}")
    assert await house.staff.sign_in("Robin", password, code(house, secret), HOME)
    assert house.pauses == sorted(house.pauses)
    assert 0 < house.pauses[-1] <= 3


async def test_tries_side_by_side_are_all_counted(house: House) -> None:
    """Sending guesses at once doesn't get more of them looked at."""
    await house.staff.add_with_secrets("Robin")
    tries = [
        house.staff.sign_in("Robin", random_password(), "000000", "198.51.100.7") for _ in range(20)
    ]
    results = await asyncio.gather(*tries, return_exceptions=True)
    looked_at = sum(isinstance(result, SignInRefused) for result in results)
    assert looked_at == PAIR_FREE


async def test_a_session_ends_when_idle_when_old_and_when_signed_out(house: House) -> None:
    """Three ends, all of them for good."""
    password, secret = await house.staff.add_with_secrets("Robin")

    async def begin() -> str:
        house.clock.move(timedelta(minutes=2))
        typed = code(house, secret)
        return (await house.staff.sign_in("Robin", password, typed, HOME)).token

    ttl = house.settings.session_ttl
    idle = await begin()
    house.clock.move(ttl / IDLE_SHARE + timedelta(seconds=1))
    assert await house.staff.authenticate(idle) is None

    old = await begin()
    for _ in range(9):
        assert await house.staff.authenticate(old) is not None
        house.clock.move(ttl / 9)
    assert await house.staff.authenticate(old) is None

    first, second = await begin(), await begin()
    await house.staff.sign_out(first)
    assert await house.staff.authenticate(first) is None
    robin = await house.staff.authenticate(second)
    assert robin is not None
    await house.staff.sign_out_everywhere(robin.id)
    assert await house.staff.authenticate(second) is None


async def test_colleagues_are_those_who_can_take_over(house: House) -> None:
    """Not admins, not those who never joined; and whose page is open is known."""
    password, secret = await house.staff.add_with_secrets("Robin")
    await house.staff.add_with_secrets("Alex", Role.ADMIN)
    await house.staff.add_with_secrets("Sam", Role.SUPERVISOR)
    await house.staff.invite("Noor")
    await house.staff.sign_in("Robin", password, code(house, secret), HOME)
    found = {c.advocate.name: c.here for c in await house.staff.colleagues()}
    assert found == {"Robin": True, "Sam": False}


async def test_the_demo_session_exists_in_the_demo_only(tmp_path: Path) -> None:
    """Elsewhere it is a fault to ask for it."""
    async with open_house(tmp_path / "real") as house:
        with pytest.raises(DemoOnly):
            await house.staff.demo_session("Robin")
    async with open_house(tmp_path / "demo", MovableClock(), demo=True) as house:
        token = await house.staff.demo_session("Robin")
        again = await house.staff.demo_session("robin")
        first, second = [await house.staff.authenticate(t) for t in (token, again)]
        assert first is not None
        assert second is not None
        assert first.id == second.id


async def test_no_secret_lies_in_the_database_in_the_clear(tmp_path: Path) -> None:
    """Neither password nor TOTP secret, session or invitation."""
    async with open_house(tmp_path) as house:
        password, secret = await house.staff.add_with_secrets("Robin")
        session = (await house.staff.sign_in("Robin", password, code(house, secret), HOME)).token
        invitation = await house.staff.invite("Sam")
        offered = (await house.staff.enrolment(invitation)).secret
        await house.database.shred()
    stored = all_bytes(tmp_path)
    assert b"Robin" in stored
    for word in (password, secret, session, invitation, offered, HOME):
        assert word.encode() not in stored


async def test_the_invitation_link_keeps_its_token_out_of_requests(house: House) -> None:
    """What stands behind the `#` is not sent to a server."""
    token = await house.staff.invite("Robin")
    link = invitation_link(house.settings, token)
    assert link == f"{house.settings.public_url}/console/join#{token}"
