"""Work that nobody was woken for is found; what somebody has in hand is left to them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.conversation.intake import InboundKind
from bot.ids import ConversationId
from tests.integration.town import town


def noting(woken: list[ConversationId]) -> Callable[..., None]:
    """Instead of waking somebody."""
    return lambda conversation, **_: woken.append(conversation)


async def test_what_came_just_now_is_not_scanned_for_at_once(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next scan takes it up, and so does each after that; an impatient one does at once."""
    async with town(tmp_path, database_url) as t:
        phone, woken = t.channel.phone(), list[ConversationId]()
        monkeypatch.setattr(t.sidelight.dispatcher, "wake", noting(woken))
        await t.arrive(phone, InboundKind.TEXT, "hello", ("1",))
        [conversation] = woken
        found = []
        for _ in range(3):
            woken.clear()
            await t.sidelight.keeper.scan(patiently=True)
            found.append([*woken])
        assert found == [[], [conversation], [conversation]]
        await t.arrive(t.channel.phone(), InboundKind.TEXT, "hello", ("2",))
        woken.clear()
        await t.sidelight.keeper.scan()
        assert len(woken) == 2


async def test_what_is_handled_is_not_mistaken_for_what_came_after(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who writes all the time is in somebody's hands, not left behind."""
    async with town(tmp_path, database_url) as t:
        phone, woken = t.channel.phone(), list[ConversationId]()
        await t.write(phone, "hello")
        for number in range(3):
            with monkeypatch.context() as patch:
                patch.setattr(t.sidelight.dispatcher, "wake", noting(woken))
                await t.arrive(phone, InboundKind.TEXT, "hello", (f"1{number}",))
                woken.clear()
                await t.sidelight.keeper.scan(patiently=True)
            assert woken == []
            await t.settle()
