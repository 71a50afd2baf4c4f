"""Links that open a chat with the bot."""

from urllib.parse import quote


def deep_link(username: str, payload: str) -> str:
    """Opens a chat whose first message is ``/start payload``: up to 64 letters of base64url
    (core.telegram.org/bots/features#deep-linking)."""
    return f"https://t.me/{quote(username)}?start={quote(payload)}"
