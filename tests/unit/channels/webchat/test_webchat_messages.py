"""What a page may send, and what it is answered."""

import io
from collections.abc import Callable
from uuid import uuid4

import pytest

from bot.channels.webchat.bodies import MAX_BODY
from bot.channels.webchat.channel import MAX_TEXT
from bot.channels.webchat.limits import SESSION_BURST
from bot.conversation.intake import InboundKind
from tests.unit.channels.webchat.conftest import Site

CANARY = "canary-words"
ID = b'"id": "00000000-0000-4000-8000-000000000001"'


async def test_a_message_is_stored_before_it_is_confirmed(site: Site) -> None:
    """A text arrives at the intake with the session as address and the page's id as its own."""
    browser, message_id = site.browser(), str(uuid4())
    answer = await browser.post("hola <b>\n😀", message_id=message_id)
    assert answer.status_code == 204
    (update,) = site.chats.updates
    assert (update.channel, update.kind, update.content) == (
        "webchat",
        InboundKind.TEXT,
        "hola <b>\n😀",
    )
    assert update.address == browser.address
    assert update.message_ids == (message_id,)
    assert update.language == "en"


async def test_a_button_has_no_message_to_delete(site: Site) -> None:
    """A button arrives with its id, and leaves no message of the person's behind."""
    await site.browser().post("intent:help_menu", kind="button")
    (update,) = site.chats.updates
    assert (update.kind, update.content) == (InboundKind.BUTTON, "intent:help_menu")
    assert update.message_ids == ()


async def test_a_message_sent_again_is_the_same_update(site: Site) -> None:
    """The same id from the same page is the same update; from another page it is another."""
    one, other, message_id = site.browser(), site.browser(), str(uuid4())
    assert (await one.post("hello", message_id=message_id)).status_code == 204
    assert (await one.post("hello", message_id=message_id)).status_code == 204
    assert (await other.post("hello", message_id=message_id)).status_code == 204
    assert len(site.chats.updates) == 2


