"""Taking updates in: stored, once, before anyone is told that they arrived."""

from dataclasses import replace
from uuid import uuid4

from bot.clock import Clock
from bot.conversation.codec import Inbound, dump_state, dump_update
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.conversation.models import Conversation, InboxItem
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database, UnitOfWork
from bot.dialogue.events import MediaKind
from bot.dialogue.state import DialogueState
from bot.ids import Address, ChannelName, ConversationId, Locale
from bot.settings import Settings
from bot.vault.vault import Vault

UPDATE = "update"
"""The kind of an inbox item that holds what a person did."""


def address_index(vault: Vault, channel: ChannelName, address: Address) -> bytes:
    """How a conversation is found without storing where it leads."""
    return vault.blind_index(f"address/{channel}", address)


class IntakeService:
    """`Intake` over the database."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        settings: Settings,
        dispatcher: Dispatcher,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._dispatcher = dispatcher

    async def accept(self, update: InboundUpdate) -> bool:
        """See `Intake.accept`. Raises DatabaseUnavailable when nothing could be stored."""
        now = self._clock.now()
        seen = self._vault.blind_index(f"update/{update.channel}", update.update_id)
        index = address_index(self._vault, update.channel, update.address)
        async with self._database.writing() as unit:
            if not await unit.inbox.first_sight(update.channel, seen, now):
                return False
            conversation = await unit.conversations.find(update.channel, index)
            if conversation is None:
                conversation, envelope = await self._begin(unit, update, index)
            else:
                envelope = Envelope.of(self._vault, conversation)
            if update.edits:
                await _put_aside(unit, envelope, conversation.id, update.message_ids)
            if update.album:
                update = await self._of_album(unit, update)
            if update.kind is not InboundKind.BLOCKED:
                at = min(now, update.sent_at or now)
                last = conversation.last_inbound_at
                await unit.conversations.heard(conversation.id, max(at, last) if last else at)
            item = uuid4()
            sealed = envelope.seal(dump_update(update), "inbox.body", item)
            await unit.inbox.add(InboxItem(item, conversation.id, UPDATE, sealed, now))
        self._dispatcher.wake(conversation.id, wrote=True)
        return True

    async def _of_album(self, unit: UnitOfWork, update: InboundUpdate) -> InboundUpdate:
        """`update`, as something answered already unless it is the first of its album."""
        index = self._vault.blind_index(f"album/{update.channel}", update.album)
        if await unit.inbox.first_sight(update.channel, index, self._clock.now()):
            return update
        return replace(update, content=MediaKind.MORE)

    async def _begin(
        self, unit: UnitOfWork, update: InboundUpdate, index: bytes
    ) -> tuple[Conversation, Envelope]:
        conversation_id = ConversationId(uuid4())
        envelope, key = Envelope.new(self._vault, conversation_id)
        state = DialogueState(locale=self._first_locale(update.language))
        conversation = Conversation(
            id=conversation_id,
            channel=update.channel,
            address_index=index,
            address=envelope.seal(update.address, "conversations.address"),
            state=envelope.seal(dump_state(state), "conversations.state"),
            key=key,
            created_at=self._clock.now(),
            message_ttl=self._settings.message_ttl,
        )
        await unit.conversations.add(conversation)
        return conversation, envelope

    def _first_locale(self, hint: str | None) -> Locale:
        """The platform's hint where it names an enabled language, else the first enabled one."""
        enabled = self._settings.locales
        primary = (hint or "").split("-")[0].lower()
        for locale in enabled:
            if locale == hint or locale.split("-")[0] == primary:
                return locale
        return enabled[0]


async def _put_aside(
    unit: UnitOfWork, envelope: Envelope, conversation_id: ConversationId, ids: tuple[str, ...]
) -> None:
    """Remove what waits under the same ids: a changed message stands for it.

    A turn that is just answering the old words finds its item gone, and none of it happens.
    """
    for item in await unit.inbox.all(conversation_id):
        if item.kind != UPDATE:
            continue
        waiting = Inbound(envelope.open(item.body, "inbox.body", item.id))
        if ids and waiting.message_ids == ids:
            await unit.inbox.remove(item.id)
