"""Values are read as they stand, overlays change and add, examples stay away."""

from datetime import time
from pathlib import Path

import pytest

from bot.directory.reading import Directory, read_directory
from tests.unit.directory.entries import ENTRY, Write


def test_values_are_read_as_they_are_written(write: Write) -> None:
    """YAML would make 14 of 016, 600 of 10:00, and a denial of Norwegian."""
    content = ENTRY.replace("0808 157 0142", "016").replace("[en, pt-BR]", "[no, on]")
    directory, findings = read_directory(write(content))
    service = directory.services["gb-line"]
    assert findings == []
    assert [phone.number for phone in service.phones] == ["016", "60142"]
    assert service.languages == ("no", "on")
    assert service.schedules[0].opens_at == time(10, 0)
    assert service.country == "GB"


def test_every_field_has_its_line(directory: Directory) -> None:
    """However deep it lies; what is absent has the line of what should hold it."""
    lines = ENTRY.splitlines()
    assert lines[directory.line("gb-line") - 1] == "gb-line:"
    number = directory.line("gb-line", "phones", 1, "number")
    assert lines[number - 1].strip() == "- number: 60142"
    assert lines[directory.line("gb-line", "organization", "email") - 1].strip() == "organization:"
    assert "pt-BR" in lines[directory.line("gb-line", "languages", 1) - 1]


def test_examples_are_read_only_on_demand(write: Write) -> None:
    """Nobody must be shown a number that does not exist."""
    folder = write(ENTRY.replace("gb-", "xx-").replace("GB-", "XX-"), "_example/region.yml")
    assert read_directory(folder)[0].services == {}
    examples, findings = read_directory(folder, examples=True)
    assert list(examples.services) == ["xx-line"]
    assert findings == []


def test_an_overlay_changes_adds_and_switches_off(write: Write, tmp_path: Path) -> None:
    """It names only what differs; an empty value takes a field out."""
    folder = write(ENTRY)
    overlay = tmp_path / "overlay"
    (overlay / "gb").mkdir(parents=True)
    own = ENTRY.replace("gb-line", "gb-own")
    change = "gb-line:\n  name: New\n  timezone:\n  schedules:\n  status: inactive\n"
    (overlay / "gb" / "ours.yml").write_text(change + own)
    directory, findings = read_directory(folder, overlay)
    changed = directory.services["gb-line"]
    assert findings == []
    assert (changed.name, changed.status, changed.schedules) == ("New", "inactive", ())
    assert changed.phones
    assert directory.services["gb-own"].name == "A Line"


def test_a_faulty_entry_does_not_hide_the_others(write: Write) -> None:
    """A mistake in one country must not leave all others without help."""
    broken = ENTRY.replace("gb-line", "gb-broken").replace("  name: A Line\n", "")
    directory, findings = read_directory(write(broken + ENTRY))
    assert list(directory.services) == ["gb-line"]
    assert [finding.key for finding in findings] == ["gb-broken"]


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "---\n"])
def test_an_empty_file_is_no_fault(write: Write, content: str) -> None:
    """Somebody is about to begin."""
    directory, findings = read_directory(write(content))
    assert (directory.services, findings) == ({}, [])


@pytest.mark.parametrize("name", ["national.yml", "gb/national.yaml", "gb/a/national.yml"])
def test_a_file_that_would_be_overlooked_is_told(write: Write, name: str) -> None:
    """Somebody believes that it is read."""
    directory, (finding,) = read_directory(write(ENTRY, name))
    assert directory.services == {}
    assert finding.file.endswith(name)
    assert "<country>/<name>.yml" in finding.mend
