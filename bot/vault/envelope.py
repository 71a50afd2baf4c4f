"""Sealed bytes: AES-256-GCM with a random nonce, padded so that a length says little. Pure.

Layout: version (1 byte) · nonce (12) · ciphertext and tag (16). The plaintext inside is its length
(4 bytes, big endian), itself, and zeros up to the next bucket.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.vault.errors import SealBroken

VERSION = b"\x01"
KEY_BYTES = 32
BUCKETS = (64, 128, 256, 512, 1024, 2048, 4096)
"""Padded lengths in bytes; beyond the last, its multiples. The length prefix counts."""

_NONCE_BYTES = 12
_TAG_BYTES = 16
_PREFIX_BYTES = 4


def seal(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Encrypt `plaintext` under the 32-byte `key`, bound to `aad`.

    The nonce is random: NIST SP 800-38D § 8.3 allows 2**32 seals under one key.
    """
    nonce = os.urandom(_NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, _pad(plaintext), VERSION + aad)


def open_sealed(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The plaintext of `seal`, given the same `key` and `aad`.

    Raises SealBroken when a single bit of any of the three is another.
    """
    head = len(VERSION) + _NONCE_BYTES
    if len(sealed) < head + BUCKETS[0] + _TAG_BYTES:
        raise SealBroken("sealed bytes are cut short")
    if sealed[: len(VERSION)] != VERSION:
        raise SealBroken("sealed bytes have an unknown version")
    try:
        padded = AESGCM(key).decrypt(sealed[len(VERSION) : head], sealed[head:], VERSION + aad)
    except InvalidTag:
        raise SealBroken("sealed bytes do not open with this key and place") from None
    return _unpad(padded)


def bind(*parts: str) -> bytes:
    """One unambiguous byte string of `parts`, to bind sealed bytes to their place.

    Each part has its length before it, so ("ab", "c") and ("a", "bc") differ.
    """
    bound = b""
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        bound += len(encoded).to_bytes(4, "big") + encoded
    return bound


def padded_length(length: int) -> int:
    """The bucket, in bytes, that a plaintext of `length` bytes falls into."""
    needed = _PREFIX_BYTES + length
    for bucket in BUCKETS:
        if needed <= bucket:
            return bucket
    return -(-needed // BUCKETS[-1]) * BUCKETS[-1]


def _pad(plaintext: bytes) -> bytes:
    prefixed = len(plaintext).to_bytes(_PREFIX_BYTES, "big") + plaintext
    return prefixed.ljust(padded_length(len(plaintext)), b"\0")


def _unpad(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:_PREFIX_BYTES], "big")
    if padded_length(length) != len(padded):
        raise SealBroken("sealed bytes hold a length that cannot be")
    return padded[_PREFIX_BYTES : _PREFIX_BYTES + length]
