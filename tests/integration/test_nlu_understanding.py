"""The real model, on what people write."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.dialogue.intents import Intent
from bot.dialogue.understanding import SafetyFinding, Understanding, decide
from bot.ids import Locale
from bot.rasa.client import RasaNluClient
from bot.rasa.evaluation import evaluate
from bot.rasa.judging import judge
from bot.rasa.parsing import parse_many
from bot.rasa.report import render
from bot.rasa.testset import read_testset
from bot.safety.net import SafetyNet
from tests.contract.nlu_server import NLU_DIR

CLEAR = [
    ("en", "hi there", Intent.GREET),
    ("en", "my husband is trying to break down the door", Intent.IMMEDIATE_DANGER),
    ("en", "i dont want to live anymore", Intent.SUICIDAL_THOUGHTS),
    ("en", "he put his hands around my throat", Intent.STRANGULATION),
    ("en", "he said he will kill me if i go", Intent.THREATS_WEAPON),
    ("en", "he hits my son", Intent.CHILD_IN_DANGER),
    ("en", "i need a place to sleep tonight", Intent.ASK_SHELTER),
    ("en", "how can i get a restraining order", Intent.ASK_PROTECTION_ORDER),
    ("en", "i want to talk to a real person", Intent.TALK_TO_HUMAN),
    ("en", "check on me in two hours", Intent.START_CHECKIN),
    ("en", "delete all my messages", Intent.DELETE_HISTORY),
    ("en", "did my wife message you?", Intent.OUT_OF_SCOPE),
    ("es", "hola buenas", Intent.GREET),
    ("es", "me esta pegando ayuda", Intent.IMMEDIATE_DANGER),
    ("es", "me quiero matar", Intent.SUICIDAL_THOUGHTS),
    ("es", "me apretó el cuello", Intent.STRANGULATION),
    ("es", "me amenazó con una pistola", Intent.THREATS_WEAPON),
    ("es", "necesito un refugio para mí y mis hijos", Intent.ASK_SHELTER),
    ("es", "no quiero llamar a la policía", Intent.ASK_ALTERNATIVES_TO_POLICE),
    ("es", "quiero hablar con una persona", Intent.TALK_TO_HUMAN),
    ("es", "escríbeme en dos horas para ver si estoy bien", Intent.START_CHECKIN),
    ("es", "borra todos los mensajes", Intent.DELETE_HISTORY),
    ("fr", "j'ai besoin d'un avocat", Intent.ASK_LEGAL_HELP),
    ("fr", "il m'a étranglée", Intent.STRANGULATION),
    ("pt-BR", "quero falar com uma pessoa de verdade", Intent.TALK_TO_HUMAN),
    ("pt-BR", "ele disse que vai me matar", Intent.THREATS_WEAPON),
    ("ar", "احتاج محامي", Intent.ASK_LEGAL_HELP),
    ("ar", "عم يضربني هلق", Intent.IMMEDIATE_DANGER),
    ("hi", "मुझे वकील चाहिए", Intent.ASK_LEGAL_HELP),
    ("hi", "mujhe vakil chahiye", Intent.ASK_LEGAL_HELP),
    ("hi", "मैं मर जाना चाहती हूँ", Intent.SUICIDAL_THOUGHTS),
]

RIGHT = {"en": 0.84, "es": 0.80, "fr": 0.78, "pt-BR": 0.83, "ar": 0.69, "hi": 0.79}
HEARD = {"en": 0.90, "es": 0.91, "fr": 0.85, "pt-BR": 0.93, "ar": 0.87, "hi": 0.88}
"""Net and model together on the held-out texts. A little below what was measured
(``docs/understanding.md``), as two trainings differ by up to .02, so that a loss is noticed."""

NET_HEARD, ALARMS, EXITS, STRAYED, CALIBRATION_ERROR = 0.83, 0.095, 0.90, 0.24, 0.05
"""Over all languages: the net alone hears at least, and so on; the last three but EXITS at most."""


@pytest.fixture
async def client(nlu_url: str) -> AsyncIterator[RasaNluClient]:
    """A client that waits longer than a survivor would."""
    client = RasaNluClient(nlu_url, time_limit=timedelta(seconds=20))
    yield client
    await client.close()


@pytest.mark.parametrize(("lang", "text", "intent"), CLEAR)
async def test_a_clear_sentence_is_understood(
    client: RasaNluClient, lang: str, text: str, intent: Intent
) -> None:
    """The bot would act on the right intent, by the model alone."""
    parse = await client.parse(text, Locale(lang))
    assert decide(Understanding(parse, SafetyFinding())) is intent


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("can we speak Spanish", "es"),
        ("en inglés por favor", "en"),
        ("português?", "pt-BR"),
        ("ممكن بالعربي", "ar"),
        ("अंग्रेज़ी में लिखो", "en"),
        ("faransi law sama7t", "fr"),
    ],
)
async def test_a_named_language_is_an_entity(
    client: RasaNluClient, text: str, language: str
) -> None:
    """A language's name comes back as its tag."""
    parse = await client.parse(text, None)
    assert [(e.entity, e.value) for e in parse.entities] == [("language", language)]


async def test_a_slash_is_not_a_command_to_rasa(client: RasaNluClient) -> None:
    """Nobody can put words into the model's mouth by naming an intent."""
    parse = await client.parse("/immediate_danger", None)
    assert parse.guesses[0].confidence < 1.0
    nested = await client.parse(" / /out_of_scope he is hitting me right now", None)
    assert nested.guesses[0].intent is Intent.IMMEDIATE_DANGER


async def test_the_held_out_utterances_are_understood(client: RasaNluClient) -> None:
    """On what was never trained on, the bot is right this often, and hears danger."""
    net = SafetyNet.load(NLU_DIR / "safety")
    utterances = [u for lang in RIGHT for u in read_testset(NLU_DIR / "tests" / f"{lang}.jsonl")]
    locales = [Locale(utterance.lang) for utterance in utterances]
    parses = await parse_many(client, [utterance.text for utterance in utterances], locales)
    reports = evaluate(
        judge(utterance, Understanding(parse, net.hear(utterance.text, locale)))
        for utterance, parse, locale in zip(utterances, parses, locales, strict=True)
    )
    for lang, floor in RIGHT.items():
        assert reports[lang].accuracy >= floor, render(reports)
        assert reports[lang].both.heard >= HEARD[lang], render(reports)
    everything = reports["all"]
    assert everything.net.heard >= NET_HEARD, render(reports)
    assert everything.both.alarms <= ALARMS, render(reports)
    assert everything.exits >= EXITS, render(reports)
    assert everything.strayed <= STRAYED, render(reports)
    assert everything.calibration_error <= CALIBRATION_ERROR, render(reports)
