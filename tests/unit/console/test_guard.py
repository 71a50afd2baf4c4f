"""The guard: no route without a permission, and no change on another site's behalf."""

import pytest
from fastapi import APIRouter, Depends
from starlette.datastructures import Headers

from bot.console.guard import assert_guarded, forgery, open_to_all

OURS = "https://help.example"


def headers(**given: str) -> Headers:
    return Headers({name.replace("_", "-"): value for name, value in given.items()})


def test_a_route_that_names_no_permission_stops_the_start() -> None:
    """Forgetting it is not possible."""
    router = APIRouter()

    @router.get("/forgotten")
    async def forgotten() -> None: ...

    with pytest.raises(AssertionError, match="/forgotten"):
        assert_guarded(router.routes)


def test_a_route_can_be_open_by_decision_only() -> None:
    """Signing in needs no session, and says so."""
    router = APIRouter()

    @router.get("/open", dependencies=[Depends(open_to_all)])
    async def opened() -> None: ...

    assert assert_guarded(router.routes) is None


@pytest.mark.parametrize(
    "given",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://help.example.evil.example"},
        {"origin": "https://help.example:8443"},
        {"origin": "https://evil.example", "sec_fetch_site": "same-origin"},
    ],
)
def test_changes_for_another_site_are_refused(given: dict[str, str]) -> None:
    """By what the browser says about the page that asks."""
    assert forgery("POST", headers(host="help.example", **given), OURS) is not None
    assert forgery("DELETE", headers(host="help.example", **given), OURS) is not None


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"sec_fetch_site": "same-origin", "origin": "https://help.example"},
        {"sec_fetch_site": "none"},
        {"origin": "https://help.example"},
    ],
)
def test_our_own_page_and_programs_may_change_things(given: dict[str, str]) -> None:
    """A program says nothing about a page; it has to have the cookie all the same."""
    assert forgery("POST", headers(host="help.example", **given), OURS) is None


def test_behind_a_proxy_the_public_name_counts() -> None:
    """The host that the proxy asks for need not be the one that the browser sees."""
    given = headers(host="127.0.0.1:8080", origin=OURS)
    assert forgery("POST", given, OURS) is None


def test_looking_is_never_refused() -> None:
    """A link from elsewhere may lead here; without the Strict cookie it shows the sign-in."""
    assert forgery("GET", headers(sec_fetch_site="cross-site"), OURS) is None
