"""Names: one person, one name, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.staff.errors import WrongName
from bot.staff.names import clean, fold


def test_writings_of_one_name_fold_alike() -> None:
    """Case, spaces and forms of letters don't make another person."""
    assert fold("  ROBIN   Meadow ") == fold("robin meadow") == fold("Ｒobin Meadow")


@pytest.mark.parametrize("name", ["", "   ", "a" * 65, "ro\u202ebin", "ro\x00bin"])
def test_names_that_cannot_be_shown_are_refused(name: str) -> None:
    """Empty, long, or with characters that nobody sees."""
    with pytest.raises(WrongName):
        clean(name)


@given(st.text())
def test_folding_takes_anything(name: str) -> None:
    """Whatever is typed at the door becomes something short without odd spaces."""
    folded = fold(name)
    assert folded == " ".join(folded.split())
