"""What stands in `responses/`: whole, kept to the rules, and leading somewhere."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bootstrap import REQUIRED_TEXTS, required_buttons
from bot.content.checks import check
from bot.content.reading import read_source
from bot.content.responses import ResponseCatalogue
from bot.content.rules import is_discreet
from bot.content.structure import MAX_BUTTONS
from bot.content.update import update
from bot.dialogue.flows import options, privacy, safety_checkin
from bot.dialogue.intents import DANGER
from bot.ids import Locale
from bot.safety.cover import GiveAways
from bot.safety.language import TOLD
from bot.settings import load_settings

RESPONSES = Path(__file__).parents[2] / "responses"
EN, ES = Locale("en"), Locale("es")
SIX = (EN, ES, *(Locale(tag) for tag in ("fr", "pt-BR", "ar", "hi")))
LOCALES = SIX
SETTINGS = load_settings(_env_file=None, locales=LOCALES)
KEYS = REQUIRED_TEXTS
BUTTONS = required_buttons(SETTINGS) | {
    *safety_checkin.DELAYS,
    *(f"checkin:cover_{theme}" for theme in safety_checkin.COVERS),
    *privacy.CHOICES,
    *(f"language:{locale}" for locale in SIX),
}
give_away = GiveAways.load(SETTINGS.nlu_dir / "safety", LOCALES).find

SOURCE, DAMAGE = read_source(RESPONSES)
EVERYTHING = [(key, locale) for key in sorted(KEYS) for locale in LOCALES]


@pytest.fixture(scope="module")
def catalogue() -> ResponseCatalogue:
    """The real one, as it is built to serve."""
    return ResponseCatalogue.load(RESPONSES, LOCALES, required_keys=KEYS, required_buttons=BUTTONS)


def test_the_tree_gives_no_finding() -> None:
    """Every rule holds for every text in every language."""
    found = check(
        RESPONSES,
        LOCALES,
        KEYS,
        required_buttons=BUTTONS,
        required_own_words=TOLD,
        giveaways=GiveAways.load(SETTINGS.nlu_dir / "safety", SIX).find,
        today=datetime.now(UTC).date(),
    )
    assert [str(f) for f in found] == []


def test_the_translators_files_are_up_to_date(tmp_path: Path) -> None:
    """Nobody changed the English and forgot the update."""
    for path in RESPONSES.rglob("*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(RESPONSES)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    assert update(tmp_path, LOCALES) == []


@pytest.mark.parametrize(("key", "locale"), EVERYTHING)
def test_every_text_can_be_said(catalogue: ResponseCatalogue, key: str, locale: Locale) -> None:
    """In every language, filled, with labels, and with nothing left open."""
    params = SOURCE.texts[key].params
    rendered = catalogue.render(key, locale, params)
    assert rendered.text
    assert not set("{}") & set(rendered.text)
    for value in params.values():
        assert value in rendered.text
    assert all(button.label for row in rendered.buttons for button in row)


def test_the_menu_offers_at_least_eight_ways_besides_the_police(
    catalogue: ResponseCatalogue,
) -> None:
    """Two a row, the police neither first nor the only way."""
    rows = catalogue.render(options.MENU, EN, {}).buttons
    topics = [b.id for row in rows for b in row if b.id.startswith("intent:ask_")]
    assert len(set(topics) - {"intent:ask_police_process"}) >= 8
    assert topics[0] != "intent:ask_police_process"
    assert all(len(row) <= 2 for row in rows)


@pytest.mark.parametrize("key", sorted(options.TOPICS.values()))
def test_every_topic_leads_on_and_to_a_person(catalogue: ResponseCatalogue, key: str) -> None:
    """A choice that fits the screen, and an advocate among it."""
    shown = [b.id for row in catalogue.render(key, EN, {}).buttons for b in row]
    assert 2 <= len(shown) <= MAX_BUTTONS
    assert "intent:talk_to_human" in shown


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", sorted(k for k in KEYS if is_discreet(k)))
def test_what_someone_else_may_see_tells_nothing(
    catalogue: ResponseCatalogue, key: str, locale: Locale
) -> None:
    """Neither the text nor the labels under it."""
    rendered = catalogue.render(key, locale, dict.fromkeys(SOURCE.texts[key].params, ""))
    shown = [rendered.text, *(b.label for row in rendered.buttons for b in row)]
    assert [word for words in shown for word in give_away(words, locale)] == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("theme", safety_checkin.COVERS)
def test_the_cover_is_shown_word_for_word_before_it_is_chosen(
    catalogue: ResponseCatalogue, theme: str, locale: Locale
) -> None:
    """People approve what will arrive, not something like it."""
    offered = catalogue.render("safety_checkin.awaiting_cover", locale, {}).text
    assert catalogue.render(f"cover.{theme}.ping", locale, {}).text in offered
    assert catalogue.label(f"checkin:cover_{theme}", locale) in offered


@pytest.mark.parametrize("locale", LOCALES)
def test_the_labels_to_answer_with_are_named_beforehand(
    catalogue: ResponseCatalogue, locale: Locale
) -> None:
    """The confirmation names the very words that stand under the cover text."""
    params = dict.fromkeys(("when", "theme", "repeats", "miss"), "x")
    answer = catalogue.render("safety_checkin.answer.button", locale, {}).text
    params |= {"answer": answer}
    agreed = catalogue.render("safety_checkin.awaiting_confirmation", locale, params).text
    for button in ("checkin:ok", "checkin:not_ok"):
        assert re.search(rf"[“«] ?{re.escape(catalogue.label(button, locale))} ?[”»]", agreed)


@pytest.mark.parametrize(
    "key", sorted([*(f"danger.{intent}" for intent in DANGER), "options.ask_police_process"])
)
def test_what_states_facts_says_where_from_and_when(key: str) -> None:
    """Law and health are never said without a page and a date."""
    text = SOURCE.texts[key]
    assert text.sources
    assert text.reviewed_on is not None


@pytest.mark.parametrize("key", sorted(f"danger.{intent}" for intent in DANGER))
def test_in_danger_the_police_are_never_offered_first(key: str) -> None:
    """The person decides; the emergency number comes after other ways, as a choice."""
    paragraphs = SOURCE.texts[key].unit.text.split("\n\n")
    assert not re.search("police|emergency number", paragraphs[0].casefold())


def test_the_danger_texts_are_safety_critical_in_every_part() -> None:
    """Including the question after them and the words of the buttons."""
    critical = {key for key, text in SOURCE.texts.items() if text.unit.critical}
    assert {key for key in SOURCE.texts if key.startswith(("danger.", "cover."))} <= critical
    assert {"welcome.greeting", "welcome.brief", "quick_exit.cover"} <= critical


NO_PHONE = frozenset(
    {"1500", "500", "210", "100", "550", "401", "293", "103-13", "12-25", "01-01", "00-17"}
)
"""People in studies, forms and laws; days and hours in the console's examples."""


def test_no_text_names_a_number_to_call() -> None:
    """Lines come from the directory, each with its source and date, never from a text."""
    # Three digits call somebody in many countries; a quantity says of what, and a year is a year.
    harmless = r"\d+ (?:g|ml|characters)\b|(?:19|20)\d\d\b"
    long_digits = re.compile(rf"(?<!\d)(?!{harmless})\d[\d \-]{{1,}}\d")
    told = {
        (key, number)
        for key, text in SOURCE.texts.items()
        for number in long_digits.findall(text.unit.text)
        if number not in NO_PHONE
    }
    assert told == set()


def test_the_texts_read_from_clean_files() -> None:
    """The reader itself had nothing to report."""
    assert DAMAGE == []


def test_the_example_in_the_guide_is_a_text_that_can_be_read(tmp_path: Path) -> None:
    """What writers copy from the guide works."""
    guide = (RESPONSES.parent / "docs" / "translating.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "privacy.yml").write_text(example, "utf-8")
    source, damage = read_source(tmp_path)
    assert damage == []
    assert source.texts["privacy.ttl_set"].params == {"ttl": "5 minutes"}
