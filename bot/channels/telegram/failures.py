"""Telegram's errors, translated at the border.

What Telegram says about an error can hold ids, names or pieces of a text, so its words only
decide the kind, and are then dropped together with the error they came in.
"""

from collections.abc import Awaitable
from typing import Final, TypeVar

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.transport import ConnectFailed
from bot.conversation.interfaces import AddressUnreachable, ChannelUnavailable, MessageRefused
from bot.errors import BotError
from bot.logs import logger

T = TypeVar("T")

_log = logger(__name__)

_GONE: Final = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat_id is empty",
    "user is deactivated",
    "input_user_deactivated",
    "user_is_blocked",
    "user_is_bot",
)
"""Words of a 400 that mean: nobody is there for this bot.

As the Bot API server sends them (github.com/tdlib/telegram-bot-api); the newer wordings come
with 403, which is recognised by its code.
"""

UNKNOWN_BOT: Final = (
    "Telegram does not accept the bot's token: set BOT_TELEGRAM_TOKEN to the token that "
    "@BotFather shows for this bot"
)


def translate(error: Exception) -> BotError:
    """The error of ours that tells a caller what to do about `error`.

    Certain not to have been carried out: 429, a refused token, no connection. Uncertain: every
    timeout and cut connection, an answer that cannot be read, and every 5xx, since a gateway gives
    up on a server that goes on working; to take those as uncertain costs one needless withdrawal,
    to take them as certain could show a message twice.
    """
    match error:
        case RetryAfter():
            # The public attribute warns at every access that its type will change.
            return ChannelUnavailable(error._retry_after)
        case Forbidden():
            return AddressUnreachable("the person cannot be reached on Telegram")
        case BadRequest() if any(words in error.message.lower() for words in _GONE):
            return AddressUnreachable("the person cannot be reached on Telegram")
        case BadRequest() | ChatMigrated():
            return MessageRefused("Telegram refused the call")
        case InvalidToken():
            _log.error(UNKNOWN_BOT)
            return ChannelUnavailable()
        case ConnectFailed():
            return ChannelUnavailable()
        case _:
            return ChannelUnavailable(uncertain=True)


async def translated(call: Awaitable[T]) -> T:
    """Await `call`, and raise what `translate` makes of its error, with no trace of that error."""
    try:
        return await call
    except (TelegramError, KeyError, TypeError, ValueError, AttributeError) as error:
        # The last four: python-telegram-bot on an answer that is not as documented.
        failure = translate(error)
    # Raised out here: within the handler, the original would hang on as the context.
    raise failure
