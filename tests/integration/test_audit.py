"""`make audit` never takes silence for a clean bill."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

AUDIT = Path(__file__).parents[2] / ".ci/audit.py"
HOLE = {"id": "PYSEC-1", "fix_versions": ["2.10.1"]}
OLD = [{"name": "jinja2", "version": "2.10", "vulns": [HOLE]}]


def audited(folder: Path, *reports: object) -> tuple[int, str]:
    """Exit code and words, with a pip-audit that writes one report a call; None: nothing."""
    for number, report in enumerate(reports):
        if report is not None:
            (folder / f"{number}.json").write_text(json.dumps({"dependencies": report}))
    program = folder / "pip-audit"
    program.write_text(f"""#!/bin/sh
n=$(cat {folder}/n 2>/dev/null || echo 0); echo $((n + 1)) >{folder}/n
for word in "$@"; do case "$word" in --output=*) out="${{word#--output=}}" ;; esac; done
[ -e {folder}/$n.json ] || {{ echo 'no route to the moon' >&2; exit 1; }}
cp {folder}/$n.json "$out"
""")
    program.chmod(0o755)
    (folder / "a.lock").touch()
    done = subprocess.run(
        [sys.executable, AUDIT, program, folder / "a.lock"], capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def test_clean_is_clean(tmp_path: Path) -> None:
    """A service that knows of the old hole, and of none in what is shipped."""
    code, said = audited(tmp_path, OLD, [{"name": "x", "version": "1", "vulns": []}])
    assert (code, "1 packages, 0 known holes" in said) == (0, True)


def test_a_hole_is_named(tmp_path: Path) -> None:
    """With the package, and the version that mends it."""
    code, said = audited(tmp_path, OLD, [{"name": "x", "version": "1", "vulns": [HOLE]}])
    assert code == 1
    assert "x 1: PYSEC-1, mended in 2.10.1" in said


@pytest.mark.parametrize(
    ("reports", "reason"),
    [
        ([None], "no route to the moon"),
        ([[{"name": "jinja2", "skip_reason": "not found"}]], "does not know 1 of 1"),
        ([[{"name": "jinja2", "version": "2.10", "vulns": []}]], "of none at all"),
        ([OLD, [{"name": "x", "skip_reason": "not found"}]], "does not know 1 of 1, such as x"),
        ([OLD, None], "no route to the moon"),
    ],
)
def test_silence_is_not_clean(tmp_path: Path, reports: list[object], reason: str) -> None:
    """Offline, a mirror without advisories, or a package that nobody knows: it says NOT audited."""
    code, said = audited(tmp_path, *reports)
    assert code == 2
    assert "NOT audited" in said
    assert reason in said
