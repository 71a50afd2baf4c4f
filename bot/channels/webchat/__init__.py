"""A chat on an organisation's own site: one page, and what it talks to.

The page keeps nothing: it shows what the server still holds, and forgets what the server forgot.
"""

from bot.channels.webchat.channel import WEBCHAT, WebchatChannel
from bot.channels.webchat.routes import webchat_routes
from bot.channels.webchat.words import TEXTS

__all__ = ["TEXTS", "WEBCHAT", "WebchatChannel", "webchat_routes"]
