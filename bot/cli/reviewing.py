"""`sidelight responses sign`: somebody answers for what the bot says in their language."""

import sys
from datetime import UTC, datetime

import click

from bot.content.integrity import untranslated
from bot.content.languages import parse_tag
from bot.content.signing import Desk, choose, open_desk, unsign
from bot.content.signing import sign as sign_units
from bot.content.source import Unit
from bot.errors import ConfigurationError
from bot.settings import load_settings


@click.command()
@click.argument("tag")
@click.option("--reviewer", help="Who has read the texts; the name is kept with the signature.")
@click.option("--key", "keys", multiple=True, help="A text's key, or a button's id; repeatable.")
@click.option("--file", "files", multiple=True, help="An English file, such as danger.yml.")
@click.option("--all", "every", is_flag=True, help="All safety-critical texts.")
@click.option("--remove", is_flag=True, help="Take the signatures back.")
def sign(
    tag: str,
    reviewer: str | None,
    keys: tuple[str, ...],
    files: tuple[str, ...],
    every: bool,
    remove: bool,
) -> None:
    """Sign safety-critical texts of a language as read, or show what is signed.

    With TAG alone: each text's state. With texts chosen by --key, --file or --all, and no
    reviewer: what would be signed, to be read. With --reviewer: signed, under today's date. A
    text that is missing, fuzzy or has its placeholders broken is not signed, and told; exit with
    1 then. Where BOT_RESPONSES_OVERLAY is set, signatures are kept in that folder.
    """
    if remove and reviewer:
        raise ConfigurationError("give --reviewer to sign, or --remove to take back; not both")
    settings = load_settings()
    desk = open_desk(settings.responses_dir, parse_tag(tag), settings.responses_overlay)
    units = choose(desk, keys, files, every=every)
    if not (keys or files or every):
        if remove or reviewer:
            raise ConfigurationError("say which texts: --key KEY, --file FILE or --all")
        _list(desk)
    elif remove:
        click.echo(f"{unsign(desk, units)} signatures taken out of {desk.path}")
    elif reviewer is None:
        for unit in units:
            _show(desk, unit)
        click.echo("Add --reviewer NAME to sign what you have read.", err=True)
    else:
        signed, findings = sign_units(desk, units, reviewer, datetime.now(UTC).date())
        for finding in findings:
            click.echo(str(finding))
        click.echo(f"{signed} signed in {desk.path}, {len(findings)} not signed", err=True)
        sys.exit(1 if findings else 0)


def _list(desk: Desk) -> None:
    signed = 0
    for unit in desk.units.values():
        signed += desk.reviews.valid(unit, desk.translation) is not None
        click.echo(f"{unit.context}: {_state(desk, unit)}")
    click.echo(f"{signed} of {len(desk.units)} safety-critical texts are signed", err=True)


def _state(desk: Desk, unit: Unit) -> str:
    for fault in untranslated(unit, desk.translation):
        return f"cannot be signed: {fault.problem.removeprefix('safety-critical and ')}"
    if signature := desk.reviews.valid(unit, desk.translation):
        return f"signed by {signature.reviewer} on {signature.on}"
    if signature := desk.reviews.void(unit, desk.translation):
        return f"changed since {signature.reviewer} signed it on {signature.on}"
    return "not signed"


def _show(desk: Desk, unit: Unit) -> None:
    entry = desk.entry(unit)
    click.echo(f"── {unit.context} ({_state(desk, unit)})")
    if unit.note:
        click.echo(f"   {unit.note}")
    click.echo(unit.text)
    click.echo("──")
    click.echo(f"{entry.translation.strip() if entry else ''}\n")
