"""`sidelight responses new-locale | export | import`: beginning a language, and spreadsheets."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from bot.content.exchange import export_table, import_table
from bot.content.languages import new_locale as begin
from bot.content.languages import parse_tag
from bot.content.writing import replace_file
from bot.ids import Locale
from bot.settings import load_settings

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("new-locale")
@click.argument("tag")
def new_locale(tag: str) -> None:
    """Begin a language: make its files, and say what to do next.

    TAG is a language tag, such as de or pt-BR.
    """
    settings = load_settings()
    locale = parse_tag(tag)
    for path in begin(settings.responses_dir, locale):
        click.echo(f"wrote {path}")
    click.echo("\nNext:")
    for number, step in enumerate(_steps(locale, settings.nlu_dir), 1):
        click.echo(f" {number}. {step}")


@click.command("export")
@click.argument("tag")
@click.argument("file", type=FILE)
@click.option("--semicolon", is_flag=True, help="For an Excel that parts columns by semicolons.")
def export_(tag: str, file: Path, semicolon: bool) -> None:
    """Write the translation into TAG to FILE, a CSV for spreadsheets.

    Excel in countries with a decimal comma shows all in one column unless --semicolon is given.
    """
    settings = load_settings()
    separator = ";" if semicolon else ","
    content, rows = export_table(settings.responses_dir, parse_tag(tag), separator)
    replace_file(file, content)
    click.echo(f"{rows} rows written to {file}", err=True)


@click.command("import")
@click.argument("tag")
@click.argument("file", type=FILE)
def import_(tag: str, file: Path) -> None:
    """Take the translations in FILE, a CSV that was exported for TAG.

    Rows that cannot be taken are told by their number, and exit with 1 then; the others are
    taken all the same. What is not in FILE stays as it is. Nothing is signed by it.
    """
    settings = load_settings()
    done = import_table(settings.responses_dir, parse_tag(tag), file)
    for finding in done.findings:
        click.echo(str(finding))
    click.echo(
        f"{done.taken} taken, {done.same} as before, {len(done.findings)} not taken", err=True
    )
    sys.exit(1 if done.findings else 0)


def _steps(locale: Locale, nlu: Path) -> Iterator[str]:
    yield "Translate, in a PO editor or by `sidelight responses export` (docs/translating.md)."
    yield f"See it as a phone shows it: `sidelight responses preview`. Check: `… check {locale}`."
    primary = locale.partition("-")[0]
    for path, what in (
        (nlu / "safety" / f"{locale}.yml", "words of danger; without them it is not served"),
        (nlu / "safety" / "giveaways" / f"{locale}.yml", "words that a cover text must not hold"),
        (nlu / "data" / locale, "examples of what people write, for the model"),
        (nlu / "languages" / f"{primary}.yml", "words that tell it, if it is often mistaken"),
    ):
        if not path.exists():
            yield f"Missing for understanding: {path} ({what})."
    yield (
        "Have a person who speaks it sign the safety-critical texts:"
        f" `sidelight responses sign {locale}`."
    )
    yield f"Serve it: add {locale} to BOT_LOCALES. Until it is signed, only the demo shows it."
