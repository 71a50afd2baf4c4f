"""Telegram: messages in and out through the Bot API.

`bootstrap` builds, in this order, a `TelegramApi`, a `TelegramChannel` and a `TelegramReceiver`,
and then either runs a `TelegramPoller` or serves `webhook_route` and runs `register_webhook`.
Nothing in this package writes a text, a name, an id of a person or the bot's token to a log, an
error or an address that is logged.
"""

from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.poller import TelegramPoller
from bot.channels.telegram.receiver import TelegramReceiver
from bot.channels.telegram.webhook import WebhookSecret, register_webhook, webhook_route

__all__ = [
    "TelegramApi",
    "TelegramChannel",
    "TelegramPoller",
    "TelegramReceiver",
    "WebhookSecret",
    "register_webhook",
    "webhook_route",
]
