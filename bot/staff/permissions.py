"""What each role may do. What is not listed here is denied."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """Advocates talk to people, supervisors look after advocates, admins after accounts."""

    ADVOCATE = "advocate"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


SESSION: Final = "console:session"
HANDOFF_LIST: Final = "console:handoff:list"
HANDOFF_CLAIM: Final = "console:handoff:claim"
HANDOFF_READ: Final = "console:handoff:read"
HANDOFF_WRITE: Final = "console:handoff:write"
HANDOFF_RELEASE: Final = "console:handoff:release"
HANDOFF_TRANSFER: Final = "console:handoff:transfer"
HANDOFF_CLOSE: Final = "console:handoff:close"
ALERT_LIST: Final = "console:alert:list"
ALERT_ACKNOWLEDGE: Final = "console:alert:acknowledge"
EVENT_LIST: Final = "console:event:list"
ADVOCATE_LIST: Final = "console:advocate:list"
HANDOFF_REASSIGN: Final = "console:handoff:reassign"
BOARD_READ: Final = "console:board:read"
FIGURES_READ: Final = "console:figures:read"
AUDIT_READ: Final = "console:audit:read"

_LOOK = frozenset({SESSION, HANDOFF_LIST, ALERT_LIST, EVENT_LIST, ADVOCATE_LIST})
_TALK = frozenset(
    {
        HANDOFF_CLAIM,
        HANDOFF_READ,
        HANDOFF_WRITE,
        HANDOFF_RELEASE,
        HANDOFF_TRANSFER,
        HANDOFF_CLOSE,
        ALERT_ACKNOWLEDGE,
    }
)

PERMISSIONS: Final = {
    Role.ADVOCATE: _LOOK | _TALK,
    Role.SUPERVISOR: _LOOK | _TALK | {HANDOFF_REASSIGN, BOARD_READ, FIGURES_READ},
    Role.ADMIN: _LOOK | {BOARD_READ, FIGURES_READ, AUDIT_READ},
}
"""By role. An admin sees that somebody waits, and never what anybody writes.

`console:handoff:read` opens only the conversations that one holds oneself: that is checked again,
for each, where they are read.
"""
