"""The queue on real databases: order, matching, passing on, silence, call-backs, keeping out."""

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from bot.conversation.advocacy import AlreadyTaken, NotYours
from bot.handoff.desks import Duty, Skill
from bot.handoff.models import CloseKind, HandoffState
from bot.history.models import Author
from bot.ids import HandoffId, Locale
from tests.fakes.channel import FakePhone
from tests.integration.town import Town, town

EN, ES = Locale("en"), Locale("es")
HE_CAN_KILL = "he has a knife and is going to kill me"


async def waiting(t: Town) -> list[HandoffId]:
    """The queue, in order."""
    return [q.handoff.id for q in await t.sidelight.advocacy.handoffs(HandoffState.WAITING)]


async def kinds(t: Town) -> list[str]:
    """What the console was told."""
    return [event.kind for event in await t.sidelight.advocacy.events(after=0)]


def last(phone: FakePhone) -> str:
    """The newest text on the phone that the person did not write."""
    return phone.texts(mine=False)[-1]


async def test_no_two_who_are_there_bear_one_name(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next name is taken instead; and a name is free again once its bearer has left."""
    names = ["Amber Oak", "Amber Oak", "Blue Elm"]
    monkeypatch.setattr("bot.conversation.carrying.pseudonyms", lambda: iter(names))
    async with town(tmp_path, database_url) as t:
        phones = [t.channel.phone() for _ in range(3)]
        for phone in phones[:2]:
            await t.request_advocate(phone)
        queue = await t.sidelight.advocacy.handoffs(HandoffState.WAITING)
        assert [q.handoff.pseudonym for q in queue] == ["Amber Oak", "Blue Elm"]
        await t.press(phones[0], "handoff:leave")
        await t.request_advocate(phones[2])
        queue = await t.sidelight.advocacy.handoffs(HandoffState.WAITING)
        assert [q.handoff.pseudonym for q in queue] == ["Blue Elm", "Amber Oak"]


async def test_nobody_starves_behind_danger(tmp_path: Path, database_url: str) -> None:
    """Danger goes ahead of the others, but not of whoever has waited longer than is allowed."""
    async with town(tmp_path, database_url, urgent_ahead=timedelta(minutes=10)) as t:
        calm = await t.request_advocate(t.channel.phone())
        await t.advance(minutes=9)
        phone = t.channel.phone()
        await t.write(phone, HE_CAN_KILL)
        await t.press(phone, "intent:talk_to_human")
        await t.press(phone, "handoff:share")
        [first, second] = await waiting(t)
        assert second == calm
        await t.advance(minutes=2)
        late = t.channel.phone()
        await t.write(late, HE_CAN_KILL)
        await t.press(late, "intent:talk_to_human")
        await t.press(late, "handoff:share")
        order = await waiting(t)
        assert order[:2] == [first, calm]


async def test_who_waits_and_tells_of_danger_goes_ahead(tmp_path: Path, database_url: str) -> None:
    """And nothing of what was told is shared."""
    async with town(tmp_path, database_url) as t:
        first = await t.request_advocate(t.channel.phone())
        phone = t.channel.phone()
        second = await t.request_advocate(phone)
        assert await waiting(t) == [first, second]
        await t.write(phone, HE_CAN_KILL)
        assert await waiting(t) == [second, first]
        assert (await t.sidelight.advocacy.handoff(second)).topic == ""


async def test_people_are_offered_by_language_and_to_anybody_in_the_end(
    tmp_path: Path, database_url: str
) -> None:
    """Somebody who speaks another language is offered them only after the fallback's time."""
    async with town(tmp_path, database_url) as t:
        handoff = await t.request_advocate(t.channel.phone())
        advocate, queue = t.advocate(), t.sidelight.advocacy.queue
        assert await queue.offer(advocate, [ES]) is None
        found = await queue.offer(advocate, [EN])
        assert found is not None
        assert found.handoff.id == handoff
        await t.advance(minutes=6)
        assert await queue.claim_next(advocate, [ES]) is not None
        assert await waiting(t) == []


async def test_people_are_offered_by_skill(tmp_path: Path, database_url: str) -> None:
    """A shared topic asks for a skill; who shares nothing can be helped by anybody."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "where can i sleep")
        await t.write(phone, "a person please")
        await t.press(phone, "handoff:share")
        queue, able, other = t.sidelight.advocacy.queue, t.advocate(), t.advocate()
        await queue.equip(able, [Skill.HOUSING, Skill.MEN], None)
        assert await queue.offer(other, [EN]) is None
        assert await queue.offer(able, [EN]) is not None


async def test_nobody_is_offered_more_than_they_take_on(tmp_path: Path, database_url: str) -> None:
    """Two pages of one advocate do not exceed the capacity, and a break is one."""
    async with town(tmp_path, database_url) as t:
        for _ in range(6):
            await t.request_advocate(t.channel.phone())
        queue, advocate = t.sidelight.advocacy.queue, t.advocate()
        await queue.equip(advocate, [], 2)
        got = await asyncio.gather(*(queue.claim_next(advocate, [EN]) for _ in range(5)))
        assert len([handoff for handoff in got if handoff]) == 2
        for duty in (Duty.BREAK, Duty.FINISHING):
            resting = t.advocate()
            await queue.set_duty(resting, duty)
            assert await queue.claim_next(resting, [EN]) is None


async def test_a_break_is_not_being_on_duty(tmp_path: Path, database_url: str) -> None:
    """A person who asks then is told that nobody is there."""
    async with town(tmp_path, database_url) as t:
        advocate = t.advocate()
        await t.sidelight.advocacy.present(advocate)
        await t.sidelight.advocacy.queue.set_duty(advocate, Duty.BREAK)
        phone = t.channel.phone()
        await t.request_advocate(phone)
        assert "no advocate is here right now" in last(phone)


async def test_those_who_race_for_the_next_each_get_another(
    tmp_path: Path, database_url: str
) -> None:
    """Ten advocates, eight people: eight winners, in the queue's order, and nobody twice."""
    async with town(tmp_path, database_url) as t:
        handoffs = [await t.request_advocate(t.channel.phone()) for _ in range(8)]
        queue = t.sidelight.advocacy.queue
        got = await asyncio.gather(*(queue.claim_next(t.advocate(), [EN]) for _ in range(10)))
        claimed = [handoff.id for handoff in got if handoff]
        assert sorted(claimed) == sorted(handoffs)


async def test_a_warm_transfer_leaves_the_first_in_until_the_second_takes_over(
    tmp_path: Path, database_url: str
) -> None:
    """The change is said once, the note is for advocates alone, and nobody is welcomed again."""
    async with town(tmp_path, database_url) as t:
        phone, first, second, other = t.channel.phone(), t.advocate(), t.advocate(), t.advocate()
        service = t.sidelight.advocacy
        handoff = await t.request_advocate(phone)
        await service.claim(handoff, first)
        await t.settle()
        await t.write(phone, "hello")
        await service.handover.ask_to_take_over(handoff, first, second, note="speaks with a friend")
        await t.say(handoff, first, "a colleague comes")
        with pytest.raises(AlreadyTaken):
            await service.handover.take_over(handoff, other)
        await service.handover.take_over(handoff, second)
        await t.settle()
        lines = await service.lines(handoff, second)
        assert [(line.author, line.text) for line in lines] == [
            (Author.PERSON, "hello"),
            (Author.NOTE, "speaks with a friend"),
            (Author.ADVOCATE, "a colleague comes"),
        ]
        with pytest.raises(NotYours):
            await service.lines(handoff, first)
        said = phone.texts(mine=False)
        assert "A different advocate is here now" in said[-1]
        assert not any("friend" in text for text in said)
        assert len([text for text in said if "An advocate is here now" in text]) == 1


async def test_of_many_who_take_over_one_does(tmp_path: Path, database_url: str) -> None:
    """A transfer to a skill is open to all who have it, and to nobody else."""
    async with town(tmp_path, database_url) as t:
        service, first = t.sidelight.advocacy, t.advocate()
        able = [t.advocate() for _ in range(6)]
        for advocate in able:
            await service.queue.equip(advocate, [Skill.CHILDREN], None)
        handoff = await t.request_advocate(t.channel.phone())
        await service.claim(handoff, first)
        await service.handover.ask_to_take_over(handoff, first, skill=Skill.CHILDREN)
        with pytest.raises(AlreadyTaken):
            await service.handover.take_over(handoff, t.advocate())
        tries = (service.handover.take_over(handoff, advocate) for advocate in able)
        failed = await asyncio.gather(*tries, return_exceptions=True)
        assert len([error for error in failed if error is None]) == 1


async def test_a_transfer_to_a_skill_keeps_the_place(tmp_path: Path, database_url: str) -> None:
    """Back in the queue before those who came later, offered to those with the skill."""
    async with town(tmp_path, database_url) as t:
        service, advocate, able = t.sidelight.advocacy, t.advocate(), t.advocate()
        await service.queue.equip(able, [Skill.MIGRATION], None)
        handoff = await t.request_advocate(t.channel.phone())
        later = await t.request_advocate(t.channel.phone())
        await service.claim(handoff, advocate)
        await service.handover.hand_to_skill(handoff, advocate, Skill.MIGRATION)
        assert await waiting(t) == [handoff, later]
        offered = await service.queue.offer(advocate, [EN])
        assert offered is not None
        assert offered.handoff.id == later
        offered = await service.queue.offer(able, [EN])
        assert offered is not None
        assert offered.handoff.id == handoff


async def test_a_second_advocate_helps(tmp_path: Path, database_url: str) -> None:
    """They read and write along while invited; the person is told of both."""
    async with town(tmp_path, database_url) as t:
        service, phone, holder, helper = (
            t.sidelight.advocacy,
            t.channel.phone(),
            t.advocate(),
            t.advocate(),
        )
        handoff = await t.request_advocate(phone)
        await service.claim(handoff, holder)
        await service.handover.invite(handoff, holder, helper)
        await t.settle()
        assert "A second advocate has joined" in last(phone)
        await t.say(handoff, helper, "good evening")
        assert len(await service.lines(handoff, helper)) == 1
        for not_theirs in (service.close(handoff, helper), service.release(handoff, helper)):
            with pytest.raises(NotYours):
                await not_theirs
        await service.handover.invite(handoff, holder, None)
        with pytest.raises(NotYours):
            await service.lines(handoff, helper)


async def test_a_silent_advocate_is_nudged_and_then_a_supervisor(
    tmp_path: Path, database_url: str
) -> None:
    """Each once; an answer ends it, and the person's next words begin it anew."""
    delays = {"silence_after": timedelta(minutes=2), "alert_after": timedelta(hours=1)}
    async with town(tmp_path, database_url, **delays) as t:
        service, phone, advocate = t.sidelight.advocacy, t.channel.phone(), t.advocate()
        handoff = await t.request_advocate(phone)
        await service.claim(handoff, advocate)

        async def minutes(count: int) -> list[str]:
            before = len(await kinds(t))
            for _ in range(count):
                await service.present(advocate)
                await t.advance(minutes=1)
            return [kind for kind in (await kinds(t))[before:] if kind != "message"]

        assert await minutes(3) == ["handoff.silent"]
        assert await minutes(3) == ["handoff.unanswered"]
        assert await minutes(3) == []
        await t.say(handoff, advocate, "here")
        assert await minutes(5) == []
        await t.write(phone, "are you there")
        assert await minutes(1) == []
        await t.say(handoff, advocate, "yes")
        assert await minutes(5) == []
        await t.write(phone, "still there")
        assert await minutes(3) == ["handoff.silent"]


async def test_an_advocate_takes_up_what_they_closed(tmp_path: Path, database_url: str) -> None:
    """While the messages live; not what the person ended, nor another's."""
    async with town(tmp_path, database_url) as t:
        service, phone, advocate = t.sidelight.advocacy, t.channel.phone(), t.advocate()
        handoff = await t.request_advocate(phone)
        await service.claim(handoff, advocate)
        await t.say(handoff, advocate, "take care")
        await service.close(handoff, advocate, CloseKind.REFERRED)
        await t.settle()
        with pytest.raises(NotYours):
            await service.handover.reopen(handoff, t.advocate())
        await service.handover.reopen(handoff, advocate)
        await t.settle()
        assert "here again" in last(phone)
        assert [line.text for line in await service.lines(handoff, advocate)] == ["take care"]
        await t.press(phone, "handoff:leave")
        with pytest.raises(NotYours):
            await service.handover.reopen(handoff, advocate)


async def test_what_is_gone_is_not_reopened(tmp_path: Path, database_url: str) -> None:
    """After the messages' deadline there is nothing to come back to."""
    async with town(tmp_path, database_url) as t:
        service, advocate = t.sidelight.advocacy, t.advocate()
        handoff = await t.request_advocate(t.channel.phone())
        await service.claim(handoff, advocate)
        await service.close(handoff, advocate)
        await t.advance(minutes=61)
        with pytest.raises(NotYours):
            await service.handover.reopen(handoff, advocate)


async def test_somebody_abusive_is_kept_out_for_a_while(tmp_path: Path, database_url: str) -> None:
    """Of the queue alone, even after deleting everything; and then it is over."""
    async with town(tmp_path, database_url, block_ttl=timedelta(hours=2)) as t:
        service, phone, advocate = t.sidelight.advocacy, t.channel.phone(), t.advocate()
        handoff = await t.request_advocate(phone)
        await service.claim(handoff, advocate)
        await t.settle()
        await service.handover.block(handoff, advocate)
        await t.settle()
        assert "ended the talk" in last(phone)
        await t.advance(minutes=70)
        await t.write(phone, "a person please")
        await t.press(phone, "handoff:share")
        assert "cannot put you in the queue" in last(phone)
        assert await waiting(t) == []
        await t.advance(minutes=60)
        await t.write(phone, "a person please")
        await t.press(phone, "handoff:share")
        assert len(await waiting(t)) == 1


async def test_asking_again_and_again_ends_at_a_limit(tmp_path: Path, database_url: str) -> None:
    """One person cannot ring the advocates' bell all the time."""
    async with town(tmp_path, database_url, requests_an_hour=3) as t:
        phone = t.channel.phone()
        for _ in range(5):
            await t.write(phone, "a person please")
            await t.press(phone, "handoff:share")
            if await waiting(t):
                await t.press(phone, "handoff:leave")
        assert (await kinds(t)).count("handoff.waiting") == 3
        assert "cannot put you in the queue" in last(phone)


async def test_the_expected_wait_is_measured_or_not_named(
    tmp_path: Path, database_url: str
) -> None:
    """Without measurements it is unknown; with them, a range."""
    async with town(tmp_path, database_url) as t:
        await t.sidelight.advocacy.present(t.advocate())
        phone = t.channel.phone()
        await t.request_advocate(phone)
        assert "I cannot say how long it takes" in last(phone)
        async with t.sidelight.database.writing() as unit:
            for _ in range(20):
                await unit.tallies.count("wait.normal.15", t.clock.now())
        other = t.channel.phone()
        await t.request_advocate(other)
        assert "between 10 minutes and 15 minutes" in last(other)


async def test_a_claim_is_measured_and_an_answer_counted(tmp_path: Path, database_url: str) -> None:
    """As counts, of nobody."""
    async with town(tmp_path, database_url) as t:
        service, phone, advocate = t.sidelight.advocacy, t.channel.phone(), t.advocate()
        handoff = await t.request_advocate(phone)
        await t.advance(minutes=4)
        await service.claim(handoff, advocate)
        await t.settle()
        await service.close(handoff, advocate)
        await t.settle()
        await t.press(phone, "handoff:helped_yes")
        assert await service.queue.figures() == {
            "wait.normal.5": 1,
            "closed.finished": 1,
            "handoff.helped_yes": 1,
        }


async def test_moving_up_is_told_while_the_person_is_here(
    tmp_path: Path, database_url: str
) -> None:
    """And a quiet phone gets neutral words, only when they are next."""
    async with town(tmp_path, database_url, place_every=timedelta(minutes=1)) as t:
        service = t.sidelight.advocacy
        ahead = [await t.request_advocate(t.channel.phone()) for _ in range(2)]
        phone = t.channel.phone()
        await t.request_advocate(phone)
        await t.advance(minutes=2)
        said = len(phone.texts(mine=False))
        await service.close(ahead[0], await claimed(t, ahead[0]))
        await t.advance(minutes=2)
        assert "you are at place 2" in last(phone)
        assert len(phone.texts(mine=False)) == said + 1
        await t.advance(minutes=10)
        await service.close(ahead[1], await claimed(t, ahead[1]))
        await t.advance(minutes=2)
        assert last(phone) == "There is an update for you."


async def claimed(t: Town, handoff: HandoffId):  # type: ignore[no-untyped-def]
    """An advocate who holds it now."""
    advocate = t.advocate()
    await t.sidelight.advocacy.claim(handoff, advocate)
    return advocate


async def test_a_call_back_comes_at_its_time_in_neutral_words(
    tmp_path: Path, database_url: str
) -> None:
    """Nobody takes them on before; the place is kept; danger makes it void."""
    async with town(tmp_path, database_url) as t:
        service, phone, advocate = t.sidelight.advocacy, t.channel.phone(), t.advocate()
        handoff = await t.request_advocate(phone)
        await t.press(phone, "handoff:call_back")
        await t.press(phone, "handoff:call_2h")
        later = await t.request_advocate(t.channel.phone())
        with pytest.raises(AlreadyTaken):
            await service.claim(handoff, advocate)
        offered = await service.queue.offer(advocate, [EN])
        assert offered is not None
        assert offered.handoff.id == later
        before = len(phone.texts(mine=False))
        await t.advance(minutes=119)
        assert len(phone.texts(mine=False)) <= before
        await t.advance(minutes=2)
        assert phone.texts(mine=False) == ["There is an update for you."]
        assert await waiting(t) == [handoff, later]
        await service.claim(handoff, advocate)


async def test_danger_voids_a_call_back(tmp_path: Path, database_url: str) -> None:
    """Somebody who is in danger now may be taken on now."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        handoff = await t.request_advocate(phone)
        await t.press(phone, "handoff:call_back")
        await t.press(phone, "handoff:call_4h")
        await t.write(phone, HE_CAN_KILL)
        await t.sidelight.advocacy.claim(handoff, t.advocate())


async def test_out_of_hours_it_says_when_somebody_is_there(
    tmp_path: Path, database_url: str
) -> None:
    """From the file of hours, in the language's own."""
    hours = tmp_path / "hours.yml"
    hours.write_text("zone: UTC\nhours: {}\nlanguages:\n  en: {mon-sun: '00:00-00:01'}\n")
    async with town(tmp_path, database_url, hours_file=hours) as t:
        phone = t.channel.phone()
        await t.request_advocate(phone)
        assert "someone is here in about" in last(phone)
        await t.press(phone, "handoff:call_back")
        await t.press(phone, "handoff:call_opening")
        assert "you hear from me in about" in last(phone)


async def test_a_note_is_never_on_the_phone_of_a_web_chat(
    tmp_path: Path, database_url: str
) -> None:
    """Not in what the page reads, either, and it is gone with the rest."""
    async with town(tmp_path, database_url) as t:
        service, phone, advocate = t.sidelight.advocacy, t.channel.phone(), t.advocate()
        handoff = await t.request_advocate(phone)
        await service.claim(handoff, advocate)
        await service.handover.hand_to(handoff, advocate, other := t.advocate(), "secret note")
        kept = (await service.handoff(handoff)).conversation_id
        async with t.sidelight.database.reading() as unit:
            shown = await unit.messages.of_conversation(kept, 0)
        assert {message.author for message in shown} <= {Author.PERSON, Author.BOT}
        assert [line.text for line in await service.lines(handoff, other)] == ["secret note"]
        for _ in range(62):
            await service.present(other)
            await t.advance(minutes=1)
        assert await service.lines(handoff, other) == ()


async def test_unknown_handoffs_are_nobodys(tmp_path: Path, database_url: str) -> None:
    """Whatever is asked of them."""
    async with town(tmp_path, database_url) as t:
        over, who = t.sidelight.advocacy.handover, t.advocate()
        for attempt in (
            over.hand_to(HandoffId(uuid4()), who, who),
            over.take_over(HandoffId(uuid4()), who),
            over.invite(HandoffId(uuid4()), who, who),
            over.reopen(HandoffId(uuid4()), who),
            over.block(HandoffId(uuid4()), who),
        ):
            with pytest.raises(NotYours):
                await attempt
