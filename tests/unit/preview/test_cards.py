"""What is known of each message, and which messages are wanted."""

from dataclasses import replace
from datetime import date

import pytest

from bot.content.po import format_po, read_po
from bot.content.signing import choose, open_desk, sign
from bot.dialogue.flows import options
from bot.finding import Finding
from bot.ids import Locale
from bot.preview.cards import Card, Progress, cards
from bot.preview.choosing import chosen, counts, sections
from bot.preview.reading import Place, read_state
from tests.unit.content.seeding import Seeded


def spanish(place: Place, findings: tuple[Finding, ...] = ()) -> dict[str, Card]:
    """All cards in Spanish, by key."""
    return {card.key: card for card in cards(read_state(place), "es", findings, place)}


def change(tree: Seeded, key: str, **fields: object) -> None:
    """Give the Spanish entry of `key` other fields."""
    path = tree.path("es")
    file = read_po(path)
    entries = tuple(replace(e, **fields) if e.context == key else e for e in file.entries)  # type: ignore[arg-type]
    path.write_text(format_po(replace(file, entries=entries)), "utf-8")


def test_how_far_a_message_has_come(tree: Seeded, place: Place) -> None:
    """Done, missing, or fuzzy with the English that it was made from."""
    change(tree, "cover.ping", translation="")
    change(tree, "danger.fire", fuzzy=True, previous="Please go out.")
    shown = spanish(place)
    assert shown["privacy.plain"].progress is Progress.DONE
    assert shown["cover.ping"].progress is Progress.MISSING
    missing = shown["cover.ping"].shown
    assert missing is not None
    assert not missing.there
    assert shown["danger.fire"].progress is Progress.FUZZY
    assert shown["danger.fire"].previous == "Please go out."


def test_a_finding_stands_at_its_message(place: Place) -> None:
    """Whether it names a label by its context or the button by its id."""
    text = Finding("a", 1, "cover.ping", "too long", "shorten it")
    label = Finding("a", 2, "flow:show", "too long", "shorten it")
    other = Finding("a", 3, "button/flow:seen", "too long", "shorten it")
    shown = spanish(place, (text, label, other))
    assert shown["cover.ping"].findings == (text,)
    assert shown["button/flow:show"].findings == (label,)
    assert shown["button/flow:seen"].findings == (other,)
    assert sum(bool(card.findings) for card in shown.values()) == 3


def test_a_missing_text_is_not_told_twice(tree: Seeded, place: Place) -> None:
    """The card says itself that it is missing."""
    change(tree, "cover.ping", translation="")
    found = tuple(f for f in tree.findings(("es",)) if f.key == "cover.ping")
    assert found
    assert spanish(place, found)["cover.ping"].findings == ()


def test_a_signature_is_shown_until_the_text_changes(tree: Seeded, place: Place) -> None:
    """And only a safety-critical text asks for one."""
    assert spanish(place)["danger.fire"].unsigned
    assert not spanish(place)["privacy.plain"].unsigned
    desk = open_desk(place.folder, Locale("es"), place.overlay)
    sign(desk, choose(desk, ["danger.fire"], [], every=False), "Ana Pérez", date(2026, 11, 22))
    signed = spanish(place)["danger.fire"]
    assert signed.signed is not None
    assert signed.signed.reviewer == "Ana Pérez"
    change(tree, "danger.fire", translation="Sal.")
    assert spanish(place)["danger.fire"].unsigned


def test_a_page_has_the_buttons_that_the_dialogue_adds(place: Place) -> None:
    """The way back, the menu and the exit; in a country, the place is known."""
    shown = spanish(place)

    def added(key: str) -> list[str]:
        return [b.id for row in shown[key].english.rows for b in row if b.added]

    assert added("options.ask_money") == [
        "where:ask_money",
        "intent:help_menu",
        "intent:quick_exit",
    ]
    assert added("options.ask_money@gb") == ["intent:help_menu", "intent:quick_exit"]
    assert added("options.ask_money.debts") == [
        "back:ask_money",
        "intent:help_menu",
        "intent:quick_exit",
    ]
    assert added(options.MENU) == added("danger.fire") == []


def test_countries_and_an_organisations_own_words_are_marked(place: Place) -> None:
    """So that nobody takes them for what everyone is told."""
    assert place.overlay is not None
    own = place.overlay / "en" / "options" / "own.yml"
    own.write_text("options.people:\n  text: We know these people.\n", "utf-8")
    shown = spanish(place)
    assert shown["options.ask_money@gb"].country == "United Kingdom"
    assert shown["options.ask_money"].country == ""
    assert shown["options.people"].own
    assert shown["options.people"].progress is Progress.FUZZY
    assert not shown["options.ask_money"].own


@pytest.mark.parametrize(
    ("show", "keys"),
    [
        ("missing", {"cover.ping"}),
        ("fuzzy", {"privacy.plain"}),
        ("findings", {"danger.fire"}),
        ("critical", {"privacy.overview", "cover.ping", "danger.fire"}),
        ("unsigned", {"privacy.overview", "cover.ping", "danger.fire"}),
    ],
)
def test_each_filter_lets_its_own_through(
    tree: Seeded, place: Place, show: str, keys: set[str]
) -> None:
    """And its count is that of what it shows."""
    change(tree, "cover.ping", translation="")
    change(tree, "privacy.plain", fuzzy=True)
    finding = Finding("a", 1, "danger.fire", "too long", "shorten it")
    every = list(spanish(place, (finding,)).values())
    found = chosen(every, show, "")
    assert {card.key for card in found if card.text} == keys
    assert counts(every)[show] == len(found)
    assert counts(every)["all"] == len(every) == len(chosen(every, "no such filter", ""))


@pytest.mark.parametrize("query", ["DEBTS", "forced shame", "forzada", "ask_money.debts tu"])
def test_all_words_are_searched_in_key_text_and_note(place: Place, query: str) -> None:
    """In both languages, whatever their case."""
    found = {card.key for card in chosen(spanish(place).values(), "all", query)}
    assert "options.ask_money.debts" in found
    assert "cover.ping" not in found


def test_a_topic_holds_its_pages_labels_and_countries_together(place: Place) -> None:
    """In the order in which people meet them, under the words of its button."""
    state = read_state(place)
    found = sections(cards(state, "es", (), place), state.source)
    money = next(section for section in found if section.title == "Money")
    assert [card.key for card in money.cards] == [
        "options.ask_money",
        "options.ask_money@gb",
        "options.ask_money.debts",
        "button/page:ask_money.debts",
    ]
    groups = [section.group for section in found]
    assert groups == sorted(groups, key=["Conversation", "Topics", "Buttons"].index)
    assert sum(len(section.cards) for section in found) == len(list(state.source.units()))
