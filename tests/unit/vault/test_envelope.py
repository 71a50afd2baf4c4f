"""Sealed bytes open for their own key and place only, and their length says little."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.vault.envelope import BUCKETS, KEY_BYTES, bind, open_sealed, padded_length, seal
from bot.vault.errors import SealBroken

keys = st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES)


@given(keys, st.binary(max_size=9000), st.binary(max_size=200))
def test_round_trip(key: bytes, plaintext: bytes, aad: bytes) -> None:
    """What was sealed opens again, byte for byte."""
    assert open_sealed(key, seal(key, plaintext, aad), aad) == plaintext


@given(keys, st.binary(max_size=300), st.binary(max_size=40), st.data())
def test_a_changed_bit_does_not_open(
    key: bytes, plaintext: bytes, aad: bytes, data: st.DataObject
) -> None:
    """Any flipped bit, in version, nonce, ciphertext or tag, breaks the seal."""
    sealed = bytearray(seal(key, plaintext, aad))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        open_sealed(key, bytes(sealed), aad)


@given(keys, keys, st.binary(max_size=50), st.binary(max_size=50), st.binary(max_size=50))
def test_another_key_or_place_does_not_open(
    key: bytes, other_key: bytes, plaintext: bytes, aad: bytes, other_aad: bytes
) -> None:
    """Another key or other associated data breaks the seal."""
    sealed = seal(key, plaintext, aad)
    if other_key != key:
        with pytest.raises(SealBroken):
            open_sealed(other_key, sealed, aad)
    if other_aad != aad:
        with pytest.raises(SealBroken):
            open_sealed(key, sealed, other_aad)


@given(st.binary(max_size=200), st.data())
def test_cut_or_foreign_bytes_do_not_open(plaintext: bytes, data: st.DataObject) -> None:
    """Sealed bytes cut anywhere, and bytes that never were sealed, raise SealBroken alone."""
    key = os.urandom(KEY_BYTES)
    sealed = seal(key, plaintext, b"")
    with pytest.raises(SealBroken):
        open_sealed(key, sealed[: data.draw(st.integers(0, len(sealed) - 1))], b"")
    with pytest.raises(SealBroken):
        open_sealed(key, data.draw(st.binary(max_size=300)), b"")


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_texts_in_one_bucket_have_one_length(one: int, two: int) -> None:
    """Two texts in the same bucket cannot be told apart by their sealed lengths."""
    key = os.urandom(KEY_BYTES)
    lengths = {len(seal(key, b"x" * one, b"")), len(seal(key, b"y" * two, b""))}
    assert (len(lengths) == 1) == (padded_length(one) == padded_length(two))


@pytest.mark.parametrize(
    ("length", "bucket"),
    [(0, 64), (60, 64), (61, 128), (124, 128), (4092, 4096), (4093, 8192), (8189, 12288)],
)
def test_buckets(length: int, bucket: int) -> None:
    """The length prefix counts, and beyond the last bucket come its multiples."""
    assert padded_length(length) == bucket
    assert bucket in BUCKETS or bucket % BUCKETS[-1] == 0


def test_equal_texts_have_different_ciphertexts() -> None:
    """A repeated message does not show as repeated."""
    key = os.urandom(KEY_BYTES)
    assert len({seal(key, b"ok", b"") for _ in range(100)}) == 100


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_binding_is_unambiguous(one: list[str], two: list[str]) -> None:
    """Only equal parts bind to equal bytes: no boundary can be shifted."""
    assert (bind(*one) == bind(*two)) == (one == two)


def test_errors_carry_no_content() -> None:
    """Neither the message nor the chain of a SealBroken holds what was sealed."""
    key, secret = os.urandom(KEY_BYTES), b"canary-in-the-envelope"
    with pytest.raises(SealBroken) as caught:
        open_sealed(key, seal(key, secret, b"here"), b"there")
    assert secret.decode() not in repr(caught.value)
    assert caught.value.__cause__ is None
