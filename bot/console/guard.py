"""Who may come in: a session, a permission, and a page of our own behind every change."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from fastapi.openapi.models import APIKey, APIKeyIn
from fastapi.routing import APIRoute
from fastapi.security.base import SecurityBase
from starlette.datastructures import Headers
from starlette.routing import BaseRoute

from bot.console.cookies import SessionCookie
from bot.staff.models import Advocate
from bot.staff.service import StaffService

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and by which session."""

    advocate: Advocate
    token: str
    locked: bool = False


class Needs(SecurityBase):
    """A dependency that lets only those through who have `permission`; its value is the Caller.

    Answers 401 without a session, 403 without the permission, and 423 while the session is locked,
    unless `also_locked`.
    """

    def __init__(
        self,
        staff: StaffService,
        cookie: SessionCookie,
        permission: str,
        *,
        also_locked: bool = False,
    ) -> None:
        self._staff = staff
        self._cookie = cookie
        self._also_locked = also_locked
        self.permission = permission
        self.model = APIKey.model_validate({"in": APIKeyIn.cookie, "name": cookie.name})
        self.scheme_name = "session"

    async def __call__(self, request: Request) -> Caller:
        token = self._cookie.read(request)
        found = await self._staff.recognise(token) if token else None
        if found is None:
            raise HTTPException(401, "sign in first")
        if self.permission not in found.advocate.permissions:
            raise HTTPException(403, "your role may not do this")
        if found.locked and not self._also_locked:
            raise HTTPException(423, "unlock this session first")
        return Caller(found.advocate, token, found.locked)


async def open_to_all() -> None:
    """A dependency that marks a route which needs no session, such as signing in."""


def permissions_of(route: APIRoute) -> list[str]:
    """The permissions that `route` asks for; empty when it is open to all.

    Raises AssertionError for a route that says neither: nothing is open by oversight.
    """
    calls = [dependant.call for dependant in route.dependant.dependencies]
    found = [call.permission for call in calls if isinstance(call, Needs)]
    if not found and open_to_all not in calls:
        raise AssertionError(f"{route.path} names no permission: add Needs(...) or open_to_all")
    return found


def assert_guarded(routes: Iterable[BaseRoute]) -> None:
    """Raises AssertionError unless every API route names its permission, or that it needs none."""
    for route in routes:
        if isinstance(route, APIRoute):
            permissions_of(route)


def forgery(method: str, headers: Headers, public_url: str) -> str | None:
    """Why a request looks like another site's doing, or None when it doesn't.

    The session's cookie is SameSite=Strict; this holds also where a browser is too old for that,
    and against other ports of this host, which are the same site.
    """
    if method in SAFE_METHODS:
        return None
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return "this request comes from another site"
    origin = headers.get("origin")
    if origin is not None:
        site, asking = urlsplit(public_url), urlsplit(origin)
        ours = {headers.get("host", ""), site.netloc}
        downgraded = (site.scheme, asking.scheme) == ("https", "http")
        if asking.netloc not in ours - {""} or downgraded:
            return "this request comes from another site"
    return None
