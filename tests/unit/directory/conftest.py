"""A directory of one country, and an index of places."""

from pathlib import Path

import pytest

from bot.directory.places import PlaceFinder
from bot.directory.reading import Directory, read_directory
from tests.unit.directory.entries import ENTRY, Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of the directory, and tell the directory's folder."""

    def write(content: str | bytes, name: str = "gb/national.yml") -> Path:
        path = tmp_path / "directory" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "directory"

    return write


@pytest.fixture
def directory(write: Write) -> Directory:
    """The one entry, read."""
    read, findings = read_directory(write(ENTRY))
    assert findings == []
    return read


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With an index, built where an older one was."""
    path = tmp_path_factory.mktemp("places")
    (path / "places-0-0-0.db").write_bytes(b"of another version")
    PlaceFinder(path).prepare()
    return path


@pytest.fixture(scope="session")
def finder(places: Path) -> PlaceFinder:
    """Over the real index."""
    return PlaceFinder(places)
