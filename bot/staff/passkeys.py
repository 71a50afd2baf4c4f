"""Passkeys (W3C Web Authentication, level 2), and challenges that need no memory.

A challenge says by itself what it is for and until when it holds, under the ring's index key. So
anybody may ask for one without filling a table; only one that was answered rightly is noted, as
spent.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bot.ids import AdvocateId
from bot.staff.codes import ISSUER
from bot.staff.models import Passkey
from bot.vault.vault import Vault

CHALLENGE_TTL: Final = timedelta(minutes=5)

_DOMAIN: Final = "passkey"
_NONCE: Final = 16
_UNTIL: Final = 8
_LENGTH: Final = _NONCE + _UNTIL + 32

_FOREIGN: Final = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)
"""What the library raises on what a browser, or somebody else, made up."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A right answer: by which passkey, its new counter, and the challenge's hash, to be spent."""

    credential: str
    count: int
    challenge: bytes
    expires_at: datetime
    public_key: str = ""


class Passkeys:
    """Asks browsers for passkeys of this site and checks what they answer."""

    def __init__(self, vault: Vault, public_url: str) -> None:
        parts = urlsplit(public_url)
        self._vault = vault
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._host = parts.hostname or ""

    @property
    def usable(self) -> bool:
        """Browsers make passkeys for names only, over TLS or on this very machine."""
        try:
            ip_address(self._host)
        except ValueError:
            return self._origin.startswith("https://") or self._host == "localhost"
        return False

    def creation(
        self, purpose: str, advocate: AdvocateId, name: str, known: Sequence[Passkey], now: datetime
    ) -> dict[str, Any]:
        """What a browser needs to make one, as JSON of `PublicKeyCredentialCreationOptions`."""
        options = webauthn.generate_registration_options(
            rp_id=self._host,
            rp_name=ISSUER,
            user_name=name,
            user_id=advocate.bytes,
            challenge=self._challenge(purpose, now),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=_bytes(k.id)) for k in known],
        )
        return options_to_json_dict(options)

    def request(self, purpose: str, now: datetime) -> dict[str, Any]:
        """What a browser needs to use one, as JSON of `PublicKeyCredentialRequestOptions`.

        It names no passkey: nobody learns from it who has one.
        """
        options = webauthn.generate_authentication_options(
            rp_id=self._host,
            challenge=self._challenge(purpose, now),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json_dict(options)

    def made(self, purpose: str, answer: Mapping[str, Any], now: datetime) -> Answered | None:
        """The new passkey; None when it is not the answer to a challenge for `purpose`."""
        if (challenge := self._answered(purpose, answer, now)) is None:
            return None
        try:
            found = webauthn.verify_registration_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except _FOREIGN:
            return None
        return Answered(
            _text(found.credential_id),
            found.sign_count,
            _hash(challenge),
            _until(challenge),
            _text(found.credential_public_key),
        )

    def used(
        self, purpose: str, answer: Mapping[str, Any], passkey: Passkey, now: datetime
    ) -> Answered | None:
        """The use of `passkey`; None when it is not the answer to a challenge for `purpose`."""
        if (challenge := self._answered(purpose, answer, now)) is None:
            return None
        try:
            found = webauthn.verify_authentication_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=_bytes(passkey.public_key),
                credential_current_sign_count=passkey.count,
                require_user_verification=True,
            )
        except _FOREIGN:
            return None
        if _text(found.credential_id) != passkey.id:
            return None
        return Answered(passkey.id, found.new_sign_count, _hash(challenge), _until(challenge))

    def _challenge(self, purpose: str, now: datetime) -> bytes:
        until = int((now + CHALLENGE_TTL).timestamp())
        start = secrets.token_bytes(_NONCE) + until.to_bytes(_UNTIL)
        return start + self._mark(purpose, start)

    def _mark(self, purpose: str, start: bytes) -> bytes:
        return self._vault.blind_index(_DOMAIN, f"{purpose}|{start.hex()}")

    def _answered(self, purpose: str, answer: Mapping[str, Any], now: datetime) -> bytes | None:
        try:
            client = json.loads(_bytes(str(answer["response"]["clientDataJSON"])))
            challenge = _bytes(client["challenge"])
        except _FOREIGN:
            return None
        start = challenge[: _NONCE + _UNTIL]
        mark = challenge[_NONCE + _UNTIL :]
        right = len(challenge) == _LENGTH and hmac.compare_digest(mark, self._mark(purpose, start))
        return challenge if right and now < _until(challenge) else None


def _hash(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge[:_NONCE]).digest()


def _until(challenge: bytes) -> datetime:
    seconds = int.from_bytes(challenge[_NONCE : _NONCE + _UNTIL])
    return datetime.fromtimestamp(seconds, UTC)


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
