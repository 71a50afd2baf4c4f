"""`make` sets up each environment once, finds a Python that works, and says what to install."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

_SOURCE = Path(__file__).parents[2]

_INTERPRETER = """#!/bin/bash
# Stands in for Python and pip: writes down each install and ends as it is told.
case "$*" in
"-c "*) exit 0 ;;
"-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
*"--version") exit 0 ;;
*" install "*)
    echo "$*" >>"$CALLS"
    echo "no space left on the moon"
    case "$*" in *" -e ."*) touch .venv/bin/sidelight && chmod +x .venv/bin/sidelight ;; esac
    exit "${PIP_EXIT:-0}" ;;
*) exit 9 ;;
esac
"""

_TOOLS = ("bash", "cat", "cksum", "tr", "mktemp", "tee", "grep", "tail", "rm", "awk", "dirname")
_TOOLS += ("mkdir", "cp", "touch", "chmod")

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A tree with the locks of both environments and nothing installed."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(_SOURCE / ".ci/environment", tmp_path / ".ci/environment")
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_text(f"{name}\n")
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu/requirements.lock").write_text("nlu\n")
    (tmp_path / "bin").mkdir()
    return tmp_path


@pytest.fixture
def run(house: Path) -> Run:
    """Runs `.ci/environment` with no Python on the machine but those in the house's `bin`."""
    tools = house / "tools"
    tools.mkdir()
    for name in _TOOLS:
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(house / ".ci/environment"), *arguments],
            env={
                "PATH": f"{house / 'bin'}:{tools}",
                "HOME": str(house),
                "CALLS": str(house / "calls"),
                **environment,
            },
            capture_output=True,
            text=True,
        )

    return run


def interpreter(path: Path, text: str = _INTERPRETER) -> Path:
    """Put a stand-in for Python at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def calls(house: Path) -> list[str]:
    """What was installed so far, an entry each."""
    path = house / "calls"
    return path.read_text().splitlines() if path.exists() else []


@pytest.mark.parametrize(
    ("arguments", "version", "setting"),
    [(("nlu",), "Python 3.10", "NLU_PYTHON="), (("bot", "demo"), "Python 3.11", "PYTHON=")],
)
def test_says_what_to_install(
    house: Path, run: Run, arguments: tuple[str, ...], version: str, setting: str
) -> None:
    """Without a fitting Python, one line names the version and how to point at one.

    A shim on the PATH that does not run is not one.
    """
    for name in ("python3.10", "python3.11", "python3"):
        interpreter(house / "bin" / name, "#!/bin/bash\necho 'command not found' >&2\nexit 127\n")
    result = run(*arguments)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert version in result.stderr
    assert setting in result.stderr


@pytest.mark.parametrize(
    "place", ["bin/python3.10", ".pyenv/versions/3.10.13/bin/python3", "elsewhere/python"]
)
def test_finds_rasas_python(house: Path, run: Run, place: str) -> None:
    """On the PATH, in pyenv, or where the person says."""
    found = interpreter(house / place)
    named = {"NLU_PYTHON": str(found)} if place.startswith("elsewhere") else {}
    assert run("nlu", **named).returncode == 0
    assert len(calls(house)) == 1


def test_a_second_run_installs_nothing(house: Path, run: Run) -> None:
    """An environment that fits its lock is left alone; a changed lock renews it."""
    interpreter(house / "bin/python3.10")
    assert run("nlu").returncode == 0
    again = run("nlu")
    assert again.stdout == "ready\n"
    assert len(calls(house)) == 1
    (house / "nlu/requirements.lock").write_text("newer\n")
    run("nlu")
    assert len(calls(house)) == 2


def test_a_failed_install_is_done_again(house: Path, run: Run) -> None:
    """A failure shows the installer's last words and leaves no mark of success."""
    interpreter(house / "bin/python3.10")
    failed = run("nlu", PIP_EXIT="1")
    assert failed.returncode == 1
    assert "no space left on the moon" in failed.stderr
    assert "run the same command again" in failed.stderr
    assert not (house / "nlu/.venv/installed").exists()
    assert run("nlu").returncode == 0
    assert len(calls(house)) == 2


def test_an_interrupted_renewal_is_done_again(house: Path, run: Run) -> None:
    """The mark of the old lock is gone before the new one is installed."""
    interpreter(house / "bin/python3.10")
    run("nlu")
    before = (house / "nlu/requirements.lock").read_text()
    (house / "nlu/requirements.lock").write_text("newer\n")
    run("nlu", PIP_EXIT="1")
    (house / "nlu/requirements.lock").write_text(before)
    run("nlu")
    assert len(calls(house)) == 3


def test_the_tests_environment_serves_the_demo(house: Path, run: Run) -> None:
    """The demo's environment grows into the tests' one, and the demo then needs nothing more."""
    interpreter(house / "bin/python3")
    run("bot", "demo")
    run("bot", "dev")
    assert [call.split()[-1] for call in calls(house)] == [
        "requirements.lock",
        ".",
        "requirements-dev.lock",
        ".",
    ]
    assert run("bot", "demo").stdout == "ready\n"
    assert run("bot", "dev").stdout == "ready\n"
    assert len(calls(house)) == 4


def test_a_changed_project_is_installed_again(house: Path, run: Run) -> None:
    """New metadata alone renews the project's own entry, not its dependencies."""
    interpreter(house / "bin/python3")
    run("bot", "demo")
    (house / "pyproject.toml").write_text("changed\n")
    run("bot", "demo")
    assert [call.split()[-1] for call in calls(house)] == ["requirements.lock", ".", "."]


def test_a_wrong_call_is_refused(run: Run) -> None:
    """Anything else gets the usage."""
    result = run("bot", "everything")
    assert result.returncode == 1
    assert "usage" in result.stderr
