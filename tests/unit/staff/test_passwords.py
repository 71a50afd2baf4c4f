"""Passwords: which are good enough, and that the wrong one takes as long as the right one."""

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from bot.staff.errors import Weakness, WeakPassword
from bot.staff.passwords import MIN_LENGTH, Passwords, check_password, random_password

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("kettle", Weakness.SHORT),
        ("k" * 300, Weakness.LONG),
        ("aaaaaaaaaaaaaaaa", Weakness.COMMON),
        ("password123456", Weakness.COMMON),
        ("P@ssw0rd!2026!", Weakness.COMMON),
        ("contraseña1234", Weakness.COMMON),
        ("abcdefghijklmnop", Weakness.COMMON),
        ("robin meadow 99", Weakness.NAMED),
    ],
)
def test_a_password_that_would_be_guessed_is_refused(password: str, weakness: Weakness) -> None:
    """Short, endless, common and one's own name: each is refused, and told which it is."""
    with pytest.raises(WeakPassword) as refused:
        check_password(password, "Robin Meadow")
    assert refused.value.weakness is weakness


@pytest.mark.parametrize(
    "password", ["kettle lantern orchid", "сорок тысяч обезьян", "7Hq-zR2m.Kd9x"]
)
def test_words_in_a_row_and_random_signs_are_accepted(password: str) -> None:
    """Length counts; no kind of sign is demanded."""
    assert check_password(password, "Robin Meadow") is None


@given(st.text(max_size=MIN_LENGTH - 1))
def test_nothing_short_is_accepted(password: str) -> None:
    """Whatever it is made of, a short one is refused."""
    with pytest.raises(WeakPassword):
        check_password(password)


def test_random_passwords_pass_their_own_rule() -> None:
    """What automation is given is good enough, and never the same."""
    made = {random_password() for _ in range(50)}
    for password in made:
        check_password(password)
    assert len(made) == 50


async def test_the_right_password_matches_and_no_other() -> None:
    """Also where two keyboards write the same letters differently."""
    passwords = Passwords(CHEAP)
    stored = await passwords.hash("olé olé kettle")
    assert await passwords.verify(stored, "ole\u0301 ole\u0301 kettle")
    assert not await passwords.verify(stored, "ole ole kettle")


async def test_an_empty_hash_never_matches() -> None:
    """An account without a password, or no account, is no way in."""
    assert not await Passwords(CHEAP).verify("", "")


async def test_an_unknown_name_costs_a_real_hash() -> None:
    """Without an account the same work is done, so that time tells nothing."""

    class Counting(PasswordHasher):
        verified = 0

        def verify(self, *args, **kwargs):
            Counting.verified += 1
            return super().verify(*args, **kwargs)

    passwords = Passwords(Counting(time_cost=1, memory_cost=8, parallelism=1))
    await passwords.verify("", "anything at all")
    await passwords.verify(await passwords.hash("kettle lantern"), "anything at all")
    assert Counting.verified == 2


async def test_weaker_hashes_are_seen_as_dated() -> None:
    """So that they can be made anew at the next sign-in."""
    stored = await Passwords(CHEAP).hash("kettle lantern orchid")
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert stronger.is_dated(stored)
    assert not Passwords(CHEAP).is_dated(stored)
