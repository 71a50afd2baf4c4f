"""`sidelight responses leaflet`: the page for survivors, in the words of this installation."""

from pathlib import Path

import click

from bot.cli.checking import languages
from bot.content.languages import parse_tag
from bot.content.leaflet import leaflet as page
from bot.content.responses import ResponseCatalogue
from bot.content.writing import replace_file
from bot.settings import load_settings


@click.command()
@click.argument("tags", nargs=-1, metavar="[TAG]...")
@click.option(
    "--into",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write them to, as TAG.md.",
)
def leaflet(tags: tuple[str, ...], folder: Path) -> None:
    """Write the page for survivors: what is safe with the bot, and what is not.

    In all languages that have a file, or in those that are named; with the words of the overlay,
    where there is one. It is Markdown, to print or to put on a site.
    """
    settings = load_settings()
    locales = languages(settings, [parse_tag(tag) for tag in tags])
    catalogue = ResponseCatalogue.load(
        settings.responses_dir,
        locales,
        settings.responses_overlay,
        organization=settings.organization,
    )
    folder.mkdir(parents=True, exist_ok=True)
    for locale in locales:
        replace_file(folder / f"{locale}.md", page(catalogue, locale))
        click.echo(f"wrote {folder / locale}.md")
