"""How well utterances are understood: measures of pure data, nothing asked and nothing printed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.dialogue.intents import CRITICAL, Intent

CLARIFY = "clarify"
WORST_PAIRS = 15
BINS = 10
"""Tenths of confidence in which it is compared with how often the guess is right."""

_CRITICAL = frozenset(intent.value for intent in CRITICAL)


@dataclass(frozen=True, slots=True)
class Judged:
    """One utterance of language `lang`: the intent it stands for (`expected`), what was `decided`
    (an intent, or "clarify") by net and model together, and the other intents that a careful
    person would accept (`also`).

    `net` is what the safety net heard alone, `model` what the model alone would have decided;
    `guess` and `confidence` are the model's likeliest intent.
    """

    expected: str
    decided: str
    lang: str
    also: tuple[str, ...] = ()
    net: str | None = None
    model: str = CLARIFY
    guess: str = CLARIFY
    confidence: float = 0.0

    @property
    def accepted(self) -> frozenset[str]:
        """All intents that would be right."""
        return frozenset({self.expected, *self.also})


@dataclass(frozen=True, slots=True)
class Score:
    """`support` utterances were expected; precision, recall and F1 are 0 to 1."""

    support: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Hearing:
    """Danger as somebody hears it: the share of critical utterances taken for any critical intent,
    and that share of the harmless, for which no critical intent would be right."""

    heard: float
    alarms: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Of `count` guesses with about `confidence`, the share `right`."""

    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Report:
    """All measures. A share is 0 where it has no utterances.

    `accuracy` is the share decided right; `answered` the share not sent to clarify; `exits` the
    share of quick exits decided as such; `strayed` the share out of scope that was answered as
    something else. `calibration_error` is the expected one: the mean distance of confidence and
    truth over the `bins`.
    """

    count: int
    accuracy: float
    answered: float
    exits: float
    strayed: float
    net: Hearing
    model: Hearing
    both: Hearing
    bins: tuple[Bin, ...]
    calibration_error: float
    intents: dict[str, Score]
    confusions: tuple[tuple[str, str, int], ...]


def evaluate(rows: Iterable[Judged]) -> dict[str, Report]:
    """A report over all under ``"all"``, and over each language."""
    by_lang: dict[str, list[Judged]] = {"all": []}
    for row in rows:
        by_lang["all"].append(row)
        by_lang.setdefault(row.lang, []).append(row)
    return {lang: _report(part) for lang, part in by_lang.items()}


def _report(rows: Sequence[Judged]) -> Report:
    wrong = Counter((r.expected, r.decided) for r in rows if r.decided not in r.accepted)
    worst = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))[:WORST_PAIRS]
    exits = [row for row in rows if row.expected == Intent.QUICK_EXIT]
    outside = [row for row in rows if row.expected == Intent.OUT_OF_SCOPE]
    bins = _bins(rows)
    return Report(
        count=len(rows),
        accuracy=_share([row.decided in row.accepted for row in rows]),
        answered=_share([row.decided != CLARIFY for row in rows]),
        exits=_share([row.decided in row.accepted for row in exits]),
        strayed=_share([row.decided not in {*row.accepted, CLARIFY} for row in outside]),
        net=_hearing(rows, lambda row: row.net),
        model=_hearing(rows, lambda row: row.model),
        both=_hearing(rows, lambda row: row.decided),
        bins=bins,
        calibration_error=sum(b.count * abs(b.right - b.confidence) for b in bins)
        / max(1, len(rows)),
        intents=_scores(rows),
        confusions=tuple((expected, decided, n) for (expected, decided), n in worst),
    )


def _hearing(rows: Sequence[Judged], heard: Callable[[Judged], str | None]) -> Hearing:
    return Hearing(
        heard=_share([heard(row) in _CRITICAL for row in rows if row.expected in _CRITICAL]),
        alarms=_share([heard(row) in _CRITICAL for row in rows if not row.accepted & _CRITICAL]),
    )


def _bins(rows: Sequence[Judged]) -> tuple[Bin, ...]:
    parts: dict[int, list[Judged]] = defaultdict(list)
    for row in rows:
        parts[min(int(row.confidence * BINS), BINS - 1)].append(row)
    return tuple(
        Bin(
            len(part),
            sum(row.confidence for row in part) / len(part),
            _share([row.guess in row.accepted for row in part]),
        )
        for _, part in sorted(parts.items())
    )


def _scores(rows: Sequence[Judged]) -> dict[str, Score]:
    """Per intent; an accepted decision counts as the expected one."""
    meant = [(row.expected, _as_meant(row)) for row in rows]
    expected = Counter(wanted for wanted, _ in meant)
    decided = Counter(found for _, found in meant)
    right = Counter(wanted for wanted, found in meant if wanted == found)
    names = sorted((expected.keys() | decided.keys()) - {CLARIFY})
    return {name: _score(expected[name], decided[name], right[name]) for name in names}


def _as_meant(row: Judged) -> str:
    return row.expected if row.decided in row.accepted else row.decided


def _score(expected: int, decided: int, right: int) -> Score:
    return Score(
        support=expected,
        precision=right / decided if decided else 0.0,
        recall=right / expected if expected else 0.0,
        f1=2 * right / (expected + decided) if expected + decided else 0.0,
    )


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
