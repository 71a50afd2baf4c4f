"""Carries out docs/administering.md in a clean Debian root, from nothing to serving.

`python -m tests.deploy guide`: the commands are taken from the page itself. Those marked `install`
run in a root that debootstrap has made; then the root is booted with its own systemd in a container
with nothing but loopback for a network (systemd-nspawn), and those marked `serve`, `look`, `update`
and `back` run in it. Two things are given instead of fetched, as a machine may not reach them:
Python 3.10, which is laid where uv would lay it, and, unless `--train`, the model that was trained
before. The name ends in `.localhost`, so that Caddy signs its certificate itself.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.settings import ROOT
from tests.deploy.roots import LIBRARIES, Root, StepFailed

PAGE: Final = ROOT / "docs" / "administering.md"
WORDS: Final = {
    "DOMAIN": "sidelight.localhost",
    "SOURCE": "/srv/sidelight.git",
    "BEFORE": "HEAD",
}
PATIENCE: Final = 240.0

_BLOCK = re.compile(
    r"<!-- (run: (?P<kind>[\w.]+)|not run: [^>]+) -->\n```sh\n(?P<script>.*?)```", re.S
)

LOOK: Final = "sidelight doctor || true"
ASK: Final = """
import ssl, sys, urllib.request
tls = ssl.create_default_context(
    cafile="/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt")
for path in sys.argv[2:]:
    with urllib.request.urlopen("https://" + sys.argv[1] + path, context=tls, timeout=30) as answer:
        said = answer.read().decode()
        print(path, answer.status, answer.headers["content-type"], said if len(said) < 80 else "")
"""


@dataclass(frozen=True, slots=True)
class Block:
    """Commands of the page; `kind` says when they run, and is empty where they do not."""

    kind: str
    script: str


def blocks(page: Path = PAGE) -> list[Block]:
    """In the page's order."""
    found = _BLOCK.finditer(page.read_text("utf-8"))
    return [Block(one["kind"] or "", one["script"]) for one in found]


def check(work: Path, python310: Path, model: Path | None) -> None:
    """All of it. Raises StepFailed with the command that failed."""
    root = Root.debian(work / "debian-systemd", (*LIBRARIES, "systemd", "systemd-sysv", "dbus"))
    root = root.copy(work / "guide")
    source = root.path / "srv/sidelight.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(ROOT), str(source)], check=True)
    (root.path / "etc/hosts").write_text(f"127.0.0.1 localhost {WORDS['DOMAIN']}\n")
    for block in blocks():
        if block.kind == "python3.10":
            _lay(python310, root)
        elif block.kind == "install":
            if "make install" in block.script and model is not None:
                folder = root.path / "opt/sidelight/nlu/models"
                folder.mkdir(exist_ok=True)
                shutil.copy(model, folder / model.name)
            # Packages' own starts have no systemd to talk to in a chroot.
            _told(block, root.run(block.script, {**WORDS, "DEBIAN_FRONTEND": "noninteractive"}))
    serve(root)


def serve(root: Root) -> None:
    """Boot what was installed, and carry out the rest."""
    with booted(root) as machine:
        for block in blocks():
            if block.kind in {"serve", "update", "back"}:
                _told(block, machine.run(block.script))
                machine.wait_until_ready()
            elif block.kind == "look":
                # Its findings are for the admin: nobody has followed the link yet.
                _told(block, machine.run(f"{block.script.strip()} || true"))
            if "restart caddy" in block.script:
                print(machine.pages("/", "/console/", "/readyz"))
            if block.kind == "look":
                _must_say("model      the server at BOT_NLU_URL answers", machine.run(LOOK))
        _must_say("200 text/plain; charset=utf-8 ready\n", machine.pages("/readyz"))
        print(machine.run("systemctl is-failed --quiet '*' && systemctl --failed || true"))
        for unit in ("sidelight", "sidelight-nlu"):
            print(machine.run(f"systemd-analyze security {unit} --no-pager | tail -1"))
        journal = machine.run("journalctl --no-pager -u 'sidelight*' -u caddy -o cat | tail -n 20")
        print(f"  the journal's end:\n{journal}")


