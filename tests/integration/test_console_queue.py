"""The queue over HTTP: desks, offers, passing on, support, taking up again, keeping out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bot.conversation.advocacy import NotYours
from bot.handoff.models import HandoffState
from bot.ids import AdvocateId, HandoffId
from bot.staff.permissions import Role
from tests.integration.console_parts import Console, House, an_advocate, open_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


@pytest.fixture
async def any_house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    """On either database: what is said in SQL of its own."""
    async with open_house(tmp_path, database_url=database_url) as house:
        yield house


async def identity(console: Console) -> str:
    """The advocate's id."""
    return str((await console.http.get("/api/v1/me")).json()["id"])


async def claimed(house: House, console: Console) -> tuple[HandoffId, str]:
    """A handoff that the advocate holds, and its path."""
    _, handoff = await house.someone_waits()
    path = f"/api/v1/handoffs/{handoff}"
    assert (await console.http.post(f"{path}/claim")).status_code == 200
    await house.dispatcher.settled()
    return handoff, path


async def offered(console: Console) -> str | None:
    """Whom the advocate is asked about."""
    found = (await console.http.post("/api/v1/desk/offer")).json()["handoff"]
    return None if found is None else str(found["id"])


async def taken(console: Console) -> str | None:
    """Whom the advocate takes on by asking for the next."""
    found = (await console.http.post("/api/v1/desk/next")).json()["handoff"]
    return None if found is None else str(found["id"])


async def seen(console: Console, handoff: HandoffId) -> dict[str, object]:
    """A handoff that somebody has, as the advocate sees it."""
    found = (await console.http.get("/api/v1/handoffs?state=claimed")).json()
    return next(one for one in found if one["id"] == str(handoff))


async def test_a_desk_is_set_up_and_kept(house: House) -> None:
    """Duty, capacity and skills, each alone; 0 people at once is the usual number again."""
    robin = await an_advocate(house)
    desk = (await robin.http.get("/api/v1/desk")).json()
    assert (desk["duty"], desk["capacity"], desk["usual"], desk["room"]) == ("on", None, 3, 3)
    assert {"id": "children", "label": "Children"} in desk["choices"]
    await claimed(house, robin)
    for change, expected in (
        ({"capacity": 2}, ("on", 2, 1, [])),
        ({"skills": ["men", "children"]}, ("on", 2, 1, ["children", "men"])),
        ({"duty": "break"}, ("break", 2, 0, ["children", "men"])),
        ({"duty": "on", "capacity": 0}, ("on", None, 2, ["children", "men"])),
        ({"skills": []}, ("on", None, 2, [])),
    ):
        desk = (await robin.http.patch("/api/v1/desk", json=change)).json()
        assert (desk["duty"], desk["capacity"], desk["room"], desk["skills"]) == expected
    for wrong in ({"capacity": 51}, {"capacity": -1}, {"skills": ["magic"]}, {"duty": "off"}):
        assert (await robin.http.patch("/api/v1/desk", json=wrong)).status_code == 422


async def test_one_advocate_is_asked_at_a_time(any_house: House) -> None:
    """Each of two about another person; who declines is not asked again, and can claim still."""
    house = any_house
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    _, first = await house.someone_waits()
    assert await offered(robin) == str(first)
    assert await offered(robin) == str(first)
    assert await offered(sam) is None
    _, second = await house.someone_waits()
    assert await offered(sam) == str(second)
    path = f"/api/v1/handoffs/{first}"
    assert (await robin.http.post(f"{path}/decline")).status_code == 204
    assert await offered(robin) is None
    assert (await sam.http.post(f"/api/v1/handoffs/{second}/decline")).status_code == 204
    assert await offered(sam) == str(first)
    assert await taken(robin) == str(second)
    assert (await robin.http.post(f"{path}/claim")).status_code == 200
    unknown = await robin.http.post(f"/api/v1/handoffs/{uuid4()}/decline")
    assert unknown.status_code == 404


async def test_who_does_not_answer_is_passed_over(any_house: House) -> None:
    """The next is asked after `offer_ttl`, and the first again when nobody took them on."""
    house = any_house
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    _, handoff = await house.someone_waits()
    answer = (await robin.http.post("/api/v1/desk/offer")).json()
    assert answer["handoff"]["id"] == str(handoff)
    house.clock.move(house.settings.offer_ttl)
    assert await offered(robin) is None
    assert await offered(sam) == str(handoff)
    house.clock.move(house.settings.offer_ttl + house.settings.match_fallback_after)
    assert await offered(robin) == str(handoff)


