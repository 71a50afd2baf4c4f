"""A backup as a file: encrypted under a passphrase or a key, and told apart from anything else.

Layout: a line of JSON (format, version, how the key is made) and the sealed payload, bound to that
line. A changed byte anywhere makes it unreadable as a whole. Pure.
"""

import base64
import binascii
import json
import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bot.errors import ConfigurationError
from bot.vault.envelope import KEY_BYTES, bind, open_sealed, seal
from bot.vault.errors import SealBroken

FORMAT = "sidelight-backup"
VERSION = 1
LEAST_PASSPHRASE = 12

_COST = 2**17
"""Scrypt's N with r = 8, p = 1: 128 MiB and a third of a second for each guess."""

_HIGHEST_COST = 2**20
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Secret:
    """What a backup is locked with: a passphrase, or 32 bytes of a key of its own."""

    value: bytes = field(repr=False)
    is_key: bool = False

    @classmethod
    def passphrase(cls, text: str) -> "Secret":
        """A passphrase. Raises ConfigurationError when it is too short to be one."""
        if len(text) < LEAST_PASSPHRASE:
            raise ConfigurationError(
                f"the passphrase is too short: take at least {LEAST_PASSPHRASE} characters,"
                " such as six random words"
            )
        return cls(text.encode())

    @classmethod
    def key(cls, text: str) -> "Secret":
        """A key in base64, as `head -c 32 /dev/urandom | base64` makes it."""
        try:
            value = base64.b64decode(text.strip(), validate=True)
        except (binascii.Error, ValueError):
            value = b""
        if len(value) != KEY_BYTES:
            raise ConfigurationError(
                "the key is not 32 bytes in base64: make one with"
                " `head -c 32 /dev/urandom | base64`"
            )
        return cls(value, is_key=True)


def pack(payload: bytes, secret: Secret, cost: int = _COST) -> bytes:
    """The file with `payload`."""
    header = json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "kdf": "hkdf" if secret.is_key else "scrypt",
            "cost": 0 if secret.is_key else cost,
            "salt": base64.b64encode(os.urandom(_SALT_BYTES)).decode(),
        }
    ).encode()
    return header + b"\n" + seal(_key(json.loads(header), secret), payload, bind(header.decode()))


def unpack(content: bytes, secret: Secret) -> bytes:
    """The payload of a file. Raises ConfigurationError, with the mend, when it can't be had."""
    line, _, sealed = content.partition(b"\n")
    header = _header(line)
    if (header["kdf"] == "hkdf") != secret.is_key:
        needed = "a key (--key-file)" if header["kdf"] == "hkdf" else "a passphrase"
        raise ConfigurationError(f"this backup opens with {needed}")
    try:
        return open_sealed(_key(header, secret), sealed, bind(line.decode()))
    except SealBroken:
        pass
    raise ConfigurationError(
        "the backup does not open: the passphrase or key is another, or the file is damaged"
    )


def _header(line: bytes) -> dict[str, object]:
    header: object = None
    try:
        header = json.loads(line)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ConfigurationError("this file is no backup of Sidelight, or it is damaged")
    version = header.get("version")
    if type(version) is not int or version < 1:
        raise ConfigurationError("the backup is damaged: it has no version")
    if version > VERSION:
        raise ConfigurationError(
            f"the backup has version {version}, and this release reads up to {VERSION}:"
            " update Sidelight first"
        )
    cost = header.get("cost")
    sound = (
        header.get("kdf") in {"scrypt", "hkdf"}
        and isinstance(header.get("salt"), str)
        and type(cost) is int
        and (header["kdf"] == "hkdf" or (2 <= cost <= _HIGHEST_COST and not cost & (cost - 1)))
    )
    if not sound:
        raise ConfigurationError("the backup is damaged: its first line makes no sense")
    return header


def _key(header: dict[str, object], secret: Secret) -> bytes:
    try:
        salt = base64.b64decode(str(header["salt"]), validate=True)
    except (binascii.Error, ValueError):
        salt = b""
    if len(salt) != _SALT_BYTES:
        raise ConfigurationError("the backup is damaged: its first line makes no sense")
    if secret.is_key:
        return HKDF(SHA256(), KEY_BYTES, salt=salt, info=b"sidelight/1/backup").derive(secret.value)
    cost = int(str(header["cost"]))
    return Scrypt(salt=salt, length=KEY_BYTES, n=cost, r=8, p=1).derive(secret.value)
