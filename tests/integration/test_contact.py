"""The trusted contact, from the invitation to the note, on real databases."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text

from bot.checkins.models import Phase
from bot.conversation.intake import InboundKind
from bot.handoff.models import HandoffState
from bot.storage.tables import checkins, contacts
from tests.fakes.channel import FakePhone
from tests.integration.test_turns import rows
from tests.integration.town import Town, town

NOTE = "S.: Could you come by today?"
OPEN = timedelta(0)
"""No lock after a silence, so that the words can be seen."""


def last(phone: FakePhone) -> str:
    """The newest text on the screen."""
    return phone.screen()[-1].text


async def plan(t: Town, phone: FakePhone) -> None:
    """A check-in in two hours, of whose miss a contact is to be told."""
    await t.write(phone, "check on me in two hours")
    for button in ("checkin:cover_recipe", "checkin:change_miss", "checkin:miss_contact"):
        await t.press(phone, button)
    await t.press(phone, "checkin:yes")


async def invite(t: Town, phone: FakePhone) -> tuple[str, str]:
    """The plan and its invitation; token and code."""
    await plan(t, phone)
    await t.write(phone, "S.")
    await t.press(phone, "contact:words_come")
    assert NOTE in last(phone)
    await t.press(phone, "contact:approve")
    return invitation(phone)


def invitation(phone: FakePhone) -> tuple[str, str]:
    """Token and code, as the screen shows them."""
    token, code = re.search(r"/#([\w-]{32})", last(phone)), re.search(r": (\d{4})\n", last(phone))
    assert token is not None
    assert code is not None
    return token[1], code[1]


async def stand_by(t: Town, phone: FakePhone, token: str, code: str) -> None:
    """Open the link, and go all the way."""
    await t.write(phone, f"/start {token}")
    await t.press(phone, "contact:willing")
    await t.write(phone, code)
    await t.press(phone, "contact:accept")
    assert "I have seen it" in last(phone)


async def paired(t: Town) -> tuple[FakePhone, FakePhone]:
    """Somebody with a check-in in two hours, and who stands by for them."""
    person, friend = t.channel.phone(), t.channel.phone()
    await stand_by(t, friend, *await invite(t, person))
    return person, friend


async def later(t: Town, *minutes: float) -> None:
    """Time passes in these leaps; what is due in each happens at its end."""
    for each in minutes:
        t.clock.advance(timedelta(minutes=each))
        await t.settle()
        await t.settle()  # what passed to the other one


ASKED = (119, 2)
"""Minutes until the check-in of `plan` has been asked."""
MISSED = (*ASKED, 31)
"""And until it has not been answered in time."""


async def reasons(t: Town) -> list[str]:
    """Of the alerts there are."""
    return [alert.reason for alert in await t.sidelight.advocacy.alerts()]


async def test_a_miss_tells_the_contact_once_and_their_answer_ends_it(
    tmp_path: Path, database_url: str
) -> None:
    """The approved words and no more; no advocate is told; all is gone when it is over."""
    async with town(tmp_path, database_url, lock_after=OPEN) as t:
        person, friend = await paired(t)
        await later(t, *MISSED)
        notes = [m for m in friend.messages if NOTE in m.text]
        assert [m.text for m in notes] == [NOTE]
        await t.press(friend, "contact:seen")
        await later(t, 60)
        assert [m for m in friend.messages if NOTE in m.text] == notes
        assert await reasons(t) == []
        assert await t.sidelight.advocacy.handoffs(HandoffState.WAITING) == ()
        t.clock.advance(timedelta(hours=25))
        await t.sidelight.keeper.tidy()
        await t.settle()
        assert await rows(t.sidelight.database) == {}
        assert person.reachable


async def test_a_crash_between_the_miss_and_the_note_loses_and_doubles_nothing(
    tmp_path: Path, database_url: str
) -> None:
    """The miss is stored, its process dies, and the next one brings the note, once."""
    async with town(tmp_path, database_url, lock_after=OPEN) as t:
        _, friend = await paired(t)
        await later(t, *ASKED)
        t.clock.advance(timedelta(minutes=31))
        while await t.sidelight.timer_worker.run_due():
            await t.sidelight.dispatcher.settled()
        async with t.sidelight.database.reading() as unit:
            [told] = (await unit.connection.execute(select(checkins))).all()
        assert told.phase == Phase.CONTACTED
        assert not any(NOTE in m.text for m in friend.messages), "not yet"
    async with town(tmp_path, database_url, lock_after=OPEN) as again:
        again.clock.at = t.clock.at
        there = again.channel.phone(friend.address)
        await later(again, 0, 1)
        assert [m.text for m in there.messages] == [NOTE]
        await later(again, 10)
        assert await reasons(again) == ["contact_silent"]


async def test_a_contact_who_does_not_react_is_followed_by_the_advocates(
    tmp_path: Path, database_url: str
) -> None:
    """After ten minutes, and the alert says why; a late answer changes nothing."""
    async with town(tmp_path, database_url, lock_after=OPEN) as t:
        _, friend = await paired(t)
        await later(t, *MISSED)
        assert await reasons(t) == []
        await later(t, 10)
        assert await reasons(t) == ["contact_silent"]
        [queued] = await t.sidelight.advocacy.handoffs(HandoffState.WAITING)
        assert queued.handoff.priority == 0
        await t.press(friend, "contact:seen")
        assert last(friend) == "Thank you, noted."
        await later(t, 30)
        assert await reasons(t) == ["contact_silent"]


async def test_all_clear_reaches_the_contact_who_was_told(tmp_path: Path, sqlite_url: str) -> None:
    """In cover words, and once."""
    async with town(tmp_path, sqlite_url, lock_after=OPEN) as t:
        person, friend = await paired(t)
        await later(t, *MISSED)
        await t.press(person, "checkin:ok")
        assert "Whoever was told" in last(person)
        assert last(friend) == "S.: All is well. Thank you."
        await later(t, 30)
        assert await reasons(t) == []


async def test_a_contact_who_was_never_told_hears_nothing_of_an_answer(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Neither of the check-in, nor that it is over."""
    async with town(tmp_path, sqlite_url, lock_after=OPEN) as t:
        person, friend = await paired(t)
        await later(t, *ASKED)
        before = len(friend.messages)
        await t.press(person, "checkin:ok")
        await later(t, 40)
        assert len(friend.messages) == before


