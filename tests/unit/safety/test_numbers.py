"""Times, spans and sums are no danger, whatever figures are in them; numbers for help are."""

import pytest

from bot.dialogue.intents import Intent
from bot.ids import Locale
from bot.safety.net import SafetyNet
from tests.unit.safety.conftest import LEXICONS

CLOCKS = (
    "{h:02}:{m:02}",
    "{h}:{m:02}",
    "{h}.{m:02}",
    "{h}h{m:02}",
    "{h:02}{m:02}",
    "at {h}:{m:02}",
)
SAID = {
    "en": ("it is {}", "every evening at {}", "in {n} minutes", "{n} min", "{n} o'clock", "{n} pm"),
    "es": ("a las {}", "son las {}", "en {n} minutos", "a las {n} de la tarde"),
    "fr": ("il est {}", "demain à {}", "dans {n} heures", "{n}h"),
    "pt-BR": ("às {}", "todo dia às {}", "em {n} minutos", "às {n}h"),
    "ar": ("الساعة {}", "بعد {n} دقيقة", "el sa3a {}", "ba3d {n} d2ee2a"),
    "hi": ("{} बजे", "{n} मिनट में", "kal {n} baje", "{n} minute me"),
}


@pytest.fixture(scope="module")
def net() -> SafetyNet:
    """With its learned ear."""
    return SafetyNet.load(LEXICONS)


def test_a_clock_time_alone_is_no_danger(net: SafetyNet) -> None:
    """The model is not asked about figures: what the net makes of them is all there is."""
    times = (clock.format(h=h, m=m) for h in range(24) for m in range(60) for clock in CLOCKS)
    assert [time for time in times if net.hear(time).alone] == []


@pytest.mark.parametrize("locale", SAID)
def test_neither_is_what_is_said_around_it(net: SafetyNet, locale: str) -> None:
    """Also while the model is down."""
    clocks = [f"{h}:{m:02}" for h in range(24) for m in range(0, 60, 7)]
    numbers = [str(n) for n in range(1, 61)]
    said = [
        form.format(value, n=value)
        for form in SAID[locale]
        for value in (clocks if "{}" in form else numbers)
    ]
    assert [text for text in said if net.hear(text, Locale(locale)).alone] == []


@pytest.mark.parametrize("number", ["911", "112", "999"])
def test_a_number_for_help_is_heard(net: SafetyNet, number: str) -> None:
    """Typed in a hurry where it should have been dialled."""
    assert net.hear(number).danger is Intent.IMMEDIATE_DANGER
