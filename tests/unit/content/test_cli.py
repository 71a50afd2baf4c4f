"""`sidelight responses` as its users meet it: what it prints, its exit code, and no traceback."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.content.reviews import review_path
from bot.errors import ConfigurationError
from bot.ids import Locale

from .conftest import Tree

ES = Locale("es")


@pytest.fixture
def ours(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """The small tree as the one that the commands work on."""
    monkeypatch.setenv("BOT_RESPONSES_DIR", str(tree.folder))
    monkeypatch.chdir(tree.folder.parent)
    return tree


def run(*words: object) -> Result:
    """What the command does; anything but an error that is told in one line is raised."""
    result = CliRunner().invoke(cli, ["responses", *map(str, words)])
    if result.exception and not isinstance(result.exception, SystemExit | ConfigurationError):
        raise result.exception
    return result


def told(result: Result) -> str:
    """The one line in which the user is told."""
    assert result.exit_code == 1
    assert isinstance(result.exception, ConfigurationError)
    assert "\n" not in str(result.exception)
    return str(result.exception)


def test_a_reviewer_sees_reads_signs_and_takes_back(ours: Tree) -> None:
    """The way through, command by command."""
    listed = run("sign", "es")
    assert listed.stdout.splitlines() == [
        "privacy.overview: not signed",
        "button/flow:show: not signed",
    ]
    assert "0 of 2 safety-critical texts are signed" in listed.stderr

    shown = run("sign", "es", "--key", "privacy.overview")
    assert "Messages are deleted after {ttl}." in shown.stdout
    assert "Los mensajes se borran después de {ttl}." in shown.stdout
    assert not review_path(ours.folder, ES).exists()

    signed = run("sign", "es", "--reviewer", "Ana Pérez", "--all")
    assert (signed.exit_code, signed.stdout) == (0, "")
    assert "2 signed in" in signed.stderr
    assert "button/flow:show: signed by Ana Pérez on 20" in run("sign", "es").stdout

    ours.translate({"button/flow:show": "Mira"})
    assert "button/flow:show: changed since Ana Pérez signed it" in run("sign", "es").stdout
    assert "2 signatures taken out" in run("sign", "es", "--remove", "--all").stdout
    assert "signed by" not in run("sign", "es").stdout


def test_what_cannot_be_signed_is_told_and_the_rest_is_signed(ours: Tree) -> None:
    """With file, line and mend, and exit code 1."""
    ours.translate({"privacy.overview": ""})
    assert "privacy.overview: cannot be signed: not translated" in run("sign", "es").stdout
    result = run("sign", "es", "--reviewer", "Ana", "--all")
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{ours.spanish}:")
    assert "1 signed in" in result.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("sign", "en"), "en is the source"),
        (("sign", "fr"), "begin it with `sidelight responses new-locale fr`"),
        (("sign", "spanish"), "no language tag"),
        (("sign", "es", "--reviewer", "Ana"), "say which texts"),
        (("sign", "es", "--remove"), "say which texts"),
        (("sign", "es", "--all", "--reviewer", "Ana", "--remove"), "not both"),
        (("sign", "es", "--key", "privacy.plain"), "no safety-critical text"),
        (("sign", "es", "--file", "danger.yml"), "en/danger.yml"),
        (("sign", "es", "--all", "--reviewer", " "), "name"),
        (("new-locale", "es"), "is there already"),
        (("new-locale", "klingon"), "no language tag"),
        (("export", "fr", "x.csv"), "begin it with"),
        (("export", "es", "/proc/none/x.csv"), "cannot be written"),
        (("import", "es", "none.csv"), "cannot be read"),
        (("import", "es", "responses/en/privacy.yml"), "the first row names no column"),
        (("coverage", "klingon"), "no language tag"),
        (("coverage", "fr"), "no translation for fr"),
    ],
)
def test_a_mistake_is_told_in_one_line(ours: Tree, words: tuple[str, ...], says: str) -> None:
    """With the way out, and nothing is written."""
    before = sorted(path for path in ours.folder.rglob("*") if path.is_file())
    assert says in told(run(*words))
    assert sorted(path for path in ours.folder.rglob("*") if path.is_file()) == before


def test_a_translator_goes_out_to_a_spreadsheet_and_comes_back(ours: Tree) -> None:
    """Row numbers are told for what was not taken, and exit code 1."""
    assert "5 rows written to es.csv" in run("export", "es", "es.csv", "--semicolon").stderr
    assert "0 taken, 5 as before, 0 not taken" in run("import", "es", "es.csv").stderr
    path = Path("es.csv")
    table = path.read_text("utf-8-sig")
    assert table.startswith('"key";"critical";"english";"translation";"note";"max"')
    table = table.replace("Hay algo nuevo para ti.", "Otra cosa.").replace("después de {ttl}", "")
    path.write_text(table, "utf-16")
    result = run("import", "es", "es.csv")
    assert result.exit_code == 1
    assert result.stdout.startswith("es.csv:2: privacy.overview: the placeholders differ")
    assert "1 taken, 3 as before, 1 not taken" in result.stderr
    assert "Otra cosa." in ours.spanish.read_text("utf-8")


def test_a_new_language_comes_with_its_next_steps(ours: Tree) -> None:
    """What is written, what is missing elsewhere, and how to go on."""
    result = run("new-locale", "PT_pt")
    assert result.exit_code == 0
    for part in (
        "pt-PT/LC_MESSAGES/responses.po",
        "wording/pt-PT.yml",
        "safety/pt-PT.yml (words of danger",
        "giveaways/pt-PT.yml",
        "sidelight responses preview",
        "sidelight responses sign pt-PT",
        "BOT_LOCALES",
    ):
        assert part in result.stdout
    assert "languages/pt.yml" not in result.stdout
    assert run("coverage").stdout.splitlines()[2].split()[:2] == ["pt-PT", "0/5"]


def test_coverage_says_how_far_each_language_is(ours: Tree) -> None:
    """For people and for programs; a missing critical text is exit code 1."""
    run("sign", "es", "--reviewer", "Ana", "--key", "flow:show")
    ours.translate({"privacy.plain": ""})
    result = run("coverage")
    assert result.exit_code == 0
    assert [line.split() for line in result.stdout.splitlines()[1:]] == [
        ["es", "4/5", "0", "1", "0", "1/2", "unreviewed"]
    ]
    ours.translate({"privacy.overview": ""})
    result = run("coverage", "es", "--format", "json")
    assert result.exit_code == 1
    (row,) = json.loads(result.stdout)
    assert row == {
        "locale": "es",
        "total": 5,
        "translated": 3,
        "fuzzy": 0,
        "missing": 2,
        "critical": 2,
        "critical_missing": 1,
        "signed": 1,
        "review": "unreviewed",
    }


def test_all_languages_with_a_file_are_brought_up_to_date(ours: Tree) -> None:
    """Whether they are served or not: English alone is, by default."""
    ours.edit(ours.texts, "Something is new", "Something else is new")
    assert run("update").stdout.count("updated ") == 2
    assert "#, fuzzy" in ours.spanish.read_text("utf-8")
