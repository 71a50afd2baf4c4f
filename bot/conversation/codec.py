"""Dialogue states and inbox items as JSON, to be sealed."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.content.catalogue import Button, Rendered
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.conversation.lock_codec import dump_lock, load_lock
from bot.dialogue.state import DialogueState, Frame, Place
from bot.ids import Locale


def dump_state(state: DialogueState) -> str:
    """`state` as JSON."""
    return json.dumps(
        {
            "locale": state.locale,
            "locale_chosen": state.locale_chosen,
            "written": state.written,
            "welcomed": state.welcomed,
            "unsure": state.unsure,
            "topic": state.topic,
            "offered": state.offered,
            "place": _place(state.place),
            "zone": state.zone,
            "lock": dump_lock(state.lock),
            "quiet_after": _seconds(state.quiet_after),
            "frames": [[f.flow, f.state, dict(f.slots)] for f in state.frames],
        },
        separators=(",", ":"),
    )


def load_state(text: str, locales: Sequence[Locale]) -> DialogueState:
    """The state of `dump_state`, in one of the enabled `locales`.

    A field that an older version did not write has its default.
    """
    raw = json.loads(text)
    return DialogueState(
        locale=Locale(raw["locale"]),
        locale_chosen=raw.get("locale_chosen", False),
        written=raw.get("written", ""),
        welcomed=raw.get("welcomed", False),
        unsure=raw.get("unsure", 0),
        topic=raw.get("topic", ""),
        offered=tuple(raw.get("offered", ())),
        place=Place(*raw["place"]) if raw.get("place") else None,
        zone=raw.get("zone", ""),
        lock=load_lock(raw.get("lock", {})),
        quiet_after=timedelta(seconds=quiet) if (quiet := raw.get("quiet_after")) else None,
        frames=tuple(Frame(flow, at, slots) for flow, at, slots in raw.get("frames", ())),
    ).speaking_one_of(locales)


def has_word(text: str) -> bool:
    """Whether the state of `dump_state` holds a word of the person's own."""
    return bool(json.loads(text).get("lock", {}).get("word"))


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _place(place: Place | None) -> list[str] | None:
    return [place.country, place.region, place.city, place.name] if place else None


def dump_update(update: InboundUpdate) -> str:
    """What the turn needs of an update; the address is known from its conversation."""
    return json.dumps(
        {
            "kind": update.kind,
            "content": update.content,
            "caption": update.caption,
            "ids": update.message_ids,
            "language": update.language,
            "sent_at": update.sent_at.isoformat() if update.sent_at else None,
        }
    )


class Inbound:
    """An update as read back from the inbox."""

    def __init__(self, text: str) -> None:
        raw = json.loads(text)
        self.kind = InboundKind(raw["kind"])
        self.content: str = raw["content"]
        self.caption: str = raw.get("caption", "")
        self.message_ids: tuple[str, ...] = tuple(raw["ids"])
        self.language: str | None = raw["language"]
        self.sent_at = datetime.fromisoformat(raw["sent_at"]) if raw["sent_at"] else None


def dump_rendered(rendered: Rendered) -> str:
    """A message's text and buttons, and what is special about it."""
    rows = [[[b.id, b.label] for b in row] for row in rendered.buttons]
    special = [rendered.copyable, rendered.sounds]
    return json.dumps([rendered.text, rows, *(special if any(special) else [])])


def load_rendered(text: str) -> Rendered:
    """The message of `dump_rendered`."""
    body, rows, *special = json.loads(text)
    copyable, sounds = (*special, False, False)[:2]
    buttons = tuple(tuple(Button(*button) for button in row) for row in rows)
    return Rendered(body, buttons, copyable=copyable, sounds=sounds)
