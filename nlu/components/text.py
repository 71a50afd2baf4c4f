"""What is done to a text before it is embedded, in training and in use alike."""

import re
import unicodedata

_STRETCHED = re.compile(r"(.)\1{2,}", re.DOTALL)
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """`text` in lower case and compatibility form, with stretched letters ("heeelp") shortened.

    Never empty: a text of which nothing would remain comes back as a full stop.
    """
    folded = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    shortened = _STRETCHED.sub(r"\1\1", folded)
    return _SPACES.sub(" ", shortened).strip() or "."
