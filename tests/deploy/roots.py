"""Clean Debian roots to carry things out in: debootstrap, chroot and namespaces. For root on Linux.

Nothing that is mounted here outlives the command that it was mounted for: each has a mount and a
process namespace of its own.
"""

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

RELEASE: Final = "bookworm"
LIBRARIES: Final = (
    *("ca-certificates", "netbase", "tzdata"),
    *("libbz2-1.0", "libdb5.3", "libexpat1", "libffi8", "libgdbm6", "liblzma5", "libncursesw6"),
    *("libnsl2", "libreadline8", "libsqlite3-0", "libssl3", "libtirpc3", "libuuid1", "zlib1g"),
)
"""What the official slim images of Python have besides Debian's smallest system."""

_PASSED_ON: Final = ("PIP_CERT", "PIP_DEFAULT_TIMEOUT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
"""Of this machine's environment: how it reaches what is installed from."""


class StepFailed(Exception):
    """A command in the root ended with another code than 0; the message has its last words."""


_PACKAGES: Final = {
    "debootstrap": "debootstrap",
    "unshare": "util-linux",
    "systemd-nspawn": "systemd-container",
}


def require(*programs: str) -> None:
    """Raises StepFailed, with the packages of Debian to install, where `programs` are not there."""
    if missing := [_PACKAGES[program] for program in programs if not shutil.which(program)]:
        raise StepFailed(f"something is missing: apt-get install {' '.join(missing)}")


@dataclass(frozen=True, slots=True)
class Confined:
    """How a container's program runs: which ids, where it may write, in whose network."""

    user: str
    tmpfs: Sequence[str] = ()
    binds: Mapping[str, Path] | None = None
    network_of: int | None = None


class Root:
    """A folder that is `/` for what runs in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def debian(cls, path: Path, packages: Sequence[str]) -> "Root":
        """Debian's smallest system and `packages`; made once, then kept."""
        if not (path / "made").exists():
            shutil.rmtree(path, ignore_errors=True)
            include = f"--include={','.join(packages)}"
            _run(["debootstrap", "--variant=minbase", include, RELEASE, str(path)])
            (path / "made").touch()
        return cls(path)

    def copy(self, path: Path) -> "Root":
        """Another one, alike."""
        shutil.rmtree(path, ignore_errors=True)
        _run(["cp", "--archive", "--reflink=auto", str(self.path), str(path)])
        shutil.copy("/etc/resolv.conf", path / "etc/resolv.conf")
        # A machine may reach its packages through a proxy with a certificate of its own.
        shutil.copy("/etc/ssl/certs/ca-certificates.crt", path / "etc/ssl/certs")
        return Root(path)

    def run(
        self, script: str, environment: Mapping[str, str] | None = None, workdir: str = "/"
    ) -> str:
        """Carry out a shell's `script` as root; what it printed. Raises StepFailed."""
        passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        told = {"PATH": _PATH, "HOME": "/root", "LANG": "C.UTF-8", **passed, **(environment or {})}
        inside = f"mkdir -p {workdir} && cd {workdir} && {script}"
        return _run(_entered(self.path, ["sh", "-euc", inside], told))

    def start(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        workdir: str,
        confined: Confined,
        log: Path,
    ) -> subprocess.Popen[bytes]:
        """A container's program: no rights, a root that is read-only, and what `confined` says."""
        return subprocess.Popen(
            self._confined(command, environment, workdir, confined),
            stdin=subprocess.DEVNULL,
            stdout=log.open("ab"),
            stderr=subprocess.STDOUT,
        )

    def ask(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        workdir: str,
        confined: Confined,
    ) -> subprocess.CompletedProcess[bytes]:
        """The same, to its end."""
        return subprocess.run(
            self._confined(command, environment, workdir, confined), capture_output=True
        )

    def _confined(
        self, command: Sequence[str], environment: Mapping[str, str], workdir: str, how: Confined
    ) -> list[str]:
        mounts = ["mount -o remount,ro,bind ROOT"]
        for one in how.tmpfs:
            place, _, options = one.partition(":")
            mounts.append(f"mount -t tmpfs -o {options or 'mode=1777'} tmpfs ROOT{place}")
        for place, source in (how.binds or {}).items():
            mounts.append(f"mount --bind {shlex.quote(str(source))} ROOT{place}")
            (self.path / place.lstrip("/")).mkdir(parents=True, exist_ok=True)
        user, _, group = how.user.partition(":")
        drop = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
        drop += ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
        inside = [*drop, "sh", "-c", f"cd {workdir} && exec {shlex.join(command)}"]
        whole = _entered(self.path, inside, {"HOME": "/", "LANG": "C.UTF-8", **environment}, mounts)
        if how.network_of is None:
            return whole
        return ["nsenter", f"--net=/proc/{how.network_of}/ns/net", *whole]


_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def _entered(
    root: Path, command: Sequence[str], environment: Mapping[str, str], mounts: Sequence[str] = ()
) -> list[str]:
    """The command in the root, with /proc and /dev, in namespaces of its own."""
    here = shlex.quote(str(root))
    steps = [
        f"mount --bind {here} {here}",
        f"mount -t proc proc {here}/proc",
        f"mount --rbind /dev {here}/dev",
        *(mount.replace("ROOT", here) for mount in mounts),
    ]
    variables = shlex.join(f"{name}={value}" for name, value in environment.items())
    steps.append(f"exec chroot {here} env -i {variables} {shlex.join(command)}")
    own = ["unshare", "--mount", "--propagation=private", "--pid", "--fork", "--kill-child"]
    return [*own, "sh", "-euc", "\n".join(steps)]


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=-1, stderr=-2, text=True)
    if done.returncode != 0:
        raise StepFailed("\n".join(done.stdout.splitlines()[-25:]))
    return done.stdout


