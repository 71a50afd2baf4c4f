"""Reading updates: what each kind means, and that nothing at all makes it fail."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.updates import Reading, read, update_id
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.ids import Address, ChannelName

CHAT = {"id": 77, "type": "private", "first_name": "canary-name"}
USER = {"id": 77, "is_bot": False, "first_name": "canary-name", "language_code": "pt-br"}
BASE = {"message_id": 5, "date": 1_700_000_000, "chat": CHAT, "from": USER}
SENT_AT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def message(**content: Any) -> dict[str, Any]:
    return {"update_id": 9, "message": {**BASE, **content}}


def inbound(kind: InboundKind, content: str = "", **changes: Any) -> InboundUpdate:
    fields: dict[str, Any] = {
        "channel": ChannelName("telegram"),
        "update_id": "9",
        "address": Address("77"),
        "kind": kind,
        "content": content,
        "message_ids": ("5",),
        "language": "pt-BR",
        "sent_at": SENT_AT,
    }
    return InboundUpdate(**{**fields, **changes})


def test_a_text_is_read_with_its_id_for_deletion() -> None:
    """A private text brings its words, its message's id, the app's language and its time."""
    assert read(message(text="hola")) == Reading(inbound(InboundKind.TEXT, "hola"), message_id=5)


def test_an_edited_text_is_an_update_of_its_own() -> None:
    """An edit is a text under the edit's number and time, with the same message's id."""
    edited = {**BASE, "text": "new", "edit_date": 1_700_000_060}
    reading = read({"update_id": 10, "edited_message": edited})
    later = datetime(2023, 11, 14, 22, 14, 20, tzinfo=UTC)
    assert reading.inbound == inbound(
        InboundKind.TEXT, "new", update_id="10", sent_at=later, edits=True
    )


def test_a_new_caption_is_an_edit_of_words() -> None:
    """Who adds words to a picture wrote something: they are read, and the picture is not told of
    again."""
    edited = {**BASE, "photo": [{"file_id": "x"}], "caption": "help", "media_group_id": "1"}
    reading = read({"update_id": 9, "edited_message": edited})
    assert reading.inbound == inbound(InboundKind.TEXT, "help", edits=True)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("photo", {"photo": [{"file_id": "canary-id"}]}),
        ("photo", {"video": {"file_id": "canary-id"}}),
        ("photo", {"paid_media": {"star_count": 1, "paid_media": []}}),
        ("sticker", {"sticker": {"file_id": "canary-id"}}),
        ("sticker", {"animation": {"file_id": "canary-id"}, "document": {"file_id": "canary-id"}}),
        ("voice", {"voice": {"file_id": "canary-id"}}),
        ("voice", {"video_note": {"file_id": "canary-id"}}),
        ("file", {"audio": {"file_id": "canary-id", "title": "canary-title"}}),
        ("file", {"document": {"file_id": "canary-id", "file_name": "canary-name"}}),
        ("contact", {"contact": {"phone_number": "canary-phone"}}),
        ("location", {"location": {"latitude": 1, "longitude": 2}}),
        ("location", {"venue": {"title": "canary-title"}, "location": {"latitude": 1}}),
        ("forwarded", {"text": "canary-text", "forward_origin": {"type": "hidden_user"}}),
        ("forwarded", {"text": "canary-text", "forward_date": 1}),
        ("forwarded", {"voice": {}, "caption": "canary-text", "forward_origin": {}}),
        ("forwarded", {"story": {"id": 1, "chat": {"title": "canary-title"}}}),
        ("other", {"poll": {"question": "canary-text"}}),
        ("other", {"dice": {"value": 6}}),
        ("other", {"something_new_next_year": {"file_id": "canary-id"}}),
        ("other", {"text": 7}),
    ],
)
def test_all_but_words_is_media_of_a_kind(kind: str, content: dict[str, Any]) -> None:
    """Media, forwards and unknown kinds are recorded for deletion, and of them only their kind."""
    reading = read(message(**content))
    assert reading.inbound == inbound(InboundKind.MEDIA, kind)
    assert "canary" not in repr(reading)


def test_words_beneath_a_picture_are_the_persons_own() -> None:
    """A caption is brought as what the person wrote, and an album by its id."""
    reading = read(message(photo=[{}], caption="help", media_group_id="12"))
    assert reading.inbound == inbound(InboundKind.MEDIA, "photo", caption="help", album="12")


@pytest.mark.parametrize(
    "content",
    [
        {"inline_query": {"id": "1", "from": USER, "query": "canary-text", "offset": ""}},
        {"chosen_inline_result": {"result_id": "1", "from": USER, "query": "canary-text"}},
        {"business_message": {**BASE, "text": "canary-text", "business_connection_id": "b"}},
        {"edited_business_message": {**BASE, "text": "x", "business_connection_id": "b"}},
        {"business_connection": {"id": "b", "user": USER, "is_enabled": True}},
        {"message": {**BASE, "text": "canary-text", "business_connection_id": "b"}},
        {"callback_query": {"id": "1", "from": USER, "inline_message_id": "x", "data": "y"}},
        {
            "callback_query": {
                "id": "1",
                "from": USER,
                "message": {**BASE, "business_connection_id": "b"},
                "data": "y",
            }
        },
    ],
)
def test_inline_and_business_messages_are_not_ours(content: dict[str, Any]) -> None:
    """What is not said to the bot itself in its own chat brings nothing and is not answered."""
    assert read({"update_id": 9, **content}) == Reading()


@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": {}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
        {"write_access_allowed": {}},
    ],
)
def test_notices_of_the_app_are_not_answered(content: dict[str, Any]) -> None:
    """What the app itself notes in the chat is no message of the person."""
    assert read(message(**content)) == Reading(message_id=5)


def test_a_moving_location_is_answered_only_once() -> None:
    """The edits of a live location are not news."""
    moved = {**BASE, "location": {"latitude": 1, "longitude": 2}}
    assert read({"update_id": 10, "edited_message": moved}) == Reading(message_id=5)


def test_a_button_brings_its_id_and_a_query_to_answer() -> None:
    """A tap brings the button's id and no text, also on a message that is long gone."""
    gone = {"message_id": 4, "date": 0, "chat": CHAT, "text": "canary-text"}
    query = {"id": "123", "from": USER, "message": gone, "data": "menu:more"}
    reading = read({"update_id": 9, "callback_query": query})
    button = inbound(InboundKind.BUTTON, "menu:more", message_ids=(), sent_at=None)
    assert reading == Reading(button, query_id="123", message_id=4)


