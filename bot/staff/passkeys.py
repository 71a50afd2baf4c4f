"""Passkeys (W3C Web Authentication, level 2), and challenges that need no memory.

A challenge says by itself what it is for and until when it holds, under the ring's index key. So
anybody may ask for one without filling a table; only one that was answered rightly is noted, as
spent. The rest is `bot.staff.ceremonies`, read when a passkey is first used.
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

from bot.ids import AdvocateId
from bot.staff.codes import ISSUER
from bot.staff.models import Passkey, Site
from bot.vault.vault import Vault

CHALLENGE_TTL: Final = timedelta(minutes=5)

_DOMAIN: Final = "passkey"
_NONCE: Final = 16
_UNTIL: Final = 8
_LENGTH: Final = _NONCE + _UNTIL + 32


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
        self._site = Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")

    @property
    def usable(self) -> bool:
        """Browsers make passkeys for names only, over TLS or on this very machine."""
        try:
            ip_address(self._site.host)
        except ValueError:
            return self._site.origin.startswith("https://") or self._site.host == "localhost"
        return False

    def creation(
        self, purpose: str, advocate: AdvocateId, name: str, known: Sequence[Passkey], now: datetime
    ) -> dict[str, Any]:
        """What a browser needs to make one, as JSON of `PublicKeyCredentialCreationOptions`."""
        from bot.staff import ceremonies

        return ceremonies.creation(
            self._site,
            ISSUER,
            name,
            advocate.bytes,
            self._challenge(purpose, now),
            [_bytes(each.id) for each in known],
        )

    def request(self, purpose: str, now: datetime) -> dict[str, Any]:
        """What a browser needs to use one, as JSON of `PublicKeyCredentialRequestOptions`.

        It names no passkey: nobody learns from it who has one.
        """
        from bot.staff import ceremonies

        return ceremonies.request(self._site, self._challenge(purpose, now))

    def made(self, purpose: str, answer: Mapping[str, Any], now: datetime) -> Answered | None:
        """The new passkey; None when it is not the answer to a challenge for `purpose`."""
        if (challenge := self._answered(purpose, answer, now)) is None:
            return None
        from bot.staff import ceremonies

        if (found := ceremonies.made(self._site, answer, challenge)) is None:
            return None
        return Answered(
            _text(found.credential),
            found.counter,
            _hash(challenge),
            _until(challenge),
            _text(found.public_key),
        )

    def used(
        self, purpose: str, answer: Mapping[str, Any], passkey: Passkey, now: datetime
    ) -> Answered | None:
        """The use of `passkey`; None when it is not the answer to a challenge for `purpose`."""
        if (challenge := self._answered(purpose, answer, now)) is None:
            return None
        from bot.staff import ceremonies

        key = _bytes(passkey.public_key)
        found = ceremonies.used(self._site, answer, challenge, key, passkey.count)
        if found is None or _text(found.credential) != passkey.id:
            return None
        return Answered(passkey.id, found.counter, _hash(challenge), _until(challenge))

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
        except (ValueError, KeyError, TypeError, AttributeError):  # made up by somebody else
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
