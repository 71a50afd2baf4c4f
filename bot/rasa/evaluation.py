"""How good the understanding is: measures of decisions against what a careful person would say."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.dialogue.intents import CRITICAL

CLARIFY = "clarify"
WORST_PAIRS = 15

_CRITICAL_NAMES = frozenset(intent.value for intent in CRITICAL)


@dataclass(frozen=True, slots=True)
class Judged:
    """One utterance: the intent it stands for, what was decided (or "clarify"), its language."""

    expected: str
    decided: str
    lang: str


@dataclass(frozen=True, slots=True)
class Score:
    """`support` utterances were expected; precision, recall and F1 are 0 to 1."""

    support: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Report:
    """All measures. Each part is 0 where it has no utterances.

    `accuracy` is the share decided right; `answered` the share not sent to clarify;
    `critical_heard` the share of critical utterances decided as any critical intent, and
    `false_alarms` that share of all others.
    """

    count: int
    accuracy: float
    answered: float
    critical_heard: float
    false_alarms: float
    intents: dict[str, Score]
    confusions: tuple[tuple[str, str, int], ...]


def evaluate(rows: Iterable[Judged]) -> dict[str, Report]:
    """A report over each language, and over all under ``"all"``."""
    by_lang: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        by_lang["all"].append(row)
        by_lang[row.lang].append(row)
    return {lang: _report(part) for lang, part in by_lang.items()}


def render(reports: dict[str, Report]) -> str:
    """The reports as text: a line for each language, then intents and worst pairs over all."""
    lines = [f"{'':26}{'n':>6}{'right':>9}{'answered':>10}{'critical':>10}{'alarms':>9}"]
    for lang, report in sorted(reports.items(), key=lambda item: (item[0] != "all", item[0])):
        lines.append(
            f"{lang:26}{report.count:>6}{report.accuracy:>9.3f}{report.answered:>10.3f}"
            f"{report.critical_heard:>10.3f}{report.false_alarms:>9.3f}"
        )
    for lang, report in sorted(reports.items(), key=lambda item: (item[0] != "all", item[0])):
        lines += ["", f"{lang:26}{'n':>6}{'precision':>11}{'recall':>8}{'F1':>7}"]
        lines += [
            f"{intent:26}{s.support:>6}{s.precision:>11.3f}{s.recall:>8.3f}{s.f1:>7.3f}"
            for intent, s in report.intents.items()
        ]
        if report.confusions:
            lines += ["", f"{lang}: most often confused (expected, decided, times)"]
            lines += [f"{e:26}{d:26}{n:>4}" for e, d, n in report.confusions]
    return "\n".join(lines)


def _report(rows: Sequence[Judged]) -> Report:
    critical = [row for row in rows if row.expected in _CRITICAL_NAMES]
    harmless = [row for row in rows if row.expected not in _CRITICAL_NAMES]
    wrong = Counter((row.expected, row.decided) for row in rows if row.expected != row.decided)
    worst = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))[:WORST_PAIRS]
    return Report(
        count=len(rows),
        accuracy=_share([row.expected == row.decided for row in rows]),
        answered=_share([row.decided != CLARIFY for row in rows]),
        critical_heard=_share([row.decided in _CRITICAL_NAMES for row in critical]),
        false_alarms=_share([row.decided in _CRITICAL_NAMES for row in harmless]),
        intents=_scores(rows),
        confusions=tuple((expected, decided, n) for (expected, decided), n in worst),
    )


def _scores(rows: Sequence[Judged]) -> dict[str, Score]:
    expected = Counter(row.expected for row in rows)
    decided = Counter(row.decided for row in rows)
    right = Counter(row.expected for row in rows if row.expected == row.decided)
    names = sorted((expected.keys() | decided.keys()) - {CLARIFY})
    return {name: _score(expected[name], decided[name], right[name]) for name in names}


def _score(expected: int, decided: int, right: int) -> Score:
    return Score(
        support=expected,
        precision=right / decided if decided else 0.0,
        recall=right / expected if expected else 0.0,
        f1=2 * right / (expected + decided) if expected + decided else 0.0,
    )


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
