"""Telegram: messages in and out through the Bot API.

`bootstrap` builds a `TelegramChannel`, a `TelegramReceiver` and one of `TelegramPoller` or
`webhook_route`. Nothing in this package writes a text, a name, an id of a person or the bot's
token to a log, an error or an address.
"""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.poller import TelegramPoller
from bot.channels.telegram.quiet import quiet_logging
from bot.channels.telegram.receiver import TelegramReceiver
from bot.channels.telegram.webhook import WebhookSecret, webhook_route

__all__ = [
    "TelegramChannel",
    "TelegramPoller",
    "TelegramReceiver",
    "WebhookSecret",
    "quiet_logging",
    "webhook_route",
]
