"""Help near a person: where they look, then what there is, at most three at a time.

```mermaid
stateDiagram-v2
    [*] --> AWAITING_PLACE: ask_location_resources, or where (rules of a place) / prompt
    AWAITING_PLACE --> AWAITING_CHOICE: a place / which one?
    AWAITING_PLACE --> AWAITING_PLACE: nothing found / not_found
    AWAITING_CHOICE --> AWAITING_PLACE: another one
    AWAITING_CHOICE --> [*]: the place / ShowServices, or the rules there
    [*] --> [*]: the place is known / ShowServices
    [*] --> [*]: more / ShowServices
```
The place is confirmed by a button, kept with the sealed state alone, and gone with it.
"""

from dataclasses import replace
from enum import StrEnum

from bot.dialogue.effects import Effect, Say, ShowServices
from bot.dialogue.events import ButtonPressed, FlowEvent, IntentRecognised, NotUnderstood
from bot.dialogue.flow import Step, end, stay
from bot.dialogue.flows import options
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, Frame, Place
from bot.dialogue.understanding import FoundPlace

NAME = "resources"


class State(StrEnum):
    """What is awaited: the name of a place, or which of several is meant."""

    AWAITING_PLACE = "awaiting_place"
    AWAITING_CHOICE = "awaiting_choice"


NOT_FOUND = "resources.not_found"
CHANGE = "resources:change"
KINDS = ("back", "where", "more")
"""Buttons that name a page or a need behind a colon, and are labelled by their kind."""
TEXTS = frozenset({NOT_FOUND, *(f"{NAME}.{s}" for s in State)})

_PAGE = "page"
"""The slot that names the page to come back to, where the rules of a place were wanted."""
_UNPLACED = frozenset({Intent.OUT_OF_SCOPE, Intent.GREET, Intent.AFFIRM, Intent.DENY})
"""What the model makes of names that nobody knows."""


def prompt(frame: Frame, ctx: Context) -> Say:
    """Which place; or which of those found."""
    if frame.state == State.AWAITING_CHOICE:
        return Say(f"{NAME}.{State.AWAITING_CHOICE}", choices=_choices(frame))
    return Say(f"{NAME}.{State.AWAITING_PLACE}")


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Ask for the place once, confirm it, and show what there is."""
    match event:
        case IntentRecognised(Intent.ASK_LOCATION_RESOURCES, understanding):
            if understanding.places:
                return _which(Frame(NAME, State.AWAITING_CHOICE), understanding.places, ctx)
            if ctx.where is not None:
                return end(ShowServices(ctx.where, ctx.topic))
            return _ask(ctx)
        case ButtonPressed(button) if button == CHANGE:
            return _ask(ctx)
        case ButtonPressed(button) if button.startswith("where:"):
            return _ask(ctx, button.removeprefix("where:"))
        case ButtonPressed(button) if button.startswith("more:"):
            return _more(button, ctx)
    if frame is None:
        return None
    match event:
        case ButtonPressed(button) if button in frame.slots and button != _PAGE:
            return _arrived(frame, _unpacked(frame.slots[button])[1], ctx)
        case IntentRecognised(Intent.AFFIRM) if len(found := _choices(frame)) == 1:
            return _arrived(frame, _unpacked(frame.slots[found[0][0]])[1], ctx)
        case IntentRecognised(Intent.DENY) if frame.state == State.AWAITING_CHOICE:
            return _ask(ctx, frame.slots.get(_PAGE, ""))
        case NotUnderstood(_, understanding) | IntentRecognised(_, understanding) if (
            understanding.places
        ):
            return _which(frame, understanding.places, ctx)
        case NotUnderstood():
            return stay(frame, Say(NOT_FOUND))
        case IntentRecognised(intent) if intent in _UNPLACED:
            return stay(frame, Say(NOT_FOUND))
    return None


def _ask(ctx: Context, page: str = "") -> Step:
    frame = Frame(NAME, State.AWAITING_PLACE, {_PAGE: page})
    return stay(frame, prompt(frame, ctx))


def _which(frame: Frame, places: tuple[FoundPlace, ...], ctx: Context) -> Step:
    slots = {_PAGE: frame.slots.get(_PAGE, ""), **{f"place:{p.id}": _packed(p) for p in places}}
    asking = Frame(NAME, State.AWAITING_CHOICE, slots)
    return stay(asking, prompt(asking, ctx))


def _arrived(frame: Frame, place: Place, ctx: Context) -> Step:
    """At the place that was chosen: the services there, or the rules."""
    page = frame.slots.get(_PAGE, "")
    effect: Effect = ShowServices(place, ctx.topic)
    if page in ctx.pages:
        effect = options.page(page, replace(ctx, where=place))
    return Step(None, (effect,), place=place)


def _more(button: str, ctx: Context) -> Step | None:
    """``more:<need>:<page>``; a place that was deleted meanwhile is asked for again."""
    _, need, page = (*button.split(":"), "", "")[:3]
    if ctx.where is None or not page.isdigit():
        return _ask(ctx)
    return end(ShowServices(ctx.where, need, int(page)))


def _choices(frame: Frame) -> tuple[tuple[str, str], ...]:
    return tuple((b, _unpacked(v)[0]) for b, v in frame.slots.items() if b.startswith("place:"))


def _packed(found: FoundPlace) -> str:
    place = found.place
    return "\t".join((found.label, place.country, place.region, place.city, place.name))


def _unpacked(slot: str) -> tuple[str, Place]:
    label, *parts = slot.split("\t")
    return label, Place(*parts)
