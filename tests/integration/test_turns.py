"""Whole turns on real databases: what goes in, what people see, what is left."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.interfaces import ChannelUnavailable
from tests.integration.town import town


async def test_hello_is_answered_with_the_greeting(tmp_path: Path, database_url: str) -> None:
    """A person writes, and the bot introduces itself."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        assert len(phone.texts(mine=False)) == 1
        assert "bot" in phone.texts(mine=False)[0].lower()
