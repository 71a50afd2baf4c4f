"""The measures of understanding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.intents import Intent
from bot.rasa.evaluation import CLARIFY, Judged, evaluate, render

ROWS = [
    Judged("greet", "greet", "en"),
    Judged("greet", "goodbye", "en"),
    Judged("goodbye", "goodbye", "en"),
    Judged("goodbye", CLARIFY, "es"),
    Judged("immediate_danger", "strangulation", "es"),
    Judged("thanks", "quick_exit", "es"),
]

names = st.sampled_from([intent.value for intent in Intent])
judged = st.builds(Judged, names, names | st.just(CLARIFY), st.sampled_from(["en", "es", "ar"]))


def test_shares_are_of_the_right_whole() -> None:
    """Right, answered, danger heard and false alarms, each by language and over all."""
    reports = evaluate(ROWS)
    assert set(reports) == {"all", "en", "es"}
    everything, spanish = reports["all"], reports["es"]
    assert (everything.count, spanish.count) == (6, 3)
    assert everything.accuracy == pytest.approx(2 / 6)
    assert everything.answered == pytest.approx(5 / 6)
    assert everything.critical_heard == 1.0  # another danger than meant, but heard
    assert everything.false_alarms == pytest.approx(1 / 5)
    assert spanish.accuracy == 0.0


def test_precision_and_recall_are_per_intent() -> None:
    """Precision counts what was decided, recall what was meant; clarify is nobody's decision."""
    scores = evaluate(ROWS)["all"].intents
    assert (scores["greet"].precision, scores["greet"].recall) == (1.0, 0.5)
    assert (scores["goodbye"].precision, scores["goodbye"].recall) == (0.5, 0.5)
    assert scores["greet"].f1 == pytest.approx(2 / 3)
    assert scores["quick_exit"].support == 0
    assert CLARIFY not in scores


def test_the_table_shows_every_intent_language_and_pair() -> None:
    """What was measured is all there to read."""
    table = render(evaluate(ROWS * 2))
    assert table.splitlines()[1].split() == ["all", "12", "0.333", "0.833", "1.000", "0.200"]
    assert ["greet", "goodbye", "2"] in [line.split() for line in table.splitlines()]
    assert "es: most often confused" in table


@given(st.lists(judged))
def test_measures_stay_in_their_bounds(rows: list[Judged]) -> None:
    """Every share is 0 to 1, and each utterance is counted once."""
    reports = evaluate(rows)
    assert sum(r.count for lang, r in reports.items() if lang != "all") == len(rows)
    for report in reports.values():
        shares = [report.accuracy, report.answered, report.critical_heard, report.false_alarms]
        shares += [v for s in report.intents.values() for v in (s.precision, s.recall, s.f1)]
        assert all(0 <= share <= 1 for share in shares)
        assert sum(s.support for s in report.intents.values()) == report.count
    assert render(reports)
