"""A small tree of texts in four languages, to be shown."""

from pathlib import Path

import pytest

from bot.preview.reading import Place
from tests.unit.content.seeding import Seeded


@pytest.fixture
def tree(tmp_path: Path) -> Seeded:
    """The tree, with an overlay beside it."""
    return Seeded(tmp_path)


@pytest.fixture
def place(tree: Seeded) -> Place:
    """Where it stands."""
    return Place(tree.responses, tree.folder / "overlay")
