"""`sidelight responses`: what the bot says, checked and kept in step with its translations."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import click

from bot.cli.checking import find, languages
from bot.cli.findings import FORMAT, finish
from bot.cli.leaflet import leaflet
from bot.cli.previewing import preview
from bot.cli.reviewing import sign
from bot.cli.translating import export_, import_, new_locale
from bot.content.checks import notices
from bot.content.coverage import Coverage
from bot.content.coverage import coverage as coverage_of
from bot.content.integrity import TRANSLATE
from bot.content.languages import parse_tag
from bot.content.update import update as update_translations
from bot.settings import load_settings

TAGS = click.argument("tags", nargs=-1, metavar="[TAG]...")


@click.group()
def responses() -> None:
    """The texts in `responses/`."""


for command in (new_locale, export_, import_, preview, sign, leaflet):
    responses.add_command(command)


@responses.command()
@TAGS
@FORMAT
@click.option("--written", is_flag=True, help="Leave out what is only not translated yet.")
def check(tags: tuple[str, ...], format_: str, written: bool) -> None:
    """Find every fault of texts and translations; exit with 1 when there is one.

    Of all languages that have a file, or of those that are named. Facts that were last confirmed
    more than a year ago are told as well, and fail nothing.
    """
    settings = load_settings()
    findings = find(settings, languages(settings, [parse_tag(tag) for tag in tags]))
    if written:
        findings = [found for found in findings if found.mend != TRANSLATE]
    today = datetime.now(UTC).date()
    old = notices(settings.responses_dir, today, settings.responses_overlay)
    finish(findings, format_, old)


@responses.command()
def update() -> None:
    """Bring the template and all translations in step with the English texts."""
    settings = load_settings()
    overlay = settings.responses_overlay
    for path in update_translations(settings.responses_dir, languages(settings), overlay):
        click.echo(f"updated {path}")


@responses.command()
@TAGS
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text")
def coverage(tags: tuple[str, ...], form: str) -> None:
    """How far each language has come; exit with 1 while a safety-critical text is missing.

    Of all languages that have a file, or of those that are named.
    """
    settings = load_settings()
    locales = languages(settings, [parse_tag(tag) for tag in tags])
    table = coverage_of(settings.responses_dir, locales, settings.responses_overlay)
    if form == "json":
        click.echo(json.dumps([asdict(row) for row in table], ensure_ascii=False, indent=1))
    else:
        _print(table)
    sys.exit(1 if any(row.critical_missing for row in table) else 0)


def _print(table: Sequence[Coverage]) -> None:
    head = ("language", "translated", "fuzzy", "missing", "critical missing", "signed", "review")
    rows = [head]
    for row in table:
        done, signed = f"{row.translated}/{row.total}", f"{row.signed}/{row.critical}"
        counts = (str(row.fuzzy), str(row.missing), str(row.critical_missing))
        rows.append((row.locale, done, *counts, signed, row.review))
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for first, *numbers, last in rows:
        middle = (cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=False))
        click.echo("  ".join((first.ljust(widths[0]), *middle, last)).rstrip())
