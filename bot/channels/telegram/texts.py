"""Text as Telegram counts and accepts it."""

from typing import Final

MAX_UNITS: Final = 4096
"""The longest text of a message, in UTF-16 code units (core.telegram.org/bots/api#sendmessage)."""


def clean(text: str) -> str:
    """`text` as valid Unicode without NUL: halves of surrogate pairs are joined or replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def units(text: str) -> int:
    """The length of `text` in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int = MAX_UNITS) -> list[str]:
    """`text` in order, as parts of at most `limit` (≥ 2) units.

    Broken between lines if possible, or else between words. No part is blank, unless `text` as
    a whole is; then it is the only part.
    """
    parts = []
    rest = text
    while units(rest) > limit:
        head = _head(rest, limit)
        cut = max(head.rfind("\n"), 0) or max(head.rfind(" "), 0) or len(head)
        parts.append(rest[:cut])
        rest = rest[cut:].lstrip()
    parts.append(rest)
    return [part for part in parts if part.strip()] or [text[:1]]


def _head(text: str, limit: int) -> str:
    """The longest beginning of `text` that has at most `limit` units."""
    head = text[:limit]
    while units(head) > limit:
        head = head[: -max(1, (units(head) - limit) // 2)]
    return head
