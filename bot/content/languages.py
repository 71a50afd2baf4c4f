"""The languages there are: those with a file of their own, and what it takes to add one."""

from pathlib import Path

from babel import Locale as BabelLocale
from babel import UnknownLocaleError

from bot.content.integrity import faults
from bot.content.reading import BUTTONS_FILE, read_source
from bot.content.source import SOURCE_LOCALE
from bot.content.translations import DOMAIN, po_path, read_translation
from bot.content.update import update
from bot.content.writing import replace_file
from bot.errors import ConfigurationError
from bot.finding import refuse
from bot.ids import Locale

_WORDING = """\
# {name}: words that we do not use, and what we say instead. An `avoid` that ends in * stands for
# all endings. `sidelight responses check` finds them. en.yml has the English list; yours need not
# be the same. Put entries such as this one in the place of the last line:
#
# - avoid: victim*
#   instead: the person's own word, or “you”
#   unless: [victim support]
[]
"""


def available(folder: Path) -> tuple[Locale, ...]:
    """The source language, then every language with a file of translations, by tag."""
    files = (folder / "locales").glob(f"*/LC_MESSAGES/{DOMAIN}.po")
    return (SOURCE_LOCALE, *sorted(Locale(path.parents[1].name) for path in files))


def faulty(folder: Path, locale: Locale, overlay: Path | None = None) -> int:
    """How many faults bar `locale` from being said: what is missing, fuzzy or damaged.

    Raises ConfigurationError when the English itself is at fault.
    """
    source, findings = read_source(folder, overlay)
    refuse(findings)
    translation, damaged = read_translation(folder, locale, overlay)
    found = faults(folder, source, [translation], required_buttons=[f"language:{locale}"])
    return len(damaged) + len(list(found))


def parse_tag(tag: str) -> Locale:
    """`tag` as it is written here: ``pt_br`` is ``pt-BR``. Raises ConfigurationError for others."""
    try:
        parsed = BabelLocale.parse(tag.strip().replace("_", "-"), sep="-")
        return Locale(str(parsed).replace("_", "-"))
    except (ValueError, UnknownLocaleError):
        raise ConfigurationError(
            f"{tag!r} is no language tag that the Unicode CLDR knows; write it like es or pt-BR"
        ) from None


def autonym(locale: Locale) -> str:
    """The language's own name for itself, as it begins a sentence (Unicode CLDR)."""
    parsed = BabelLocale.parse(locale, sep="-")
    name = parsed.get_display_name(parsed) or str(locale)
    return name[:1].upper() + name[1:]


def new_locale(folder: Path, locale: Locale) -> list[Path]:
    """Begin a language: its PO file, its list of words to avoid, and the button that offers it.

    Returns the files that were written; none of somebody's own is replaced. Raises
    ConfigurationError when the language is there already.
    """
    if locale == SOURCE_LOCALE:
        raise ConfigurationError(f"{locale} is the source language; it needs no translation")
    if (path := po_path(folder, locale)).exists():
        raise ConfigurationError(
            f"{locale} is there already: {path}; `sidelight responses update` brings it up to date"
        )
    source, findings = read_source(folder)
    refuse(findings)
    written = update(folder, [locale])
    words = folder / "wording" / f"{locale}.yml"
    if not words.exists():
        replace_file(words, _WORDING.format(name=autonym(locale)))
        written.append(words)
    button = f"language:{locale}"
    if button not in source.buttons:
        buttons = folder / SOURCE_LOCALE / BUTTONS_FILE
        replace_file(buttons, _with_button(buttons.read_text("utf-8"), button, autonym(locale)))
        written.append(buttons)
    return written


def _with_button(text: str, button: str, label: str) -> str:
    """`text` with a line for `button` below those of the other languages, or at the end."""
    lines = text.splitlines()
    others = [at for at, line in enumerate(lines, 1) if line.startswith("language:")]
    line = f'{button}: {{label: "{label}", fixed: true}}'
    lines.insert(others[-1] if others else len(lines), line)
    return "\n".join(lines) + "\n"
