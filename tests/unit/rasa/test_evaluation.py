"""The measures of understanding, and the page that shows them."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.intents import Intent
from bot.rasa.evaluation import CLARIFY, Bin, Judged, evaluate
from bot.rasa.report import Speed, reliability_plot, render

ROWS = [
    Judged("greet", "greet", "en"),
    Judged("greet", "goodbye", "en"),
    Judged("goodbye", "goodbye", "en"),
    Judged("goodbye", CLARIFY, "es"),
    Judged("immediate_danger", "strangulation", "es"),
    Judged("thanks", "quick_exit", "es"),
]

names = st.sampled_from([intent.value for intent in Intent])
judged = st.builds(
    Judged,
    expected=names,
    decided=names | st.just(CLARIFY),
    lang=st.sampled_from(["en", "es", "ar"]),
    also=st.lists(names, max_size=2).map(tuple),
    net=st.none() | names,
    model=names | st.just(CLARIFY),
    guess=names,
    confidence=st.floats(0, 1),
)


def test_shares_are_of_the_right_whole() -> None:
    """Right, answered, danger heard and false alarms, each by language and over all."""
    reports = evaluate(ROWS)
    assert list(reports) == ["all", "en", "es"]
    everything, spanish = reports["all"], reports["es"]
    assert (everything.count, spanish.count) == (6, 3)
    assert everything.accuracy == pytest.approx(2 / 6)
    assert everything.answered == pytest.approx(5 / 6)
    assert everything.both.heard == 1.0  # another danger than meant, but heard
    assert everything.both.alarms == pytest.approx(1 / 5)
    assert spanish.accuracy == 0.0


def test_net_and_model_are_measured_apart() -> None:
    """Each by what it heard alone."""
    rows = [
        Judged("strangulation", "strangulation", "en", net="strangulation", model="deny"),
        Judged("threats_weapon", "threats_weapon", "en", net=None, model="quick_exit"),
        Judged("greet", "greet", "en", net="quick_exit", model="greet"),
    ]
    report = evaluate(rows)["all"]
    assert (report.net.heard, report.net.alarms) == (0.5, 1.0)
    assert (report.model.heard, report.model.alarms) == (0.5, 0.0)
    assert (report.both.heard, report.both.alarms) == (1.0, 0.0)


def test_what_a_careful_person_would_accept_is_right() -> None:
    """And no false alarm where one of it is critical."""
    row = Judged("disclose_abuse", "immediate_danger", "en", also=("immediate_danger",))
    report = evaluate([row, Judged("deny", "deny", "en")])["all"]
    assert report.accuracy == 1.0
    assert report.both.alarms == 0.0
    assert report.confusions == ()
    assert report.intents["disclose_abuse"].recall == 1.0


def test_leaving_and_straying_have_measures_of_their_own() -> None:
    """Quick exits heard as such; what is out of scope answered as something else."""
    rows = [
        Judged("quick_exit", "quick_exit", "en"),
        Judged("quick_exit", "goodbye", "en"),
        Judged("out_of_scope", "ask_money", "en"),
        Judged("out_of_scope", CLARIFY, "en"),
    ]
    report = evaluate(rows)["all"]
    assert (report.exits, report.strayed) == (0.5, 0.5)


def test_calibration_compares_confidence_with_truth() -> None:
    """Two guesses at .9 of which one is right are .4 off."""
    rows = [
        Judged("greet", "greet", "en", guess="greet", confidence=0.9),
        Judged("greet", "deny", "en", guess="deny", confidence=0.9),
        Judged("deny", "deny", "en", guess="deny", confidence=1.0),
    ]
    report = evaluate(rows[:2])["all"]
    assert report.bins == (Bin(2, 0.9, 0.5),)
    assert report.calibration_error == pytest.approx(0.4)
    assert evaluate(rows)["all"].bins[0].count == 3  # certainty belongs to the last tenth


def test_precision_and_recall_are_per_intent() -> None:
    """Precision counts what was decided, recall what was meant; clarify is nobody's decision."""
    scores = evaluate(ROWS)["all"].intents
    assert (scores["greet"].precision, scores["greet"].recall) == (1.0, 0.5)
    assert (scores["goodbye"].precision, scores["goodbye"].recall) == (0.5, 0.5)
    assert scores["greet"].f1 == pytest.approx(2 / 3)
    assert scores["quick_exit"].support == 0
    assert CLARIFY not in scores


def test_the_page_shows_every_measure_language_and_pair() -> None:
    """What was measured is all there to read."""
    page = render(evaluate(ROWS * 2), Speed(p50=6.5, p99=20.25, batched=301.4, net=180.0))
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    assert ["all", "12", "0.333", "0.833", "0.000", "0.000", "0.000"] in rows
    assert ["es", "0.000", "0.000", "0.000", "0.000", "1.000", "0.500"] in rows
    assert ["greet", "goodbye", "2"] in rows
    assert ["one text over the socket, p99", "20.2 ms"] in rows
    assert "## es" in page


def test_the_picture_has_a_dot_for_each_tenth() -> None:
    """It is well-formed, and a dot on the diagonal's end is in the corner."""
    root = ElementTree.fromstring(reliability_plot([Bin(3, 0.5, 0.4), Bin(1, 1.0, 1.0)]))
    dots = [dot.attrib for dot in root.iter("{http://www.w3.org/2000/svg}circle")]
    assert len(dots) == 2
    assert (float(dots[1]["cx"]), float(dots[1]["cy"])) == (360, 40)


@given(st.lists(judged))
def test_measures_stay_in_their_bounds(rows: list[Judged]) -> None:
    """Every share is 0 to 1, and each utterance is counted once."""
    reports = evaluate(rows)
    assert sum(r.count for lang, r in reports.items() if lang != "all") == len(rows)
    for report in reports.values():
        shares = [report.accuracy, report.answered, report.exits, report.strayed]
        shares += [v for h in (report.net, report.model, report.both) for v in (h.heard, h.alarms)]
        shares += [v for s in report.intents.values() for v in (s.precision, s.recall, s.f1)]
        shares += [report.calibration_error]
        assert all(0 <= share <= 1 for share in shares)
        assert sum(s.support for s in report.intents.values()) == report.count
        assert sum(b.count for b in report.bins) == report.count
    assert render(reports)
