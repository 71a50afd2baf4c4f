"""A clock that was wrong and is put right: what was planned by it does not wait for so long."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.delivery import LONGEST_BACKOFF
from bot.conversation.interfaces import ChannelUnavailable
from bot.conversation.outages import LONGEST_RETRY
from bot.scheduling.worker import LEASE
from tests.integration.town import town

WRONG = timedelta(hours=1)


async def test_what_is_to_be_sent_again_goes_out_although_the_clock_was_ahead(
    tmp_path: Path, database_url: str
) -> None:
    """Within the longest pause between two tries, not an hour later."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        t.clock.advance(WRONG)
        t.channel.fail(ChannelUnavailable())
        await t.write(phone, "hello")
        assert phone.texts(mine=False) == []
        t.clock.advance(-WRONG)
        await t.settle()
        t.clock.advance(LONGEST_BACKOFF)
        await t.settle()
        assert len(phone.texts(mine=False)) == 1


@pytest.mark.parametrize("killed", [False, True])
async def test_a_deletion_is_tried_again_soon_although_the_clock_was_ahead(
    tmp_path: Path, database_url: str, killed: bool
) -> None:
    """Where the platform was away meanwhile, and where its worker was killed: within a minute."""
    async with town(tmp_path, database_url, quiet_after=10**6) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        t.clock.advance(timedelta(hours=2))
        t.clock.advance(WRONG)
        if killed:
            await t.sidelight.keeper.scan()
            async with t.sidelight.database.writing() as unit:
                assert await unit.timers.claim("killed", LEASE, 1)
        else:
            t.channel.fail(ChannelUnavailable())
            await t.settle()
        assert phone.screen()
        t.clock.advance(-WRONG)
        await t.settle()
        t.clock.advance(LONGEST_RETRY)
        await t.settle()
        assert phone.screen() == []
