"""`sidelight`, as it runs where only `requirements.lock` is installed.

The tools of the tests stand in the same environment here; some libraries take them in where they
are there (a terminal's colours, say), which costs memory that no installation spends.
"""

import re
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.metadata import packages_distributions

from bot.settings import ROOT


class Hidden(MetaPathFinder):
    """Knows nothing of what only tests need."""

    def __init__(self) -> None:
        lock = (ROOT / "requirements.lock").read_text()
        installed = {_plain(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
        self._names = {
            package
            for package, distributions in packages_distributions().items()
            if not any(_plain(each) in installed for each in distributions)
        } - {"bot", "tests"}

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> None:
        """Raises ModuleNotFoundError for what is hidden; anything else is looked for further on."""
        if name.partition(".")[0] in self._names:
            raise ModuleNotFoundError(f"{name} is not in requirements.lock", name=name)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.meta_path.insert(0, Hidden())
    from bot.cli import main

    main()
