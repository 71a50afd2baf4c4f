"""Roles: what they may do, and what not."""

from bot.staff import permissions
from bot.staff.permissions import PERMISSIONS, Role


def test_every_role_has_its_permissions_named() -> None:
    """A role without an entry could do nothing, or worse, be forgotten."""
    assert set(PERMISSIONS) == set(Role)


def test_an_admin_reads_no_conversation() -> None:
    """Who looks after accounts has no need of what people write."""
    admin = PERMISSIONS[Role.ADMIN]
    for permission in (
        permissions.HANDOFF_READ,
        permissions.HANDOFF_WRITE,
        permissions.HANDOFF_CLAIM,
        permissions.ALERT_ACKNOWLEDGE,
    ):
        assert permission not in admin


def test_permissions_are_written_as_the_glossary_says() -> None:
    """`console:<thing>` or `console:<thing>:<act>`."""
    for permission in frozenset().union(*PERMISSIONS.values()):
        parts = permission.split(":")
        assert parts[0] == "console"
        assert 2 <= len(parts) <= 3
        assert all(part.isalpha() for part in parts)
