"""The vault: a key for each conversation, wrapped by the epoch; sealed rows; blind indexes."""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.ids import ConversationId
from bot.vault.envelope import KEY_BYTES, bind, open_sealed, seal
from bot.vault.errors import SealBroken
from bot.vault.keyring import KeyRing


@dataclass(frozen=True, slots=True)
class DataKey:
    """One conversation's key in the clear: 32 bytes that live in memory only."""

    plain: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as it may lie in the database: sealed by the key of `epoch`."""

    epoch: int
    wrapped: bytes = field(repr=False)


class Vault:
    """Seals and opens with the keys of one ring. All calls take microseconds, but for `rotate` and
    `destroy_before`, which write the ring's file and wait for the disk (milliseconds).

    An epoch ends in three steps: `rotate`, `rewrap` every stored key, `destroy_before` the new one.
    Between the second and the third, wait until no transaction begun before `rotate` is open and
    look for keys of the old epoch once more: one committed late would be lost with it.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        root = ring.index_key
        self._index_key = _derive(root, "sidelight/1/blind-index")
        self._staff_key = _derive(root, "sidelight/1/staff")
        self.fingerprint = _derive(root, "sidelight/1/fingerprint")[:8].hex()
        """16 hex digits that tell one installation's ring from another's, and nothing of it."""

    @property
    def current_epoch(self) -> int:
        """The id of the epoch that wraps now."""
        return self._ring.current.id

    @property
    def epoch_began_at(self) -> datetime:
        """When the current epoch began."""
        return self._ring.current.created_at

    def new_data_key(self, conversation_id: ConversationId) -> tuple[DataKey, WrappedKey]:
        """A random key for a conversation, and the same key wrapped by the current epoch."""
        data_key = DataKey(os.urandom(KEY_BYTES))
        return data_key, self.wrap(conversation_id, data_key)

    def wrap(self, conversation_id: ConversationId, data_key: DataKey) -> WrappedKey:
        """`data_key` sealed by the current epoch and bound to the conversation."""
        epoch = self._ring.current
        return WrappedKey(
            epoch.id, seal(epoch.key, data_key.plain, _key_place(conversation_id, epoch.id))
        )

    def unwrap(self, conversation_id: ConversationId, wrapped: WrappedKey) -> DataKey:
        """The data key in `wrapped`.

        Raises KeyGone when its epoch was destroyed, SealBroken when it is damaged or belongs to
        another conversation, and ConfigurationError when the ring is the wrong one.
        """
        epoch = self._ring.epoch(wrapped.epoch)
        plain = open_sealed(epoch.key, wrapped.wrapped, _key_place(conversation_id, epoch.id))
        if len(plain) != KEY_BYTES:
            raise SealBroken("a wrapped key has the wrong length")
        return DataKey(plain)

    def rewrap(self, conversation_id: ConversationId, wrapped: WrappedKey) -> WrappedKey:
        """The same data key under the current epoch. Raises as `unwrap` does."""
        if wrapped.epoch == self.current_epoch:
            return wrapped
        return self.wrap(conversation_id, self.unwrap(conversation_id, wrapped))

    def seal(
        self,
        data_key: DataKey,
        plaintext: bytes,
        *,
        row: str,
        conversation_id: ConversationId,
        direction: str,
    ) -> bytes:
        """`plaintext` encrypted, and bound to its row, conversation and direction.

        `row` names table and primary key ("messages/<uuid>"), `direction` what the column holds
        ("in", "out", "state", …): bytes moved to another place do not open there.
        """
        place = _row_place(row, conversation_id, direction)
        return seal(data_key.plain, plaintext, place)

    def open(
        self,
        data_key: DataKey,
        sealed: bytes,
        *,
        row: str,
        conversation_id: ConversationId,
        direction: str,
    ) -> bytes:
        """The plaintext of `seal`. Raises SealBroken when anything differs."""
        return open_sealed(data_key.plain, sealed, _row_place(row, conversation_id, direction))

    def blind_index(self, domain: str, value: str) -> bytes:
        """32 bytes to look `value` up by without storing it; equal values only match in a domain.

        HMAC-SHA256 under a key of its own: without the ring, guessing a value is of no use.
        """
        return hmac.digest(self._index_key, bind(domain, value), hashlib.sha256)

    def seal_for_staff(self, plaintext: bytes, *, row: str) -> bytes:
        """`plaintext` of an advocate's account, such as a TOTP secret; it outlives all epochs."""
        return seal(self._staff_key, plaintext, bind("staff", row))

    def open_for_staff(self, sealed: bytes, *, row: str) -> bytes:
        """The plaintext of `seal_for_staff`. Raises SealBroken when anything differs."""
        return open_sealed(self._staff_key, sealed, bind("staff", row))

    def rotate(self) -> int:
        """Begin a new epoch and return its id. Keys of older ones still unwrap."""
        return self._ring.begin_epoch().id

    def destroy_before(self, epoch: int) -> tuple[int, ...]:
        """Destroy the epochs older than `epoch` for good and return their ids.

        Whatever is still wrapped by them is unreadable from now on, so re-wrap first.
        """
        return self._ring.destroy_before(epoch)


def _derive(root: bytes, info: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info.encode()).derive(root)


def _key_place(conversation_id: ConversationId, epoch: int) -> bytes:
    return bind("data-key", str(conversation_id), str(epoch))


def _row_place(row: str, conversation_id: ConversationId, direction: str) -> bytes:
    return bind("row", row, str(conversation_id), direction)
