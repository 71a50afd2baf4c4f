"""The learned ear: what it hears, that it counts as it says, and that it keeps nothing."""

import pickle
from collections import Counter
from math import exp, sqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.intents import CRITICAL, Intent
from bot.errors import ConfigurationError
from bot.rasa.weighing import fingerprint, read_examples
from bot.safety.ear import FORMAT, UNIT, Ear, learned_from
from bot.safety.grams import LONGEST_WORD, of_text, skeleton, spell, split
from bot.safety.net import SafetyNet

NLU = Path(__file__).parents[3] / "nlu"
FILE = NLU / "safety" / "ear.tsv"

NONE = "m" * len(CRITICAL)
SMALL = {
    "w kill": 40,
    "s kl": 30,
    "l _ki": 20,
    "l ill_": 10,
    "ww kill me": 80,
    "ww me _": -5,
    "ss _ h": 7,
    "s-s h kl": 9,
    "sss vl kl m": 60,
    "w time": -90,
}
BIAS = -50


@pytest.fixture(scope="module")
def ear() -> Ear:
    """The ear as it is served."""
    return Ear.load(FILE)


def small() -> Ear:
    """An ear that knows ten grams, and takes no danger for likelier than another."""
    weights = [(gram, weight, NONE) for gram, weight in SMALL.items()]
    return Ear(weights, BIAS, dict.fromkeys(sorted(CRITICAL), 0))


def test_the_weights_belong_to_the_examples() -> None:
    """Whoever changes the examples weighs anew."""
    now = fingerprint(read_examples(NLU / "data"))
    assert learned_from(FILE) == now, "the examples changed: run `sidelight nlu weigh`"


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("hes outside banging on the door with a knife", Intent.THREATS_WEAPON),
        ("he put his hands round my neck n i blacked out", Intent.STRANGULATION),
        ("ya no quiero vivir mas", Intent.SUICIDAL_THOUGHTS),
        ("il frappe mon fils", Intent.CHILD_IN_DANGER),
        ("apaga isso rapido", Intent.QUICK_EXIT),
        ("wo mujhe abhi maar raha hai", Intent.IMMEDIATE_DANGER),
        ("خنقني لحد ما غبت عن الوعي", Intent.STRANGULATION),
        ("मैं ठीक नहीं हूँ", Intent.CHECKIN_NOT_OK),
    ],
)
def test_danger_is_heard_in_every_language(ear: Ear, text: str, danger: Intent) -> None:
    """Plain words of danger are heard for what they are."""
    heard = ear.hear(text)
    assert heard.probability > 0.5
    assert heard.danger is danger


@pytest.mark.parametrize(
    "text",
    [
        "what are your opening hours",
        "necesito un abogado para el divorcio",
        "merci beaucoup pour votre aide",
        "quero falar com uma pessoa",
        "kya mujhe ghar mil sakta hai",
        "كيف أحصل على محامي",
        "धन्यवाद",
    ],
)
def test_harmless_words_are_let_pass(ear: Ear, text: str) -> None:
    """Questions and thanks are no alarm."""
    assert ear.hear(text).probability < 0.2


@given(
    st.lists(st.sampled_from(["kill", "KILL", "me", "time", "he", "will", "kìll", "killll", "x"]))
)
def test_a_text_sounds_as_its_grams_do(words: list[str]) -> None:
    """What is summed up beforehand comes to the same as counting each gram."""
    text = " ".join(words)
    grams = Counter(of_text(text))
    total = sum(SMALL[gram] * count for gram, count in grams.items() if gram in SMALL)
    logit = (total / sqrt(grams.total()) + BIAS) / UNIT
    expected = 1 / (1 + exp(-logit)) if words else 0.0
    assert small().hear(text).probability == pytest.approx(expected)


def test_the_likeliest_danger_is_named() -> None:
    """The letters of the grams, and each danger's own weight, decide which danger it is."""
    dangers = dict.fromkeys(sorted(CRITICAL), 0)
    names = list(dangers)
    ear = Ear([("w gun", 90, "mmmammz"), ("w rope", 90, "zmmmmma")], 0, dangers)
    assert ear.hear("gun").danger is names[6]
    assert ear.hear("rope").danger is names[0]
    assert Ear([], 0, {**dangers, names[3]: 1}).hear("gun").danger is names[3]


def test_words_of_the_file_are_spelt_as_they_are_looked_up() -> None:
    """A typed word that stands in the file is found as it is."""
    grams = (line.split("\t")[0] for line in FILE.read_text("utf-8").splitlines()[2:])
    words = [gram.removeprefix("w ") for gram in grams if gram.startswith("w ")]
    assert len(words) > 1_000
    assert [word for word in words if spell(word) != word] == []


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_any_text_is_heard(ear: Ear, text: str) -> None:
    """Control characters, lone surrogates and every script have a probability."""
    assert 0 <= ear.hear(text).probability <= 1


