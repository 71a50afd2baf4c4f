"""Findings on the output: for people, for annotations beside the code, and for programs."""

import json
import sys
from collections.abc import Sequence

import click

from bot.finding import Finding

FORMAT = click.option(
    "--format",
    "format_",
    type=click.Choice(("text", "github", "json")),
    default="text",
    show_default=True,
    help="How findings are written.",
)
_FIELDS = ("file", "line", "key", "problem", "mend")


def finish(findings: Sequence[Finding], format_: str, notices: Sequence[Finding] = ()) -> None:
    """Print `findings` in the form of `format_`, and exit with 1 if there are any.

    `notices` are printed with them, told apart by their level, and fail nothing.
    """
    levels = [("error", f) for f in findings] + [("notice", n) for n in notices]
    if format_ == "json":
        rows = [
            {"level": level, **{name: getattr(found, name) for name in _FIELDS}}
            for level, found in levels
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    for level, found in levels:
        if format_ == "text":
            click.echo(f"{found}" if level == "error" else f"{found} (notice)")
        elif format_ == "github":
            click.echo(_annotation(level, found))
    told = f", {len(notices)} notices" if notices else ""
    click.echo(f"{len(findings)} findings{told}", err=True)
    sys.exit(1 if findings else 0)


def _annotation(level: str, found: Finding) -> str:
    told = f"{found.key + ': ' if found.key else ''}{found.problem}; {found.mend}"
    told = told.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} file={found.file},line={found.line}::{told}"
