"""The advocates' console: its API under `/api/v1`, and the pages that use it."""

from bot.console.app import PREFIXES, console_app
from bot.console.cookies import SessionCookie

__all__ = ["PREFIXES", "SessionCookie", "console_app"]
