"""The people on the other side: what they do, and what they see."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.stub_telegram.waiting import until

if TYPE_CHECKING:
    from tests.stub_telegram.server import StubTelegram


@dataclass(slots=True)
class Shown:
    """One message in a chat, as the phone shows it."""

    message_id: int
    mine: bool
    text: str
    at: int
    labels: list[list[str]] = field(default_factory=list)
    ids: list[list[str]] = field(default_factory=list)
    silent: bool = False
    protected: bool = False
    preview: bool = True
    raw: dict[str, Any] = field(default_factory=dict, repr=False)

    def button(self, wanted: str) -> str | None:
        """The id of the button with this label or id."""
        for labels, ids in zip(self.labels, self.ids, strict=True):
            for label, button in zip(labels, ids, strict=True):
                if wanted in (label, button):
                    return button
        return None

    def as_json(self) -> dict[str, Any]:
        """All but the raw message."""
        return {name: value for name, value in asdict(self).items() if name != "raw"}


class Person:
    """Somebody with a phone, in a private chat with the bot.

    `history` has every message that was ever on the screen, in order; `screen()` those that are
    there now.
    """

    def __init__(
        self, stub: "StubTelegram", chat_id: int, first_name: str, language: str | None
    ) -> None:
        self._stub = stub
        self.id = chat_id
        self.first_name = first_name
        self.language = language
        self.history: list[Shown] = []
        self.deleted: set[int] = set()
        self.blocked = False
        self.deactivated = False
        self.on_answer: Callable[[], object] = lambda: None
        """Called when a message of the bot appears."""
        self.turning: set[str] = set()
        """Queries of buttons that still turn, waiting for the bot's answer."""

    def screen(self) -> list[Shown]:
        """The messages that both sides still have, oldest first."""
        return [message for message in self.history if message.message_id not in self.deleted]

    def texts(self, *, mine: bool | None = None) -> list[str]:
        """The texts on the screen; only the person's own, or only the bot's, if `mine` says so."""
        return [m.text for m in self.screen() if mine is None or m.mine is mine]

    async def sees(
        self, wanted: str | Callable[[list[Shown]], bool], within: float = 5.0
    ) -> list[Shown]:
        """Wait until a bot's message contains `wanted`, or `wanted` holds for the screen.

        Returns the screen. Raises TimeoutError.
        """

        def there(screen: list[Shown]) -> bool:
            if callable(wanted):
                return wanted(screen)
            return any(wanted in message.text for message in screen if not message.mine)

        await until(lambda: there(self.screen()), within)
        return self.screen()

    def write(self, text: str, **extra: Any) -> int:
        """Send a text; `extra` fields are put in the message. Returns its id."""
        return self._send(text, {"text": text, **extra})

    def edit(self, message_id: int, text: str) -> None:
        """Change an own message."""
        shown = next(m for m in self.screen() if m.message_id == message_id and m.mine)
        shown.text = text
        shown.raw = {**shown.raw, "text": text, "edit_date": self._stub.now()}
        self._stub.push({"edited_message": shown.raw})

    def forward(self, text: str) -> int:
        """Forward a text of somebody who hides their account."""
        origin = {"type": "hidden_user", "date": self._stub.now(), "sender_user_name": "Somebody"}
        return self._send(text, {"text": text, "forward_origin": origin})

    def send_photo(self, caption: str | None = None) -> int:
        """Send a photo."""
        size = {"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}
        return self._send("", {"photo": [size]} | ({"caption": caption} if caption else {}))

    def send_sticker(self) -> int:
        """Send a sticker."""
        kind = {"type": "regular", "is_animated": False, "is_video": False}
        file = {"file_id": "s", "file_unique_id": "s", "width": 512, "height": 512}
        return self._send("", {"sticker": file | kind})

    def send_voice(self) -> int:
        """Send a voice message."""
        return self._send("", {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}})

    def send_video(self) -> int:
        """Send a film."""
        size = {"width": 90, "height": 90, "duration": 3}
        return self._send("", {"video": {"file_id": "f", "file_unique_id": "f", **size}})

    def send_file(self) -> int:
        """Send a document."""
        return self._send("", {"document": {"file_id": "d", "file_unique_id": "d"}})

    def send_location(self, latitude: float = 1.0, longitude: float = 2.0) -> int:
        """Send a place."""
        return self._send("", {"location": {"latitude": latitude, "longitude": longitude}})

    def send_contact(self, phone_number: str = "1", first_name: str = "Somebody") -> int:
        """Send a contact."""
        contact = {"phone_number": phone_number, "first_name": first_name}
        return self._send("", {"contact": contact})

    def press(self, label_or_id: str) -> str:
        """Press a button of the newest message that has it. Returns the id of the query."""
        for message in reversed(self.screen()):
            if not message.mine and (button := message.button(label_or_id)) is not None:
                return self.press_raw(button, message.message_id)
        raise LookupError(self._without(label_or_id))

    def _without(self, wanted: str) -> str:
        """Why there is no such button: it never came, or is gone; and which are there."""
        shown = self.screen()
        there = [label for m in shown for row in m.labels for label in row]
        came = any(not m.mine and m.button(wanted) is not None for m in self.history)
        why = "was deleted" if came else "never came"
        return f"the button {wanted!r} {why}; {len(shown)} messages are there, with {there}"

    def press_raw(self, data: str, message_id: int | None = None) -> str:
        """Press a button with this data, whatever the keyboard; the message may be gone."""
        raw = next((m.raw for m in self.screen() if m.message_id == message_id), None)
        gone = {"message_id": message_id or 1, "chat": self.chat(), "date": 0}
        query_id = self._stub.new_query(self)
        query = {
            "id": query_id,
            "from": self.user(),
            "message": raw or gone,
            "chat_instance": "1",
            "data": data,
        }
        self._stub.push({"callback_query": query})
        return query_id

    def block(self) -> None:
        """Block the bot."""
        self.blocked = True
        self._membership("member", {"status": "kicked", "until_date": 0})

    def unblock(self) -> None:
        """Take the bot back."""
        self.blocked = False
        self._membership("kicked", {"status": "member"})

    def delete_account(self) -> None:
        """Be gone; the bot is not told."""
        self.deactivated = True

    def hide(self, message_id: int) -> None:
        """Delete a message on the phone for both sides; the bot is not told."""
        self.deleted.add(message_id)

    def chat(self) -> dict[str, Any]:
        """The private chat, as Telegram describes it."""
        return {"id": self.id, "type": "private", "first_name": self.first_name}

    def user(self) -> dict[str, Any]:
        """The person, as Telegram describes them."""
        user = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return user | ({"language_code": self.language} if self.language else {})

    def _send(self, text: str, content: dict[str, Any]) -> int:
        if self.blocked:
            raise RuntimeError("who blocked the bot can't write to it")
        message = {
            "message_id": self._stub.new_message_id(),
            "from": self.user(),
            "chat": self.chat(),
            "date": self._stub.now(),
            **content,
        }
        message_id: int = message["message_id"]
        self.history.append(Shown(message_id, True, text, message["date"], raw=message))
        self._stub.push({"message": message})
        return message_id

    def _membership(self, old: str, new: dict[str, Any]) -> None:
        bot = self._stub.bot_user()
        before: dict[str, Any] = {"user": bot, "status": old}
        if old == "kicked":
            before["until_date"] = 0
        change = {
            "chat": self.chat(),
            "from": self.user(),
            "date": self._stub.now(),
            "old_chat_member": before,
            "new_chat_member": {"user": bot, **new},
        }
        self._stub.push({"my_chat_member": change})