def lay_python(root: Root, interpreter: Path) -> None:
    """Put this machine's Python into /usr/local, as the official images have it there.

    `interpreter` is a `bin/python3.N` of an installation of its own, such as pyenv's.
    """
    home = interpreter.resolve().parents[1]
    version = interpreter.resolve().name
    target = root.path / "usr/local"
    skip = shutil.ignore_patterns("site-packages", "test", "__pycache__", "idlelib", "config-*")
    shutil.copytree(home / "lib" / version, target / "lib" / version, ignore=skip, symlinks=True)
    site = target / "lib" / version / "site-packages"
    site.mkdir()
    for name in ("pip", "setuptools", "wheel"):
        for found in (home / "lib" / version / "site-packages").glob(f"{name}*"):
            if found.name == name or found.name.startswith(f"{name}-"):
                shutil.copytree(found, site / found.name)
    for library in (home / "lib").glob("libpython3*.so*"):
        shutil.copy2(library, target / "lib", follow_symlinks=False)
    shutil.copy2(interpreter.resolve(), target / "bin" / version)
    for name in ("python3", "python"):
        (target / "bin" / name).symlink_to(version)
    root.run("ldconfig && python -c 'import ssl, sqlite3, lzma, bz2, ctypes, venv, ensurepip'")


def loopback() -> subprocess.Popen[bytes]:
    """A process in a network of its own, with nothing but loopback. Terminate it at the end."""
    ready = subprocess.Popen(
        ["unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec sleep infinity"],
        stdout=subprocess.PIPE,
    )
    assert ready.stdout is not None
    if ready.stdout.readline() != b"up\n":
        raise StepFailed("no network namespace could be made")
    return ready


def end(process: subprocess.Popen[bytes], within: float = 25) -> int:
    """Stop what `start` began as `docker stop` does; its exit code."""
    # The program is the first in its process namespace, and the only child of who made that.
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for child in children:
        os.kill(int(child), signal.SIGTERM)
    try:
        return process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return -signal.SIGKILL