async def test_a_contact_who_cannot_be_reached_is_not_waited_for(
    tmp_path: Path, database_url: str
) -> None:
    """Blocked at the very moment: the advocates are told at once."""
    async with town(tmp_path, database_url, lock_after=OPEN) as t:
        person, friend = await paired(t)
        await later(t, *ASKED, 28)
        friend.reachable = False
        await later(t, 3)
        assert await reasons(t) == ["contact_lost"]
        await t.write(person, "hello")
        assert any("not there any more" in m.text for m in person.screen())


@pytest.mark.parametrize(
    "leaving",
    ["Stop the notes", "I can't be the contact any more", "delete it all", "blocks"],
)
async def test_a_contact_who_leaves_is_told_to_the_person_and_falls_back_to_the_advocates(
    tmp_path: Path, sqlite_url: str, leaving: str
) -> None:
    """By word, by deleting everything, or by blocking: each ends it, and none in silence."""
    async with town(tmp_path, sqlite_url, lock_after=OPEN) as t:
        person, friend = await paired(t)
        if leaving == "blocks":
            await t.update(friend, InboundKind.BLOCKED)
        else:
            await t.write(friend, leaving)
        assert "not there any more" in last(person)
        before = len(friend.messages)
        await later(t, *MISSED)
        assert await reasons(t) == ["contact_lost"]
        assert len(friend.messages) == before


async def test_a_removed_contact_hears_nothing_of_it(tmp_path: Path, sqlite_url: str) -> None:
    """Not then, not at the miss; the advocates are told as of any other miss."""
    async with town(tmp_path, sqlite_url, lock_after=OPEN) as t:
        person, friend = await paired(t)
        before = len(friend.messages)
        await t.write(person, "/contact")
        assert NOTE in last(person)
        await t.press(person, "contact:remove")
        await later(t, *MISSED)
        assert await reasons(t) == ["missed"]
        assert len(friend.messages) == before
        await t.write(friend, "/contact")
        assert "no trusted contact" in last(friend)


