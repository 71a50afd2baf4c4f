"""Backups as files: whole or not at all, and only with the right secret."""

import base64
import json
import os
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.vault.parcel import VERSION, Secret, pack, unpack

PASSPHRASE = Secret.passphrase("six words that nobody else knows")
CHEAP = 2**4
"""Scrypt's cost in tests."""


def test_what_is_packed_is_unpacked() -> None:
    """With a passphrase or with a key, and nothing of it can be read in the file."""
    key = Secret.key(base64.b64encode(os.urandom(32)).decode())
    for secret in (PASSPHRASE, key):
        packed = pack(b"canaryzebrafinch", secret, CHEAP)
        assert b"canary" not in packed
        assert unpack(packed, secret) == b"canaryzebrafinch"


def test_another_passphrase_opens_nothing() -> None:
    """And the message says what to do."""
    packed = pack(b"payload", PASSPHRASE, CHEAP)
    with pytest.raises(ConfigurationError, match="passphrase or key is another"):
        unpack(packed, Secret.passphrase("six words that somebody else knows"))


def test_the_kind_of_secret_is_named() -> None:
    """Who has a key is not asked for a passphrase."""
    with pytest.raises(ConfigurationError, match="opens with a passphrase"):
        unpack(pack(b"x", PASSPHRASE, CHEAP), Secret(os.urandom(32), is_key=True))


def test_a_changed_byte_anywhere_is_noticed() -> None:
    """A damaged file restores nothing at all."""
    packed = pack(b"payload", PASSPHRASE, CHEAP)
    for place in range(len(packed)):
        damaged = packed[:place] + bytes([packed[place] ^ 1]) + packed[place + 1 :]
        with pytest.raises(ConfigurationError):
            unpack(damaged, PASSPHRASE)


@pytest.mark.parametrize("length", [0, 1, 40, 130, 200])
def test_a_file_cut_short_is_noticed(length: int) -> None:
    """At any point."""
    with pytest.raises(ConfigurationError):
        unpack(pack(b"payload", PASSPHRASE, CHEAP)[:length], PASSPHRASE)


def test_a_newer_version_is_refused_with_its_mend() -> None:
    """Rather than misread."""
    line, _, rest = pack(b"payload", PASSPHRASE, CHEAP).partition(b"\n")
    newer = json.dumps({**json.loads(line), "version": VERSION + 1}).encode()
    with pytest.raises(ConfigurationError, match="update Sidelight"):
        unpack(newer + b"\n" + rest, PASSPHRASE)


def test_a_file_that_asks_for_all_memory_is_refused() -> None:
    """The cost comes from the file, and a file may lie."""
    line, _, rest = pack(b"payload", PASSPHRASE, CHEAP).partition(b"\n")
    greedy = json.dumps({**json.loads(line), "cost": 2**40}).encode()
    with pytest.raises(ConfigurationError, match="makes no sense"):
        unpack(greedy + b"\n" + rest, PASSPHRASE)


def test_the_first_version_is_read_for_ever() -> None:
    """A file that this format's first release wrote."""
    first = Path(__file__).with_name("parcel-1.bin").read_bytes()
    assert json.loads(unpack(first, PASSPHRASE)) == {"version": 1, "staff": []}


@pytest.mark.parametrize("text", ["", "short", "eleven char"])
def test_a_short_passphrase_is_refused(text: str) -> None:
    """It would be guessed."""
    with pytest.raises(ConfigurationError, match="too short"):
        Secret.passphrase(text)


def test_a_key_must_be_one() -> None:
    """Anything else is named with the command that makes one."""
    with pytest.raises(ConfigurationError, match="urandom"):
        Secret.key("AAAA")
