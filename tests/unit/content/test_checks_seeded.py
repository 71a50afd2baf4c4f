"""Every kind of fault, planted in a clean tree, is found: file, line, key, and nothing else."""

from pathlib import Path

import pytest

from .clean_tree import TAGS
from .faults_in_english import IN_ENGLISH
from .faults_in_structure import IN_STRUCTURE
from .faults_in_translations import IN_TRANSLATIONS
from .seeding import Fault, Seeded

FAULTS = (*IN_STRUCTURE, *IN_ENGLISH, *IN_TRANSLATIONS)


@pytest.fixture
def tree(tmp_path: Path) -> Seeded:
    """A clean one."""
    return Seeded(tmp_path)


def test_the_clean_tree_gives_no_finding(tree: Seeded) -> None:
    """In four languages, with an overlay: so every finding below comes from its fault."""
    assert [str(found) for found in tree.findings(TAGS)] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_found_where_it_is(tree: Seeded, fault: Fault) -> None:
    """And it alone, with a way to mend it."""
    file, line = tree.plant(fault)
    found, *others = tree.findings(fault.tags)
    assert [str(other) for other in others] == []
    assert (found.file, found.line, found.key) == (file, line, fault.key), str(found)
    assert fault.says in found.problem
    assert found.mend


def test_the_faults_have_names_of_their_own() -> None:
    """So that none is counted twice."""
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


WELL: list[tuple[str, str, str, str]] = [
    # what is right about it, tag, in the clean tree, instead of it
    ("a name in capitals", "es", "Hay algo nuevo para ti.", "Hay algo de Women for Women."),
    ("a mark of direction that ends itself", "ar", "هناك شيء جديد لك.", "هناك شيء\u200f جديد لك."),
    ("an isolate that is closed", "ar", "هناك شيء جديد لك.", "هناك \u2067شيء\u2069 جديد لك."),
    ("a non-joiner within a word", "hi", "आपके लिए कुछ नया है।", "आपके लिए कुछ न\u200cया है।"),
    ("a single Latin word", "hi", "आपके लिए कुछ नया है।", "WhatsApp पर कुछ नया है।"),
    ("digits of the script", "hi", "• 2 शब्द लिखें", "• २ शब्द लिखें"),
    ("a hard space", "es", "¿Qué te ayudaría? Puedes:", "¿Qué\u00a0te ayudaría? Puedes:"),
    ("a phrase meant well", "es", "Hay algo nuevo para ti.", "No tienes que mirar."),
]


@pytest.mark.parametrize(("what", "tag", "old", "new"), WELL, ids=lambda value: value)
def test_what_is_right_is_let_through(
    tree: Seeded, what: str, tag: str, old: str, new: str
) -> None:
    """A rule that cries wolf would be switched off."""
    tree.plant(Fault(what, tag, old, new, "", "", at=1))
    assert [str(found) for found in tree.findings(("en", tag))] == []
