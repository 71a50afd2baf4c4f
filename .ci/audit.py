"""`audit.py PIP-AUDIT LOCK…` asks about every pinned version, and says only what it knows.

pip-audit ends with 0 when it was told of no hole, and that is also so where a service does not know
the packages, or a mirror of them carries no advisories. So its report counts, whole, and it is
asked first about an old version with a hole that everybody knows of.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

FOUND, NOT_ASKED = 1, 2
KNOWN = "jinja2==2.10"
"""Its sandbox could be left (CVE-2019-10906), as every list of advisories says."""


class NotAsked(Exception):
    """The advisory service gave no answer that counts; the message says why."""


def report(program: str, requirements: Path, *more: str) -> list[dict[str, Any]]:
    """Every package with its `vulns`. Raises NotAsked when there is one without an answer."""
    with TemporaryDirectory() as folder:
        written = Path(folder) / "report.json"
        done = subprocess.run(
            [
                *(program, "--disable-pip", "--progress-spinner=off", "--timeout=20"),
                *("--format=json", f"--output={written}", f"--requirement={requirements}", *more),
            ],
            capture_output=True,
            text=True,
        )
        if not written.exists() or not written.read_text().strip():
            said = done.stderr.strip().splitlines() or ["no reason given"]
            raise NotAsked(said[-1])
        packages: list[dict[str, Any]] = json.loads(written.read_text())["dependencies"]
    skipped = [one["name"] for one in packages if "vulns" not in one]
    if skipped:
        raise NotAsked(f"it does not know {len(skipped)} of {len(packages)}, such as {skipped[0]}")
    return packages


def main(program: str, *locks: str) -> int:
    """The exit code."""
    code = 0
    try:
        with TemporaryDirectory() as folder:
            old = Path(folder) / "old.txt"
            old.write_text(f"{KNOWN}\n")
            if not any(one["vulns"] for one in report(program, old, "--no-deps")):
                raise NotAsked(f"it knows of no hole in {KNOWN}, so of none at all")
        for lock in locks:
            packages = report(program, Path(lock), "--require-hashes")
            holes = [(one, hole) for one in packages for hole in one["vulns"]]
            for one, hole in holes:
                mend = ", ".join(hole.get("fix_versions", [])) or "none yet"
                print(f"{lock}: {one['name']} {one['version']}: {hole['id']}, mended in {mend}")
            print(f"{lock}: {len(packages)} packages, {len(holes)} known holes")
            code = FOUND if holes else code
    except NotAsked as reason:
        print(f"NOT audited: the advisory service gave no answer: {reason}", file=sys.stderr)
        return NOT_ASKED
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
