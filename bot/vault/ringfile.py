"""The key ring as text: what is in the file, and every way in which a file can be wrong. Pure."""

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.vault.envelope import KEY_BYTES

VERSION = 1


class Damaged(Exception):
    """Why the text is not a key ring, in words that carry nothing of it."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """A span of time whose conversations' keys are wrapped by one key."""

    id: int
    key: bytes = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RingContent:
    """One key for indexes and staff secrets, and the living epochs, oldest first (at least one)."""

    index_key: bytes = field(repr=False)
    epochs: tuple[Epoch, ...]

    @classmethod
    def fresh(cls, now: datetime) -> "RingContent":
        """A ring of new random keys with epoch 1."""
        return cls(os.urandom(KEY_BYTES), (Epoch(1, os.urandom(KEY_BYTES), now),))

    @property
    def current(self) -> Epoch:
        """The newest epoch, the only one that wraps."""
        return self.epochs[-1]

    def with_new_epoch(self, now: datetime) -> "RingContent":
        """The ring with one more epoch, which becomes the current one. Ids are never reused."""
        epoch = Epoch(self.current.id + 1, os.urandom(KEY_BYTES), now)
        return replace(self, epochs=(*self.epochs, epoch))

    def without_before(self, epoch_id: int) -> "RingContent":
        """The ring without the epochs older than `epoch_id`; the current one always stays."""
        kept = tuple(e for e in self.epochs if e.id >= epoch_id or e.id == self.current.id)
        return replace(self, epochs=kept)


def dump(ring: RingContent) -> bytes:
    """The text of `ring`, with its checksum."""
    body: dict[str, Any] = {
        "version": VERSION,
        "index_key": _encode(ring.index_key),
        "epochs": [
            {
                "id": epoch.id,
                "key": _encode(epoch.key),
                "created_at": epoch.created_at.astimezone(UTC).isoformat(),
            }
            for epoch in ring.epochs
        ],
    }
    return json.dumps({**body, "checksum": _checksum(body)}, indent=1).encode() + b"\n"


def parse(text: bytes) -> RingContent:
    """The ring in `text`. Raises Damaged with the reason."""
    if not text.strip(b" \t\r\n\0"):
        raise Damaged("it is empty")
    # JSONDecodeError keeps the whole text, keys included: it must not hang on our error.
    content: Any = None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if content is None:
        raise Damaged("it is cut short or not JSON")
    if not isinstance(content, dict):
        raise Damaged("it is not a JSON object")
    if type(content.get("version")) is not int:
        raise Damaged("it has no version")
    if content["version"] != VERSION:
        raise Damaged(f"it has version {content['version']}, and this release reads {VERSION}")
    body = {key: value for key, value in content.items() if key != "checksum"}
    if content.get("checksum") != _checksum(body):
        raise Damaged("its checksum does not match")
    return RingContent(_key(body, "index_key"), _epochs(body.get("epochs")))


def _epochs(entries: object) -> tuple[Epoch, ...]:
    if not isinstance(entries, list) or not entries:
        raise Damaged("it has no epochs")
    epochs = tuple(_epoch(entry) for entry in entries)
    ids = [epoch.id for epoch in epochs]
    if ids[0] < 1 or ids != sorted(set(ids)):
        raise Damaged("its epochs are out of order")
    return epochs


def _epoch(entry: object) -> Epoch:
    if not isinstance(entry, dict) or type(entry.get("id")) is not int:
        raise Damaged("an epoch has no id")
    created_at = None
    try:
        created_at = datetime.fromisoformat(str(entry.get("created_at")))
    except ValueError:
        created_at = None
    if created_at is None or created_at.tzinfo is None:
        raise Damaged("an epoch has no time")
    return Epoch(entry["id"], _key(entry, "key"), created_at)


def _key(entry: Mapping[str, object], name: str) -> bytes:
    key = b""
    try:
        key = base64.b64decode(str(entry.get(name)), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise Damaged(f"its {name} is not {KEY_BYTES} bytes in base64")
    return key


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _checksum(body: Mapping[str, object]) -> str:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
