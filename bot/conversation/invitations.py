"""What an invitation is made of: a token in a link, and a number that goes another way."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.dialogue.contact import CODE_DIGITS

TOKEN_BYTES: Final = 24
"""192 random bits, as 32 letters of base64url: a deep link takes 64
(core.telegram.org/bots/features#deep-linking)."""
TRIES: Final = 3
"""Wrong numbers until an invitation is void: one in 3,333 is guessed."""
INVITATION_TTL: Final = timedelta(days=3)

_TOKEN: Final = re.compile(r"(?:/start(?:@\w+)? |invite:)([A-Za-z0-9_-]{32})")
"""As Telegram sends what a deep link holds, and as the web page does."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where an invitation can be opened: `app` is empty where people come by the page alone."""

    app: str
    page: str


LinkMaker = Callable[[str], Links]
"""Makes the links of a token."""


def invitation_token(content: str) -> str:
    """The token in what a person sent by opening a link; empty in all else."""
    found = _TOKEN.fullmatch(content.strip())
    return found[1] if found else ""


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """A number to be told by voice."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def page_link(public_url: str, token: str) -> str:
    """The web chat with `token` behind a "#", which browsers send to no server."""
    return f"{public_url.rstrip('/')}/#{token}"
