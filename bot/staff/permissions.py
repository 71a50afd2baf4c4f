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
HANDOFF_SUPPORT: Final = "console:handoff:support"
HANDOFF_REOPEN: Final = "console:handoff:reopen"
HANDOFF_BLOCK: Final = "console:handoff:block"
DESK_KEEP: Final = "console:desk:keep"
DESK_SET: Final = "console:desk:set"
ALERT_LIST: Final = "console:alert:list"
ALERT_ACKNOWLEDGE: Final = "console:alert:acknowledge"
EVENT_LIST: Final = "console:event:list"
ADVOCATE_LIST: Final = "console:advocate:list"
HANDOFF_REASSIGN: Final = "console:handoff:reassign"
BOARD_READ: Final = "console:board:read"
FIGURES_READ: Final = "console:figures:read"
AUDIT_READ: Final = "console:audit:read"
ROTA_READ: Final = "console:rota:read"
ROTA_SET: Final = "console:rota:set"
STAFF_MANAGE: Final = "console:staff:manage"
SETTINGS_SET: Final = "console:settings:set"

_LOOK = frozenset({SESSION, HANDOFF_LIST, ALERT_LIST, EVENT_LIST, ADVOCATE_LIST, ROTA_READ})
_TALK = frozenset(
    {
        HANDOFF_CLAIM,
        HANDOFF_READ,
        HANDOFF_WRITE,
        HANDOFF_RELEASE,
        HANDOFF_TRANSFER,
        HANDOFF_CLOSE,
        HANDOFF_SUPPORT,
        HANDOFF_REOPEN,
        HANDOFF_BLOCK,
        DESK_KEEP,
        ALERT_ACKNOWLEDGE,
    }
)

PERMISSIONS: Final = {
    Role.ADVOCATE: _LOOK | _TALK,
    Role.SUPERVISOR: _LOOK
    | _TALK
    | {HANDOFF_REASSIGN, DESK_SET, BOARD_READ, FIGURES_READ, ROTA_SET},
    Role.ADMIN: _LOOK
    | {BOARD_READ, FIGURES_READ, AUDIT_READ, ROTA_SET, STAFF_MANAGE, SETTINGS_SET},
}
"""By role. An admin sees that somebody waits, and never what anybody writes.

`console:handoff:read` opens only the conversations that one holds oneself: that is checked again,
for each, where they are read.
"""
