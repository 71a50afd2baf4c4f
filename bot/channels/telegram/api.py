"""The Bot API's methods that we use, with our errors.

Every method raises ChannelUnavailable, AddressUnreachable or MessageRefused (see `failures`), and
none of these holds a word, an id or the token.
"""

import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.warnings import PTBDeprecationWarning

from bot.channels.telegram.failures import UNKNOWN_BOT, translate, translated
from bot.channels.telegram.publicity import (
    Part,
    Switches,
    read_part,
    read_switches,
    write_part,
)
from bot.channels.telegram.transport import AiohttpRequest, plain
from bot.content.catalogue import Button
from bot.conversation.interfaces import (
    AddressUnreachable,
    ChannelUnavailable,
    MessageRefused,
)
from bot.errors import BotError, ConfigurationError

PUBLIC_API: Final = "https://api.telegram.org/bot"
MAX_CALLBACK_BYTES: Final = 64
MAX_DELETED_AT_ONCE: Final = 100
ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")

Keyboard = Sequence[Sequence[Button]]


class TelegramApi:
    """One bot at one Bot API server.

    `base_url` is as python-telegram-bot's: the token is appended to it, or put where it says
    ``{token}``. Long polling has connections of its own, so that it never waits for a send or
    makes one wait.
    """

    def __init__(
        self, token: str, base_url: str = PUBLIC_API, *, answer_within: timedelta | None = None
    ) -> None:
        # Its own errors use an attribute of its own that it warns about.
        warnings.filterwarnings("ignore", category=PTBDeprecationWarning)
        seconds = {} if answer_within is None else {"read_seconds": answer_within.total_seconds()}
        self._request = AiohttpRequest(**seconds)  # type: ignore[arg-type]
        self._polling = AiohttpRequest(connections=2)
        self._bot = Bot(token, base_url, request=self._request, get_updates_request=self._polling)

    async def start(self) -> None:
        """Open the pools of connections. Calls nothing."""
        await self._request.initialize()
        await self._polling.initialize()

    async def close(self) -> None:
        """Close all connections."""
        await self._request.shutdown()
        await self._polling.shutdown()

    async def verify(self) -> None:
        """Ask Telegram whether the token is good.

        Raises ConfigurationError when it is not, ChannelUnavailable when Telegram can't be asked.
        """
        failure: BotError
        try:
            await self._bot.get_me()
            return
        except InvalidToken:
            failure = ConfigurationError(UNKNOWN_BOT)
        except Exception as error:
            failure = translate(error)
        raise failure

    @property
    def username(self) -> str:
        """What the bot is called in links; empty until Telegram was asked by `verify`."""
        try:
            return self._bot.username
        except RuntimeError:
            return ""

    async def send_text(
        self,
        chat_id: int,
        text: str,
        keyboard: Keyboard = (),
        *,
        protected: bool = True,
        sounds: bool = False,
    ) -> int:
        """Send a message without a link preview, silent unless it `sounds`; return its id. What is
        `protected` can be neither forwarded nor copied.

        Raises MessageRefused before any call when a button's id is longer than 64 bytes.
        """
        parameters: dict[str, object] = {
            "chat_id": chat_id,
            "text": text,
            "link_preview_options": {"is_disabled": True},
            "disable_notification": not sounds,
            "protect_content": protected,
        }
        if keyboard:
            parameters["reply_markup"] = _markup(keyboard)
        match await self._call("sendMessage", parameters):
            case {"message_id": int(message_id)}:
                return message_id
        raise ChannelUnavailable(uncertain=True)

    async def blank_own(self, chat_id: int, message_id: int) -> bool:
        """Leave nothing of a message's text; False if it is not the bot's own, or not there."""
        try:
            await self._bot.edit_message_text("…", chat_id=chat_id, message_id=message_id)
        except BadRequest as error:
            return "not modified" in error.message.lower()
        except TelegramError as error:
            failure = translate(error)
        else:
            return True
        raise failure

    async def delete(self, chat_id: int, message_ids: Sequence[int]) -> None:
        """Delete up to 100 messages on both sides, skipping those that are gone.

        Raises MessageRefused when some can't be deleted any more; the others are deleted.
        """
        with suppress(MessageRefused):
            await translated(self._bot.delete_messages(chat_id, message_ids))
            return
        # One of them spoils the call for all: each alone, so that the others go.
        refused = False
        for message_id in message_ids:
            refused |= not await translated(self._delete_one(chat_id, message_id))
        if refused:
            raise MessageRefused("Telegram no longer deletes some of the messages")

    async def _delete_one(self, chat_id: int, message_id: int) -> bool:
        try:
            return await self._bot.delete_message(chat_id, message_id)
        except BadRequest as error:
            words = error.message.lower()
            if "can't be deleted" in words:
                return False
            if "message" in words and "not found" in words:
                return True
            raise

    async def is_in_group(self, chat_id: int) -> bool:
        """Whether the bot is in this group; False also where it is no group."""
        try:
            return (await translated(self._bot.get_chat(chat_id))).type in ("group", "supergroup")
        except (AddressUnreachable, MessageRefused):
            return False

    async def webhook(self) -> tuple[str, int]:
        """The webhook's address, empty without one, and how many updates wait."""
        info = await translated(self._bot.get_webhook_info())
        return info.url, info.pending_update_count

    async def switches(self) -> Switches:
        """What only @BotFather can switch, as it is now."""
        return await translated(read_switches(self._bot))

    async def profile_part(self, part: Part, language: str) -> object:
        """A part of the public profile, as people with this app language see it."""
        return await translated(read_part(self._bot, part, language))

    async def set_profile_part(self, part: Part, language: str, value: object) -> None:
        """Change a part of the public profile; an empty `language` is everyone else's."""
        await translated(write_part(self._bot, part, language, value))

    async def answer_button(self, query_id: str) -> None:
        """Tell the phone that its tap arrived, without a word."""
        await self._call("answerCallbackQuery", {"callback_query_id": query_id})

    async def _call(self, method: str, parameters: Mapping[str, object]) -> object:
        """A method that every turn calls: the library's objects for what comes and goes take
        longer to build than all the rest of the call."""
        url = f"{self._bot.base_url}/{method}"
        return await translated(self._request.post(url, plain(parameters)))

    async def leave(self, chat_id: int) -> None:
        """Leave a group or channel."""
        await translated(self._bot.leave_chat(chat_id))

    async def updates(self, offset: int | None, wait: timedelta) -> list[object]:
        """The next updates as Telegram sends them, waiting up to `wait` for the first one.

        Acknowledges every update before `offset`.
        """
        seconds = int(wait.total_seconds())
        query: dict[str, str | int] = {
            "timeout": seconds,
            "allowed_updates": _json_list(ALLOWED_UPDATES),
        }
        if offset is not None:
            query["offset"] = offset
        # Not Bot.get_updates: that one parses into objects, and logs what it can't parse.
        answer = await translated(
            self._polling.post(
                f"{self._bot.base_url}/getUpdates?{urlencode(query)}",
                read_timeout=seconds + self._polling.read_timeout,
            )
        )
        if not isinstance(answer, list):
            raise ChannelUnavailable
        return list(answer)

    async def use_polling(self) -> None:
        """Remove a webhook; what waits for it is kept and comes by polling."""
        await translated(self._bot.delete_webhook())

    async def use_webhook(self, url: str, secret: str) -> None:
        """Have updates sent to `url` (https), each with `secret` in its header."""
        await translated(
            self._bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES)
        )


def _markup(keyboard: Keyboard) -> dict[str, object]:
    if any(len(button.id.encode()) > MAX_CALLBACK_BYTES for row in keyboard for button in row):
        raise MessageRefused("a button's id is longer than the 64 bytes Telegram takes")
    rows = [[{"text": b.label, "callback_data": b.id} for b in row] for row in keyboard]
    return {"inline_keyboard": rows}


def _json_list(words: Sequence[str]) -> str:
    return "[" + ",".join(f'"{word}"' for word in words) + "]"
