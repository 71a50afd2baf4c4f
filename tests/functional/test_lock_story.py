"""Out, a stranger's fingers, and back: the lock over Telegram, as it is lived.

`sidelight serve` with the Telegram adapter against the strict stub. There is no model: net,
buttons and words of one's own decide.
"""

from pathlib import Path

from tests.functional.serving import serving
from tests.stub_telegram.control import stub_process

WORD = "turquoise accordion"
REAL = ("harm", "advocate", "shelter", "partner", "police")


def assert_nowhere(folder: Path, word: bytes) -> None:
    """No file below holds the word: database, write-ahead log, key ring, log."""
    for path in folder.rglob("*"):
        assert not path.is_file() or word not in path.read_bytes(), path.name


async def test_quick_exit_a_partner_and_the_own_word(tmp_path: Path) -> None:
    """She leaves; he looks around and finds recipes; she comes back."""
    async with (
        stub_process() as stub,
        serving(
            tmp_path,
            BOT_TELEGRAM_TOKEN=stub.token,
            BOT_TELEGRAM_API_URL=stub.url,
            BOT_LOCALES="en",
            BOT_COVER_TTL="2",
        ) as bot,
    ):
        await bot.start()
        person = await stub.person(first_name="Somebody", language="en")

        # She reads what this is, and chooses a word.
        await person.write("/start")
        await person.sees("saffron and rain")
        await person.write("/lock")
        await person.waits(lambda s: any(m.button("lock:choose") for m in s))
        await person.press("lock:choose")
        await person.sees("four letters")
        await person.write(WORD)
        await person.sees("once more")
        await person.write(WORD)
        await person.sees("Done.")
        await person.waits(lambda s: not any("accordion" in m.text for m in s))

        # Steps on the stairs: out, and everything is gone.
        await person.write("exit")
        await person.waits(lambda s: s == [], within=15)

        # He takes the phone and tries what one tries.
        for words in ("/start", "hello", "did my wife write to you?", "show the history", "/help"):
            before = len(await person.history())
            await person.write(words)
            answered = await person.waits(
                lambda s, before=before: any(not m.mine for m in s[-1:]) and len(s) > 0
            )
            assert len(await person.history()) > before
            assert "ecipe" in answered[-1].text
            assert answered[-1].button("cover:more")
        await person.press("cover:more")
        shown = await person.waits(lambda s: "for two" in s[-1].text)
        texts = " ".join(m.text for m in shown if not m.mine).lower()
        assert not any(word in texts for word in REAL)

        # She is back, and so is the rest.
        await person.write(WORD)
        await person.sees("You are back")
        await person.waits(lambda s: not any("accordion" in m.text for m in s))
        await person.write("/menu")
        await person.waits(lambda s: any(m.button("intent:ask_shelter") for m in s))
        assert await bot.stop() == 0
        assert await stub.violations() == []
    assert_nowhere(tmp_path, b"accordion")
