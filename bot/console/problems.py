"""Errors as the API tells them: `application/problem+json` (RFC 9457), and nothing of the input."""

from http import HTTPStatus
from math import ceil

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import JSONResponse

from bot.conversation.advocacy import AlreadyTaken, NotYours
from bot.errors import BotError, TransientError
from bot.logs import logger
from bot.staff.errors import (
    InvitationInvalid,
    LastFactor,
    NotThisOne,
    SignInRefused,
    TooManyTries,
    UnknownAdvocate,
    WeakPassword,
    WrongCode,
    WrongName,
)
from bot.vault.errors import KeyGone

_log = logger(__name__)

_STATUS: dict[type[BotError], int] = {
    SignInRefused: 401,
    InvitationInvalid: 404,
    UnknownAdvocate: 404,
    WrongCode: 422,
    WrongName: 422,
    LastFactor: 409,
    NotThisOne: 409,
    NotYours: 403,
    AlreadyTaken: 409,
    KeyGone: 404,
}


class Problem(BaseModel):
    """Why a request was not carried out. `code` is for programs, `detail` for people."""

    status: int
    title: str
    detail: str
    code: str


def problem(
    status: int, detail: str, code: str = "", headers: dict[str, str] | None = None
) -> JSONResponse:
    """A problem as a response."""
    title = HTTPStatus(status).phrase
    content = Problem(
        status=status, title=title, detail=detail, code=code or title.lower().replace(" ", "_")
    )
    return JSONResponse(
        content.model_dump(), status, headers, media_type="application/problem+json"
    )


def add_handlers(app: FastAPI) -> None:
    """Have `app` answer errors as problems."""

    @app.exception_handler(StarletteHTTPException)
    async def _http(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, StarletteHTTPException)
        return problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return problem(422, _faults(error))

    @app.exception_handler(BotError)
    async def _known(_request: Request, error: Exception) -> JSONResponse:
        status = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), None)
        if status is None:
            _log.error("the console failed", error=error)
            return problem(500, "this failed on our side")
        return problem(status, str(error), _snake(type(error).__name__))

    @app.exception_handler(WeakPassword)
    async def _weak(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, WeakPassword)
        return problem(422, str(error), f"weak_password_{error.weakness}")

    @app.exception_handler(TooManyTries)
    async def _slow(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, TooManyTries)
        seconds = str(max(1, ceil(error.retry_after.total_seconds())))
        detail = f"too many tries; wait {seconds} s"
        return problem(429, detail, headers={"retry-after": seconds})

    @app.exception_handler(Exception)
    async def _unforeseen(_request: Request, _error: Exception) -> JSONResponse:
        return problem(500, "this failed on our side")

    @app.exception_handler(TransientError)
    async def _transient(_request: Request, error: Exception) -> JSONResponse:
        _log.warning("the console must wait", error=error)
        return problem(503, "not possible right now; try again", headers={"retry-after": "2"})


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).strip("_")


def _faults(error: RequestValidationError) -> str:
    """Where and what, but not what was sent: that may be a person's text, or a password."""
    faults = []
    for fault in error.errors():
        place = ".".join(str(part) for part in fault["loc"] if isinstance(part, str))
        faults.append(f"{place}: {fault['msg']}")
    return "; ".join(faults)
