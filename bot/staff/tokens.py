"""Tokens of sessions and invitations, and recovery codes, as they are stored."""

import hashlib


def hashed(token: str) -> bytes:
    """Tokens are random and long: a plain hash can't be turned back."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
