"""`sidelight directory`: findings as people and machines read them, exchange without loss."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.directory.reading import read_directory
from tests.unit.directory.entries import ENTRY

TODAY = datetime.now(UTC).date()
LASTING = ENTRY.replace("2026-11-02", str(TODAY)).replace(
    "2027-05-02", str(TODAY + timedelta(days=90))
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with one entry, in a `responses/` of its own."""
    monkeypatch.setenv("BOT_RESPONSES_DIR", str(tmp_path / "responses"))
    folder = tmp_path / "responses" / "directory"
    (folder / "gb").mkdir(parents=True)
    (folder / "gb" / "national.yml").write_text(LASTING)
    return folder


def run(*words: object) -> Result:
    """What the command does."""
    return CliRunner().invoke(cli, ["directory", *map(str, words)])


def test_a_clean_directory_passes(folder: Path) -> None:
    """Exit code 0, and nothing on the output."""
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "")


def test_each_format_tells_file_line_and_mend(folder: Path) -> None:
    """For people, for annotations beside the code, and for programs."""
    path = folder / "gb" / "national.yml"
    path.write_text(LASTING.replace("kind: helpline", "kind: helpline\n  color: 50%"))
    told = "gb-line: there is no field `color`; docs/directory.md lists the fields"
    outputs = {form: run("check", "--format", form) for form in ("text", "github", "json")}
    assert [result.exit_code for result in outputs.values()] == [1, 1, 1]
    assert outputs["text"].stdout == f"{path}:4: {told}\n"
    assert outputs["github"].stdout == f"::error file={path},line=4::{told}\n"
    (finding,) = json.loads(outputs["json"].stdout)
    assert (finding["file"], finding["line"], finding["key"]) == (str(path), 4, "gb-line")


@pytest.mark.parametrize("suffix", [".json", ".zip"])
def test_what_was_exported_can_be_imported(folder: Path, tmp_path: Path, suffix: str) -> None:
    """Into another directory, where it is the same."""
    before, _ = read_directory(folder)
    file = tmp_path / f"all{suffix}"
    assert run("export", file).exit_code == 0
    (folder / "gb" / "national.yml").unlink()
    result = run("import", file)
    assert result.exit_code == 0, result.output
    after, findings = read_directory(folder)
    assert after.services == before.services
    assert findings == []


def test_an_import_tells_what_is_still_missing(folder: Path, tmp_path: Path) -> None:
    """Others' data says no source; the entry waits in its file until somebody adds it."""
    file = tmp_path / "other.json"
    file.write_text(json.dumps([{"id": "1", "name": "Other", "funding": [1]}]))
    result = run("import", file, "--country", "gb", "--name", "other")
    assert result.exit_code == 1
    assert "`funding` is not modelled" in result.stdout
    assert "`source_url` is missing" in result.stdout
    written = yaml.safe_load((folder / "gb" / "other.yml").read_text("utf-8"))
    assert written == {"gb-other-1": {"name": "Other", "languages": []}}


@pytest.mark.parametrize(
    ("name", "content", "options", "told"),
    [
        ("a.json", "{", (), "not JSON"),
        ("a.xml", "<a/>", (), "unknown kind of file"),
        ("a.zip", "PK", (), "give a ZIP"),
        ("a.json", '[{"name": "A"}]', (), "give it with --country"),
        ("a.json", '[{"name": "A"}]', ("--country", "../x"), "give it with --country"),
        ("a.json", '[{"name": "A"}]', ("--country", "gb", "--name", "national"), "exists"),
    ],
)
def test_what_cannot_be_imported_is_told_and_leaves_nothing(
    folder: Path, tmp_path: Path, name: str, content: str, options: tuple[str, ...], told: str
) -> None:
    """In one line with the mend; no file is written or changed."""
    file = tmp_path / name
    file.write_text(content)
    result = run("import", file, *options)
    assert result.exit_code != 0
    assert told in str(result.exception)
    assert [path.name for path in folder.glob("*/*")] == ["national.yml"]
    assert (folder / "gb" / "national.yml").read_text("utf-8") == LASTING


def test_only_one_country_is_exported_on_demand(folder: Path, tmp_path: Path) -> None:
    """By its code, in either case."""
    for country, count in (("gb", 1), ("GB", 1), ("fr", 0)):
        run("export", tmp_path / "a.json", "--country", country)
        assert len(json.loads((tmp_path / "a.json").read_text("utf-8"))) == count
