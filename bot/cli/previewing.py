"""`sidelight responses preview`: every message as a phone shows it, while it is being written."""

from collections.abc import Sequence
from pathlib import Path

import click

from bot.cli.checking import find
from bot.content.languages import parse_tag
from bot.content.source import SOURCE_LOCALE
from bot.content.writing import replace_file
from bot.errors import ConfigurationError
from bot.finding import Finding
from bot.ids import Locale
from bot.logs import configure
from bot.preview.app import preview_app
from bot.preview.pages import Wish, page
from bot.preview.reading import Place
from bot.preview.serving import serve
from bot.preview.voices import ACCENTED, LONGEST, MIRRORED, choices
from bot.preview.watching import Watcher
from bot.settings import load_settings
from bot.signals import Signals

PORT = 8090


@click.command()
@click.argument("tag", required=False)
@click.option("--port", default=PORT, show_default=True, help="If it is taken, a free one is.")
@click.option(
    "--export",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the page of TAG to a file that needs no server, and end.",
)
def preview(tag: str | None, port: int, file: Path | None) -> None:
    """Show every message as a phone does, beside the English; what is saved is seen at once.

    TAG is a language tag such as ar, or en-XA (accented and longer), ar-XB (from right to left)
    or longest (the longest of all languages); without it, the first language there is. The page
    is for this machine alone.
    """
    settings = load_settings()
    place = Place(settings.responses_dir, settings.responses_overlay, settings.organization)

    def check(tag: str) -> Sequence[Finding]:
        known = tag not in (SOURCE_LOCALE, ACCENTED, MIRRORED, LONGEST)
        return find(settings, [SOURCE_LOCALE, *([Locale(tag)] if known else [])])

    signals = Signals()
    watcher = Watcher(place, check, signals)
    state = watcher.state
    tags = dict(choices(state))
    if tag is not None and tag not in tags and (tag := parse_tag(tag)) not in tags:
        raise ConfigurationError(
            f"{tag} has no texts; begin it with `sidelight responses new-locale {tag}`"
        )
    shown = tag or next(iter(state.translations), SOURCE_LOCALE)
    if file is not None:
        replace_file(file, page(state, Wish(shown), check(shown), place))
        click.echo(f"wrote {file}", err=True)
        return
    configure("WARNING")

    def started(address: str) -> None:
        click.echo(f"\n  Open {address}{shown}\n  Save a file and see it there. Ctrl-C stops it.\n")

    serve(preview_app(watcher, signals, place), port, started)
