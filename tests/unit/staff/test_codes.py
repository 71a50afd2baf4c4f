"""One-time codes: the one of now, and of the steps next to it."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from bot.staff.codes import STEP, matching_step, new_secret, otpauth_link

NOW = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_codes_of_now_and_next_to_it_match_their_own_step(drift: int) -> None:
    """A phone's clock may be half a minute off."""
    secret = new_secret()
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=drift * STEP))
    assert matching_step(secret, code, NOW) == int(NOW.timestamp()) // STEP + drift


@pytest.mark.parametrize("drift", [-2, 2, 20])
def test_older_and_later_codes_do_not_match(drift: int) -> None:
    """Two steps off is too far (unless the six digits happen to be the same)."""
    secret = "JBSWY3DPEHPK3PXP" * 2
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=drift * STEP))
    assert matching_step(secret, code, NOW) is None


def test_codes_may_be_typed_in_groups() -> None:
    """Apps show them as two groups of three."""
    secret = new_secret()
    code = pyotp.TOTP(secret).at(NOW)
    assert matching_step(secret, f" {code[:3]} {code[3:]} ", NOW) is not None


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "\ud800", "0" * 400])
def test_anything_else_is_no_code(typed: str) -> None:
    """Odd input is refused without a fault."""
    assert matching_step("JBSWY3DPEHPK3PXP" * 2, typed, NOW) is None


def test_the_link_names_issuer_and_advocate() -> None:
    """So that an authenticator app shows whose code it is."""
    link = otpauth_link(new_secret(), "Robin Meadow")
    assert link.startswith("otpauth://totp/Sidelight:Robin%20Meadow?")
