"""What grows old by itself is told, and fails nothing."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.cli.findings import finish
from bot.content.checks import notices
from bot.finding import Finding

from .clean_tree import TODAY
from .seeding import Seeded


def test_facts_of_this_year_are_fresh(tmp_path: Path) -> None:
    """Those of the clean tree were confirmed in the spring."""
    tree = Seeded(tmp_path)
    assert notices(tree.responses, TODAY, tree.folder / "overlay") == []


def test_facts_that_are_a_year_old_are_told(tmp_path: Path) -> None:
    """With the line of the date, and without any finding."""
    tree = Seeded(tmp_path)
    path = tree.path("en/options/all.yml")
    path.write_text(path.read_text("utf-8").replace("2026-05-01", "2025-11-21"), "utf-8")
    (old,) = notices(tree.responses, TODAY)
    assert (old.file, old.line, old.key) == (str(path), 12, "options.ask_money")
    assert "2025-11-21" in old.problem
    assert tree.findings(("en",)) == []


def test_a_year_to_the_day_is_fresh(tmp_path: Path) -> None:
    """So that a date is good for a whole year."""
    tree = Seeded(tmp_path)
    assert notices(tree.responses, TODAY + timedelta(days=160)) == []


ERROR = Finding("en/x.yml", 3, "x.y", "is 50% wrong", "mend it")
OLD = Finding("en/x.yml", 9, "x.z", "is old", "look again")


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("text", "en/x.yml:3: x.y: is 50% wrong; mend it\nen/x.yml:9: x.z: is old; look again"),
        ("github", "::error file=en/x.yml,line=3::x.y: is 50%25 wrong; mend it\n::notice file="),
    ],
)
def test_findings_and_notices_are_told_apart(
    form: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both are printed; only a finding fails."""
    with pytest.raises(SystemExit) as left:
        finish([ERROR], form, [OLD])
    assert left.value.code == 1
    assert capsys.readouterr().out.startswith(told)


def test_notices_alone_fail_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """The passing of time never breaks a build."""
    with pytest.raises(SystemExit) as left:
        finish([], "json", [OLD])
    assert left.value.code == 0
    out = capsys.readouterr()
    (row,) = json.loads(out.out)
    assert (row["level"], row["line"], row["key"]) == ("notice", 9, "x.z")
    assert out.err == "0 findings, 1 notices\n"


@pytest.mark.parametrize("form", ["text", "github", "json"])
def test_the_command_tells_file_and_mend(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each form, of the tree that the settings name."""
    tree = Seeded(tmp_path)
    path = tree.path("en/privacy.yml")
    words = path.read_text("utf-8").replace("Something is new for you.", "Some  new.")
    path.write_text(words, "utf-8")
    monkeypatch.setenv("BOT_RESPONSES_DIR", str(tree.responses))
    result = CliRunner().invoke(cli, ["responses", "check", "en", "--format", form])
    assert result.exit_code == 1
    (told,) = [line for line in result.stdout.splitlines() if "has a space too many" in line]
    assert str(path) in (result.stdout if form == "json" else told)
