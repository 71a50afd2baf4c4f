"""Names by which the console knows people."""

from itertools import islice

from bot.handoff.pseudonyms import TRIES, pseudonyms


def test_names_are_free_of_numbers_first_and_never_run_out() -> None:
    """Two words where few people are there; with a number where all of those are taken."""
    names = list(islice(pseudonyms(), 2000))
    assert all(len(name.split()) == 2 for name in names[:TRIES])
    assert all(name.split()[2].isdigit() for name in names[TRIES:])
    assert len(set(names)) > 1500
