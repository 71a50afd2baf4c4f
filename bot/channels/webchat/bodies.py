"""Reading what the page sends. Nothing of it is ever repeated in an answer or a log."""

import json
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from starlette.requests import ClientDisconnect, Request

from bot.channels.webchat.channel import MAX_TEXT
from bot.conversation.intake import InboundKind

MAX_BODY: Final = 16 * 1024
_BUTTON: Final = re.compile(r"[!-~]{1,64}")
"""What an id of a button is made of, whoever made it up."""


class Refused(Exception):
    """The request is not taken: with which status, and which of the page's words says why."""

    def __init__(self, status: int, word: str = "refused") -> None:
        super().__init__(str(status))
        self.status = status
        self.word = word


@dataclass(frozen=True, slots=True)
class Sent:
    """What the person did. `id` was made up by the page, and stays the same when it sends again."""

    id: str
    kind: InboundKind
    content: str


async def read(request: Request) -> Sent:
    """The message in the body.

    Raises Refused: 415 for anything but JSON, 413 for too long a body or text, 400 for the rest.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refused(415)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise Refused(413, "too_long")
    except ClientDisconnect:
        raise Refused(400) from None
    try:
        return _sent(json.loads(body))
    except (ValueError, RecursionError):
        # The error would quote the body.
        raise Refused(400) from None


def _sent(data: object) -> Sent:
    match data:
        case {"id": str(given), "kind": "text", "content": str(text)}:
            # A lone surrogate cannot be stored; JSON can spell one.
            clean = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
            if not clean:
                raise Refused(400)
            if len(clean) > MAX_TEXT:
                raise Refused(413, "too_long")
            return Sent(str(UUID(given)), InboundKind.TEXT, clean)
        case {"id": str(given), "kind": "button", "content": str(button)}:
            if _BUTTON.fullmatch(button) is None:
                raise Refused(400)
            return Sent(str(UUID(given)), InboundKind.BUTTON, button)
    raise Refused(400)