class Machine:
    """A root that was booted; `leader` is its first process, as this machine counts."""

    def __init__(self, leader: int) -> None:
        self._leader = leader

    def run(self, script: str, words: Mapping[str, str] = WORDS) -> str:
        """Carry a script out in it as root; what it printed. Raises StepFailed."""
        environment = [f"{name}={value}" for name, value in words.items()]
        environment.append("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        done = subprocess.run(
            [
                *("nsenter", f"--target={self._leader}", "--all", "env", "-i", *environment),
                *("HOME=/root", "LANG=C.UTF-8", "sh", "-euc", script),
            ],
            stdin=subprocess.DEVNULL,
            stdout=-1,
            stderr=-2,
            text=True,
        )
        if done.returncode != 0:
            logs = "journalctl --no-pager -o cat -n 30 || true"
            told = self.run(logs) if script != logs else ""
            raise StepFailed(f"{script}\n{done.stdout[-3000:]}\n{told}")
        return done.stdout

    def pages(self, *paths: str) -> str:
        """What https answers, by the certificate that Caddy signed."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self.run(f"python3 - {WORDS['DOMAIN']} {' '.join(paths)} <<'E'{ASK}E\n")
            except StepFailed:
                if time.monotonic() > until:
                    raise
                time.sleep(1)

    def wait_until_ready(self) -> None:
        """`systemctl start` has waited already: this only sees that it was true."""
        healthy = "/opt/sidelight/deploy/images/healthy.py http://127.0.0.1:8080/readyz 5"
        self.run(f"python3 {healthy}")


@contextmanager
def booted(root: Root) -> Iterator[Machine]:
    """Boot it with its own systemd and nothing but loopback; power it off at the end."""
    with (root.path.parent / "boot.log").open("wb") as log:
        nspawn = subprocess.Popen(
            [
                *("systemd-nspawn", "--boot", "--quiet", "--private-network", "--register=no"),
                *("--keep-unit", "--console=pipe", f"--directory={root.path}"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Machine(_leader(nspawn))
    finally:
        nspawn.terminate()
        try:
            nspawn.wait(60)
        except subprocess.TimeoutExpired:
            nspawn.kill()
            nspawn.wait()


def _leader(nspawn: "subprocess.Popen[bytes]") -> int:
    """The container's first process, once its systemd has come up."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        children = Path(f"/proc/{nspawn.pid}/task/{nspawn.pid}/children").read_text().split()
        for child in children:
            machine = Machine(int(child))
            try:
                state = machine.run("systemctl is-system-running --wait || true")
            except StepFailed:
                continue
            if state.strip() in {"running", "degraded"}:
                return int(child)
        if nspawn.poll() is not None:
            break
        time.sleep(0.5)
    raise StepFailed("the root could not be booted: see boot.log")


def _lay(python310: Path, root: Root) -> None:
    """Python 3.10 where uv would have it."""
    home = python310.resolve().parents[1]
    target = root.path / "opt/python/cpython-3.10"
    skip = shutil.ignore_patterns("test", "__pycache__")
    shutil.copytree(home, target, ignore=skip, symlinks=True)
    (root.path / "etc/ld.so.conf.d/python.conf").write_text("/opt/python/cpython-3.10/lib\n")
    root.run("ldconfig; ln -s /opt/python/cpython-3.10*/bin/python3.10 /usr/local/bin/python3.10")
    print("  python3.10: laid where uv would lay it")


def _must_say(words: str, printed: str) -> None:
    if words not in printed:
        raise StepFailed(f"it does not say “{words.strip()}”:\n{printed}")


def _told(block: Block, printed: str) -> None:
    print(f"  {block.kind}: {block.script.strip().splitlines()[0]} …", flush=True)
    for line in printed.splitlines()[-6 if block.kind == "install" else -40 :]:
        print(f"    {line}", flush=True)
