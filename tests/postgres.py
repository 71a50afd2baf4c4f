"""A real PostgreSQL for tests: the installed server's own programs on a temporary folder."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_USER = "sidelight"

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    # A test's database need not survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
}


class PostgresMissing(Exception):
    """PostgreSQL's server programs are not on this machine; the message names the mend."""


class PostgresServer:
    """A running server on a free loopback port.

    `process` is the postmaster, `data` its folder, where a forensic test finds heap and pg_wal.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        data: Path,
        port: int,
        password: str,
        start: Callable[[], subprocess.Popen[bytes]],
        as_user: Sequence[str] = (),
    ):
        self.process = process
        self._as_user = as_user
        self._start = start
        self.data = data
        self.port = port
        self._password = password
        self._made = 0

    def url(self, database: str) -> str:
        """The SQLAlchemy address of `database` by asyncpg."""
        return f"postgresql+asyncpg://{_USER}:{self._password}@127.0.0.1:{self.port}/{database}"

    def crash_and_restart(self) -> None:
        """End it at once, as a power cut ends it for its clients, and let it recover.

        To be called by the thread that lives longest: the server ends with who started it.
        """
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)
        self.process = self._start()

    def limit_files(self, size: int | None) -> None:
        """Let no file of the server's connections grow beyond `size` bytes; None takes it away."""
        limit = "unlimited" if size is None else str(size)
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for pid in children.read_text().split():
            # Only its own user may, and one that has ended meanwhile needs none.
            command = [*self._as_user, "prlimit", f"--pid={pid}", f"--fsize={limit}:"]
            subprocess.run(command, capture_output=True)

    def create_database(self, template: str = "template0") -> str:
        """A new database, a copy of `template`; returns its name."""
        self._made += 1
        name = f"test_{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, and whoever is connected to it."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, sql: str, database: str = "postgres") -> str:
        """Run one statement as superuser; returns its rows, tab-separated."""
        command = ["psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"]
        command += ["-p", str(self.port), "-U", _USER, "-c", sql, database]
        environment = {**os.environ, "PGPASSWORD": self._password}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"psql failed: {done.stderr.strip()}")
        return done.stdout.strip()


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server with an empty cluster, and stop it and remove its folder at the end.

    As root it runs as `postgres` or `nobody`, as PostgreSQL refuses root. Should this process be
    killed, the kernel ends the server. Raises PostgresMissing where it is not installed.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="sidelight-postgres-"))
    try:
        drop = _as_another_user(folder)
        data, password = folder / "data", secrets.token_urlsafe(16)
        password_file = folder / "password"
        password_file.write_text(password)
        _give_away(password_file, folder)
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", _USER, "--no-sync"]
        initdb += ["-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256"]
        done = subprocess.run(
            [*drop, *initdb, f"--pwfile={password_file}"], cwd=folder, capture_output=True
        )
        if done.returncode != 0:
            raise RuntimeError(f"initdb failed: {done.stderr.decode(errors='replace').strip()}")
        port = _free_port()
        command = [*drop, str(programs / "postgres"), "-D", str(data), "-p", str(port)]
        command += [argument for name, value in _SETTINGS.items() for argument in _set(name, value)]

        def start() -> subprocess.Popen[bytes]:
            with (folder / "log").open("ab") as log:
                process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
            try:
                _wait_until_ready(programs, process, port, folder / "log")
            except RuntimeError:
                _stop(process)
                raise
            return process

        server = PostgresServer(start(), data, port, password, start, drop)
        try:
            yield server
        finally:
            _stop(server.process)
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    """The folder of the newest installed server's programs; Debian keeps them off the PATH."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(debian, key=lambda path: int(path.parts[-3]))
    if newest:
        return newest[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise PostgresMissing("PostgreSQL is not installed: apt-get install postgresql")
    return Path(on_path).resolve().parent


def _as_another_user(folder: Path) -> list[str]:
    """What to put before a command so that it runs unprivileged and ends with this process."""
    setpriv = shutil.which("setpriv")
    command = [setpriv, "--pdeathsig", "INT"] if setpriv else []
    if os.geteuid() != 0:
        return command
    if setpriv is None:
        raise PostgresMissing("setpriv is not installed: apt-get install util-linux")
    user = _unprivileged_user()
    os.chown(folder, user.pw_uid, user.pw_gid)
    ids = ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
    return [setpriv, *ids, "--pdeathsig", "INT"]


def _unprivileged_user() -> pwd.struct_passwd:
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _give_away(path: Path, folder: Path) -> None:
    path.chmod(0o600)
    owner = folder.stat()
    os.chown(path, owner.st_uid, owner.st_gid)


def _set(name: str, value: str) -> tuple[str, str]:
    return "-c", f"{name}={value}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(
    programs: Path, process: subprocess.Popen[bytes], port: int, log: Path
) -> None:
    check = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    give_up_at = time.monotonic() + 60
    while subprocess.run(check).returncode != 0:
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown; immediate after 20 s; kill after 30 s."""
    for step, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        process.send_signal(signal.SIGCONT)
        process.send_signal(step)
        try:
            process.wait(patience)
            return
        except subprocess.TimeoutExpired:
            continue
