"""The silence after which nothing real comes by itself: chosen, kept, and obeyed."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.codec import dump_state, load_state
from bot.dialogue.effects import Say
from bot.dialogue.flows import privacy
from bot.dialogue.state import DialogueState
from bot.ids import Locale
from tests.integration.town import town
from tests.unit.dialogue.talk import Talk

EN = Locale("en")


@pytest.mark.parametrize(("button", "after"), sorted(privacy.QUIET_AFTER.items()))
def test_a_silence_is_chosen_by_a_button(button: str, after: timedelta) -> None:
    """From one minute to half an hour; the words say which."""
    talk = Talk()
    assert talk.press("privacy:quiet") == (Say("privacy.quiet"),)
    assert talk.press(button) == (Say("privacy.quiet_set", params={"after": after}),)
    assert talk.state.quiet_after == after
    assert timedelta(minutes=1) <= after <= timedelta(minutes=30)


def test_a_choice_outlives_a_purge_and_is_kept() -> None:
    """Deleting everything must not bring back a longer silence than was chosen."""
    talk = Talk()
    talk.press("privacy:quiet_1m")
    talk.write("/clear")
    read = load_state(dump_state(talk.state), (EN,))
    assert read.quiet_after == timedelta(minutes=1)
    assert load_state(dump_state(DialogueState(EN)), (EN,)).quiet_after is None


@pytest.mark.parametrize(
    ("button", "minutes", "waits"),
    [("quiet_1m", 2, True), ("quiet_30m", 20, False), ("quiet_30m", 31, True)],
)
async def test_the_phone_is_quiet_after_the_chosen_silence(
    tmp_path: Path, sqlite_url: str, button: str, minutes: int, waits: bool
) -> None:
    """An advocate's words wait behind the nudge after it, and come at once before."""
    async with town(tmp_path, sqlite_url, lock_after=timedelta(0)) as t:
        phone = t.channel.phone()
        await t.write(phone, "what is kept")
        await t.press(phone, "privacy:quiet")
        await t.press(phone, f"privacy:{button}")
        handoff, advocate = await t.request_advocate(phone), t.advocate()
        await t.sidelight.advocacy.claim(handoff, advocate)
        await t.settle()
        for _ in range(minutes):
            await t.sidelight.advocacy.present(advocate)
            await t.advance(minutes=1)
        await t.say(handoff, advocate, "are you there?")
        assert ("are you there?" in phone.texts(mine=False)[-1]) is not waits
        if waits:
            assert phone.button("flow:show")
