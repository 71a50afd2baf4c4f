"""All checks on the texts, as `check` and `preview` run them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.bootstrap import REQUIRED_TEXTS, required_buttons
from bot.content.checks import check
from bot.content.languages import available
from bot.finding import Finding
from bot.ids import Locale
from bot.safety.cover import GiveAways
from bot.safety.language import TOLD
from bot.settings import Settings


def languages(settings: Settings, named: Sequence[Locale] = ()) -> tuple[Locale, ...]:
    """Those that are `named`; without any, all that have a file, and all that are enabled."""
    every = (*available(settings.responses_dir), *settings.locales)
    return tuple(dict.fromkeys(named or every))


def find(settings: Settings, locales: Sequence[Locale]) -> list[Finding]:
    """Every fault of the English, and of the translations into `locales`."""
    every = settings.model_copy(update={"locales": languages(settings)})
    stems = settings.nlu_dir / "safety" / "giveaways"
    lists = [locale for locale in locales if (stems / f"{locale}.yml").is_file()]
    findings = check(
        settings.responses_dir,
        locales,
        REQUIRED_TEXTS,
        required_buttons=required_buttons(every),
        required_own_words=TOLD,
        giveaways=GiveAways.load(stems.parent, lists).find,
        overlay=settings.responses_overlay,
        today=datetime.now(UTC).date(),
    )
    mend = "write the list, so that cover texts can be checked"
    for locale in locales:
        if locale not in lists:
            path = str(stems / f"{locale}.yml")
            findings.append(Finding(path, 1, "", "no list of words that tell", mend))
    return findings
