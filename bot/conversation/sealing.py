"""One conversation's envelope: what is sealed here opens only at its own place."""

import json
from uuid import UUID

from bot.conversation.models import Conversation
from bot.ids import Address, ConversationId
from bot.vault.vault import DataKey, Vault, WrappedKey


class Envelope:
    """Seals and opens what belongs to one conversation, with its own data key."""

    def __init__(self, vault: Vault, conversation_id: ConversationId, key: DataKey) -> None:
        self._vault = vault
        self._id = conversation_id
        self._key = key

    @classmethod
    def of(cls, vault: Vault, conversation: Conversation) -> "Envelope":
        """The envelope of a stored conversation. Raises KeyGone or SealBroken."""
        return cls(vault, conversation.id, vault.unwrap(conversation.id, conversation.key))

    @classmethod
    def new(cls, vault: Vault, conversation_id: ConversationId) -> tuple["Envelope", WrappedKey]:
        """An envelope with a fresh key, and that key wrapped for storing."""
        key, wrapped = vault.new_data_key(conversation_id)
        return cls(vault, conversation_id, key), wrapped

    def seal(self, text: str, column: str, row: UUID | None = None) -> bytes:
        """`text` sealed for a column ("messages.body") of a row; no row: the conversation's own."""
        return self._vault.seal(
            self._key,
            text.encode("utf-8", "surrogatepass"),
            row=str(row or self._id),
            conversation_id=self._id,
            direction=column,
        )

    def open(self, sealed: bytes, column: str, row: UUID | None = None) -> str:
        """The text of `seal`. Raises SealBroken."""
        return self._vault.open(
            self._key,
            sealed,
            row=str(row or self._id),
            conversation_id=self._id,
            direction=column,
        ).decode("utf-8", "surrogatepass")

    def address(self, conversation: Conversation) -> Address:
        """Where the person is reached."""
        return Address(self.open(conversation.address, "conversations.address"))

    def seal_ids(self, ids: tuple[str, ...], row: UUID) -> bytes:
        """A platform's message ids, sealed."""
        return self.seal(json.dumps(ids), "messages.platform_ids", row)

    def open_ids(self, sealed: bytes | None, row: UUID) -> tuple[str, ...]:
        """The ids of `seal_ids`; none for None."""
        if sealed is None:
            return ()
        return tuple(json.loads(self.open(sealed, "messages.platform_ids", row)))
