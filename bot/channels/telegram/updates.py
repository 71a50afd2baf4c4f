"""What Telegram sends, reduced to what the bot needs.

Pure, and total: any JSON value at all is read without an error, since an update that can't be
read must neither stop the line nor end up in a traceback. Nothing here trusts a type.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from bot.channels.telegram.texts import MAX_UNITS, clean
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.dialogue.events import MediaKind
from bot.ids import Address, ChannelName

TELEGRAM: Final = ChannelName("telegram")

_MAX_ID: Final = 2**52
"""Ids of chats and updates have at most 52 significant bits (core.telegram.org/bots/api#chat)."""
_MAX_INT: Final = 2**31
"""Ids of messages and times are 32-bit integers."""
_MAX_BUTTON: Final = 64
_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")

_NOTICES: Final = frozenset(
    (
        "boost_added",
        "chat_background_set",
        "chat_shared",
        "checklist_tasks_added",
        "checklist_tasks_done",
        "connected_website",
        "forum_topic_closed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_reopened",
        "gift",
        "gift_upgrade_sent",
        "managed_bot_created",
        "message_auto_delete_timer_changed",
        "pinned_message",
        "poll_option_added",
        "poll_option_deleted",
        "proximity_alert_triggered",
        "refunded_payment",
        "successful_payment",
        "unique_gift",
        "users_shared",
        "write_access_allowed",
    )
)
"""What the app itself notes in a private chat. Any other message without text is something that
the person sent, of a kind known today or not."""

_FORWARDED: Final = ("forward_origin", "forward_date", "story")

_KINDS: Final = {
    "sticker": MediaKind.STICKER,
    "animation": MediaKind.STICKER,
    "photo": MediaKind.PHOTO,
    "live_photo": MediaKind.PHOTO,
    "video": MediaKind.PHOTO,
    "paid_media": MediaKind.PHOTO,
    "voice": MediaKind.VOICE,
    "video_note": MediaKind.VOICE,
    "audio": MediaKind.FILE,
    "document": MediaKind.FILE,
    "venue": MediaKind.LOCATION,
    "location": MediaKind.LOCATION,
    "contact": MediaKind.CONTACT,
}
"""In this order: an animation also comes as a document, a venue as a location
(core.telegram.org/bots/api#message)."""

_BUSINESS: Final = "business_connection_id"
"""Messages of people to somebody who let the bot act in their name: none of ours."""


@dataclass(frozen=True, slots=True)
class GroupMessage:
    """A command in a group. It counts in the staff's own alone."""

    update_id: str
    message_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one update means to us; all fields at their defaults mean: nothing.

    `leave` is a group or channel that the bot is in, to be left unless it is the staff's own;
    `said` is a command that was
    given there. `query_id` awaits an answer so that
    the phone's button stops turning. `message_id` is a message known to exist in a private chat.
    """

    inbound: InboundUpdate | None = None
    leave: int | None = None
    said: GroupMessage | None = None
    query_id: str | None = None
    message_id: int | None = None


_NOTHING: Final = Reading()


def update_id(raw: object) -> int | None:
    """The update's id, if `raw` has a usable one."""
    return _number(_mapping(raw).get("update_id"), _MAX_ID)


def read(raw: object) -> Reading:
    """The meaning of one update. Never raises, whatever `raw` is."""
    number = update_id(raw)
    if number is None:
        return _NOTHING
    match raw:
        case {"message": {} as message}:
            reading = _read_message(number, message)
            return reading if reading.leave is None else _said(number, message, reading)
        case {"edited_message": {} as message}:
            return _read_edit(number, message)
        case {"callback_query": {} as query}:
            return _read_button(number, query)
        case {"my_chat_member": {} as change}:
            return _read_membership(number, change)
        case {"channel_post": {} as post} | {"edited_channel_post": {} as post}:
            return _read_message(number, post)
    return _NOTHING


def _read_message(number: int, message: Mapping[object, object]) -> Reading:
    chat_id, private = _chat(message)
    message_id = _number(message.get("message_id"), _MAX_INT)
    if chat_id is None:
        return _NOTHING
    if not private:
        return Reading(leave=chat_id)
    if message_id is None or _BUSINESS in message:
        return _NOTHING
    forwarded = any(key in message for key in _FORWARDED)
    text = "" if forwarded else _words(message.get("text"))
    caption = "" if forwarded else _words(message.get("caption"))
    album = message.get("media_group_id")
    if text:
        kind, content = InboundKind.TEXT, text
    elif _NOTICES.isdisjoint(message):
        kind, content = InboundKind.MEDIA, str(_media_kind(message, forwarded=forwarded))
    else:
        return Reading(message_id=message_id)
    inbound = InboundUpdate(
        channel=TELEGRAM,
        update_id=str(number),
        address=Address(str(chat_id)),
        kind=kind,
        content=content,
        message_ids=(str(message_id),),
        language=_language(message.get("from")),
        sent_at=_instant(message.get("edit_date", message.get("date"))),
        caption="" if text else caption,
        album=clean(album[:_MAX_BUTTON]) if isinstance(album, str) else "",
    )
    return Reading(inbound, message_id=message_id)


def _said(number: int, message: Mapping[object, object], reading: Reading) -> Reading:
    """With the command that somebody wrote in a group, if it is one; no other words are read."""
    message_id, text = _number(message.get("message_id"), _MAX_INT), _words(message.get("text"))
    if message_id is None or text[:1] != "/" or any(key in message for key in _FORWARDED):
        return reading
    return replace(reading, said=GroupMessage(str(number), message_id, text))


def _read_edit(number: int, message: Mapping[object, object]) -> Reading:
    reading = _read_message(number, message)
    if (inbound := reading.inbound) is None:
        return reading
    if inbound.kind is InboundKind.TEXT:
        return replace(reading, inbound=replace(inbound, edits=True))
    if not inbound.caption:
        # A live location that moves, another picture: answered when it first came.
        return Reading(message_id=reading.message_id)
    words = replace(
        inbound, kind=InboundKind.TEXT, content=inbound.caption, caption="", album="", edits=True
    )
    return replace(reading, inbound=words)


def _media_kind(message: Mapping[object, object], *, forwarded: bool) -> MediaKind:
    if forwarded:
        return MediaKind.FORWARDED
    return next((kind for key, kind in _KINDS.items() if key in message), MediaKind.OTHER)


def _words(text: object) -> str:
    return clean(text[: 2 * MAX_UNITS])[:MAX_UNITS] if isinstance(text, str) else ""


def _read_button(number: int, query: Mapping[object, object]) -> Reading:
    message = _mapping(query.get("message"))
    chat_id, private = _chat(message)
    query_id = query.get("id")
    if chat_id is None or not isinstance(query_id, str) or _BUSINESS in message:
        return _NOTHING
    if not private:
        return Reading(leave=chat_id)
    data = query.get("data")
    inbound = InboundUpdate(
        channel=TELEGRAM,
        update_id=str(number),
        address=Address(str(chat_id)),
        kind=InboundKind.BUTTON,
        content=clean(data[:_MAX_BUTTON]) if isinstance(data, str) else "",
        language=_language(query.get("from")),
    )
    message_id = _number(message.get("message_id"), _MAX_INT)
    return Reading(inbound, query_id=clean(query_id[:_MAX_BUTTON]) or None, message_id=message_id)


def _read_membership(number: int, change: Mapping[object, object]) -> Reading:
    chat_id, private = _chat(change)
    status = _mapping(change.get("new_chat_member")).get("status")
    gone = status in ("kicked", "left")
    if chat_id is None or not isinstance(status, str):
        return _NOTHING
    if not private:
        return _NOTHING if gone else Reading(leave=chat_id)
    if not gone:
        return _NOTHING
    inbound = InboundUpdate(
        channel=TELEGRAM,
        update_id=str(number),
        address=Address(str(chat_id)),
        kind=InboundKind.BLOCKED,
        sent_at=_instant(change.get("date")),
    )
    return Reading(inbound)


def _chat(holder: Mapping[object, object]) -> tuple[int | None, bool]:
    """The id of the chat, None if there is none to use, and whether it is a private one."""
    chat = _mapping(holder.get("chat"))
    chat_id, kind = chat.get("id"), chat.get("type")
    if kind == "private":
        return _number(chat_id, _MAX_ID), True
    if kind in ("group", "supergroup", "channel") and type(chat_id) is int:
        return (chat_id if abs(chat_id) < _MAX_ID else None), False
    return None, False


def _language(user: object) -> str | None:
    """The app's language as a BCP-47 tag in its usual spelling, None if it is not one."""
    tag = _mapping(user).get("language_code")
    if not isinstance(tag, str) or not _LANGUAGE_TAG.fullmatch(tag):
        return None
    language, *rest = tag.split("-")
    return "-".join([language.lower(), *(_subtag(part) for part in rest)])


def _subtag(part: str) -> str:
    # RFC 5646, 2.1.1: regions in capitals, scripts capitalised, all else in small letters.
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()


def _instant(seconds: object) -> datetime | None:
    """Unix time as an instant; buttons and messages that are gone have none."""
    number = _number(seconds, _MAX_INT)
    return None if number is None else datetime.fromtimestamp(number, UTC)


def _mapping(value: object) -> Mapping[object, object]:
    return value if isinstance(value, dict) else {}


def _number(value: object, limit: int) -> int | None:
    """`value` if it is a whole number from 1 to below `limit`. True and 1.0 are none."""
    return value if type(value) is int and 0 < value < limit else None
