"""The form of a request. Nothing of its content is repeated in an error."""

import json
from typing import Any, List

MAX_BODY = 256 * 1024
MAX_BODY_OF_ONE = 8 * 1024
MAX_MESSAGES = 64


class BadRequest(Exception):
    """The request cannot be answered. `status` is the HTTP status, the message the mend."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


def read_texts(body: bytes) -> List[str]:
    """The texts of ``{"messages": [{"text": str, "lang": str | null}, …]}``, 1 to MAX_MESSAGES.

    Raises BadRequest.
    """
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON in UTF-8") from None
    messages = request.get("messages") if isinstance(request, dict) else None
    if not isinstance(messages, list) or not messages:
        raise BadRequest("expected an object with a list 'messages' that is not empty")
    if len(messages) > MAX_MESSAGES:
        raise BadRequest(f"more than {MAX_MESSAGES} messages; send several requests", 413)
    if len(messages) == 1 and len(body) > MAX_BODY_OF_ONE:
        raise BadRequest(f"more than {MAX_BODY_OF_ONE} bytes for one message; cut the text", 413)
    return [_text(message, place) for place, message in enumerate(messages)]


def _text(message: Any, place: int) -> str:
    if not isinstance(message, dict):
        raise BadRequest(f"messages[{place}] is not an object")
    if not isinstance(message.get("text"), str):
        raise BadRequest(f"messages[{place}].text is not a string")
    lang = message.get("lang")
    if lang is not None and not (isinstance(lang, str) and len(lang) <= 35):
        raise BadRequest(f"messages[{place}].lang is neither a BCP-47 tag nor null")
    return str(message["text"])
