"""Seals that seal nothing, for speed."""

from typing import Any

from bot.ids import ConversationId
from bot.vault.vault import DataKey, WrappedKey

KEY = DataKey(b"")


class PlainVault:
    """What turns need of a `Vault`. What is sealed for one place still opens only there."""

    def new_data_key(self, _conversation_id: ConversationId) -> tuple[DataKey, WrappedKey]:
        """The key."""
        return KEY, WrappedKey(1, b"")

    def unwrap(self, _conversation_id: ConversationId, _wrapped: WrappedKey) -> DataKey:
        """The key."""
        return KEY

    def seal(
        self, _key: DataKey, plaintext: bytes, *, row: str, direction: str, **_whose: Any
    ) -> bytes:
        """The text, and where it belongs."""
        return f"{row}/{direction}\n".encode() + plaintext

    def open(
        self, _key: DataKey, sealed: bytes, *, row: str, direction: str, **_whose: Any
    ) -> bytes:
        """The text."""
        place, _, plaintext = sealed.partition(b"\n")
        assert place.decode() == f"{row}/{direction}", "opened elsewhere"
        return plaintext

    def blind_index(self, domain: str, value: str) -> bytes:
        """As it is."""
        return f"{domain}/{value}".encode()