def test_a_forged_button_is_cut() -> None:
    """Data longer than Telegram's 64 bytes can't be one of our buttons, and is not kept whole."""
    query = {"id": "123", "from": USER, "message": {**BASE}, "data": "x" * 5000}
    update = read({"update_id": 9, "callback_query": query}).inbound
    assert update is not None
    assert update.content == "x" * 64


def test_blocking_is_told_and_coming_back_is_not() -> None:
    """Who blocks the bot is reported; who takes it back will write."""
    change = {"chat": CHAT, "from": USER, "date": 1_700_000_000}
    kicked = {"update_id": 9, "my_chat_member": {**change, "new_chat_member": {"status": "kicked"}}}
    back = {"update_id": 9, "my_chat_member": {**change, "new_chat_member": {"status": "member"}}}
    blocked = inbound(InboundKind.BLOCKED, message_ids=(), language=None)
    assert read(kicked) == Reading(blocked)
    assert read(back) == Reading()


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_groups_are_left(kind: str) -> None:
    """Whatever shows that the bot is in a group or channel makes it leave, and brings nothing."""
    chat = {"id": -100_123, "type": kind, "title": "canary-title"}
    added = {"chat": chat, "new_chat_member": {"status": "administrator"}}
    spoken = {**BASE, "chat": chat, "text": "canary-text"}
    pressed = {"id": "1", "from": USER, "message": {**BASE, "chat": chat}, "data": "x"}
    for content in (
        {"my_chat_member": added},
        {"message": spoken},
        {"channel_post": spoken},
        {"callback_query": pressed},
    ):
        assert read({"update_id": 9, **content}) == Reading(leave=-100_123)
    removed = {"chat": chat, "new_chat_member": {"status": "left"}}
    assert read({"update_id": 9, "my_chat_member": removed}) == Reading()


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "text",
        3,
        {},
        {"update_id": "9", "message": {**BASE, "text": "x"}},
        {"update_id": True, "message": {**BASE, "text": "x"}},
        {"update_id": 0, "message": {**BASE, "text": "x"}},
        {"update_id": 2**70, "message": {**BASE, "text": "x"}},
        {"update_id": 9},
        {"update_id": 9, "message": None},
        {"update_id": 9, "message": []},
        {"update_id": 9, "message": {}},
        {"update_id": 9, "message": {"text": "x", "chat": None, "message_id": 1}},
        {"update_id": 9, "message": {"text": "x", "chat": {"id": 1}, "message_id": 1}},
        {"update_id": 9, "message": {"text": "x", "chat": {**CHAT, "id": "77"}, "message_id": 1}},
        {"update_id": 9, "message": {"text": "x", "chat": {**CHAT, "id": 7.0}, "message_id": 1}},
        {"update_id": 9, "message": {"text": "x", "chat": {**CHAT, "id": -7}, "message_id": 1}},
        {"update_id": 9, "message": {"text": "x", "chat": {**CHAT, "id": 2**60}, "message_id": 1}},
        {"update_id": 9, "message": {**BASE, "text": "x", "message_id": None}},
        {"update_id": 9, "message": {**BASE, "text": "x", "message_id": 2**40}},
        {"update_id": 9, "callback_query": {"id": "1", "data": "x", "inline_message_id": "1"}},
        {"update_id": 9, "callback_query": {"id": 1, "data": "x", "message": BASE}},
        {"update_id": 9, "my_chat_member": {"chat": CHAT, "new_chat_member": None}},
        {"update_id": 9, "inline_query": {"id": "1", "from": USER, "query": "x"}},
    ],
)
def test_what_cannot_be_read_means_nothing(raw: object) -> None:
    """Missing fields, wrong types and absurd numbers are dropped, not guessed at."""
    assert read(raw) == Reading()