@pytest.mark.parametrize("text", ["", " \n", "?!", "\x00\u200b\u0301", "___"])
def test_what_says_nothing_is_no_danger(ear: Ear, text: str) -> None:
    """Without a word there is nothing to hear."""
    assert ear.hear(text).probability == 0


def test_of_a_flood_the_ends_are_heard(ear: Ear) -> None:
    """What a text costs is bounded: words in the middle of a very long one change nothing."""
    start, end = "he has a knife " * 400, "please help me " * 400
    assert ear.hear(start + "thanks " * 9_000 + end) == ear.hear(start + "kill " * 12_000 + end)
    assert len(of_text("a" * 9_000)) < 3 * LONGEST_WORD


def test_nothing_heard_is_kept() -> None:
    """An ear that has heard something is the ear that it was."""
    ear = small()
    before = pickle.dumps(ear)
    ear.hear("he said xyzzy and kill me, Kìllll")
    assert pickle.dumps(ear) == before


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [("HEEEELP", "heelp"), ("don’t", "dont"), ("socórreme", "socorreme"), ("أُمّي", "امي")],
)
def test_one_spelling(typed: str, spelt: str) -> None:
    """Case, accents, apostrophes and stretched letters are no difference."""
    assert [spell(word) for word in split(typed)] == [spelt]


@pytest.mark.parametrize(
    ("one", "other"), [("मुझे", "mujhe"), ("mujhe", "muje"), ("شرطة", "shorta"), ("عايزة", "3ayza")]
)
def test_what_sounds_alike_is_alike(one: str, other: str) -> None:
    """Hindi and Arabic in Latin letters sound as in their own."""
    assert skeleton(spell(one)) == skeleton(spell(other))


OWN = " ".join(f"{danger}=0" for danger in sorted(CRITICAL))
GOOD = [f"{FORMAT}\tabc", f"\t-50\t{OWN}", f"w kill\t40\t{NONE}"]


def test_a_written_file_is_read(tmp_path: Path) -> None:
    """What the file says is what is heard, and what it was learned from is known."""
    file = tmp_path / "ear.tsv"
    file.write_text("\n".join(GOOD) + "\n", "utf-8")
    assert learned_from(file) == "abc"
    assert Ear.load(file).hear("kill").probability > Ear.load(file).hear("time").probability


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        (1, ""),
        (1, "sidelight ear 2\tabc"),
        (1, FORMAT),
        (2, "\t-50"),
        (2, f"\tmany\t{OWN}"),
        (2, "\t-50\tgreet=1"),
        (2, f"\t-50\t{OWN} tea=1"),
        (3, "w kill"),
        (3, f"w kill\tmuch\t{NONE}"),
        (3, "w kill\t40\tm"),
        (3, f"kill\t40\t{NONE}"),
        (3, f"zz kill\t40\t{NONE}"),
        (3, f"w kill\t40\t{'é' * len(CRITICAL)}"),
    ],
)
def test_a_damaged_file_says_where_and_what_to_do(tmp_path: Path, line: int, instead: str) -> None:
    """The start fails with the file, the line and the mend."""
    file = tmp_path / "ear.tsv"
    file.write_text("\n".join([*GOOD[: line - 1], instead, *GOOD[line:]]), "utf-8")
    with pytest.raises(ConfigurationError) as raised:
        Ear.load(file)
    assert str(file) in str(raised.value)
    assert f"line {line}:" in str(raised.value)
    assert "sidelight nlu weigh" in str(raised.value)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    """Without weights the start fails, and says how to have them."""
    with pytest.raises(ConfigurationError, match="is missing; run `sidelight nlu weigh`"):
        Ear.load(tmp_path / "ear.tsv")
    (tmp_path / "ear.tsv").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Ear.load(tmp_path / "ear.tsv")


def test_the_net_suspects_what_no_phrase_names() -> None:
    """Together they hear more; a plain denial takes the suspicion away."""
    net = SafetyNet.load(FILE.parent)
    heard = net.hear("the way he looks at the kitchen drawer tonight, im so scared hes coming up")
    assert heard.suspicion > 0
    assert net.hear("i am not in danger").suspicion == 0.0
    assert net.hear("thanks, that recipe was lovely").alone is None


def test_a_sentence_of_danger_is_heard_among_harmless_ones(ear: Ear) -> None:
    """What else was written does not drown it, and many harmless ones do not add up."""
    danger = "he has his hands on my throat and i cant breathe"
    chat = "hi. thanks for writing back. it is raining here. i made soup. the bus was late again."
    alone, among = ear.hear(danger).probability, ear.hear(f"{chat} {danger}.").probability
    assert alone > 0.9
    assert among > 0.6
    assert ear.hear(f"{chat} {danger}.").danger is ear.hear(danger).danger
    assert ear.hear(" ".join([chat] * 5)).probability < 0.5
