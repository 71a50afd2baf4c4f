"""The staff's own group on Telegram, as a `Channel`: the one group that the bot stays in.

It hears commands alone (with privacy mode on, Telegram sends a bot in a group nothing else), and
from this chat alone: every other group or channel is left at once.
"""

from collections.abc import Collection
from typing import Final

from bot.channels.telegram.api import Keyboard, TelegramApi
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.updates import GroupMessage
from bot.conversation.intake import StaffCommands
from bot.conversation.interfaces import AddressUnreachable, OutgoingMessage
from bot.ids import Address, ChannelName
from bot.logs import logger

_log = logger(__name__)

STAFF_CHAT: Final = ChannelName("staff")
REACH: Final = 10
"""Ids after the last one known among which a lost message is looked for."""


class TelegramStaffChat(TelegramChannel):
    """One group, by its id. It shares Telegram's limits with the people's chats."""

    def __init__(self, api: TelegramApi, chat_id: int, pace: Pace, commands: StaffCommands) -> None:
        super().__init__(api, pace=pace)
        self._group = chat_id
        self._commands = commands

    @property
    def name(self) -> ChannelName:
        """``staff``."""
        return STAFF_CHAT

    def is_here(self, chat_id: int) -> bool:
        """Whether this is the staff's chat."""
        return chat_id == self._group

    async def hear(self, said: GroupMessage) -> None:
        """Answer a command. Raises what `StaffCommands.hear` raises."""
        self.marks.account_for([said.message_id])
        await self._commands.hear(said.update_id, said.text)

    async def withdraw(self, address: Address, mark: str, spare: Collection[str] = ()) -> None:
        """Delete what an interrupted send after `mark` may have left in the chat.

        A group numbers its own messages, so the lost one is among the next. As a bot that may
        delete here would delete what colleagues wrote, each is blanked first: Telegram lets
        nobody but its author do that. Not caught is one further off than `REACH`, as in a basic
        group, which is numbered over all chats of the bot: a notice may then be seen twice.
        """
        chat_id = self._chat_id(address)
        after = int(mark) if mark.isascii() and mark.isdigit() else 0
        if after == 0:
            _log.warning("no mark was known before an interrupted send: it may be seen twice")
            return
        for message_id in self.marks.unaccounted(after)[:REACH]:
            if str(message_id) in spare:
                continue
            self._pace.spend()
            if await self._api.blank_own(chat_id, message_id):
                await self._delete_all(chat_id, [message_id], urgent=True)

    def _chat_id(self, address: Address) -> int:
        if address != str(self._group):
            raise AddressUnreachable("the staff's chat is another one now")
        return self._group

    async def _post(
        self, chat_id: int, text: str, keyboard: Keyboard, message: OutgoingMessage
    ) -> int:
        return await self._api.send_text(chat_id, text, keyboard, sounds=message.sounds)
