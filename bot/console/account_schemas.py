"""The bodies about signing in and one's own account."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator

from bot.console.schemas import InvitationToken, SessionView

Password = Annotated[str, Field(min_length=1, max_length=1024)]
Credential = Annotated[dict[str, Any], Field(max_length=12)]
"""A `PublicKeyCredential` as JSON; what it must hold is checked with its signature."""


class SecondFactor(BaseModel):
    """Either `totp`: six digits of the authenticator app, or a recovery code; or `passkey`."""

    totp: str = Field(default="", max_length=32)
    passkey: Credential | None = None

    @model_validator(mode="after")
    def _one(self) -> "SecondFactor":
        if bool(self.totp) == bool(self.passkey):
            raise ValueError("give either totp or passkey")
        return self

    @property
    def proof(self) -> str | dict[str, Any]:
        """What was given."""
        return self.passkey or self.totp


class SignIn(SecondFactor):
    """Name, password, and a second factor."""

    name: str = Field(min_length=1, max_length=256)
    password: Password


class Join(InvitationToken, SecondFactor):
    """Using an invitation."""

    password: Password


class JoinedView(SessionView):
    """Who joined, and their recovery codes: they are not shown again."""

    recovery_codes: list[str]


class Challenge(BaseModel):
    """Options for `navigator.credentials` as JSON, or null where passkeys cannot be used."""

    passkey: dict[str, Any] | None


class Unlock(BaseModel):
    """Either of the two."""

    password: str = Field(default="", max_length=1024)
    passkey: Credential | None = None


class Proven(BaseModel):
    """The password, once more."""

    password: Password


class NewPasskey(Proven):
    """A passkey to add."""

    passkey: Credential


class OldPasskey(Proven):
    """A passkey to remove."""

    id: str = Field(min_length=1, max_length=1400)


class NewPassword(Proven):
    """The password to be."""

    new: Password


class RecoveryCodes(BaseModel):
    """Each is good once."""

    recovery_codes: list[str]


class PasskeyView(BaseModel):
    """A passkey of one's own."""

    id: str
    created_at: datetime
    used_at: datetime | None


class FactorsView(BaseModel):
    """With what one signs in besides the password."""

    authenticator: bool
    passkeys: list[PasskeyView]
    recovery_left: int
