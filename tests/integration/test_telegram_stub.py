"""The stub Bot API server itself: it is strict, and it runs as a process of its own."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.channels.telegram import TelegramApi, TelegramChannel
from bot.content.catalogue import Button
from bot.conversation.interfaces import ChannelUnavailable, OutgoingMessage
from bot.ids import Address
from tests.stub_telegram import StubTelegram, cut_after, stub_process


async def _call(stub: StubTelegram, method: str, body: dict[str, Any]) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{stub.url}{stub.token}/{method}", json=body) as response,
    ):
        answer: dict[str, Any] = await response.json()
        return answer


@pytest.mark.parametrize(
    ("method", "changes", "violation"),
    [
        ("sendMessage", {"txt": "x"}, "sendMessage: .txt: no such field"),
        ("sendMessage", {"text": None}, "sendMessage: text: string_type"),
        ("sendMessage", {"disable_notification": "maybe"}, "disable_notification: bool_parsing"),
        ("sendMessage", {"disable_web_page_preview": True}, "is deprecated"),
        (
            "sendMessage",
            {"link_preview_options": {"is_disabld": True}},
            ".link_preview_options.is_disabld: no such field",
        ),
        ("sendMesage", {}, "a method that does not exist"),
        ("banChatMember", {"user_id": 1}, "banChatMember is not simulated"),
    ],
)
async def test_what_does_not_fit_the_models_is_a_violation(
    method: str, changes: dict[str, Any], violation: str
) -> None:
    """Unknown, missing and wrong parameters are kept, without their values."""
    async with StubTelegram() as stub:
        body = {"chat_id": stub.person().id, "text": "canary", **changes}
        if method == "banChatMember":
            del body["text"]
        await _call(stub, method, body)
        assert any(violation in found for found in stub.violations), stub.violations
        assert not any("canary" in found for found in stub.violations)


async def test_a_bad_update_of_the_stub_itself_is_a_violation() -> None:
    """Updates are checked too, so that phones can't send what Telegram never would."""
    async with StubTelegram() as stub:
        stub.push({"message": {"text": "x"}})
        assert any(found.startswith("update: message.message_id") for found in stub.violations)


@pytest.mark.parametrize(
    ("method", "body", "words"),
    [
        ("sendMessage", {"text": ""}, "Bad Request: message text is empty"),
        ("sendMessage", {"text": "😀" * 2049}, "Bad Request: message is too long"),
        ("sendMessage", {"text": "x", "chat_id": 1}, "Bad Request: chat not found"),
        ("deleteMessages", {"message_ids": []}, "message identifiers are not specified"),
        ("deleteMessages", {"message_ids": [*range(1, 102)]}, "too many message identifiers"),
        ("deleteMessage", {"message_id": 1}, "Bad Request: message to delete not found"),
    ],
)
async def test_telegrams_limits_are_kept(method: str, body: dict[str, Any], words: str) -> None:
    """What Telegram refuses is refused, in its words."""
    async with StubTelegram() as stub:
        answer = await _call(stub, method, {"chat_id": stub.person().id, **body})
        assert answer["ok"] is False
        assert words in answer["description"]


async def test_the_bots_profile_is_kept_by_language() -> None:
    """Names, descriptions and commands can be set per language and read back."""
    async with StubTelegram() as stub:
        await _call(stub, "setMyName", {"name": "Plants", "language_code": "en"})
        await _call(stub, "setMyCommands", {"commands": [{"command": "a", "description": "b"}]})
        named = await _call(stub, "getMyName", {"language_code": "en"})
        assert named["result"] == {"name": "Plants"}
        commands = await _call(stub, "getMyCommands", {"language_code": "es"})
        assert commands["result"] == [{"command": "a", "description": "b"}]
        assert stub.violations == []


async def test_a_process_of_its_own_is_driven_over_its_control_api() -> None:
    """People of a stub in another process write, press, block and see; faults can be scripted."""
    async with stub_process() as stub:
        person = await stub.person(first_name="Somebody", language="es")
        api = TelegramApi(stub.token, stub.url)
        await api.start()
        channel = TelegramChannel(api)
        await person.write("hola")
        (update,) = await api.updates(None, timedelta(0))
        assert isinstance(update, dict)
        assert update["message"]["text"] == "hola"
        where = Address(str(person.id))
        buttons = ((Button("menu:go", "Go"),),)
        await channel.send(where, OutgoingMessage("1", "¿Qué tal?", buttons))
        (own, shown) = await person.sees("tal")
        assert (own.mine, own.text) == (True, "hola")
        assert (shown.mine, shown.labels, shown.silent) == (False, [["Go"]], True)
        await person.press("Go")
        with pytest.raises(LookupError):
            await person.press("No such button")
        await stub.script("sendMessage", cut_after())
        with pytest.raises(ChannelUnavailable):
            await channel.send(where, OutgoingMessage("1", "again"))
        assert await person.texts(mine=False) == ["¿Qué tal?", "again"]
        await stub.down()
        with pytest.raises(ChannelUnavailable):
            await channel.send(where, OutgoingMessage("1", "never"))
        await stub.up()
        await channel.send(where, OutgoingMessage("1", "back"))
        assert (await stub.state())["pending_updates"] == 2
        assert len(await person.history()) == 4
        assert await stub.violations() == []
        await api.close()
