"""What each simulated method does, with Telegram's words for what it refuses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.stub_telegram.phones import Person, Shown

if TYPE_CHECKING:
    from tests.stub_telegram.server import StubTelegram

DELETABLE_SECONDS = 48 * 3600

Params = dict[str, Any]


@dataclass
class Refusal(Exception):
    """Telegram says no."""

    status: int
    description: str
    retry_after: int | None = None

    def answer(self) -> dict[str, Any]:
        """The body of the answer."""
        body = {"ok": False, "error_code": self.status, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


async def carry_out(stub: "StubTelegram", name: str, params: Params) -> Any:
    """The result of a method. Raises Refusal."""
    method = _METHODS.get(name)
    if method is not None:
        return method(stub, params)
    if name == "getUpdates":
        return await _get_updates(stub, params)
    if name.startswith(("setMy", "deleteMy", "getMy")):
        return _profile(stub, name, params)
    stub.violations.append(f"{name} is not simulated")
    raise Refusal(404, "Not Found")


def _get_me(stub: "StubTelegram", params: Params) -> Any:
    return stub.bot_user() | {
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        **stub.switches,
    }


def _send_message(stub: "StubTelegram", params: Params) -> Any:
    group = stub.groups.get(int(params["chat_id"]))
    if group is not None:
        group.heard.append(params["text"])
        if not group.is_home:
            raise Refusal(403, "Forbidden: bot is not a member of the supergroup chat")
        return group.take(params)
    person = _reachable(stub, params)
    text = params["text"].strip()
    if not text:
        raise Refusal(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise Refusal(400, "Bad Request: message is too long")
    rows = (params.get("reply_markup") or {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if not button.get("text", "").strip():
            raise Refusal(400, "Bad Request: inline keyboard button text must be non-empty")
        if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    message = {
        "message_id": stub.new_message_id(),
        "from": stub.bot_user(),
        "chat": person.chat(),
        "date": stub.now(),
        "text": text,
    }
    if rows:
        message["reply_markup"] = {"inline_keyboard": rows}
    if params.get("protect_content"):
        message["has_protected_content"] = True
    person.history.append(
        Shown(
            message_id=message["message_id"],
            mine=False,
            text=text,
            at=message["date"],
            labels=[[button["text"] for button in row] for row in rows],
            ids=[[button["callback_data"] for button in row] for row in rows],
            silent=bool(params.get("disable_notification")),
            protected=bool(params.get("protect_content")),
            preview=not (params.get("link_preview_options") or {}).get("is_disabled"),
            raw=message,
        )
    )
    person.on_answer()
    return message


def _edit_message_text(stub: "StubTelegram", params: Params) -> Any:
    group = stub.groups[int(params["chat_id"])]
    shown = next((m for m in group.screen() if m.message_id == params["message_id"]), None)
    if shown is None:
        raise Refusal(400, "Bad Request: message to edit not found")
    if shown.mine:
        raise Refusal(400, "Bad Request: message can't be edited")
    shown.text = params["text"]
    return {**shown.raw, "text": shown.text, "edit_date": stub.now()}


def _get_chat(stub: "StubTelegram", params: Params) -> Any:
    group = stub.groups.get(int(params["chat_id"]))
    if group is None or not group.has_bot:
        raise Refusal(400, "Bad Request: chat not found")
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), False
    )
    return group.chat() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts | {"gifts_from_channels": False},
    }


def _delete_message(stub: "StubTelegram", params: Params) -> Any:
    person = _reachable(stub, params)
    message = _find(person, params["message_id"])
    if message is None:
        raise Refusal(400, "Bad Request: message to delete not found")
    _check_age(stub, message)
    person.deleted.add(message.message_id)
    return True


def _delete_messages(stub: "StubTelegram", params: Params) -> Any:
    ids = params["message_ids"]
    if not ids:
        raise Refusal(400, "Bad Request: message identifiers are not specified")
    if len(ids) > 100:
        raise Refusal(400, "Bad Request: too many message identifiers specified")
    if any(not isinstance(i, int) or i <= 0 for i in ids):
        raise Refusal(400, "Bad Request: invalid message identifier specified")
    if (group := stub.groups.get(int(params["chat_id"]))) is not None:
        group.deleted.update(ids)
        return True
    person = _reachable(stub, params)
    found = [message for i in ids if (message := _find(person, i)) is not None]
    for message in found:
        _check_age(stub, message)
    person.deleted.update(message.message_id for message in found)
    return True


def _answer_callback_query(stub: "StubTelegram", params: Params) -> Any:
    person = stub.queries.pop(params["callback_query_id"], None)
    if person is None:
        raise Refusal(
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        )
    person.turning.discard(params["callback_query_id"])
    return True


def _leave_chat(stub: "StubTelegram", params: Params) -> Any:
    group = stub.groups.get(int(params["chat_id"]))
    if group is None:
        raise Refusal(400, "Bad Request: chat not found")
    if not group.has_bot:
        raise Refusal(403, "Forbidden: bot is not a member of the supergroup chat")
    group.has_bot = False
    return True


async def _get_updates(stub: "StubTelegram", params: Params) -> Any:
    if stub.webhook.url:
        raise Refusal(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
            "delete the webhook first",
        )
    limit = int(params.get("limit") or 100)
    return await stub.wait_for_updates(
        int(params.get("offset") or 0), min(limit, 100), float(params.get("timeout") or 0)
    )


def _set_webhook(stub: "StubTelegram", params: Params) -> Any:
    url = params["url"]
    if url and not url.startswith(("https://", "http://127.0.0.1")):
        raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    stub.webhook.aim(url, params.get("secret_token"))
    return True


def _delete_webhook(stub: "StubTelegram", params: Params) -> Any:
    if params.get("drop_pending_updates"):
        stub.updates.clear()
    stub.webhook.aim("", None)
    return True


def _get_webhook_info(stub: "StubTelegram", params: Params) -> Any:
    return {
        "url": stub.webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(stub.updates),
    }


def _true(stub: "StubTelegram", params: Params) -> Any:
    _reachable(stub, params)
    return True


_METHODS: dict[str, Callable[["StubTelegram", Params], Any]] = {
    "getMe": _get_me,
    "sendMessage": _send_message,
    "deleteMessage": _delete_message,
    "deleteMessages": _delete_messages,
    "answerCallbackQuery": _answer_callback_query,
    "leaveChat": _leave_chat,
    "editMessageText": _edit_message_text,
    "getChat": _get_chat,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _get_webhook_info,
    "sendChatAction": _true,
}


def _profile(stub: "StubTelegram", name: str, params: Params) -> Any:
    """The bot's public profile: a value per language, set and read back."""
    verb, _, what = name.partition("My")
    values = stub.profile.setdefault(what, {})
    language = params.get("language_code", "")
    given = {key: value for key, value in params.items() if key != "language_code"}
    if verb == "set":
        values[language] = given
        return True
    if verb == "delete":
        values.pop(language, None)
        return True
    found = values.get(language, values.get("", {}))
    if what == "Commands":
        return found.get("commands", [])
    field = {
        "Name": "name",
        "Description": "description",
        "ShortDescription": "short_description",
    }.get(what)
    if field is None:
        stub.violations.append(f"{name} is not simulated")
        raise Refusal(404, "Not Found")
    return {field: found.get(field, "")}


def _reachable(stub: "StubTelegram", params: Params) -> Person:
    person = stub.people.get(int(params["chat_id"]))
    if person is None:
        raise Refusal(400, "Bad Request: chat not found")
    if person.deactivated:
        raise Refusal(403, "Forbidden: user is deactivated")
    if person.blocked:
        raise Refusal(403, "Forbidden: bot was blocked by the user")
    return person


def _find(person: Person, message_id: int) -> Shown | None:
    found = (m for m in reversed(person.history) if m.message_id == message_id)
    message = next(found, None)
    return None if message is None or message_id in person.deleted else message


def _check_age(stub: "StubTelegram", message: Shown) -> None:
    if stub.now() - message.at >= DELETABLE_SECONDS:
        raise Refusal(400, "Bad Request: message can't be deleted")
