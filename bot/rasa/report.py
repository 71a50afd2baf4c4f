"""The measures of understanding as a page, and its picture of confidence against truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.rasa.evaluation import Bin, Report

SIDE = 320
MARGIN = 40


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds for one text over the socket, texts a second in batches, microseconds of the
    safety net for one text; on the machine that made the report."""

    p50: float
    p99: float
    batched: float
    net: float


def render(reports: Mapping[str, Report], speed: Speed | None = None) -> str:
    """The whole report in Markdown, which reads as plain text, too."""
    lines = ["## Over all", ""]
    lines += _overall(reports)
    lines += ["", "## Danger", ""]
    lines += _danger(reports)
    lines += ["", "## Confidence", "", *_confidence(reports["all"])]
    if speed is not None:
        lines += ["", "## Speed", "", *_speed(speed)]
    for lang, report in reports.items():
        lines += ["", f"## {'All languages' if lang == 'all' else lang}", "", *_intents(report)]
        if report.confusions:
            lines += ["", "Most often taken for another:", ""]
            lines += _table(("meant", "decided", "times"), report.confusions)
    return "\n".join(lines) + "\n"


def reliability_plot(bins: Sequence[Bin]) -> str:
    """An SVG picture: on the diagonal, confidence is honest. A dot's area is its share of all."""

    def place(x: float, y: float) -> tuple[float, float]:
        return MARGIN + x * SIDE, MARGIN + (1 - y) * SIDE

    total = sum(b.count for b in bins) or 1
    (left, bottom), (right, top) = place(0, 0), place(1, 1)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + 24 * (b.count / total) ** 0.5:.1f}"/>'
        for b in bins
        for x, y in [place(b.confidence, b.right)]
    )
    size = SIDE + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        'font-family="sans-serif" font-size="13">'
        f'<rect width="{size}" height="{size}" fill="#fff"/>'
        f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="#555"/>'
        f'<path d="M{left} {bottom}L{right} {top}" stroke="#bbb" stroke-dasharray="4"/>'
        f'<g fill="#2a6f97" fill-opacity=".75">{dots}</g>'
        f'<text x="{size / 2}" y="{size - 10}" text-anchor="middle">confidence, 0 to 1</text>'
        f'<text x="14" y="{size / 2}" text-anchor="middle" '
        f'transform="rotate(-90 14 {size / 2})">right, 0 to 1</text></svg>\n'
    )


def _overall(reports: Mapping[str, Report]) -> list[str]:
    heads = ("", "utterances", "right", "answered", "quick exit", "strayed", "calibration error")
    return _table(
        heads,
        [
            (lang, r.count, r.accuracy, r.answered, r.exits, r.strayed, r.calibration_error)
            for lang, r in reports.items()
        ],
    )


def _danger(reports: Mapping[str, Report]) -> list[str]:
    heads = ("", "net: heard", "alarms", "model: heard", "alarms", "both: heard", "alarms")
    return _table(
        heads,
        [
            (lang, *(v for h in (r.net, r.model, r.both) for v in (h.heard, h.alarms)))
            for lang, r in reports.items()
        ],
    )


def _confidence(report: Report) -> list[str]:
    rows = [(b.count, b.confidence, b.right) for b in report.bins]
    return _table(("guesses", "confidence", "right"), rows)


def _speed(speed: Speed) -> list[str]:
    return _table(
        ("what", "measured"),
        [
            ("one text over the socket, p50", f"{speed.p50:.1f} ms"),
            ("one text over the socket, p99", f"{speed.p99:.1f} ms"),
            ("in batches of 64", f"{speed.batched:.0f} texts a second"),
            ("the safety net, mean", f"{speed.net:.0f} µs"),
        ],
    )


def _intents(report: Report) -> list[str]:
    return _table(
        ("intent", "utterances", "precision", "recall", "F1"),
        [(name, s.support, s.precision, s.recall, s.f1) for name, s in report.intents.items()],
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Rows under their heads, every column as wide as its widest cell."""
    cells = [list(heads), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    lines = [
        f"| {' | '.join(c.ljust(w) for c, w in zip(row, widths, strict=True))} |" for row in cells
    ]
    return [lines[0], f"|{'|'.join('-' * (width + 2) for width in widths)}|", *lines[1:]]


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
