"""`python -m tests.deploy images | guide | lint | versions`: what needs packages and minutes."""

import argparse
import os
import sys
from pathlib import Path

from bot.rasa.child import nlu_python
from bot.settings import ROOT
from tests.deploy import guide, images, linting, versions
from tests.deploy.roots import StepFailed, require


def _python(version: str, named: str | None) -> Path:
    """An interpreter with a home of its own: named, or pyenv's."""
    if named:
        return Path(named)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"))
    if not found:
        raise StepFailed(f"no Python {version} to lay into the roots: --python{version[2:]} PATH")
    return found[-1]


def _model() -> Path | None:
    """The trained model of today's files, if it is there."""
    sys.path.insert(0, str(ROOT / "nlu"))
    from fingerprint import model_path  # type: ignore[import-not-found]

    path: Path = model_path(ROOT / "nlu")
    return path if path.exists() and nlu_python(ROOT / "nlu").exists() else None


def main() -> int:
    """The exit code: 1 with the reason where something is missing or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("images", "guide", "lint", "versions"))
    parser.add_argument("--work", type=Path, default=Path("/var/tmp/sidelight-roots"))
    parser.add_argument("--train", action="store_true", help="train anew: minutes more")
    parser.add_argument("--python10", help="a Python 3.10 for the roots")
    parser.add_argument("--python11", help="a Python 3.11 for the roots")
    parser.add_argument("--before", metavar="REF", help="the version to come from and go back to")
    asked = parser.parse_args()
    try:
        if asked.what == "lint":
            linting.check()
            return 0
        if asked.what == "versions":
            versions.check(asked.before)
            return 0
        if os.geteuid() != 0:
            raise StepFailed("this needs root: it makes roots and namespaces")
        boots = ("systemd-nspawn",) if asked.what == "guide" else ()
        require("debootstrap", "unshare", *boots)
        asked.work.mkdir(parents=True, exist_ok=True)
        pythons = {
            "python:3.10-slim-bookworm": _python("3.10", asked.python10),
            "python:3.11-slim-bookworm": _python("3.11", asked.python11),
        }
        model = None if asked.train else _model()
        if asked.what == "images":
            images.check(asked.work, pythons, model)
        else:
            guide.check(asked.work, pythons["python:3.10-slim-bookworm"], model)
    except StepFailed as failure:
        print(f"FAILED {failure}", file=sys.stderr)
        return 1
    print("all is well")
    return 0


if __name__ == "__main__":
    sys.exit(main())
