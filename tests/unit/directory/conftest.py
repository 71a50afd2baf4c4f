"""A directory of one country, and entries to seed faults into."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.directory.reading import Directory, read_directory

ENTRY = """\
gb-line:
  name: A Line
  kind: helpline
  organization:
    name: An Organisation
    website: https://organisation.example
  description:
    en: People who listen.
  needs: [disclose_abuse, ask_shelter]
  phones:
    - number: 0808 157 0142
      type: voice
    - number: 60142
      type: text
      message: HELLO
  languages: [en, pt-BR]
  serves: [women, men]
  timezone: Europe/London
  schedules:
    - {byday: [MO, TU], opens_at: 10:00, closes_at: 17:00}
  service_areas:
    - {name: Scotland, region: GB-SCT}
  source_url: https://organisation.example/line
  source_kind: own_site
  assurance: page
  assured_date: 2026-11-02
  expires_on: 2027-05-02
"""

Write = Callable[..., Path]


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
