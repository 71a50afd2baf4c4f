"""`docs/performance.md`: its upper part is written by people, its figures by `make bench`."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.turns import CROWDS, STEADY, Measured

MEASURED = "<!-- measured -->"
WIDTH, BAR, GAP, LABELS = 760, 16, 14, 300
COLOURS = ("#bcd4e0", "#6ea3c0", "#2a6f97")

Table = tuple[str, Sequence[tuple[str, str]]]


def write(page: Path, turns: Sequence[Measured], tables: Sequence[Table]) -> None:
    """Replace all below the page's mark, and draw the picture beside it."""
    upper = page.read_text(encoding="utf-8").partition(MEASURED)[0]
    lines = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {platform.system()}; load before the run "
        f"{os.getloadavg()[2]:.1f}.",
        "",
        f"![Answers a second, beside an echo bot]({page.stem}.svg)",
        "",
        "## Whole turns beside an echo bot",
        "",
        *_turns(turns),
    ]
    for title, rows in tables:
        lines += ["", f"## {title[0].upper()}{title[1:]}", "", "| what | measured |", "|---|---:|"]
        lines += [f"| {what} | {' '.join(figure.split())} |" for what, figure in rows]
    page.write_text(f"{upper}{MEASURED}\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    page.with_suffix(".svg").write_text(_plot(turns), encoding="utf-8")


def _turns(turns: Sequence[Measured]) -> list[str]:
    crowds = [f"{people} at once, answers/s" for people in CROWDS]
    steady = [f"p50 at {STEADY:.0f}/s, ms", "p99, ms"]
    heads = ["", *crowds, *steady, "CPU an answer, ms", "memory, MB"]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    for each in turns:
        memory = "" if each.megabytes is None else f"{each.megabytes:.0f}"
        cells = [each.what, *(f"{each.a_second[people]:.1f}" for people in CROWDS)]
        cpu = "" if each.cpu_ms is None else f"{each.cpu_ms:.1f}"
        cells += [f"{each.p50:.1f}", f"{each.p99:.1f}", cpu, memory]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _plot(turns: Sequence[Measured]) -> str:
    """A bar for each bot and crowd."""
    most = max(figure for each in turns for figure in each.a_second.values())
    scale = (WIDTH - LABELS - 70) / most
    group = len(CROWDS) * BAR + GAP
    bars = []
    for row, each in enumerate(turns):
        top = row * group + GAP
        middle = top + len(CROWDS) * BAR / 2 + 4
        bars.append(f'<text x="{LABELS - 8}" y="{middle}" text-anchor="end">{each.what}</text>')
        for number, people in enumerate(CROWDS):
            y, length = top + number * BAR, each.a_second[people] * scale
            bars.append(
                f'<rect x="{LABELS}" y="{y}" width="{length:.1f}" height="{BAR - 2}" '
                f'fill="{COLOURS[number]}"/><text x="{LABELS + length + 6:.1f}" y="{y + 11}">'
                f"{each.a_second[people]:.0f}/s with {people}</text>"
            )
    height = len(turns) * group + GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 60} {height}" '
        'font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH + 60}" height="{height}" fill="#fff"/>{"".join(bars)}</svg>\n'
    )