async def test_what_could_not_be_stored_is_not_confirmed(site: Site, told: io.StringIO) -> None:
    """When storing fails the page hears 503 and tries again; the log holds no word of it."""
    browser = site.browser()
    site.chats.failures = 1
    site.chats.error = lambda: RuntimeError(CANARY)
    answer = await browser.post(CANARY)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert CANARY not in answer.text
    assert "RuntimeError" in told.getvalue()
    assert CANARY not in told.getvalue()
    assert "set-cookie" not in answer.headers
    assert (await browser.post("again")).status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"[" * 9000,
        b"\xff\xfe",
        b"{}",
        b'{"id": "1", "kind": "text", "content": "canary-words"}',
        b'{"id": 7, "kind": "text", "content": "canary-words"}',
        b"{" + ID + b', "kind": "voice", "content": "canary-words"}',
        b"{" + ID + b', "kind": "text", "content": ["canary-words"]}',
        b"{" + ID + b', "kind": "text", "content": " \\n "}',
        b"{" + ID + b', "kind": "button", "content": ""}',
        b"{" + ID + b', "kind": "button", "content": "a b"}',
    ],
)
async def test_nonsense_is_refused_and_not_repeated(site: Site, body: bytes) -> None:
    """What is no message gets 400, without an echo, and never reaches the intake."""
    browser = site.browser()
    answer = await browser.http.post(
        "/chat/messages", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json() == {"word": "refused", "reason": "webchat.refused [en]"}
    assert site.chats.updates == []
    assert "set-cookie" not in answer.headers


async def test_a_long_button_is_refused(site: Site) -> None:
    """No button has an id of more than 64 bytes."""
    assert (await site.browser().post("a" * 65, kind="button")).status_code == 400


async def test_too_long_a_text_is_explained_in_the_persons_language(site: Site) -> None:
    """4,000 characters go through whatever they are made of, one more is refused with a reason."""
    browser = site.browser(**{"accept-language": "es-MX, en;q=0.5"})
    assert (await browser.post("😀" * MAX_TEXT)).status_code == 204
    answer = await browser.post("a" * (MAX_TEXT + 1))
    assert answer.status_code == 413
    assert answer.json() == {"word": "too_long", "reason": "webchat.too_long [es]"}


async def test_a_huge_body_is_not_read_to_its_end(site: Site) -> None:
    """More than 16 KB is refused while it arrives."""
    read = 0

    async def flood():  # type: ignore[no-untyped-def]
        nonlocal read
        for _ in range(1000):
            read += 1024
            yield b"a" * 1024

    answer = await site.browser().http.post(
        "/chat/messages", content=flood(), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413
    assert MAX_BODY < read < 2 * MAX_BODY


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"]
)
async def test_only_json_is_taken(site: Site, media_type: str) -> None:
    """What a form on another site could send is not even read."""
    answer = await site.browser().http.post(
        "/chat/messages",
        content=b"{" + ID + b', "kind": "text", "content": "x"}',
        headers={"content-type": media_type} if media_type else {},
    )
    assert answer.status_code == 415
    assert site.chats.updates == []


async def test_a_lone_surrogate_becomes_storable(site: Site) -> None:
    """JSON can spell half a character; what is stored can be written down."""
    answer = await site.browser().http.post(
        "/chat/messages",
        content=b"{" + ID + rb', "kind": "text", "content": "a\ud800 b"}',
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 204
    assert site.chats.updates[0].content.encode()
    assert site.chats.updates[0].content.endswith("b")


async def test_a_flood_is_slowed_down_for_its_sender_alone(site: Site) -> None:
    """After a burst a session waits as long as it is told, while another goes on."""
    browser, other = site.browser(), site.browser()
    for _ in range(SESSION_BURST):
        assert (await browser.post("x")).status_code == 204
    # The first one began the session, and was counted for it.
    answer = await browser.post("x")
    assert answer.status_code == 429
    assert answer.json()["word"] == "too_fast"
    assert (await other.post("x")).status_code == 204
    site.seconds += float(answer.headers["retry-after"])
    assert (await browser.post("x")).status_code == 204


async def test_all_sessions_together_are_limited(site: Site) -> None:
    """Making up sessions does not get around the limits."""
    statuses = [(await site.browser().post("x")).status_code for _ in range(420)]
    assert statuses[:400] == [204] * 400
    assert set(statuses[400:]) == {429}


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "", "origin": "https://evil.test"},
        {"sec-fetch-site": "cross-site", "origin": "http://chat.test"},
    ],
)
async def test_other_sites_cannot_speak_for_a_person(site: Site, headers: dict[str, str]) -> None:
    """Requests that another page caused are refused everywhere."""
    browser = site.browser()
    assert (await browser.post("mine")).status_code == 204
    assert (await browser.post("not mine", **headers)).status_code == 403
    assert (await browser.http.post("/chat/exit", headers=headers)).status_code == 403
    assert (await browser.http.get("/chat/events", headers=headers)).status_code == 403
    assert [u.content for u in site.chats.updates] == ["mine"]


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://chat.test.evil.test", "x"])
async def test_browsers_that_only_name_the_origin_are_held_to_it(site: Site, origin: str) -> None:
    """Without Sec-Fetch-Site, a foreign or hidden origin is refused, and the own one is taken."""
    browser = site.browser()
    del browser.http.headers["sec-fetch-site"]
    assert (await browser.post("not mine", origin=origin)).status_code == 403
    assert (await browser.post("mine", origin="http://chat.test")).status_code == 204


async def test_a_beacon_may_hide_its_origin(site: Site) -> None:
    """Under no-referrer a beacon's origin is "null"; the browser vouches for it otherwise."""
    browser = site.browser()
    await browser.post("hello")
    answer = await browser.http.post("/chat/exit", headers={"origin": "null"})
    assert answer.status_code == 204
    assert len(site.chats.updates) == 2


async def test_the_own_origin_is_recognised_behind_a_proxy(
    open_site: Callable[..., Site],
) -> None:
    """The public address counts as the own origin, whatever the proxy calls the host."""
    site = open_site(public_url="https://help.example")
    browser = site.browser()
    del browser.http.headers["sec-fetch-site"]
    answer = await browser.post("hello", origin="https://help.example", host="inside:8080")
    assert answer.status_code == 204
