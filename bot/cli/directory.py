"""`sidelight directory`: the local resources, checked and exchanged with other directories."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from bot.dialogue.intents import Intent
from bot.directory.checks import check as check_directory
from bot.directory.finding import Finding
from bot.settings import load_settings

FORMATS = ("text", "github", "json")


@click.group()
def directory() -> None:
    """The local resources in `responses/directory/`."""


@directory.command()
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
def check(format_: str) -> None:
    """Find every fault of the entries, and all that have expired; exit with 1 when there is one."""
    settings = load_settings()
    overlay = settings.responses_overlay
    findings = check_directory(
        settings.responses_dir / "directory",
        datetime.now(UTC).date(),
        frozenset(Intent),
        overlay=overlay / "directory" if overlay else None,
    )
    finish(findings, format_)


def finish(findings: Sequence[Finding], format_: str) -> None:
    """Print `findings` for people, for GitHub's annotations, or as JSON; exit with 1 if any."""
    if format_ == "json":
        fields = ("file", "line", "key", "problem", "mend")
        rows = [{name: getattr(finding, name) for name in fields} for finding in findings]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    for finding in findings:
        if format_ == "text":
            click.echo(str(finding))
        elif format_ == "github":
            click.echo(_annotation(finding))
    click.echo(f"{len(findings)} findings", err=True)
    sys.exit(1 if findings else 0)


def _annotation(finding: Finding) -> str:
    told = f"{finding.key + ': ' if finding.key else ''}{finding.problem}; {finding.mend}"
    told = told.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::error file={finding.file},line={finding.line}::{told}"