async def test_whoever_finds_the_link_learns_nothing(tmp_path: Path, sqlite_url: str) -> None:
    """Three guesses void it, and no word, name, plan or greeting of this bot was seen."""
    async with town(tmp_path, sqlite_url, lock_after=OPEN) as t:
        person, partner = t.channel.phone(), t.channel.phone()
        token, code = await invite(t, person)
        wrong = f"{(int(code) + 1) % 10_000:04}"
        await t.write(partner, f"/start {token}")
        await t.press(partner, "contact:willing")
        for _ in range(3):
            await t.write(partner, wrong)
        assert "not the number" in last(partner)
        await t.write(partner, code)
        assert "cannot be used" in last(partner)
        seen = " ".join(m.text for m in partner.messages if not m.mine).lower()
        for word in ("s.", "come by", "harm", "partner", "check", "advocate", "trust", "answer"):
            assert word not in seen, word
        assert "not there any more" in last(person)
        await later(t, *MISSED)
        assert await reasons(t) == ["contact_lost"]


async def test_a_link_works_once_and_not_for_its_maker(tmp_path: Path, sqlite_url: str) -> None:
    """Used, one's own or unknown: the same words for each."""
    async with town(tmp_path, sqlite_url, lock_after=OPEN) as t:
        person, friend, other = (t.channel.phone() for _ in range(3))
        token, code = await invite(t, person)
        await t.write(person, f"/start {token}")
        own = last(person)
        await stand_by(t, friend, token, code)
        await t.write(other, f"/start {token}")
        await t.write(friend, f"/start {'A' * 32}")
        assert own == last(other) == last(friend) == last(other)
        assert "cannot be used" in own


async def test_a_link_is_void_after_three_days(tmp_path: Path, sqlite_url: str) -> None:
    """And its row goes."""
    async with town(tmp_path, sqlite_url, lock_after=OPEN) as t:
        person, friend = t.channel.phone(), t.channel.phone()
        token, _ = await invite(t, person)
        t.clock.advance(timedelta(days=3, minutes=1))
        await t.write(friend, f"/start {token}")
        assert "cannot be used" in last(friend)
        t.clock.advance(timedelta(hours=1))
        await t.sidelight.keeper.tidy()
        assert "contacts" not in await rows(t.sidelight.database)


async def test_two_who_accept_at_once_are_not_both_taken(tmp_path: Path, database_url: str) -> None:
    """The second is told that the link cannot be used."""
    async with town(tmp_path, database_url, lock_after=OPEN) as t:
        person, one, two = (t.channel.phone() for _ in range(3))
        token, code = await invite(t, person)
        for phone in (one, two):
            await t.write(phone, f"/start {token}")
            await t.press(phone, "contact:willing")
            await t.write(phone, code)
        await t.press(one, "contact:accept")
        await t.press(two, "contact:accept")
        assert "I have seen it" in last(one)
        assert "cannot be used" in last(two)