class Group:
    """A group that somebody adds the bot to. `heard` are the bot's words in it."""

    def __init__(self, stub: "StubTelegram", chat_id: int, kind: str) -> None:
        self._stub = stub
        self.id = chat_id
        self.kind = kind
        self.has_bot = False
        self.is_home = False
        """Whether the bot may write here: the staff's own group."""
        self.heard: list[str] = []
        self.history: list[Shown] = []
        self.deleted: set[int] = set()
        self._ids = count(1)

    def chat(self) -> dict[str, Any]:
        """The group, as Telegram describes it."""
        return {"id": self.id, "type": self.kind, "title": "A group"}

    def screen(self) -> list[Shown]:
        """The messages that are there, oldest first."""
        return [message for message in self.history if message.message_id not in self.deleted]

    def texts(self) -> list[str]:
        """What the bot's messages say that are there."""
        return [message.text for message in self.screen() if not message.mine]

    def write(self, by: Person, text: str) -> int:
        """Somebody writes; a bot in privacy mode is told of commands alone. Returns the id."""
        message = self._message(text, by.user())
        self.history.append(Shown(message["message_id"], True, text, message["date"], raw=message))
        if text.startswith("/"):
            self._stub.push({"message": message})
        message_id: int = message["message_id"]
        return message_id

    def take(self, params: dict[str, Any]) -> dict[str, Any]:
        """The bot writes: a group numbers its messages by itself."""
        message = self._message(params["text"], self._stub.bot_user())
        self.history.append(
            Shown(
                message["message_id"],
                mine=False,
                text=params["text"],
                at=message["date"],
                silent=bool(params.get("disable_notification")),
                protected=bool(params.get("protect_content")),
                preview=not (params.get("link_preview_options") or {}).get("is_disabled"),
                raw=message,
            )
        )
        return message

    def _message(self, text: str, by: dict[str, Any]) -> dict[str, Any]:
        return {
            "message_id": next(self._ids),
            "from": by,
            "chat": self.chat(),
            "date": self._stub.now(),
            "text": text,
        }

    def add_bot(self, by: Person) -> None:
        """Make the bot a member."""
        self.has_bot = True
        bot = self._stub.bot_user()
        change = {
            "chat": self.chat(),
            "from": by.user(),
            "date": self._stub.now(),
            "old_chat_member": {"user": bot, "status": "left"},
            "new_chat_member": {"user": bot, "status": "member"},
        }
        self._stub.push({"my_chat_member": change})

    async def loses_bot(self, within: float = 5.0) -> None:
        """Wait until the bot has left."""
        await until(lambda: not self.has_bot, within)
