"""What `mkdocs` needs to make a site of pages that are written to be read in the repository, too.

Pages of the repository outside `docs/` come along; links to other files become their names; lists
are written as Python-Markdown wants them. In the end it looks whether a page would load anything
from elsewhere: whoever reads about this should be seen by nobody but the site.
"""

import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

# mkdocs is imported where it is needed: the tests of what is pure here have none.

OUTSIDE = {
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
    "nlu/README.md": "nlu.md",
    "nlu/safety/README.md": "words-of-danger.md",
}
"""Files of the repository, and the pages that they are."""

FENCE = re.compile(r"^ *```")
FENCED = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
ITEM = re.compile(r"^( *)(\d+\. |[-*] )")
LOADED = re.compile(
    r"<(?:script|link|img|iframe|source|video|audio|object|embed)\b"
    r"[^>]*?\b(?:src|href|data)=[\"']?(?:https?:)?//[^>]*>"
)


def on_files(files: Any, config: Any) -> Any:
    """Take the repository's own pages along."""
    from mkdocs.structure.files import File

    for source, page in OUTSIDE.items():
        files.append(File.generated(config, page, content=Path(source).read_text("utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The page as Python-Markdown reads it the way that the repository's readers see it."""
    sources = {target: source for source, target in OUTSIDE.items()}
    source = sources.get(page.file.src_uri, f"docs/{page.file.src_uri}")
    return charts(lists(links(markdown, source, page.file.src_uri)))


def on_post_build(config: Any) -> None:
    """Raise PluginError for a page that loads something from elsewhere."""
    from mkdocs.exceptions import PluginError

    for path in Path(config.site_dir).rglob("*.html"):
        text = path.read_text("utf-8")
        found = [*LOADED.findall(text), *re.findall(r'class="mermaid"', text)]
        if found:
            raise PluginError(f"{path} loads from elsewhere: {found[0]}")


def links(markdown: str, source: str, page: str) -> str:
    """`markdown` of the file `source` with its links as they hold for `page` of the site."""

    def moved(found: re.Match[str]) -> str:
        image, label, target = found.groups()
        path, _, anchor = target.partition("#")
        if not path or "://" in target or target.startswith("mailto:"):
            return found[0]
        there = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        to = OUTSIDE.get(there) or (there.removeprefix("docs/") if _is_page(there) else "")
        if not to:
            return label if there in label else f"{label} (`{there}`)"
        href = posixpath.relpath(to, posixpath.dirname(page) or ".")
        return f"{image}[{label}]({href}{'#' if anchor else ''}{anchor})"

    return _outside_fences(markdown, lambda text: LINK.sub(moved, text))


def charts(markdown: str) -> str:
    """`markdown` with its charts as text: what draws them would come from elsewhere."""
    return markdown.replace("```mermaid", "*As text; the repository's page draws it:*\n\n```text")


def lists(markdown: str) -> str:
    """`markdown` with what belongs to an item set in by four, and an empty line before a list."""
    out: list[str] = []
    deep = 0  # How far the text of the current item is set in.
    fenced = False
    for line in markdown.split("\n"):
        item = None if fenced else ITEM.match(line)
        inside = bool(deep) and line.startswith(" " * deep)
        if item and not item[1]:
            if out and out[-1].strip() and not deep:
                out.append("")
            deep = len(item[2])
            out.append(line)
        elif inside:
            out.append(" " * (4 - deep) + line if deep < 4 else line)
        else:
            if line.strip() and not fenced:
                deep = 0
            out.append(line)
        if FENCE.match(line):
            fenced = not fenced
    return "\n".join(out)


def _is_page(path: str) -> bool:
    return path.startswith("docs/") and Path(path).is_file() and "/translating/" not in path


def _outside_fences(markdown: str, change: Callable[[str], str]) -> str:
    parts = FENCED.split(markdown)
    return "".join(part if i % 2 else change(part) for i, part in enumerate(parts))
