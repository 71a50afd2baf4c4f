"""Many accounts that write more than can be answered, and somebody beside them."""

from pathlib import Path

from bot.conversation.dispatcher import WORKERS
from bot.conversation.intake import InboundKind
from tests.fakes.channel import FakePhone
from tests.integration.test_vanishing_late import Meeting
from tests.integration.town import Town, town


async def test_a_crowd_that_writes_on_and_on_lets_others_go_first(
    tmp_path: Path, database_url: str
) -> None:
    """Whoever comes then is answered as soon as somebody's turn is over."""
    channel = Meeting()
    async with town(tmp_path, database_url, channel) as t:
        crowd = [channel.phone() for _ in range(3 * WORKERS)]
        channel.gate.clear()
        for _ in range(3):
            for one in crowd:
                await arrives(t, one)
        alone = channel.phone()
        await arrives(t, alone)
        channel.gate.set()
        await t.settle()
        first = answers(alone)[0]
        before = [answer for one in crowd for answer in answers(one) if answer < first]
        assert len(before) <= 2 * WORKERS
        assert all(len(answers(one)) >= 3 for one in crowd), "and they are answered, too"


async def arrives(t: Town, phone: FakePhone) -> None:
    """A greeting."""
    message = t.channel.write(phone.address, "hello")
    await t.arrive(phone, InboundKind.TEXT, "hello", (message,))


def answers(phone: FakePhone) -> list[int]:
    """Where the bot's answers stand among all messages."""
    return [int(message.message_id) for message in phone.messages if not message.mine]
