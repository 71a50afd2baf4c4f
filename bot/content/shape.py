"""What a text may be made of: plain text that shows as it was meant, in any script."""

import re
import unicodedata
from itertools import pairwise

from bot.content.rules import Problems, Rule, Said

_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+);")
_MARKDOWN = re.compile(
    r"\*\*|__|~~|`+"
    r"|\[[^\]\n]+\]\([^)\n]+\)"
    r"|^[ \t]*(?:#{1,6}|[*+>-])(?= )"
    r"|(?<!\w)([*_])(?=\S)[^*_\n]*(?<=\S)\1(?!\w)",
    re.MULTILINE,
)
_SPACES = re.compile(r"[ \t\u00a0]{2,}|[ \t]+$|^[ \t]+", re.MULTILINE)

_OPENING = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | {
    "\u2066": "\u2069",
    "\u2067": "\u2069",
    "\u2068": "\u2069",
}
"""Embeddings, overrides and isolates, with what ends them (Unicode Annex 9)."""

_CLOSING = frozenset(_OPENING.values())
_HARMLESS = frozenset({"\u200e", "\u200f", "\u061c", "\n", "\ufe0f"})
"""Marks that end by themselves, line breaks, and what makes a sign an emoji."""

_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"))

_JOINERS = frozenset({"\u200c", "\u200d"})
_JOINING_SCRIPTS = frozenset(
    {"ARABIC", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU"}
    | {"KANNADA", "MALAYALAM", "SINHALA", "SYRIAC", "KHMER", "MYANMAR", "MONGOLIAN"}
)
"""Where a joiner, or a non-joiner, changes what is read (Unicode standard, 23.2)."""

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


def markup(said: Said) -> Problems:
    """It is plain text."""
    if tags := dict.fromkeys(_HTML.findall(said.words)):
        problem = f"contains the markup {' '.join(tags)}"
        yield problem, "write plain text; channels show it as it is"


def markdown(said: Said) -> Problems:
    """No sign is left standing that was meant to make letters bold, or a list."""
    signs = dict.fromkeys(match[0].strip() for match in _MARKDOWN.finditer(said.words))
    if signs:
        problem = f"contains Markdown: {' '.join(signs)}"
        yield problem, "write plain text; begin the lines of a list with “• ”"


def invisible(said: Said) -> Problems:
    """Nothing is in it that cannot be seen, but what a script needs."""
    around = f"\n{said.raw}"
    for before, char in pairwise(around):
        if char in _HARMLESS or char in _OPENING or char in _CLOSING:
            continue
        if char in _JOINERS and _joins(before):
            continue
        if unicodedata.category(char) in _UNSEEN or char == "\ufffd":
            yield f"contains the invisible character U+{ord(char):04X}", "take it out"


def direction(said: Said) -> Problems:
    """Marks of direction end in the paragraph where they begin."""
    for paragraph in said.raw.split("\n"):
        open_: list[str] = []
        for char in paragraph:
            if char in _OPENING:
                open_.append(_OPENING[char])
            elif char in _CLOSING and (not open_ or open_.pop() != char):
                open_.append(char)
                break
        if open_:
            problem = f"a mark of direction has no partner before U+{ord(open_[-1]):04X}"
            if paragraph.count(open_[-1]) == 0:
                problem = f"a mark of direction is not ended by U+{ord(open_[-1]):04X}"
            yield problem, "take the marks out, or end each in its paragraph"
            return


def spaces(said: Said) -> Problems:
    """There is one space between words, none at the ends, and one empty line at most."""
    if said.raw != said.raw.strip():
        yield "begins or ends with a space", "take it out"
    if _SPACES.search(said.words):
        yield "has a space too many", "leave one between words, and none at the ends of lines"
    if "\n\n\n" in said.words:
        yield "has more than one empty line", "leave one between paragraphs"


def brackets(said: Said) -> Problems:
    """Every bracket and quotation mark has its partner."""
    for opening, closing in _PAIRS:
        if said.words.count(opening) != said.words.count(closing):
            yield f"{opening} and {closing} are not equally many", "close what is opened"


def _joins(before: str) -> bool:
    script = unicodedata.name(before, "").partition(" ")[0]
    return script in _JOINING_SCRIPTS or unicodedata.category(before) == "So"


RULES: tuple[Rule, ...] = (markup, markdown, invisible, direction, spaces, brackets)
