"""What Telegram's errors become."""

from datetime import timedelta
from traceback import TracebackException

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.failures import translate, translated
from bot.channels.telegram.transport import ConnectFailed
from bot.conversation.interfaces import AddressUnreachable, ChannelUnavailable, MessageRefused

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")

CANARY = "canary-4242"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), AddressUnreachable),
        (Forbidden("Forbidden: user is deactivated"), AddressUnreachable),
        (BadRequest("Bad Request: chat not found"), AddressUnreachable),
        (BadRequest("Bad Request: PEER_ID_INVALID"), AddressUnreachable),
        (BadRequest(f"Bad Request: can't parse entities {CANARY}"), MessageRefused),
        (BadRequest("Bad Request: message is too long"), MessageRefused),
        (ChatMigrated(4242), MessageRefused),
    ],
)
def test_refusals_for_good(error: TelegramError, kind: type[Exception]) -> None:
    """Who is gone is unreachable; every other 400 is about the message."""
    translation = translate(error)
    assert type(translation) is kind
    assert CANARY not in str(translation)


@pytest.mark.parametrize(
    ("error", "uncertain"),
    [
        (ConnectFailed(CANARY), False),
        (InvalidToken(CANARY), False),
        (RetryAfter(3), False),
        (TimedOut(CANARY), True),
        (NetworkError(CANARY), True),
        (NetworkError("Bad Gateway"), True),
        (Conflict(CANARY), True),
        (TelegramError(CANARY), True),
        (KeyError("result"), True),
    ],
)
def test_failures_for_now(error: Exception, uncertain: bool) -> None:
    """A call that may have been carried out is uncertain, one that cannot have been is not."""
    translation = translate(error)
    assert isinstance(translation, ChannelUnavailable)
    assert translation.uncertain is uncertain
    assert CANARY not in str(translation)


def test_the_wait_is_passed_on() -> None:
    """A 429 says how long to wait."""
    translation = translate(RetryAfter(17))
    assert isinstance(translation, ChannelUnavailable)
    assert translation.retry_after == timedelta(seconds=17)


async def test_nothing_of_the_original_hangs_on() -> None:
    """The error that is raised has no cause and no context, and its traceback no words of it."""

    async def fail() -> None:
        raise NetworkError(CANARY)

    with pytest.raises(ChannelUnavailable) as caught:
        await translated(fail())
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert CANARY not in "".join(TracebackException.from_exception(caught.value).format())