async def test_asking_for_the_next_gives_each_another_person(any_house: House) -> None:
    """Five advocates, three people, at once: three winners, and no waiting for an answer."""
    house = any_house
    consoles = [await an_advocate(house, f"Advocate {n}") for n in range(5)]
    people = [str((await house.someone_waits())[1]) for _ in range(3)]
    assert await offered(consoles[0]) == people[0]
    got = await asyncio.gather(*(taken(console) for console in consoles))
    assert sorted(one for one in got if one) == sorted(people)
    assert got.count(None) == 2


async def test_nobody_is_offered_on_a_break_or_above_the_capacity(house: House) -> None:
    """Nor taken on by asking for the next."""
    robin = await an_advocate(house)
    await claimed(house, robin)
    await house.someone_waits()
    for change in ({"capacity": 1}, {"capacity": 0, "duty": "break"}, {"duty": "finishing"}):
        await robin.http.patch("/api/v1/desk", json=change)
        assert await offered(robin) is None
        assert await taken(robin) is None
    await robin.http.patch("/api/v1/desk", json={"duty": "on"})
    assert await taken(robin) is not None


async def test_a_person_who_left_leaves_no_offer_behind(house: House) -> None:
    """Neither to answer nor in the database once the conversation is gone."""
    robin = await an_advocate(house)
    phone, handoff = await house.someone_waits()
    assert await offered(robin) == str(handoff)
    await house.presses(phone, "handoff:leave")
    assert await offered(robin) is None
    conversation = (await house.advocacy.handoff(handoff)).conversation_id
    me = (await house.staff.colleagues())[0].advocate.id
    async with house.database.writing() as unit:
        assert handoff in await unit.offers.passed_over(me, house.clock.now())
        await unit.handoffs.delete_of(conversation)
        assert handoff not in await unit.offers.passed_over(me, house.clock.now())


async def test_a_warm_hand_over_is_asked_taken_back_and_taken(house: House) -> None:
    """The one who asks stays in; the colleague sees that they are asked, others do not."""
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    kim = await an_advocate(house, "Kim")
    handoff, path = await claimed(house, robin)
    body = {"to": await identity(sam), "note": "prefers short messages", "warm": True}
    assert (await robin.http.post(f"{path}/transfer", json=body)).status_code == 204
    assert ((await seen(sam, handoff))["asked"], (await seen(kim, handoff))["asked"]) == (
        True,
        False,
    )
    mine = await seen(robin, handoff)
    assert (mine["mine"], mine["passing"]) == (True, True)
    assert mine["passing_to"] == {"id": body["to"], "name": "Sam"}
    assert (await kim.http.post(f"{path}/take-over")).status_code == 409
    assert (await robin.http.delete(f"{path}/transfer")).status_code == 204
    assert (await sam.http.post(f"{path}/take-over")).status_code == 409
    await robin.http.post(f"{path}/transfer", json=body)
    took = await sam.http.post(f"{path}/take-over")
    assert (took.status_code, took.json()["mine"]) == (200, True)
    lines = (await sam.http.get(f"{path}/messages")).json()
    assert [(m["author"], m["text"]) for m in lines] == [("note", "prefers short messages")] * 2
    assert (await robin.http.get(f"{path}/messages")).status_code == 403


async def test_a_hand_over_to_a_skill_finds_who_has_it(house: House) -> None:
    """Warm: anybody with it may take over. At once: back to the queue, offered to them first."""
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    await sam.http.patch("/api/v1/desk", json={"skills": ["legal"]})
    handoff, path = await claimed(house, robin)
    warm = {"skill": "legal", "warm": True}
    assert (await robin.http.post(f"{path}/transfer", json=warm)).status_code == 204
    view = await seen(sam, handoff)
    assert (view["asked"], view["skill_label"]) == (True, "Law")
    assert (await robin.http.post(f"{path}/transfer", json={"skill": "legal"})).status_code == 204
    assert await offered(robin) is None
    assert await offered(sam) == str(handoff)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"to": None, "skill": None},
        {"to": str(uuid4()), "skill": "men"},
        {"skill": "magic"},
        {"skill": "men", "note": "x" * 1001},
        {"skill": "men", "note": "a\x1bb"},
        {"to": str(uuid4())},
    ],
)
async def test_a_hand_over_to_nobody_is_refused(house: House, body: dict[str, object]) -> None:
    """And the person stays where they are."""
    robin = await an_advocate(house)
    handoff, path = await claimed(house, robin)
    assert (await robin.http.post(f"{path}/transfer", json=body)).status_code == 422
    assert (await seen(robin, handoff))["mine"] is True
    to_myself = {"to": await identity(robin)}
    assert (await robin.http.post(f"{path}/transfer", json=to_myself)).status_code == 422


