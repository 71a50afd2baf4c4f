"""The whole tree of conversations, walked by pressing every button there is, in every language."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.bootstrap import load_catalogue, load_directory
from bot.content.catalogue import Rendered
from bot.content.responses import ResponseCatalogue
from bot.content.rules import is_discreet
from bot.conversation.showing import Showcase
from bot.conversation.texts import PARTING, render
from bot.dialogue.contact import ContactView, Invitation, Standing
from bot.dialogue.effects import Effect, InviteContact, Purge, Say, ScheduleCheckin, ShowServices
from bot.dialogue.events import ButtonPressed, Event, MessageReceived
from bot.dialogue.flows import contact_inviting
from bot.dialogue.flows.contact_invited import QUIETLY
from bot.dialogue.intents import Intent
from bot.dialogue.router import route
from bot.dialogue.state import Context, DialogueState, Frame, HandoffPhase, Place
from bot.dialogue.understanding import FoundPlace, Guess, Parse, Understanding
from bot.ids import Locale
from bot.settings import load_settings

SIX = tuple(Locale(tag) for tag in ("en", "es", "fr", "pt-BR", "ar", "hi"))
SETTINGS = load_settings(_env_file=None, locales=SIX)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
COUNTRIES = ("", "GB", "US", "ES", "FR", "IN", "MX", "BR", "CA", "AU")

TELEGRAM_MESSAGE = 4096
"""UTF-16 code units (core.telegram.org/bots/api#sendmessage)."""
TELEGRAM_CALLBACK = 64
"""Bytes (core.telegram.org/bots/api#inlinekeyboardbutton)."""
LABEL = 40

LEAVE = f"intent:{Intent.QUICK_EXIT}"
MENU = f"intent:{Intent.HELP_MENU}"


@dataclass(frozen=True, slots=True)
class Stop:
    """What a press or a word led to, and where the conversation then stands."""

    came_by: str
    state: DialogueState
    effects: tuple[Effect, ...]


@pytest.fixture(scope="module")
def catalogue() -> ResponseCatalogue:
    """The real one, in all six languages."""
    return load_catalogue(SETTINGS)


@pytest.fixture(scope="module")
def showcase(catalogue: ResponseCatalogue) -> Showcase:
    """The real directory."""
    return Showcase(load_directory(SETTINGS), catalogue, hide_expired=False)


def context(catalogue: ResponseCatalogue, state: DialogueState, country: str) -> Context:
    """With the organisation in `country`, where one is given."""
    where = state.place or (Place(country, name=country) if country else None)
    return Context(
        now=NOW,
        locales=SIX,
        on_duty=True,
        contact=ContactView(Standing.READY, "Sam", "Some words"),
        invitation=Invitation("t", "Sam", "0417"),
        stands_by=True,
        where=where,
        pages=catalogue.pages(where.country if where else "", state.locale),
        localised=catalogue.localised(state.locale),
    )


def said(intent: Intent) -> MessageReceived:
    """Words that the model takes for `intent`; a place or a time may be named in them."""
    found = (FoundPlace("1", "Somewhere", Place("GB", "GB-ENG", "Somewhere", "Somewhere")),)
    asks = intent is Intent.ASK_LOCATION_RESOURCES
    return MessageReceived(
        "some words",
        Understanding(
            parse=Parse((Guess(intent, 0.9),)),
            sentence=True,
            when=NOW + timedelta(hours=2) if intent is Intent.START_CHECKIN else None,
            places=found if asks else (),
        ),
    )


def awaited_words(fresh: DialogueState) -> Iterator[tuple[str, DialogueState, Event]]:
    """Words of one's own where a contact's name, a note or a code is awaited."""
    slots = {"name": "Sam", "token": "t", "words": "Some words"}
    for state in ("awaiting_name", "awaiting_own_words", "awaiting_code"):
        for words in ("0417", "x" * 200):
            at = fresh.entering(Frame("contact", state, slots))
            yield state, at, MessageReceived(words, Understanding())


def messages(
    catalogue: ResponseCatalogue, showcase: Showcase, stop: Stop, country: str
) -> list[tuple[str, Rendered]]:
    """Each text of `stop` as it is sent, with its key."""
    shown = []
    locale = stop.state.locale
    at = stop.state.place.country if stop.state.place else country
    for effect in stop.effects:
        if isinstance(effect, Say):
            shown.append((effect.key, render(catalogue, effect, locale, 1, at)))
        elif isinstance(effect, ShowServices):
            shown.append(("services", showcase.render(effect, locale, NOW)))
        elif isinstance(effect, InviteContact):
            link = "https://example.org/" + "x" * 60
            links = {"link": link, "page": link, "code": "0417"}
            for key in (contact_inviting.INVITED, contact_inviting.INVITED_WEB):
                shown.append((key, render(catalogue, Say(key, params=links), locale, 1, at)))
    return shown


def walk(
    catalogue: ResponseCatalogue, showcase: Showcase, locale: Locale, country: str
) -> Iterator[Stop]:
    """Every stop that words and buttons can lead to, each way of standing there once."""
    fresh = DialogueState(locale=locale, locale_chosen=True, welcomed=True)
    ahead: deque[tuple[str, DialogueState, Event]] = deque(
        (f"“{intent}”", fresh, said(intent)) for intent in Intent
    )
    ahead.append(("the link of an invitation", fresh, ButtonPressed("contact:open")))
    ahead.extend((f"the words that are awaited: {w}", s, e) for w, s, e in awaited_words(fresh))
    seen = set()
    while ahead:
        came_by, state, event = ahead.popleft()
        outcome = route(state, event, context(catalogue, state, country))
        after = replace(outcome.state, unsure=0)
        stop = Stop(came_by, after, outcome.effects)
        standing = (
            after.active and (after.active.flow, after.active.state),
            after.place,
            tuple(e for e in outcome.effects if not isinstance(e, ScheduleCheckin)),
        )
        if repr(standing) in seen:
            continue
        seen.add(repr(standing))
        yield stop
        for key, message in messages(catalogue, showcase, stop, country):
            for button in (b.id for row in message.buttons for b in row):
                ahead.append((f"{button} under {key}", after, ButtonPressed(button)))


@pytest.fixture(scope="module")
def stops(catalogue: ResponseCatalogue, showcase: Showcase) -> dict[str, list[Stop]]:
    """All stops in English, by country."""
    return {country: list(walk(catalogue, showcase, SIX[0], country)) for country in COUNTRIES}


def test_every_intent_and_every_button_is_answered(stops: dict[str, list[Stop]]) -> None:
    """Nothing that is offered leads nowhere, or to an old button."""
    assert len(stops[""]) > 250
    for country, found in stops.items():
        for stop in found:
            keys = [e.key for e in stop.effects if isinstance(e, Say)]
            shows = any(isinstance(e, ShowServices | InviteContact) for e in stop.effects)
            assert keys or shows, (country, stop.came_by)
            assert "clarify.old_button" not in keys, (country, stop.came_by)
            assert "options.off" not in keys, (country, stop.came_by)


def test_every_page_of_every_country_is_reached(
    catalogue: ResponseCatalogue, stops: dict[str, list[Stop]]
) -> None:
    """By buttons alone, from some intent."""
    for country, found in stops.items():
        reached = {e.key for s in found for e in s.effects if isinstance(e, Say)}
        pages = {f"options.{page}" for page in catalogue.pages(country, SIX[0])} - {"options.off"}
        assert pages - reached == set(), country


@pytest.mark.parametrize("locale", SIX)
def test_every_message_fits_every_channel(
    catalogue: ResponseCatalogue, showcase: Showcase, locale: Locale
) -> None:
    """With its buttons, in every language, and in the countries that it has texts for."""
    generic = catalogue.pages("", locale)
    own = [c for c in COUNTRIES if c and catalogue.pages(c, locale) != generic]
    for country in ("", *own):
        for stop in walk(catalogue, showcase, locale, country):
            for key, message in messages(catalogue, showcase, stop, country):
                assert 0 < len(message.text.encode("utf-16-le")) // 2 <= TELEGRAM_MESSAGE, key
                assert not set("{}") & set(message.text), (key, locale)
                for button in (b for row in message.buttons for b in row):
                    assert len(button.id.encode()) <= TELEGRAM_CALLBACK, button.id
                    assert 0 < len(button.label) <= LABEL or button.id.startswith("place:")


def test_no_message_is_a_dead_end(
    catalogue: ResponseCatalogue, showcase: Showcase, stops: dict[str, list[Stop]]
) -> None:
    """The last thing said leads on, but where all is deleted or must tell nothing."""
    for country, found in stops.items():
        for stop in found:
            shown = messages(catalogue, showcase, stop, country)
            key, last = shown[-1]
            if key not in PARTING and not is_discreet(key):
                assert last.buttons, (country, stop.came_by, key)


def test_every_topic_and_page_has_a_way_back_on_and_out(
    catalogue: ResponseCatalogue, showcase: Showcase, stops: dict[str, list[Stop]]
) -> None:
    """Back to the topic, to the menu, and out, under each of them."""
    for country, found in stops.items():
        for stop in found:
            for key, message in messages(catalogue, showcase, stop, country):
                if not key.startswith("options."):
                    continue
                ids = [b.id for row in message.buttons for b in row]
                assert LEAVE in ids, (country, key)
                assert key == "options.menu" or MENU in ids, (country, key)
                if key.count(".") == 2:
                    assert f"back:{key.split('.')[1]}" in ids, (country, key)


def test_leaving_is_at_most_two_presses_away(
    catalogue: ResponseCatalogue, showcase: Showcase, stops: dict[str, list[Stop]]
) -> None:
    """From wherever a person stands; the word for it works everywhere."""
    found = stops[""]
    near = {
        stop.came_by: {
            b.id
            for _, m in messages(catalogue, showcase, stop, "")
            for row in m.buttons
            for b in row
        }
        for stop in found
    }
    out = {LEAVE, MENU, f"intent:{Intent.DELETE_HISTORY}"}
    for stop in found:
        ids = near[stop.came_by]
        keys = {e.key for e in stop.effects if isinstance(e, Say)}
        if any(isinstance(e, Purge) for e in stop.effects) or any(map(is_discreet, keys)):
            continue
        if (
            keys & QUIETLY
        ):  # For a friend, or whoever found the link: “no” is all, and tells nothing.
            continue
        next_ones = {b for i in ids for k, v in near.items() if k.startswith(f"{i} ") for b in v}
        assert out & (ids | next_ones), stop.came_by


def test_the_word_for_leaving_purges_from_every_stop(
    catalogue: ResponseCatalogue, stops: dict[str, list[Stop]]
) -> None:
    """Whatever is awaited."""
    for stop in stops[""]:
        ctx = context(catalogue, stop.state, "")
        outcome = route(stop.state, said(Intent.QUICK_EXIT), ctx)
        assert any(isinstance(e, Purge) for e in outcome.effects), stop.came_by


@pytest.mark.parametrize("phase", [HandoffPhase.WAITING])
def test_the_tree_stands_while_waiting_for_an_advocate(
    catalogue: ResponseCatalogue, stops: dict[str, list[Stop]], phase: HandoffPhase
) -> None:
    """Whoever waits can go on looking around."""
    for intent in Intent:
        ctx = replace(context(catalogue, stops[""][0].state, ""), handoff=phase, place=2)
        outcome = route(DialogueState(locale=SIX[0], welcomed=True), said(intent), ctx)
        assert outcome.effects, intent
