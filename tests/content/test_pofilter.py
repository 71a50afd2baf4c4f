"""Translate Toolkit's pofilter finds nothing in the translations: a second pair of eyes on them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).parents[2] / "responses" / "locales").rglob("responses.po"))

LEFT_OUT = {
    "acronyms": "LGBTQ and HIV have other letters in other languages",
    "brackets": "a translation may explain a word in brackets; that they close, `check` tells",
    "doublequoting": "a translation may quote a name; that quotes close, `check` tells",
    "doublewords": "French says “vous vous” and “faire faire”",
    "endpunc": "wants an English colon or full stop where a script has its own",
    "isfuzzy": "`sidelight responses check` tells it, with the line",
    "long": "`max` says what is too long",
    "puncspacing": "takes brackets and French spaces for faults",
    "sentencecount": "two short sentences may be better than one",
    "short": "some languages say it shorter",
    "simplecaps": "English writes more capitals than others",
    "simpleplurals": "is for programs' menus",
    "startcaps": "a sentence may begin with a sign or a script without capitals",
    "startpunc": "Spanish begins a question with a sign",
    "unchanged": "“No” and “Bot” are the same in many languages",
    "untranslated": "`sidelight responses check` tells it, with the line",
}
"""Tests of pofilter that take good translations for faulty ones, and why."""

COMPLAINT = re.compile(r"\(pofilter\) (.+)")
CONTEXT = re.compile(r'msgctxt "(.+)"')


def complaints(file: Path, out: Path) -> list[str]:
    """Message and complaint, for each that pofilter has."""
    command = [str(Path(sys.executable).parent / "pofilter"), "--progress=none", "--nofuzzy"]
    options = [f"--excludefilter={name}" for name in LEFT_OUT]
    language = f"--language={file.parents[1].name.replace('-', '_')}"
    done = subprocess.run(
        [*command, language, *options, str(file), str(out)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    blocks = out.read_text("utf-8").split("\n\n") if out.exists() else []
    return [
        f"{where[1] if (where := CONTEXT.search(block)) else ''}: {complaint}"
        for block in blocks
        for complaint in COMPLAINT.findall(block)
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parents[1].name)
def test_pofilter_has_no_complaint(file: Path, tmp_path: Path) -> None:
    """Of spaces, brackets, quotes, numbers, escapes, addresses and what else it knows."""
    assert complaints(file, tmp_path / "out.po") == []


def test_pofilter_would_complain(tmp_path: Path) -> None:
    """So that silence means something."""
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    damaged = folder / "responses.po"
    damaged.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgctxt "x.tab"\nmsgid "One two"\nmsgstr "Uno\\tdos"\n\n'
        'msgctxt "x.number"\nmsgid "One 2"\nmsgstr "Uno 3"\n',
        "utf-8",
    )
    found = complaints(damaged, tmp_path / "out.po")
    assert [complaint.split(":")[:2] for complaint in found] == [
        ["x.tab", " tabs"],
        ["x.number", " numbers"],
    ]


def test_what_is_left_out_exists(tmp_path: Path) -> None:
    """A test that was renamed is not left out for ever."""
    tool = Path(sys.executable).parent / "pofilter"
    listed = subprocess.run([tool, "--listfilters"], capture_output=True, check=True).stdout
    names = {line.split("\t")[0] for line in listed.decode().splitlines()}
    assert set(LEFT_OUT) <= names
