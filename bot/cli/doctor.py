"""`sidelight doctor`: is everything as it must be, and what to do where it is not."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import click

from bot.cli.probing import SystemProbes
from bot.doctor.models import Asked, Level, Outcome
from bot.doctor.service import examine, worst
from bot.settings import Settings, load_settings

_SIGNS = {Level.OK: "ok", Level.WARN: "warn", Level.FAIL: "FAIL"}


@click.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How the table is written.",
)
def doctor(format_: str) -> None:
    """Check every precondition, and say how to mend what is wrong.

    Changes nothing. Exits with 1 when something must be mended before people are served;
    warnings alone leave it at 0. Shows no secret and nothing of anybody.
    """
    settings = load_settings()
    found = asyncio.run(examine(SystemProbes(settings), _asked(settings), datetime.now(UTC)))
    if format_ == "json":
        click.echo(json.dumps([asdict(outcome) for outcome in found], indent=1))
    else:
        click.echo(table(found))
    sys.exit(1 if worst(found) is Level.FAIL else 0)


def table(found: Sequence[Outcome]) -> str:
    """The outcomes as lines; below what is not well stands its mend."""
    wide = max((len(outcome.check) for outcome in found), default=0)
    lines = []
    for outcome in found:
        lines.append(f"{_SIGNS[outcome.level]:<4}  {outcome.check:<{wide}}  {outcome.found}")
        if outcome.mend:
            lines.append(f"{'':<6}{'':<{wide}}  → {outcome.mend}")
    count = {level: sum(o.level is level for o in found) for level in Level}
    lines.append(
        f"\n{count[Level.FAIL]} to be mended, {count[Level.WARN]} to be looked at,"
        f" {count[Level.OK]} in order"
    )
    return "\n".join(lines)


def _asked(settings: Settings) -> Asked:
    return Asked(
        public_url=settings.public_url,
        demo=settings.demo,
        locales=settings.locales,
        key_epoch=settings.key_epoch,
        staff_chat=bool(settings.staff_chat_id),
        hide_expired=settings.hide_expired,
    )
