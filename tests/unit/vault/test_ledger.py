"""What backups hold is noted, and struck out for good."""

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.vault.ledger import Ledger


def test_what_is_over_is_struck_out_and_never_comes_back(tmp_path: Path) -> None:
    """Only a new backup adds."""
    ledger = Ledger(tmp_path / "ring.json")
    assert ledger.read() is None
    ledger.note([b"one", b"two"])
    ledger.strike_out([b"one", b"three"])
    assert ledger.read() == {b"two"}
    ledger.note([b"four"])
    assert ledger.read() == {b"two", b"four"}


def test_an_empty_ledger_is_no_lost_one(tmp_path: Path) -> None:
    """It says that nothing is wanted; a lost one says nothing."""
    ledger = Ledger(tmp_path / "ring.json")
    ledger.note([b"one"])
    ledger.strike_out([b"one"])
    assert ledger.read() == frozenset()


def test_only_its_owner_reads_it_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    """It lies beside the ring and is kept like it."""
    ledger = Ledger(tmp_path / "ring.json")
    ledger.note([b"one"])
    [path] = tmp_path.glob("ring.json.*")
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("{")
    with pytest.raises(ConfigurationError, match="damaged"):
        ledger.read()
