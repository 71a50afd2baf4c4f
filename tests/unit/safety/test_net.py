"""What the safety net hears, tried on lines written as different people would type them."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.dialogue.intents import CRITICAL, DANGER, Intent
from bot.dialogue.understanding import SafetyFinding
from bot.ids import Locale
from bot.safety.net import URGENCY, SafetyNet

LINES = Path(__file__).parent / "lines"
SPOKEN = ("en", "es", "fr", "pt-BR", "ar", "hi")
"""The languages that there are lines for."""

LONGEST_MESSAGE = 4096
"""Characters in one Telegram message."""


def cases(locale: str) -> list[tuple[str, str]]:
    """Pairs of what is expected and the line: danger(s), ``-`` for none, or ``not <danger>``."""
    lines = (LINES / f"{locale}.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" | ", 1) for line in lines if line and not line.startswith("#"))
    return [(expected.strip(), text.strip()) for expected, text in pairs]


def agrees(finding: SafetyFinding, expected: str) -> bool:
    if expected == "-":
        return finding.danger is None
    if expected.startswith("not "):
        return finding == SafetyFinding(negated=Intent(expected.removeprefix("not ")))
    return finding.danger in {Intent(name) for name in expected.split("|")}


ALL_CASES = [
    pytest.param(Locale(locale), expected, text, id=f"{locale}: {text}")
    for locale in SPOKEN
    for expected, text in cases(locale)
]


@pytest.mark.parametrize(("locale", "expected", "text"), ALL_CASES)
def test_a_line_is_heard_as_a_careful_person_would(
    net: SafetyNet, locale: Locale, expected: str, text: str
) -> None:
    """Danger is named, harmless lines raise no alarm, and a plain denial is told as one."""
    assert agrees(net.hear(text, locale), expected), net.hear(text, locale)


@pytest.mark.parametrize("locale", [None, *SPOKEN])
def test_what_is_harmless_in_its_language_is_so_in_every_conversation(
    net: SafetyNet, locale: str | None
) -> None:
    """No word of one language is taken for a danger in another, whatever the bot speaks."""
    own = Locale(locale) if locale else None
    harmless = [
        text
        for spoken in SPOKEN
        for expected, text in cases(spoken)
        if expected == "-" or expected.startswith("not ")
    ]
    assert [text for text in harmless if net.hear(text, own).danger is not None] == []


def test_a_short_word_alone_is_mended_in_its_own_language_only(net: SafetyNet) -> None:
    """Short words of two languages differ by a letter: another's is no misspelt exit."""
    assert net.hear("exut", Locale("en")).danger is Intent.QUICK_EXIT
    assert net.hear("exut").danger is Intent.QUICK_EXIT
    for text in ("vawa", "tata", "saha", "1234"):
        assert net.hear(text, Locale("fr")).danger is None


@pytest.mark.parametrize("locale", SPOKEN)
def test_there_are_enough_lines(locale: str) -> None:
    """At least 120 lines of danger and 120 harmless ones stand behind each language."""
    harmless = [e for e, _ in cases(locale) if e == "-" or e.startswith("not ")]
    assert len(harmless) >= 120
    assert len(cases(locale)) - len(harmless) >= 120


@pytest.mark.parametrize(
    "text",
    [
        "HE IS GOING TO KILL ME",
        "he is going to kill me!!!",
        "ｈｅ ｉｓ ｇｏｉｎｇ ｔｏ ｋｉｌｌ ｍｅ",
        "he is go\u200bing to ki\u200dll me",
        "he's going to kill me",
        "he’s going to kill me",
        "hé is going tö kill me",
        "heeee is going to killlll meeee",
        "he is going to k1ll me",
        "he is going to k*ll me",
        "he is gong to kill me",
        "he_is_going_to_kill_me",
        "he is going to killme",
        "he is going to k i l l me",
        "hola he is going to kill me por favor",
        "\ud83d he is going to kill me \udc00",
    ],
)
def test_disguises_do_not_hide_danger(net: SafetyNet, text: str) -> None:
    """Capitals, stretching, leet, hidden characters, typos and mixed languages change nothing."""
    assert net.hear(text, Locale("en")).danger is Intent.IMMEDIATE_DANGER


@pytest.mark.parametrize("locale", [None, Locale("en"), Locale("es"), Locale("fr")])
def test_every_language_is_heard_whatever_the_conversation_speaks(
    net: SafetyNet, locale: Locale | None
) -> None:
    """The conversation's language, known or not, never makes the net deaf for another."""
    assert net.hear("me va a matar", locale).danger is Intent.IMMEDIATE_DANGER
    assert net.hear("he is going to kill me", locale).danger is Intent.IMMEDIATE_DANGER
    assert net.hear("il va me tuer", locale).danger is Intent.IMMEDIATE_DANGER
    assert net.hear("ele vai me matar", locale).danger is Intent.IMMEDIATE_DANGER
    assert net.hear("wo mujhe maar dalega", locale).danger is Intent.IMMEDIATE_DANGER
    assert net.hear("ra7 ymawtni", locale).danger is Intent.IMMEDIATE_DANGER


