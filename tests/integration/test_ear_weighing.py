"""The safety net's second ear is learned from examples in the model's environment."""

from pathlib import Path

from bot.dialogue.intents import CRITICAL, Intent
from bot.rasa.weighing import weigh
from bot.safety.ear import Ear
from bot.settings import ROOT

SAID = {Intent.GREET: "good morning to you", Intent.ASK_PETS: "where can my cat stay"} | {
    danger: f"about {danger.replace('_', ' ')} right now" for danger in CRITICAL
}


def examples(folder: Path) -> Path:
    """A few examples of every danger and of two harmless things."""
    (folder / "en").mkdir(parents=True)
    blocks = [
        f"- intent: {intent}\n  examples: |\n"
        + "".join(f"    - {text} {more}\n" for more in ("please", "again", "ok", "now", "ya"))
        for intent, text in SAID.items()
    ]
    (folder / "en" / "nlu.yml").write_text("nlu:\n" + "".join(blocks), "utf-8")
    return folder


async def test_what_was_learned_is_heard(tmp_path: Path) -> None:
    """Learned twice it is the same file, and it tells the dangers apart."""
    data = examples(tmp_path / "data")
    one, two = tmp_path / "one.tsv", tmp_path / "two.tsv"
    assert await weigh(ROOT / "nlu", data, one) == 5 * len(SAID)
    await weigh(ROOT / "nlu", data, two)
    assert one.read_bytes() == two.read_bytes()
    ear = Ear.load(one)
    assert {ear.hear(SAID[danger]).danger: danger for danger in CRITICAL} == {
        d: d for d in CRITICAL
    }
    quietest = min(ear.hear(SAID[danger]).probability for danger in CRITICAL)
    assert quietest > 0.5 > ear.hear(SAID[Intent.GREET]).probability
