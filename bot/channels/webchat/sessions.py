"""Who is who: a random token in a cookie that the browser forgets when it closes.

At risk: whoever holds the token reads and writes in the conversation. So no script can read it,
no other site can make the browser send it, it is in no address, no log and no storage, and after
the quick exit it opens nothing.
"""

import hashlib
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from bot.ids import Address

TOKEN_BYTES: Final = 32
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""32 random bytes in unpadded base64url."""

DEPARTURES_KNOWN_FOR: Final = 3600.0
DEPARTURES_KNOWN: Final = 100_000


def is_token(value: str) -> bool:
    """Whether `value` has the form of a session's token."""
    return _TOKEN.fullmatch(value) is not None


class Departures:
    """Sessions that were left by the quick exit, known for an hour by the hash of their token.

    A message still on its way when its sender left must not begin a conversation anew. Held in
    memory: after a restart a token works again, but the browser has forgotten it by then.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._left: OrderedDict[str, float] = OrderedDict()
        self._tell: Callable[[str], None] | None = None

    def spread(self, tell: Callable[[str], None]) -> None:
        """Have `tell` pass each hash on to the other processes, which call `heard`."""
        self._tell = tell

    def add(self, address: Address) -> None:
        """Whoever was at `address` left."""
        digest = _digest(address)
        self.heard(digest)
        if self._tell is not None:
            self._tell(digest)

    def heard(self, digest: str) -> None:
        """Whoever was at the address of that hash left."""
        now = self._now()
        self._left[digest] = now
        while self._left:
            oldest, at = next(iter(self._left.items()))
            if len(self._left) <= DEPARTURES_KNOWN and now - at <= DEPARTURES_KNOWN_FOR:
                return
            del self._left[oldest]

    def __contains__(self, address: Address) -> bool:
        return _digest(address) in self._left


class Sessions:
    """Reads and writes the cookie. `secure` is whether people reach the page over TLS."""

    def __init__(self, departures: Departures, *, secure: bool) -> None:
        self._departures = departures
        self._secure = secure
        # __Host-: only this host can set it, only over TLS (RFC 6265bis, section 4.1.3.2).
        self.cookie = "__Host-chat" if secure else "chat"

    def of(self, request: Request) -> Address | None:
        """The session that the request belongs to; None without a cookie of ours, or after exit."""
        token = request.cookies.get(self.cookie, "")
        if not is_token(token) or Address(token) in self._departures:
            return None
        return Address(token)

    def has_left(self, request: Request) -> bool:
        """Whether the request comes from a session that was left by the quick exit."""
        return Address(request.cookies.get(self.cookie, "")) in self._departures

    def begin(self) -> Address:
        """A new session, of 256 random bits."""
        return Address(secrets.token_urlsafe(TOKEN_BYTES))

    def keep(self, response: Response, address: Address) -> None:
        """Let the browser keep the session until it closes."""
        self._set(response, address, None)

    def forget(self, response: Response) -> None:
        """Let the browser drop the session."""
        self._set(response, "", 0)

    def _set(self, response: Response, value: str, max_age: int | None) -> None:
        response.set_cookie(
            self.cookie,
            value,
            max_age=max_age,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="strict",
        )


def _digest(address: Address) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
