"""YAML as it is written, and where in it a value stands.

Every value is read as text: `016` keeps its nought, `NO` stays Norway and `10:00` a time, whatever
YAML makes of them. Not resolving types is also what makes 5,000 entries load in time.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

Loc = tuple[str | int, ...]
"""The way to a value: names of fields, and places in lists from 0."""

_EMPTY = ("", "~", "null")


class Faulty(Exception):
    """The file cannot be read: where, why, and the mend. Caught by the reader of the directory."""

    def __init__(self, line: int, key: str, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.line, self.key, self.problem, self.mend = line, key, problem, mend


def read_plain(path: Path) -> dict[str, Any]:
    """The mapping in the file, every scalar as written, None for empty ones. Raises Faulty."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise Faulty(1, "", "is not UTF-8", "save the file as UTF-8 text") from None
    try:
        found = _build(text)
    except yaml.MarkedYAMLError as error:
        scanning = (error.context or "").startswith("while scanning")
        mark = error.context_mark if scanning else error.problem_mark
        line = min(mark.line + 1 if mark else 1, max(1, len(text.rstrip().splitlines())))
        raise Faulty(line, "", f"not YAML: {error.problem}", "mend this line") from None
    except yaml.YAMLError:
        raise Faulty(1, "", "not YAML", "take out what is not text") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Faulty(1, "", "not a list of entries", "write an id and a colon first")
    return found


def line_of(path: Path, key: str, loc: Loc) -> int:
    """The line, from 1, at which the field `loc` of the entry `key` stands, or what holds it."""
    node = _nodes(path, path.stat().st_mtime_ns)
    line = 1
    for step in (key, *loc):
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == step), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


@lru_cache(maxsize=4)
def _nodes(path: Path, _changed_at: int) -> yaml.Node | None:
    return yaml.compose(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def _build(text: str) -> Any:
    """Built from the parser's events; composing nodes and resolving types takes six times that."""
    holder: Any = None  # the mapping or list that is being filled
    key: str | None = None  # the key in it that waits for its value
    outer: list[tuple[Any, str | None]] = []
    value: Any
    loader = yaml.CSafeLoader(text)
    # Asking whether there is another event, as yaml.parse does, takes as long as getting it.
    while not isinstance(event := loader.get_event(), yaml.StreamEndEvent):
        if isinstance(event, yaml.ScalarEvent):
            if key is None and isinstance(holder, dict):
                key = event.value
                if key in holder:
                    entry = outer[1][1] if len(outer) > 1 else key
                    raise Faulty(_line(event), entry or "", f"names `{key}` twice", "remove one")
                holder[key] = None
                continue
            value = None if event.implicit[0] and event.value in _EMPTY else event.value
        elif isinstance(event, yaml.CollectionStartEvent):
            if key is None and isinstance(holder, dict):
                raise Faulty(_line(event), "", "a key that is no word", "write `name: value`")
            outer.append((holder, key))
            holder, key = ({} if isinstance(event, yaml.MappingStartEvent) else []), None
            continue
        elif isinstance(event, yaml.CollectionEndEvent):
            value = holder
            holder, key = outer.pop()
        elif isinstance(event, yaml.AliasEvent):
            raise Faulty(_line(event), "", "refers to another place", "write it out")
        else:
            continue
        if isinstance(holder, dict):
            holder[key] = value
            key = None
        elif isinstance(holder, list):
            holder.append(value)
        else:
            holder = value
    return holder


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
