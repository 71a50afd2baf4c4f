"""`sidelight responses`: what the bot says, checked and kept in step with its translations."""

import sys

import click

from bot.bootstrap import REQUIRED_TEXTS, required_buttons
from bot.content.checks import check as check_responses
from bot.content.coverage import coverage as coverage_of
from bot.content.update import update as update_translations
from bot.safety.cover import GiveAways
from bot.safety.language import TOLD
from bot.settings import load_settings


@click.group()
def responses() -> None:
    """The texts in `responses/`."""


@responses.command()
def check() -> None:
    """Find every fault of texts and translations; exit with 1 when there is one."""
    settings = load_settings()
    findings = check_responses(
        settings.responses_dir,
        settings.locales,
        REQUIRED_TEXTS,
        required_buttons=required_buttons(settings),
        required_own_words=TOLD,
        giveaways=GiveAways.load(settings.nlu_dir / "safety", settings.locales).find,
        overlay=settings.responses_overlay,
    )
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"{len(findings)} findings", err=True)
    sys.exit(1 if findings else 0)


@responses.command()
def update() -> None:
    """Bring the template and all translations in step with the English texts."""
    settings = load_settings()
    for path in update_translations(settings.responses_dir, settings.locales):
        click.echo(f"updated {path}")


@responses.command()
def coverage() -> None:
    """How far each language has come; exit with 1 while a safety-critical text is missing."""
    settings = load_settings()
    table = coverage_of(settings.responses_dir, settings.locales)
    click.echo("language  translated  fuzzy  missing  critical missing  review")
    for row in table:
        click.echo(
            f"{row.locale:8}  {row.translated:5}/{row.total:<4}  {row.fuzzy:5}"
            f"  {row.missing:7}  {row.critical_missing:16}  {row.review}"
        )
    sys.exit(1 if any(row.critical_missing for row in table) else 0)
