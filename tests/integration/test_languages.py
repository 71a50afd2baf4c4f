"""Languages in whole turns: heard by the real detector, answered in reviewed words."""

from pathlib import Path

import pytest

from bot.conversation.intake import InboundKind, InboundUpdate
from bot.settings import load_settings
from tests.integration.town import town

OWN = (load_settings(_env_file=None).responses_dir / "languages" / "unsupported.yml").read_text(
    "utf-8"
)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("ich weiß nicht was ich machen soll", "Das ist ein Bot."),
        ("je ne sais pas quoi faire", "Je suis un robot"),
        ("मुझे समझ नहीं आ रहा क्या करूँ", "यह एक बॉट है"),
        ("samajh nahi aa raha kya karu", "Yeh ek bot hai"),
        ("мне нужно поговорить с вами", "Это бот"),
    ],
)
async def test_who_writes_in_another_language_is_told_so_in_it(
    tmp_path: Path, database_url: str, text: str, own: str
) -> None:
    """Above the same in the conversation's, with the languages there are; one tap goes on."""
    assert own in OWN
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, text)
        (told,) = phone.texts(mine=False)
        assert told.startswith(own)
        assert "I do not know that language yet" in told
        assert phone.button("intent:quick_exit").label
        await t.press(phone, "language:es")
        assert "programa" in phone.texts(mine=False)[1]
        assert phone.texts(mine=False)[2] == "Desde ahora escribo en español."


async def test_a_language_that_is_switched_off_gives_way_to_the_first(
    tmp_path: Path, database_url: str
) -> None:
    """Conversations that were in it go on, and nothing is stuck."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hola")
        await t.write(phone, "/language")
        await t.press(phone, "language:es")
        assert phone.texts(mine=False)[-1] == "Desde ahora escribo en español."
        channel = t.channel
    async with town(tmp_path, database_url, channel, locales="en") as t:
        menu = InboundUpdate(
            channel.name, "later", phone.address, InboundKind.BUTTON, "intent:help_menu"
        )
        assert await t.sidelight.intake.accept(menu)
        await t.settle()
        assert phone.texts(mine=False)[-1].startswith("What would help?")
