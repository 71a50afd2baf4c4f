"""Telegram as a `Channel`."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

from bot.channels.telegram.api import MAX_DELETED_AT_ONCE, Keyboard, TelegramApi
from bot.channels.telegram.marks import MessageMarks
from bot.channels.telegram.pace import HeldOff, Pace
from bot.channels.telegram.texts import MAX_UNITS, clean, split
from bot.conversation.interfaces import (
    AddressUnreachable,
    ChannelTraits,
    ChannelUnavailable,
    MessageRefused,
    OutgoingMessage,
)
from bot.errors import BotError
from bot.ids import Address, ChannelName
from bot.logs import logger

_log = logger(__name__)

TELEGRAM: Final = ChannelName("telegram")
_TRAITS: Final = ChannelTraits(
    max_text=MAX_UNITS,
    keeps_messages=True,
    # core.telegram.org/bots/api#deletemessage: "if it was sent less than 48 hours ago".
    deletable_for=timedelta(hours=48),
)


class TelegramChannel:
    """Private chats with one bot.

    `floor` is the highest message id known from an earlier run, 0 if none is: without it, what
    the first send after a start left behind can't be found again until the first update came or
    the first message went. It is a count of the bot's messages and points at no person.
    """

    def __init__(self, api: TelegramApi, floor: int = 0, pace: Pace | None = None) -> None:
        self._api = api
        self._pace = pace or Pace()
        self.marks = MessageMarks(floor)

    @property
    def name(self) -> ChannelName:
        """``telegram``."""
        return TELEGRAM

    @property
    def traits(self) -> ChannelTraits:
        """What private chats can do."""
        return _TRAITS

    def mark(self) -> str:
        """The highest message id that this process knows of, over all chats of the bot."""
        return str(self.marks.highest)

    async def send(self, address: Address, message: OutgoingMessage) -> tuple[str, ...]:
        """Send silently, protected, without previews; more than one message if the text is long.

        Raises ChannelUnavailable, AddressUnreachable or MessageRefused. An error after the first
        of several messages is always uncertain: something is there to be withdrawn.
        """
        chat_id = self._chat_id(address)
        parts = split(clean(message.text))
        sent: list[int] = []
        failure: BotError | None = None
        try:
            for part in parts:
                keyboard = message.buttons if len(sent) == len(parts) - 1 else ()
                self._pace.spend()
                sent.append(await self._post(chat_id, part, keyboard, message))
                self.marks.reached(sent[-1])
        except ChannelUnavailable as error:
            self._heed(chat_id, error)
            uncertain = error.uncertain or bool(sent)
            failure = ChannelUnavailable(error.retry_after, uncertain=uncertain)
        except HeldOff as held:
            failure = ChannelUnavailable(timedelta(seconds=held.seconds), uncertain=bool(sent))
        except MessageRefused as error:
            failure = error
            with suppress(BotError):
                await self.delete(address, [str(i) for i in sent])
        if failure is not None:
            raise failure from None
        self.marks.account_for(sent, chat_id)
        return tuple(str(i) for i in sent)

    async def delete(
        self, address: Address, message_ids: Sequence[str], *, urgent: bool = False
    ) -> None:
        """Delete messages of the last 48 hours, sent and received, on both sides.

        Within Telegram's limits and behind replies, `urgent` ones first.

        Ids that are gone, or were never Telegram's, are passed over. Telegram says neither which
        ids it skipped, so a return means: none of these is there any more, as far as Telegram
        tells. Raises ChannelUnavailable (all can be tried again), AddressUnreachable, or
        MessageRefused (the others are deleted, some never will be).
        """
        wanted = dict.fromkeys(int(i) for i in message_ids if i.isascii() and i.isdigit())
        await self._delete_all(self._chat_id(address), list(wanted), urgent=urgent)

    async def withdraw(self, address: Address, mark: str, spare: Collection[str] = ()) -> None:
        """Delete whatever an interrupted send after `mark` may have left in this chat.

        How it can work without knowing the id: message ids of private chats grow over the bot's
        whole account, so a message sent after the mark lies above it. `deleteMessages` passes over
        ids that do not exist or belong to another chat; so all ids between the mark and a little
        beyond the highest known now can be deleted for this chat, but for those that are accounted
        for: what people wrote meanwhile, and what was sent and answered. A process that has just
        started knows little of that by itself: `spare` tells it.

        Not caught: a call that Telegram carries out only after this one; a message more than 1,000
        ids away from both ends (see `MessageMarks.unaccounted`). A message of the person that is
        on its way to us, but not yet here, may vanish from the chat; it is still delivered.
        """
        chat_id = self._chat_id(address)
        after = int(mark) if mark.isascii() and mark.isdigit() else 0
        if after == 0:
            _log.warning("no mark was known before an interrupted send: it may be seen twice")
            return
        with suppress(MessageRefused):
            lost = [i for i in self.marks.unaccounted(after, chat_id) if str(i) not in spare]
            await self._delete_all(chat_id, lost, urgent=True)

    async def _delete_all(self, chat_id: int, message_ids: Sequence[int], *, urgent: bool) -> None:
        refused = False
        for start in range(0, len(message_ids), MAX_DELETED_AT_ONCE):
            try:
                await self._delete_some(
                    chat_id, message_ids[start : start + MAX_DELETED_AT_ONCE], urgent=urgent
                )
            except MessageRefused:
                refused = True
        if refused:
            raise MessageRefused("Telegram no longer deletes some of the messages")

    async def _delete_some(self, chat_id: int, message_ids: Sequence[int], *, urgent: bool) -> None:
        failure: ChannelUnavailable
        try:
            await self._pace.turn(chat_id, urgent=urgent)
            await self._api.delete(chat_id, message_ids)
            return
        except HeldOff as held:
            failure = ChannelUnavailable(timedelta(seconds=held.seconds))
        except ChannelUnavailable as error:
            self._heed(chat_id, error)
            failure = error
        raise failure

    def _heed(self, chat_id: int, error: ChannelUnavailable) -> None:
        if error.retry_after is not None:
            self._pace.hold_off(chat_id, error.retry_after.total_seconds())

    def _chat_id(self, address: Address) -> int:
        if not (address.isascii() and address.isdigit()):
            raise AddressUnreachable("this is no address of a private chat on Telegram")
        return int(address)

    async def _post(
        self, chat_id: int, text: str, keyboard: Keyboard, message: OutgoingMessage
    ) -> int:
        """Send a part of `message`: without a sound, whatever it says."""
        protected = not message.copyable
        return await self._api.send_text(chat_id, text, keyboard, protected=protected)
