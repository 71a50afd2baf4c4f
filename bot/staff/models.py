"""Accounts, sessions and invitations. Secrets are stored as hashes, or sealed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NewType

from bot.ids import AdvocateId, Locale
from bot.staff.permissions import PERMISSIONS, Role

SessionToken = NewType("SessionToken", str)
"""What a browser holds. The server keeps its hash."""

InvitationToken = NewType("InvitationToken", str)
"""What an invitation link holds, in its fragment. The server keeps its hash."""


@dataclass(frozen=True, slots=True)
class Advocate:
    """One member of the staff.

    `password_hash` is empty until the invitation was used; `totp` (a sealed secret) is None also
    where they use passkeys instead.
    `languages` are those they talk to people in, their own first.
    """

    id: AdvocateId
    name: str
    role: Role
    languages: tuple[Locale, ...]
    created_at: datetime
    password_hash: str = field(default="", repr=False)
    totp: bytes | None = field(default=None, repr=False)
    disabled_at: datetime | None = None

    @property
    def permissions(self) -> frozenset[str]:
        """What they may do."""
        return PERMISSIONS[self.role]

    @property
    def can_sign_in(self) -> bool:
        """Whether the account is complete and not switched off.

        Whoever has a password has a second factor: both come, and go, together.
        """
        return self.disabled_at is None and bool(self.password_hash)


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that signed in. It ends at `expires_at`, or when not seen for long.

    `locked_at`: since when it asks for the password again, or None. `tries` failed since then.
    """

    token_hash: bytes = field(repr=False)
    advocate_id: AdvocateId
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    locked_at: datetime | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Site:
    """What a passkey belongs to: the page's host, and its origin (scheme, host and port)."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """The public half of a key in somebody's device. `id` and `public_key` in base64url."""

    id: str
    advocate_id: AdvocateId
    public_key: str
    count: int
    created_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """Whose session it is, and whether it is locked."""

    advocate: Advocate
    locked: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that may be used once, to set a password and a second factor (`totp`, sealed)."""

    token_hash: bytes = field(repr=False)
    advocate_id: AdvocateId
    totp: bytes = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an invited advocate needs for their authenticator app: a secret, and it as a link.

    Or for a passkey: what their browser is asked for, None where this site can have none.
    """

    name: str
    secret: str = field(repr=False)
    link: str = field(repr=False)
    passkey: dict[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session as its browser gets it. `recovery_codes` are given after joining, this once."""

    advocate: Advocate
    token: SessionToken = field(repr=False)
    expires_at: datetime
    recovery_codes: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of the staff as the others see them; `here` when their console is open."""

    advocate: Advocate
    here: bool
