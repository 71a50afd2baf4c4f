"""Accounts, sessions and invitations. Secrets are stored as hashes, or sealed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from bot.ids import AdvocateId, Locale
from bot.staff.permissions import PERMISSIONS, Role

SessionToken = NewType("SessionToken", str)
"""What a browser holds. The server keeps its hash."""

InvitationToken = NewType("InvitationToken", str)
"""What an invitation link holds, in its fragment. The server keeps its hash."""


@dataclass(frozen=True, slots=True)
class Advocate:
    """One member of the staff.

    `password_hash` is empty and `totp` (a sealed secret) None until the invitation was used.
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
        """Whether the account is complete and not switched off."""
        return self.disabled_at is None and bool(self.password_hash) and self.totp is not None


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that signed in. It ends at `expires_at`, or when not seen for long."""

    token_hash: bytes = field(repr=False)
    advocate_id: AdvocateId
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that may be used once, to set a password and an authenticator (`totp`, sealed)."""

    token_hash: bytes = field(repr=False)
    advocate_id: AdvocateId
    totp: bytes = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an invited advocate needs for their authenticator app: a secret, and it as a link."""

    name: str
    secret: str = field(repr=False)
    link: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session as its browser gets it."""

    advocate: Advocate
    token: SessionToken = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of the staff as the others see them; `here` when their console is open."""

    advocate: Advocate
    here: bool
