"""`sidelight directory`: the local resources, checked and exchanged with other directories."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import click
import yaml

from bot.cli.findings import FORMAT, finish
from bot.dialogue.intents import Intent
from bot.directory.checks import check as check_directory
from bot.directory.checks import expired
from bot.directory.hsds import to_hsds
from bot.directory.hsds_import import Assumed, from_hsds
from bot.directory.hsds_tables import from_zip, to_zip
from bot.directory.reading import Directory, read_directory
from bot.errors import ConfigurationError
from bot.finding import Finding
from bot.settings import load_settings

COUNTRY = re.compile(r"[A-Z]{2}")


@click.group()
def directory() -> None:
    """The local resources in `responses/directory/`."""


@directory.command()
@FORMAT
def check(format_: str) -> None:
    """Find every fault of the entries; exit with 1 when there is one.

    What has expired is listed, too, but is no fault: time passes by itself.
    """
    settings = load_settings()
    today = datetime.now(UTC).date()
    overlay = settings.responses_overlay
    own = overlay / "directory" if overlay else None
    finish(_check(), format_, expired(settings.responses_dir / "directory", today, overlay=own))


@directory.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--country", help="Only this one, such as gb.")
@FORMAT
def export_(file: Path, country: str | None, format_: str) -> None:
    """Write the entries to FILE as HSDS 3: .json, or .zip for CSV tables.

    Entries with a fault are left out and told; exit with 1 then.
    """
    kept, findings = _read()
    services = [
        service
        for service in kept.services.values()
        if country is None or service.country == country.upper()
    ]
    document = to_hsds(services)
    if _is_zip(file):
        _write(file, to_zip(document))
    else:
        text = json.dumps(document, ensure_ascii=False, indent=1)
        _write(file, text.encode() + b"\n")
    click.echo(f"{len(services)} services written to {file}", err=True)
    finish(findings, format_)


@directory.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--country", default="", help="Of services that do not say it, such as gb.")
@click.option("--language", default="en", show_default=True, help="Of texts that do not say it.")
@click.option("--timezone", help="Of hours that do not say it, such as Europe/London.")
@click.option("--name", default="imported.yml", show_default=True, help="The files' name.")
@FORMAT
def import_(
    file: Path, country: str, language: str, timezone: str | None, name: str, format_: str
) -> None:
    """Take the services of FILE, HSDS 3 as .json or .zip, into a new file for each country.

    What cannot be taken, and what is still missing in an entry, is told; exit with 1 then.
    """
    document, findings = _document(file)
    drafts, left = from_hsds(document, Assumed(country, language, timezone), str(file))
    findings = [*findings, *left]
    files: dict[Path, dict[str, object]] = {}
    for draft in drafts:
        if not COUNTRY.fullmatch(draft.country):
            raise ConfigurationError("a service names no country; give it with --country")
        folder = load_settings().responses_dir / "directory" / draft.country.lower()
        path = folder / Path(name).with_suffix(".yml").name
        if path.exists():
            raise ConfigurationError(f"{path} exists; choose another --name")
        files.setdefault(path, {})[draft.id] = dict(draft.fields)
    for path, entries in files.items():
        text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1000)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, text.encode())
        click.echo(f"{len(entries)} services written to {path}", err=True)
    written = {str(path) for path in files}
    finish([*findings, *(found for found in _check() if found.file in written)], format_)


def _check() -> list[Finding]:
    settings = load_settings()
    overlay = settings.responses_overlay
    return check_directory(
        settings.responses_dir / "directory",
        datetime.now(UTC).date(),
        frozenset(Intent),
        overlay=overlay / "directory" if overlay else None,
    )


def _read() -> tuple[Directory, list[Finding]]:
    settings = load_settings()
    overlay = settings.responses_overlay
    return read_directory(
        settings.responses_dir / "directory", overlay / "directory" if overlay else None
    )


def _document(file: Path) -> tuple[object, list[Finding]]:
    if _is_zip(file):
        return from_zip(file.read_bytes(), str(file))
    try:
        return json.loads(file.read_bytes()), []
    except (ValueError, RecursionError):
        raise ConfigurationError(f"{file}: not JSON; give HSDS 3 as .json or .zip") from None


def _is_zip(file: Path) -> bool:
    if file.suffix not in (".json", ".zip"):
        raise ConfigurationError(f"{file}: unknown kind of file; name it .json or .zip")
    return file.suffix == ".zip"


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from None