def test_a_text_is_bounded_and_valid() -> None:
    """Texts are cut at Telegram's limit; NUL and broken surrogates don't get further."""
    update = read(message(text="a\0b\ud83d\ude00\ud83d" + "é" * 1_000_000)).inbound
    assert update is not None
    assert update.content.startswith("ab😀�é")
    assert len(update.content) == 4096
    assert update.content.encode()


@pytest.mark.parametrize(
    ("given_tag", "tag"),
    [
        ("en", "en"),
        ("PT-br", "pt-BR"),
        ("zh-hans", "zh-Hans"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("", None),
        ("x" * 99, None),
        ("en_US", None),
        ("../etc", None),
        (5, None),
        (None, None),
    ],
)
def test_the_language_is_a_tag_or_nothing(given_tag: object, tag: str | None) -> None:
    """Only well-formed language tags are passed on, in their usual spelling."""
    update = read(
        message(text="x") | {"message": {**BASE, "text": "x", "from": {"language_code": given_tag}}}
    ).inbound
    assert update is not None
    assert update.language == tag


KEYS = st.sampled_from(
    [
        "update_id",
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "channel_post",
        "chat",
        "id",
        "type",
        "message_id",
        "text",
        "date",
        "edit_date",
        "from",
        "language_code",
        "data",
        "new_chat_member",
        "status",
        "photo",
        "forward_origin",
        "pinned_message",
    ]
) | st.text(max_size=5)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.text(st.characters(codec=None, categories=["Cs", "Cc"]), max_size=4)
    | st.sampled_from(["private", "group", "channel", "kicked", "member", "en"])
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=25
)


@given(JSON)
@settings(max_examples=300, deadline=None)
def test_any_json_is_read_without_an_error(raw: object) -> None:
    """Whatever comes, reading it neither raises nor yields anything that can't be stored."""
    _check(read(raw))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_update_is_read_without_an_error(data: st.DataObject) -> None:
    """A real update with any part replaced by anything is read or dropped, never an error."""
    raw = message(text="hola", reply_to_message={**BASE, "text": "x"})
    raw["callback_query"] = {"id": "1", "from": USER, "message": BASE, "data": "a:b"}
    raw["my_chat_member"] = {"chat": CHAT, "new_chat_member": {"status": "kicked"}, "date": 5}
    for key in data.draw(st.sets(st.sampled_from(["message", "callback_query"]))):
        del raw[key]
    raw = json.loads(json.dumps(raw))
    node: Any = raw
    while True:
        key = data.draw(st.sampled_from(sorted(node)))
        if isinstance(node[key], dict) and node[key] and data.draw(st.booleans()):
            node = node[key]
            continue
        node[key] = data.draw(JSON)
        break
    _check(read(raw))


def _check(reading: Reading) -> None:
    update = reading.inbound
    if update is not None:
        assert int(update.address) > 0
        assert int(update.update_id) > 0
        assert all(int(i) > 0 for i in update.message_ids)
        assert len(update.content.encode()) <= 4 * 4096
        assert "\0" not in update.content
    if reading.query_id is not None:
        assert reading.query_id.encode()


def test_reading_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Neither good nor bad updates leave a word in a log."""
    with caplog.at_level(logging.DEBUG):
        read(message(text="canary-text"))
        read({"update_id": 1, "message": {"text": "canary-text"}})
    assert caplog.records == []


def test_the_number_is_found_even_where_the_rest_is_broken() -> None:
    """The line can move past an update that says nothing, as long as it has a number."""
    assert update_id({"update_id": 12, "message": 3}) == 12
    assert update_id({"update_id": None}) is None
    assert update_id([]) is None
