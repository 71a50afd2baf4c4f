"""The pages as a reader has them: commands in them, headings, links."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.settings import ROOT

FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
SHELL = frozenset({"sh", "bash", "console", ""})
BREAKS = frozenset({"&&", "||", ";", "|", "&", "(", ")", "<", ">", ">>"})
RUNNERS = frozenset({"sudo", "exec", "env", "time", "nice"})
INSET = re.compile(r"^ {4,}(?=(?:make|sidelight|git|cd|source) )", re.MULTILINE)


def pages() -> list[Path]:
    """All that people read, in Markdown."""
    top = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted([*top, ROOT / "nlu" / "README.md", ROOT / "nlu" / "safety" / "README.md"])


@dataclass(frozen=True, slots=True)
class Command:
    """A command that a page tells to run: its words from the program's name on."""

    page: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)}"


@cache
def commands(program: str) -> tuple[Command, ...]:
    """Each line that runs `program`, in blocks, and in the text where it has arguments."""
    found = []
    for page in pages():
        text, name = page.read_text("utf-8"), str(page.relative_to(ROOT))
        for words in (*_in_blocks(text), *_in_text(text)):
            if words[0] == program and len(words) > 1:
                found.append(Command(name, tuple(words[1:])))
    return tuple(dict.fromkeys(found))


def blocks(text: str) -> list[str]:
    """What stands in fenced blocks of shell, without their inset."""
    return [
        "\n".join(line.removeprefix(found[1]) for line in found[3].splitlines())
        for found in FENCED.finditer(text)
        if found[2] in SHELL
    ]


def _in_blocks(text: str) -> Iterator[list[str]]:
    inset = "\n".join(line for line in text.splitlines() if INSET.match(line))
    for block in (*blocks(text), inset):
        for line in block.replace("\\\n", " ").splitlines():
            yield from simple(line)


def _in_text(text: str) -> Iterator[list[str]]:
    for code in CODE.findall(FENCED.sub("", text)):
        # `keys init | rotate` names several; `…` leaves something out.
        if code.startswith(("sidelight ", "make ")) and "…" not in code and " | " not in code:
            yield from simple(code)


def simple(line: str) -> Iterator[list[str]]:
    """The simple commands of a line of shell, each from its program's name on."""
    lexer = shlex.shlex(line.strip().removeprefix("$ "), posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, "#"
    words: list[str] = []
    try:
        tokens = [*lexer, ";"]
    except ValueError:  # A line of something that is no shell, such as a quote left open.
        return
    for token in tokens:
        if token not in BREAKS:
            words.append(token)
            continue
        while words and (words[0] in RUNNERS or re.match(r"^[A-Z_]+=", words[0])):
            words.pop(0)
        if words[:2] == ["docker", "compose"] and "sidelight" in words[3:]:
            words = words[words.index("sidelight", 3) :]
        if words:
            yield [Path(words[0]).name, *words[1:]]
        words = []


def headings(text: str) -> list[str]:
    """The page's headings, without the signs of Markdown."""
    found = re.findall(r"^#{1,6} +(.+?) *$", FENCED.sub("", text), re.MULTILINE)
    return [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", each).replace("`", "") for each in found]


def anchor(heading: str) -> str:
    """What the repository's host makes of a heading; the site's slugs are the same."""
    return re.sub(r"[^\w\- ]", "", heading.lower().replace("*", "")).strip().replace(" ", "-")


def links(text: str) -> list[str]:
    """Where the page's links lead."""
    return re.findall(r"\]\(([^)\s]+)\)", FENCED.sub("", CODE.sub("", text)))