def test_the_most_urgent_danger_is_answered(net: SafetyNet) -> None:
    """Of several dangers in one text, the one that cannot wait is named."""
    heard = net.hear("he follows me everywhere. he has a gun. he is breaking down the door")
    assert heard.danger is Intent.IMMEDIATE_DANGER


def test_danger_outweighs_a_denial_elsewhere(net: SafetyNet) -> None:
    """A denial takes back its own clause only."""
    heard = net.hear("i dont want to die, he is going to kill me", Locale("en"))
    assert heard == SafetyFinding(danger=Intent.IMMEDIATE_DANGER)


def test_an_exit_is_only_ever_the_whole_text(net: SafetyNet) -> None:
    """A word of leaving inside a sentence does not wipe the conversation."""
    assert net.hear("exit").danger is Intent.QUICK_EXIT
    assert net.hear("what is the exit plan for leaving him").danger is None


def test_every_danger_has_its_urgency() -> None:
    """No critical intent or danger can be found and then forgotten in the ranking."""
    assert set(URGENCY) == CRITICAL | DANGER


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "...", "!?", "\u200b\u200b", "\x00", "\ud800"])
def test_a_text_without_words_says_nothing(net: SafetyNet, text: str) -> None:
    """Blank texts, signs and hidden characters are no finding."""
    assert net.hear(text) == SafetyFinding()


HOSTILE = {
    "one word for ever": "kill ",
    "one letter for ever": "a",
    "phrases that never end": "my husband is going to ",
    "denials": "he is not going to kill me not ",
    "stars": "k*",
    "leet": "k1!l$ ",
    "long misspelt words": "strangulatinng suicidall threatning ",
    "single letters": "h e l p ",
    "ligatures that grow when folded": "\ufdfa",
    "combining marks": "a\u0301\u0302",
    "emoji": "\U0001f602",
    "brackets": "([{",
    "glued words": "helpme",
}


@pytest.mark.parametrize("pattern", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_are_read_to_their_end(net: SafetyNet, pattern: str) -> None:
    """A danger behind 4,000 characters of anything is heard, and nothing blows up on the way."""
    danger = ". he is going to kill me"
    flood = (pattern * LONGEST_MESSAGE)[: LONGEST_MESSAGE - len(danger)]
    assert net.hear(flood + danger).danger is not None


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
@example("\ud800\udfff")
@example("k*" * 150)
@example("\u0939\u093f\u0902\u0926\u0940 \u0645\u0631\u062d\u0628\u0627")
def test_no_text_raises(net: SafetyNet, text: str) -> None:
    """Any text at all, lone surrogates included, gets a finding that names at most one thing."""
    finding = net.hear(text)
    assert finding.danger is None or finding.negated is None


ENGLISH = "he is not going to kill me my kids i want to die never gun knife door help no exit"
SPANISH = "me va a matar no quiero vivir mis hijos nunca pistola puerta ayuda"
FRENCH = "il va me tuer je veux pas mourir jamais mes enfants arme couteau porte aide personne"
PORTUGUESE = "ele vai me matar não quero morrer nunca meus filhos arma faca porta socorro sem"
ARABIC = "رح يقتلني ما بدي موت ولادي مسدس الباب ساعدوني عم يضربني bdi mout"
HINDI = "वो मुझे मार डालेगा नहीं मरना चाहती बच्चे चाकू दरवाज़ा बचाओ maar raha hai"
WORDS = st.sampled_from(" ".join([ENGLISH, SPANISH, FRENCH, PORTUGUESE, ARABIC, HINDI]).split())


@given(st.lists(WORDS, max_size=40))
def test_words_of_danger_in_any_order_raise_nothing(net: SafetyNet, words: list[str]) -> None:
    """However its own words are shuffled, the net answers, and twice the same."""
    text = " ".join(words)
    assert net.hear(text, Locale("en")) == net.hear(text, Locale("en"))


SENTENCES = {
    "en": "he is going to kill me",
    "es": "me va a matar",
    "fr": "il va me tuer",
    "pt-BR": "ele vai me matar",
    "ar": "رح يقتلني",
    "hi": "वो मुझे मार डालेगा",
}


@given(st.sampled_from(sorted(SENTENCES)), st.text(max_size=40))
def test_danger_is_heard_after_any_sentence(net: SafetyNet, locale: str, before: str) -> None:
    """Whatever was written first, a sentence of danger after it is not lost."""
    danger = SENTENCES[locale]
    assert net.hear(f"{before.replace('“', '')}. ... {danger}", Locale(locale)).danger is not None
