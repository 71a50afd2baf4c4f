"""The copy of what was read: never older than the files, and never in the way."""

import json
import os
from pathlib import Path

import pytest

from bot.directory.plain import Faulty, read_plain
from bot.directory.plain_cache import PlainCache
from bot.directory.reading import read_directory
from tests.unit.directory.entries import ENTRY, Write


@pytest.fixture
def file(write: Write) -> Path:
    """One file of the directory."""
    return write(ENTRY) / "gb" / "national.yml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where the copy is kept."""
    return tmp_path / "data" / "directory.json"


def test_what_is_kept_is_what_stands_in_the_file(file: Path, copy: Path) -> None:
    """The second time it comes from the copy, as a mark put into it shows."""
    first = PlainCache(copy)
    assert first.read(file) == read_plain(file)
    first.save()
    kept = json.loads(copy.read_text("utf-8"))
    kept["files"][str(file)][1]["gb-line"]["name"] = "From the copy"
    copy.write_text(json.dumps(kept), "utf-8")
    assert PlainCache(copy).read(file)["gb-line"]["name"] == "From the copy"


def test_a_changed_file_is_read_again(file: Path, copy: Path) -> None:
    """By its time or its size, also when only one of them differs."""
    first = PlainCache(copy)
    first.read(file)
    first.save()
    time = file.stat().st_mtime_ns
    file.write_text(ENTRY.replace("A Line", "Another Line"), "utf-8")
    os.utime(file, ns=(time, time))
    assert PlainCache(copy).read(file)["gb-line"]["name"] == "Another Line"
    second = PlainCache(copy)
    second.read(file)
    second.save()
    file.write_text(ENTRY.replace("A Line", "Anothre Line"), "utf-8")
    os.utime(file, ns=(time + 1, time + 1))
    assert PlainCache(copy).read(file)["gb-line"]["name"] == "Anothre Line"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"format": 0, "files": {}}', '{"format": 1}'])
def test_a_damaged_copy_is_passed_over(file: Path, copy: Path, damage: str) -> None:
    """And written anew."""
    copy.parent.mkdir()
    copy.write_text(damage, "utf-8")
    cache = PlainCache(copy)
    assert "gb-line" in cache.read(file)
    cache.save()
    assert str(file) in json.loads(copy.read_text("utf-8"))["files"]


def test_a_copy_that_cannot_be_written_costs_nothing_but_time(file: Path, tmp_path: Path) -> None:
    """As on a read-only disk."""
    (tmp_path / "in the way").write_text("", "utf-8")
    cache = PlainCache(tmp_path / "in the way" / "directory.json")
    assert "gb-line" in cache.read(file)
    cache.save()


def test_a_fault_is_told_each_time(write: Write, copy: Path) -> None:
    """A file that cannot be read is never kept."""
    folder = write("gb-line: [")
    for _ in range(2):
        found, findings = read_directory(folder, cache=copy)
        assert not found.services
        assert len(findings) == 1
    with pytest.raises(Faulty):
        PlainCache(copy).read(folder / "gb" / "national.yml")


def test_a_file_that_is_gone_leaves_the_copy(file: Path, copy: Path) -> None:
    """It holds what the directory holds, and no more."""
    first = PlainCache(copy)
    first.read(file)
    first.save()
    PlainCache(copy).save()
    assert json.loads(copy.read_text("utf-8"))["files"] == {}