async def test_a_second_advocate_reads_and_writes_until_either_ends_it(house: House) -> None:
    """They cannot end, pass on or block; the phrases are at hand for them, too."""
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    handoff, path = await claimed(house, robin)
    body = {"advocate": await identity(sam)}
    assert (await sam.http.put(f"{path}/support", json=body)).status_code == 403
    myself = {"advocate": await identity(robin)}
    assert (await robin.http.put(f"{path}/support", json=myself)).status_code == 422
    for _ in range(2):
        assert (await robin.http.put(f"{path}/support", json=body)).status_code == 204
    assert (await seen(sam, handoff))["supporting"] is True
    assert (await seen(robin, handoff))["support"] == {"id": body["advocate"], "name": "Sam"}
    sent = await sam.http.post(f"{path}/messages", json={"text": "Good evening."})
    assert sent.status_code == 201
    assert (await sam.http.get(f"{path}/hand")).status_code == 200
    for way in ("close", "release", "block", "reopen"):
        assert (await sam.http.post(f"{path}/{way}")).status_code == 403
    assert (await sam.http.delete(f"{path}/support")).status_code == 204
    assert (await sam.http.get(f"{path}/messages")).status_code == 403
    await robin.http.put(f"{path}/support", json=body)
    assert (await robin.http.delete(f"{path}/support")).status_code == 204
    assert (await sam.http.get(f"{path}/messages")).status_code == 403
    assert (await sam.http.delete(f"{path}/support")).status_code == 403


async def test_of_two_advocates_each_is_told_who_wrote_what(any_house: House) -> None:
    """A colleague's lines and notes by name; the person gets the words alone."""
    house = any_house
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    person, handoff = await house.someone_waits()
    path = f"/api/v1/handoffs/{handoff}"
    await robin.http.post(f"{path}/claim")
    await robin.http.put(f"{path}/support", json={"advocate": await identity(sam)})
    await house.writes(person, "hello")
    await sam.http.post(f"{path}/messages", json={"text": "From Sam."})
    await robin.http.post(f"{path}/messages", json={"text": "From Robin."})
    await house.dispatcher.settled()

    async def authors(console: Console) -> dict[str, str | None]:
        found = (await console.http.get(f"{path}/messages")).json()
        return {m["text"]: m["by"] and m["by"]["name"] for m in found}

    assert await authors(robin) == {"hello": None, "From Sam.": "Sam", "From Robin.": None}
    assert await authors(sam) == {"hello": None, "From Sam.": None, "From Robin.": "Robin"}
    assert [m.text for m in person.screen()][-2:] == ["From Sam.", "From Robin."]
    passed = {"to": await identity(sam), "note": "They like tea."}
    assert (await robin.http.post(f"{path}/transfer", json=passed)).status_code == 204
    assert (await authors(sam))["They like tea."] == "Robin"
    await house.dispatcher.settled()
    shown = "".join(m.text for m in person.screen())
    assert "tea" not in shown
    assert "Robin." in shown
    assert not {"Sam\n", "Robin\n", "Sam:", "Robin:"} & set(shown.split())


async def test_what_one_ended_can_be_taken_up_again(any_house: House) -> None:
    """By whoever ended it, until the messages' deadline; the list says what can."""
    house = any_house
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    handoff, path = await claimed(house, robin)
    assert (await robin.http.post(f"{path}/close", json={"reason": "no_reply"})).status_code == 204
    await house.dispatcher.settled()
    assert [e["id"] for e in (await robin.http.get("/api/v1/desk/ended")).json()] == [str(handoff)]
    assert (await sam.http.get("/api/v1/desk/ended")).json() == []
    assert (await sam.http.post(f"{path}/reopen")).status_code == 403
    again = await robin.http.post(f"{path}/reopen")
    assert (again.status_code, again.json()["mine"]) == (200, True)
    assert (await robin.http.get("/api/v1/desk/ended")).json() == []
    await robin.http.post(f"{path}/close")
    assert len((await robin.http.get("/api/v1/desk/ended")).json()) == 1
    me = AdvocateId(UUID(await identity(robin)))
    house.clock.move(house.settings.message_ttl + timedelta(minutes=1))
    assert await house.advocacy.handover.reopenable(me) == ()
    with pytest.raises(NotYours):
        await house.advocacy.handover.reopen(handoff, me)


