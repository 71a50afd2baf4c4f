"""An entry without fault, to seed faults into."""

from collections.abc import Callable
from pathlib import Path

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
"""Writes a file of the directory (content, name), and tells the directory's folder."""
