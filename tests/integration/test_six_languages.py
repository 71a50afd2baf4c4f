"""Every intent in every language, through whole turns: stored, decided, worded, sent."""

from pathlib import Path

import pytest

from bot.content.reading import read_source
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.dialogue.intents import Intent
from bot.dialogue.understanding import Guess
from bot.ids import Address, Locale
from bot.settings import ROOT
from tests.integration.town import Town, town
from tests.signing import signed_overlay

SIX = tuple(Locale(tag) for tag in ("en", "es", "fr", "pt-BR", "ar", "hi"))
OTHERS = SIX[1:]
SOURCE, _ = read_source(ROOT / "responses")
ENGLISH = {text.unit.text for text in SOURCE.texts.values()}


def words(intent: Intent) -> str:
    """Something of no language, which only the scripted model understands."""
    return f"w{list(Intent).index(intent):03d}"


async def meeting(t: Town, locale: Locale, intent: Intent) -> list[str]:
    """What a newcomer who speaks `locale` is told when they mean `intent`."""
    phone = t.channel.phone()
    await t.sidelight.intake.accept(
        InboundUpdate(
            channel=t.channel.name,
            update_id=f"{locale} {intent}",
            address=Address(phone.address),
            kind=InboundKind.TEXT,
            content=words(intent),
            language=locale,
        )
    )
    await t.settle()
    return [m.text for m in phone.messages if not m.mine]


@pytest.mark.parametrize("locale", OTHERS)
async def test_every_intent_is_answered_in_the_persons_language(
    tmp_path: Path, sqlite_url: str, locale: Locale
) -> None:
    """Nothing is missing, and no sentence is left in English."""
    overlay = signed_overlay(tmp_path, OTHERS)
    async with town(tmp_path, sqlite_url, locales=SIX, responses_overlay=overlay) as t:
        for intent in Intent:
            t.nlu.understand(words(intent), Guess(intent, 0.95))
        for intent in Intent:
            told = await meeting(t, locale, intent)
            assert told, intent
            assert not ENGLISH & set(told), intent
            assert all(told), intent