async def test_an_end_is_counted_by_its_reason(house: House) -> None:
    """Without one it counts as finished; one that is none is refused."""
    robin = await an_advocate(house)
    for body in (None, {"reason": "referred"}, {}):
        _, path = await claimed(house, robin)
        answer = await robin.http.post(f"{path}/close", json=body)
        assert answer.status_code == 204
    _, path = await claimed(house, robin)
    assert (await robin.http.post(f"{path}/close", json={"reason": "left"})).status_code == 422
    figures = await house.advocacy.queue.figures()
    assert (figures["closed.finished"], figures["closed.referred"]) == (2, 1)


async def test_somebody_blocked_is_in_the_log_and_not_in_the_queue(house: House) -> None:
    """The conversation ends, they cannot ask for an advocate, and it is known who did it."""
    robin = await an_advocate(house)
    admin = await an_advocate(house, "Alex", Role.ADMIN)
    phone, handoff = await house.someone_waits()
    path = f"/api/v1/handoffs/{handoff}"
    await robin.http.post(f"{path}/claim")
    assert (await admin.http.post(f"{path}/block")).status_code == 403
    assert (await robin.http.post(f"{path}/block")).status_code == 204
    await house.dispatcher.settled()
    await house.presses(phone, "intent:talk_to_human")
    await house.presses(phone, "handoff:share")
    assert await house.advocacy.handoffs(HandoffState.WAITING) == ()
    assert (await robin.http.post(f"{path}/reopen")).status_code == 403
    lines = (await admin.http.get("/api/v1/audit")).json()["lines"]
    assert ("Robin", "blocked", str(handoff)) in [
        (line["advocate"], line["act"], line["subject"]) for line in lines
    ]


async def test_colleagues_are_shown_with_what_they_can_take_on(house: House) -> None:
    """Duty, skills and room; the same on the board."""
    robin, boss = await an_advocate(house), await an_advocate(house, "Lee", Role.SUPERVISOR)
    await claimed(house, robin)
    await robin.http.patch("/api/v1/desk", json={"skills": ["men"], "capacity": 4})
    for found in (
        (await boss.http.get("/api/v1/advocates")).json(),
        (await boss.http.get("/api/v1/board")).json()["staff"],
    ):
        first = next(one for one in found if one["name"] == "Robin")
        assert (first["duty"], first["skills"], first["room"]) == ("on", ["men"], 3)


async def test_while_something_is_held_the_advocate_knows_what_the_phone_shows(
    house: House,
) -> None:
    """Neutral words, in the person's language."""
    robin = await an_advocate(house)
    _, path = await claimed(house, robin)
    assert (await robin.http.get(f"{path}/hand")).json()["cover"] == "There is an update for you."


async def test_the_front_shows_the_first_and_all_that_concerns_one(
    any_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the numbers in all; whoever is asked for is in it at their place, until it is closed."""
    monkeypatch.setattr("bot.console.lookout.MOST", 2)
    house = any_house
    robin, sam = await an_advocate(house), await an_advocate(house, "Sam")
    own, own_path = await claimed(house, robin)
    theirs, _ = await claimed(house, sam)
    waiting = [str((await house.someone_waits())[1]) for _ in range(4)]

    async def front(console: Console, *also: str) -> dict[str, list[dict[str, object]]]:
        answer = await console.http.get("/api/v1/queue", params={"also": also})
        assert answer.status_code == 200
        found: dict[str, list[dict[str, object]]] = answer.json()
        return found

    seen = await front(robin, waiting[3])
    assert [(w["id"], w["place"]) for w in seen["waiting"]] == [
        (waiting[0], 1),
        (waiting[1], 2),
        (waiting[3], 4),
    ]
    assert (seen["waiting_count"], seen["claimed_count"]) == (4, 2)
    assert [(c["id"], c["mine"]) for c in seen["claimed"]] == [
        (str(own), True),
        (str(theirs), False),
    ]
    assert [c["mine"] for c in (await front(sam))["claimed"]] == [True, False]
    await robin.http.post(f"{own_path}/close", json={"reason": "finished"})
    await house.dispatcher.settled()
    seen = await front(robin, str(own))
    assert [c["id"] for c in seen["claimed"]] == [str(theirs)]


async def test_an_offer_passes_over_whoever_a_colleague_is_asked_about(any_house: House) -> None:
    """Each is asked about another, however many colleagues were asked before."""
    house = any_house
    for _ in range(3):
        await house.someone_waits()
    asked = [await offered(await an_advocate(house, name)) for name in ("Ada", "Bo", "Cleo", "Di")]
    assert len(set(asked[:3])) == 3
    assert asked[3] is None