async def test_the_note_comes_though_the_chat_is_locked_and_is_answered_there(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Hours later the chat is a recipe service: the button counts, and tells nothing."""
    async with town(tmp_path, sqlite_url) as t:
        _, friend = await paired(t)
        await later(t, *MISSED)
        assert last(friend) == NOTE
        await t.press(friend, "contact:seen")
        assert last(friend) == "Gladly! Enjoy your meal."
        await later(t, 15)
        assert await reasons(t) == []


async def test_a_link_is_opened_in_a_chat_that_is_locked(tmp_path: Path, sqlite_url: str) -> None:
    """Somebody who wrote here long ago can stand by; what they had written stays behind."""
    async with town(tmp_path, sqlite_url) as t:
        person, friend = t.channel.phone(), t.channel.phone()
        await t.write(friend, "hello")
        await later(t, 20)
        await stand_by(t, friend, *await invite(t, person))
        await later(t, *MISSED)
        assert last(friend) == NOTE


async def test_the_word_for_danger_is_told_to_the_advocates_and_not_to_the_contact(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Also after the contact was told: the phone shows the same as for the safe word."""
    async with town(tmp_path, sqlite_url, lock_after=OPEN) as t:
        person, friend = t.channel.phone(), t.channel.phone()
        await t.write(person, "check on me in two hours")
        for step in (
            *("checkin:cover_recipe", "checkin:change_miss", "checkin:miss_contact"),
            *("checkin:change_words", "raincoat", "blue bicycle", "checkin:yes"),
        ):
            await (t.press if step.startswith("checkin:") else t.write)(person, step)
        await t.write(person, "S.")
        await t.press(person, "contact:words_come")
        await t.press(person, "contact:approve")
        await stand_by(t, friend, *invitation(person))
        await later(t, *MISSED)
        await t.press(friend, "contact:seen")
        before = len(friend.messages)
        await t.write(person, "blue bicycle")
        assert "Whoever was told" in last(person)
        assert await reasons(t) == ["duress"]
        assert len(friend.messages) == before


async def test_not_well_after_the_contact_was_told_tells_the_advocates_too(
    tmp_path: Path, sqlite_url: str
) -> None:
    """What the button promised when it was agreed on."""
    async with town(tmp_path, sqlite_url, lock_after=OPEN) as t:
        person, friend = await paired(t)
        await later(t, *MISSED)
        await t.press(friend, "contact:seen")
        await t.press(person, "checkin:not_ok")
        assert await reasons(t) == ["not_ok"]
        await t.press(person, "checkin:not_ok")
        assert await reasons(t) == ["not_ok"]


async def test_a_person_who_cannot_be_asked_has_contact_and_advocates_told(
    tmp_path: Path, sqlite_url: str
) -> None:
    """An account that is gone is more than a silence, and the contact cannot be told so."""
    async with town(tmp_path, sqlite_url, lock_after=OPEN) as t:
        person, friend = await paired(t)
        person.reachable = False
        await later(t, *MISSED)
        assert last(friend) == NOTE
        assert await reasons(t) == ["undelivered"]


async def test_nothing_stored_says_who_stands_by_for_whom(
    tmp_path: Path, database_url: str
) -> None:
    """No id of either conversation, no token, name, word or code is in the row of the two."""
    async with town(tmp_path, database_url, lock_after=OPEN) as t:
        person, friend = t.channel.phone(), t.channel.phone()
        token, code = await invite(t, person)
        await assert_says_nothing(t, token, code)
        await stand_by(t, friend, token, code)
        await assert_says_nothing(t, token, code)


async def assert_says_nothing(t: Town, token: str, code: str) -> None:
    """Of all that is in the one row of `contacts`."""
    async with t.sidelight.database.reading() as unit:
        ids = (await unit.connection.execute(text("SELECT id FROM conversations"))).scalars().all()
        [row] = (await unit.connection.execute(contacts.select())).all()
    values = b" ".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
    named = [UUID(str(each)) for each in ids]
    secrets = [token.encode(), b"S.", b"come by", *(n.bytes for n in named)]
    secrets += [str(n).encode() for n in named] + [n.hex.encode() for n in named]
    assert len(named) >= 1
    for secret in secrets:
        assert secret not in values
    assert code.encode() not in row.for_owner + row.for_guest


async def test_an_invitation_in_the_page_is_opened_like_a_button(
    tmp_path: Path, sqlite_url: str
) -> None:
    """As the web page sends what its address held."""
    async with town(tmp_path, sqlite_url, lock_after=OPEN) as t:
        person, friend = t.channel.phone(), t.channel.phone()
        token, _ = await invite(t, person)
        await t.update(friend, InboundKind.BUTTON, f"invite:{token}")
        assert "a short note from somebody you know" in last(friend)


async def test_a_new_invitation_takes_the_place_of_the_old_one(
    tmp_path: Path, sqlite_url: str
) -> None:
    """The old link is void, and the old contact is told of nothing any more."""
    async with town(tmp_path, sqlite_url, lock_after=OPEN) as t:
        person, friend = await paired(t)
        before = len(friend.messages)
        await t.write(person, "/contact")
        await t.press(person, "contact:remove")
        await t.write(person, "/contact")
        await t.press(person, "contact:invite")
        await t.write(person, "M.")
        await t.press(person, "contact:words_own")
        await t.write(person, "The library has your book.")
        await t.press(person, "contact:approve")
        other = t.channel.phone()
        await stand_by(t, other, *invitation(person))
        await later(t, *MISSED)
        # Those who were planned for the first contact are told to the advocates by now.
        assert await reasons(t) == ["missed"]
        assert len(friend.messages) == before
