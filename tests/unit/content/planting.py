"""Faults by the place where they are planted."""

from .seeding import Fault

PRIVACY = "en/privacy.yml"
PAGES = "en/options/all.yml"
LABELS = "en/buttons.yml"


def plain(name: str, words: str, says: str, at: int = 18) -> Fault:
    """A fault in a text of one line."""
    old = "text: Something is new for you."
    return Fault(name, PRIVACY, old, words, "privacy.alone", says, at)


def question(name: str, words: str, says: str) -> Fault:
    """A fault in the last paragraph of a text."""
    return Fault(name, PRIVACY, "Nothing here is lost.", words, "privacy.question", says, 21)


def people(name: str, fields: str, says: str, at: str) -> Fault:
    """A fault in the fields of a page."""
    text = "  text: These pages are for some people.\n"
    return Fault(name, PAGES, text, text + fields, "options.people", says, at)


def overview(name: str, old: str, new: str, says: str) -> Fault:
    """A fault in the buttons of a text."""
    return Fault(name, PRIVACY, old, new, "privacy.overview", says, "buttons:")


def label(name: str, old: str, new: str, key: str, says: str) -> Fault:
    """A fault in the list of labels."""
    return Fault(name, LABELS, old, new, key, says, new)


def added(
    name: str, file: str, before: str, entry: str, key: str, says: str, at: str | int
) -> Fault:
    """A fault in an entry that is put before another."""
    return Fault(name, file, before, f"{entry}\n{before}", key, says, at)
