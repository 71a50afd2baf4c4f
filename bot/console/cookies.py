"""The session's cookie."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.settings import Settings
from bot.staff.models import SessionToken

NAME = "sidelight-console"


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """Holds the session token, out of reach of scripts and of other sites.

    Over TLS its name begins with ``__Host-``: browsers then take it from this very host only.
    It has no lifetime of its own: it goes with the browser's session, or with the server's.
    """

    name: str
    secure: bool

    @classmethod
    def of(cls, settings: Settings) -> "SessionCookie":
        """The cookie for these settings."""
        return cls(f"__Host-{NAME}" if settings.secure else NAME, settings.secure)

    def read(self, request: Request) -> str:
        """The token that the browser sent, or an empty text."""
        return request.cookies.get(self.name, "")

    def set(self, response: Response, token: SessionToken) -> None:
        """Have the browser keep `token`."""
        response.set_cookie(
            self.name, token, path="/", secure=self.secure, httponly=True, samesite="strict"
        )

    def clear(self, response: Response) -> None:
        """Have the browser forget it."""
        response.delete_cookie(
            self.name, path="/", secure=self.secure, httponly=True, samesite="strict"
        )
