"""The preview's page, from the texts as they are."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.content.source import SOURCE_LOCALE
from bot.finding import Finding
from bot.preview.cards import Card, cards
from bot.preview.choosing import FILTERS, chosen, counts, sections
from bot.preview.reading import Place, State
from bot.preview.voices import choices

STATIC = files("bot.preview") / "static"
_TEMPLATES = Path(str(files("bot.preview"))) / "templates"
_PAGES = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What someone wants to see: a language's tag, a filter, words to search, a kind of phone."""

    tag: str
    show: str = "all"
    query: str = ""
    phone: str = "telegram"


def page(
    state: State,
    wish: Wish,
    findings: Sequence[Finding],
    place: Place,
    version: str = "",
) -> str:
    """The page for `wish`, as HTML; without a `version` it is a file that needs no server.

    `findings` are those of the checks for the English and the language; those that belong to no
    message stand at the top. Raises KeyError for a language that there is not.
    """
    every = list(cards(state, wish.tag, findings, place))
    wanted = chosen(every, wish.show, wish.query)
    numbers = counts(every)
    style = "" if version else (STATIC / "preview.css").read_text("utf-8")
    return _PAGES.get_template("preview.html").render(
        state=state,
        wish=wish,
        languages=list(choices(state)),
        name=dict(choices(state))[wish.tag],
        source=SOURCE_LOCALE,
        filters=[(name, title, numbers[name]) for name, (title, _) in FILTERS.items()],
        sections=sections(wanted, state.source),
        shown=len(wanted),
        total=len(every),
        loose=_loose(every, findings, state),
        short=_shortening(place),
        style=style,
        policy=f"default-src 'none'; style-src '{_hash(style)}'; base-uri 'none'",
        version=version,
        alone=not version,
    )


def _is_open(card: Card) -> bool:
    """Whether there is still something to do."""
    return bool(card.findings) or card.progress in ("missing", "fuzzy")


def _loose(every: Sequence[Card], findings: Sequence[Finding], state: State) -> list[Finding]:
    """Those that no message shows: without a key, or of a file that could not be read."""
    keys = {card.key for card in every} | {card.key.removeprefix("button/") for card in every}
    others = (finding for finding in findings if finding.key not in keys)
    return list(dict.fromkeys([*state.faults, *others]))


def _shortening(place: Place) -> Callable[[str], str]:
    """Takes the folders above the texts out of a path, or a sentence: they may name somebody."""
    above = dict.fromkeys(f"{p}/" for at in place.folders for p in (at.resolve().parent, at.parent))

    def short(text: str) -> str:
        for folder in above:
            text = text.replace(folder, "") if len(folder) > 2 else text
        return text

    return short


def _hash(style: str) -> str:
    return f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"


_PAGES.tests["is_open"] = _is_open
