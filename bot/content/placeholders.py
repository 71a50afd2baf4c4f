"""Placeholders in a text: ``{ttl}``, ``{cover.parcel.ping}``, ``{checkin:ok}``.

A bare name is filled when the text is said. A name with a dot stands for another text, one with a
colon for a button's label: both are put in when the catalogue is loaded, so that what is promised
is word for word what is sent. There are no format specs, attributes or escapes to abuse.
"""

import re
from collections.abc import Mapping

from bot.content.errors import UnfilledPlaceholder

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.:]*)\}")
_BRACE = re.compile(r"[{}]")


def names(text: str) -> tuple[str, ...]:
    """The names of the placeholders in `text`, in order, repeated as they are."""
    return tuple(_PLACEHOLDER.findall(text))


def has_stray_brace(text: str) -> bool:
    """Whether a brace is left over that belongs to no placeholder."""
    return _BRACE.search(_PLACEHOLDER.sub("", text)) is not None


def is_param(name: str) -> bool:
    """Whether `name` is filled when the text is said."""
    return "." not in name and ":" not in name


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with its placeholders replaced once; what a value holds is never looked at again.

    Raises UnfilledPlaceholder for a name that `values` lacks.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise UnfilledPlaceholder(f"no value for {{{name}}}")
        return values[name]

    return _PLACEHOLDER.sub(value, text)


def quote(text: str, texts: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """Put in the texts and button labels that `text` quotes, and leave what is filled later.

    Raises UnfilledPlaceholder for a text or button that is not there.
    """
    values = {}
    for name in names(text):
        if is_param(name):
            values[name] = f"{{{name}}}"
        elif (quoted := labels.get(name, texts.get(name))) is not None:
            values[name] = quoted
    return fill(text, values)
